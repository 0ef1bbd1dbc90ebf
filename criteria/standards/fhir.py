"""Criteria as FHIR R5 EvidenceVariable: each a characteristic, its rule as far as FHIR can say it.

Limits of numbers, answers and their combinations are said; what else a rule asks stands as text in the place of a
definition, and is marked. FHIR has no third truth: that an unknown answer is none travels in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from criteria.definition.reader import Edition
from criteria.definition.ucum import is_ucum
from criteria.evaluation.criterion import Criterion
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import Limit
from criteria.standards.texts import AS_TEXT, first_words, notes_of
from criteria.vocabulary.parts import Results

Json = dict[str, Any]
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CLINICAL_TRIALS_GOV = "https://clinicaltrials.gov"
COMBINATIONS: Mapping[type[n.Node], str] = {n.AllOf: "all-of", n.AnyOf: "any-of"}
YES_OR_NO = {"yes": True, "no": False}
MARK = {"extension": [{"url": AS_TEXT, "valueBoolean": True}]}


def evidence_variable(edition: Edition) -> Json:
    """Return the resource of a version; who satisfies every characteristic is eligible."""
    data, protocol = edition
    trial, version = data["trial"], data["version"]
    address = trial.get("registry_url")
    system = {"system": CLINICAL_TRIALS_GOV} if (address or "").startswith(CLINICAL_TRIALS_GOV) else {}
    return {
        "resourceType": "EvidenceVariable",
        "id": re.sub(r"[^A-Za-z0-9.-]", "-", f"{trial['code']}-{version['number']}")[:64],
        "identifier": [{**system, "value": trial["code"]}],
        "version": version["number"],
        "title": trial["title"],
        "status": "active",
        "date": version["effective_from"],
        **({"description": version["note"]} if version.get("note") else {}),
        "note": [{"text": text} for text in version_notes(data)],
        **({"relatedArtifact": [{"type": "documentation", "document": {"url": address}}]} if address else {}),
        "effectivePeriod": {"start": version["effective_from"]},
        "characteristic": [Characteristics(protocol).of(criterion) for criterion in protocol.criteria],
    }


def version_notes(data: Mapping[str, Any]) -> list[str]:
    sponsored = data.get("sponsor_protocol")
    named = " of ".join(filter(None, (sponsored["version"], sponsored.get("date")))) if sponsored else "not stated"
    return [
        f"Sponsor's protocol: {named}.",
        "An unknown answer satisfies no characteristic and contradicts none: the subject is then undetermined.",
    ]


class Characteristics:
    """The characteristics of a protocol's criteria."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.describe = DescribeRule(protocol.schema, protocol.limits)
        results = [part for part in protocol.vocabulary.parts.values() if isinstance(part, Results)]
        self.loinc = {f"{part.key}.{name}": each.loinc for part in results for name, each in part.analytes.items()}

    def of(self, criterion: Criterion) -> Json:
        """Return one criterion; an exclusion criterion, and to whom none applies, is said by `exclude`."""
        excluded = criterion.category == "exclusion"
        rule, applies = self.definition_of(criterion.rule), criterion.applies
        if applies is not None and excluded:
            rule = combination_of("all-of", [self.definition_of(applies), rule])
        elif applies is not None:
            rule = combination_of("any-of", [negation_of(self.definition_of(applies)), rule])
        return {
            "linkId": criterion.code,
            "description": first_words(criterion),
            "note": [{"text": text} for text in notes_of(self.protocol, criterion)],
            **(negation_of(rule) if excluded else rule),
        }

    def definition_of(self, node: n.Node) -> Json:
        """Return the definition of a rule, as text where FHIR cannot say it."""
        match node:
            case n.AllOf() | n.AnyOf():
                return combination_of(COMBINATIONS[type(node)], [self.definition_of(arg) for arg in node.args])
            case n.AtLeast() if (number := self.whole(node.number)) is not None:
                return combination_of("at-least", [self.definition_of(arg) for arg in node.args], threshold=number)
            case n.Not():
                return negation_of(self.definition_of(node.arg))
            case n.Named():
                return {"description": node.label, **self.definition_of(node.arg)}
            case n.OneOf() if not node.arg.path.startswith("."):
                return self.answer_of(node)
            case n.Compare():
                return self.comparison_of(node) or self.text_of(node)
        return self.text_of(node)

    def text_of(self, node: n.Node) -> Json:
        return {**MARK, "definitionCodeableConcept": {"text": self.describe.rule_text(node)}}

    def whole(self, node: n.Node) -> int | None:
        """Return a whole number of at least 1, given by itself or as a parameter."""
        value = node.value if isinstance(node, n.Number) else None
        if isinstance(node, n.Param):
            value = self.protocol.limits[node.name].value
        return int(value) if value is not None and value >= 1 and value == int(value) else None

    def answer_of(self, node: n.OneOf) -> Json:
        """Return a question with the answers of which one is to be given."""
        fact = self.protocol.schema.facts[node.arg.path]
        kind, yes_no = {"text": fact.label}, set(fact.options) == set(YES_OR_NO)
        found = [
            by_value(kind, "valueBoolean", YES_OR_NO[code])
            if yes_no
            else by_value(kind, "valueCodeableConcept", {"coding": [{"code": code}], "text": fact.options[code]})
            for code in node.options
        ]
        return found[0] if len(found) == 1 else combination_of("any-of", found)

    def comparison_of(self, node: n.Compare) -> Json | None:
        """Return a number with its limit; None where the limit is none by itself, or a date is compared.

        How a value is computed is said as text, marked.
        """
        limit = self.protocol.limits[node.right.name] if isinstance(node.right, n.Param) else None
        if limit is None or limit.value is None:
            return None
        quantity = quantity_of(limit, node.operator)
        match node.left:
            case n.Fact(path=path) if self.loinc.get(path):
                label = self.protocol.schema.facts[path].label
                kind = {"coding": [{"system": LOINC, "code": self.loinc[path]}], "text": label}
                return by_value(kind, "valueQuantity", quantity)
            case n.Fact(path=path) if path in self.protocol.schema.facts:
                return by_value({"text": self.protocol.schema.facts[path].label}, "valueQuantity", quantity)
            case n.Age() | n.Formula():
                words = node.left.label if isinstance(node.left, n.Formula) else self.describe.rule_text(node.left)
                return {**MARK, "description": self.describe.rule_text(node)} | by_value(
                    {"text": words}, "valueQuantity", quantity
                )
        return None


def by_value(kind: Json, key: str, value: Any) -> Json:
    return {"definitionByTypeAndValue": {"type": kind, key: value}}


def quantity_of(limit: Limit, operator: str) -> Json:
    """Return a limit; its unit is a code of UCUM where it is one, and a word where it is not."""
    coded = {"system": UCUM, "code": limit.unit} if is_ucum(limit.unit) else {}
    return {"value": limit.value, "comparator": operator, "unit": limit.unit, **coded}


def combination_of(how: str, parts: list[Json], **more: Any) -> Json:
    return {"definitionByCombination": {"code": how, **more, "characteristic": parts}}


def negation_of(rule: Json) -> Json:
    """Return a characteristic that nobody may have: one that is excluded already is excluded in a combination."""
    return {"exclude": True, **(combination_of("all-of", [rule]) if rule.get("exclude") else rule)}
