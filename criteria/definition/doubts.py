"""What is wrong or doubtful in a definition that can be read: rules that say the same of everybody, and slips.

Errors refuse a new file: nobody could be eligible, or nobody need answer to be ineligible. Warnings are told and
refuse nothing. What is found follows from the rules for any document (`criteria.rules.possible`): what that does not
analyse counts as possible. Published definitions are not asked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, islice
from typing import Any, NamedTuple

from criteria.definition.blocks import ProtocolTestBlock
from criteria.definition.domains import domains_of, plausible_domains_of
from criteria.definition.ucum import is_ucum, nearest_unit
from criteria.evaluation.criterion import CompiledCriterion, Criterion
from criteria.evaluation.protocol import Protocol, nodes_of
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import EnclosingLists, Limit
from criteria.rules.possible.conditions import Box, intersect_boxes, possible_truths
from criteria.rules.possible.values import Domains
from criteria.vocabulary.faults import Fault

MOST_CONTRADICTIONS = 200  # that are told
Codes = Mapping[str, frozenset[str]]  # by fact, the codes that a criterion needs


class Need(NamedTuple):
    """What a criterion needs of one fact or value to be satisfied: some of its codes, or a box of its ranges."""

    place: str
    code: str
    needed: frozenset[str] | Box


class Doubts(NamedTuple):
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def doubts_about(data: Mapping[str, Any], protocol: Protocol, places: Mapping[int, str]) -> Doubts:
    """Return the doubts about a definition that is free of faults, each at its place; `places` has those of nodes."""
    doubts = RuleDoubts(protocol, places)
    contradictions = islice(doubts.contradiction_faults(), MOST_CONTRADICTIONS)
    errors = [*doubts.empty_visit_faults(), *doubts.impossible_faults(), *dict.fromkeys(contradictions)]
    warnings = [*doubts.idle_faults(), *doubts.implausible_faults(), *doubts.every_answer_faults()]
    warnings += [*unused_faults(data, protocol), *unit_faults_in(data), *untested_faults(data, protocol)]
    return Doubts(tuple(errors), tuple(dict.fromkeys(warnings)))


class RuleDoubts:
    def __init__(self, protocol: Protocol, places: Mapping[int, str]) -> None:
        self.protocol = protocol
        self.places = places
        self.limits = {name: close_window(limit) for name, limit in protocol.limits.items()}
        self.hard = domains_of(protocol.vocabulary)
        self.plausible = plausible_domains_of(protocol.vocabulary)
        self.numbered = [(f"criteria[{at}]", criterion) for at, criterion in enumerate(protocol.criteria)]

    def empty_visit_faults(self) -> Iterator[Fault]:
        """Yield a fault for each criterion that decides something although nothing was answered."""
        document = {"visit": {"date": self.protocol.effective_from.isoformat()}}
        if self.protocol.validate(document):  # another answer is required: no visit is quite empty
            return
        facts = self.protocol.reader.read(document)
        for place, criterion in self.numbered:
            alone = replace(criterion, applies=None)  # whoever it applies to
            if CompiledCriterion(alone, self.protocol.schema, self.limits).outcome(facts) == "fail":
                message = "a visit without answers is ineligible: what is unknown must leave a criterion unknown"
                yield Fault(f"{place}.rule", message + self.cause_text(criterion))

    def impossible_faults(self) -> Iterator[Fault]:
        for place, criterion in self.numbered:
            if not self.is_judged(criterion) and self.passing_box(criterion, self.hard) is None:
                yield Fault(f"{place}.rule", f"no subject can satisfy {criterion.code}, whatever is answered")
            elif any(not codes for codes in needed_codes(criterion).values()):
                yield Fault(f"{place}.rule", f"no answer satisfies {criterion.code}")

    def contradiction_faults(self) -> Iterator[Fault]:
        """Yield a fault for each two criteria that nobody can satisfy together."""
        needs: dict[Any, list[Need]] = defaultdict(list)
        for place, each in self.numbered:
            codes, box = needed_codes(each), self.passing_box(each, self.hard)
            if each.applies is None and box is not None and all(codes.values()):
                for path, needed in codes.items():
                    needs[path].append(Need(place, each.code, needed))
                for key, ranges in box.items():
                    needs[key].append(Need(place, each.code, {key: ranges}))
        for found in needs.values():
            if not are_compatible(found):
                for one, other in combinations(found, 2):
                    if not are_compatible((one, other)):
                        words = f"nobody can satisfy both {one.code} and {other.code}: they contradict"
                        yield Fault(f"{other.place}.rule", words)

    def idle_faults(self) -> Iterator[Fault]:
        """Yield a fault for each criterion that says the same of everybody, or that nothing decides."""
        for place, criterion in self.numbered:
            truths = self.truths(criterion, criterion.rule, self.hard)
            if truths == (None, None):
                yield Fault(f"{place}.rule", f"{criterion.code} is unknown for every document: a person decides it")
            elif not self.is_judged(criterion):
                failing = truths.false if criterion.category == "inclusion" else truths.true
                if failing is None:
                    yield Fault(f"{place}.rule", f"{criterion.code} can exclude no subject, whatever is answered")
            if criterion.applies is not None:
                applies = self.truths(criterion, criterion.applies, self.hard)
                for truth, words in ((applies.true, "nobody"), (applies.false, "everybody, so that it is not needed")):
                    if truth is None:
                        yield Fault(f"{place}.applies", f"{criterion.code} applies to {words}")

    def implausible_faults(self) -> Iterator[Fault]:
        """Yield a fault for each comparison that comes out alike for every plausible value."""
        for place, criterion in self.numbered:
            for node, lists in comparisons_in(criterion):
                if any(limit.value is None for limit in self.limits_of(node)):
                    continue
                truths = self.truths(criterion, node, self.plausible, lists)
                word = "no" if truths.true is None else "every" if truths.false is None else ""
                if word and self.limits_of(node):
                    where = self.places.get(id(node), f"{place}.rule")
                    yield Fault(where, f"“{self.text(node, lists)}” holds for {word} plausible value")

    def every_answer_faults(self) -> Iterator[Fault]:
        """Yield a fault for each question of which every answer is asked for."""
        for place, criterion in self.numbered:
            for node in nodes_of(criterion):
                kind = criterion.kinds.get(id(node.arg)) if isinstance(node, n.OneOf) else None
                if isinstance(node, n.OneOf) and kind and kind.options and kind.options <= set(node.options):
                    where = self.places.get(id(node), f"{place}.rule")
                    yield Fault(where, f"every answer to “{node.arg.path}” is named: it decides nothing")

    def is_judged(self, criterion: Criterion) -> bool:
        """Return whether a person decides, so that what the rule cannot be says nothing."""
        return any(isinstance(node, n.Judgement) for node in nodes_of(criterion))

    def truths(self, criterion: Criterion, node: n.Node, domains: Domains, lists: EnclosingLists = ()) -> Any:
        return possible_truths(node, self.protocol.schema, self.limits, criterion.kinds, domains, lists)

    def passing_box(self, criterion: Criterion, domains: Domains) -> Box | None:
        truths = self.truths(criterion, criterion.rule, domains)
        box: Box | None = truths.true if criterion.category == "inclusion" else truths.false
        return box

    def cause_text(self, criterion: Criterion) -> str:
        """Return what decides although nothing was answered: `known`, or a list that nobody can confirm complete."""
        for node in nodes_of(criterion):
            if isinstance(node, n.Known):
                return f" (`known: {node.arg.path}` is false there)"
            if isinstance(node, n.Some) and self.protocol.schema.records[node.records].absence == "recorded":
                return f" (“{node.records}” is taken for complete: make the list reviewable)"
        return ""

    def limits_of(self, node: n.Node) -> list[Limit]:
        return [self.protocol.limits[param.name] for param in n.params_in(node)]

    def text(self, node: n.Node, lists: EnclosingLists) -> str:
        schema = self.protocol.schema
        words = DescribeRule(schema, self.protocol.limits)
        return words.rule_text(node, tuple(schema.records[name] for name in lists))


def are_compatible(needs: Sequence[Need]) -> bool:
    """Return whether one answer can be what all need of the same fact, or of the same value."""
    codes = [each.needed for each in needs if isinstance(each.needed, frozenset)]
    if codes:
        return bool(frozenset.intersection(*codes))
    return intersect_boxes(each.needed for each in needs if not isinstance(each.needed, frozenset)) is not None


def close_window(limit: Limit) -> Limit:
    """Return a limit with a value: an open window holds for every event, which is what it is for."""
    return limit if limit.value is not None else limit._replace(value=Decimal(1))


def comparisons_in(criterion: Criterion) -> Iterator[tuple[n.Compare, EnclosingLists]]:
    for tree in (criterion.applies, criterion.rule):
        if tree is not None:
            yield from comparisons_within(tree, ())


def comparisons_within(node: n.Node, lists: EnclosingLists) -> Iterator[tuple[n.Compare, EnclosingLists]]:
    """Yield every comparison with the lists of records around it."""
    if isinstance(node, n.Compare):
        yield node, lists
    for child, inner in n.scoped_children(node, lists):
        yield from comparisons_within(child, inner)


def needed_codes(criterion: Criterion) -> Codes:
    """Return the codes that a criterion needs of facts of the visit to be satisfied, as far as that is plain."""
    return codes_for(criterion.rule, criterion, wanted=criterion.category == "inclusion")


def codes_for(node: n.Node, criterion: Criterion, *, wanted: bool) -> dict[str, frozenset[str]]:
    """Return the codes of each fact that a condition needs to come out as wanted; of an alternative none."""
    match node:
        case n.Not(arg):
            return codes_for(arg, criterion, wanted=not wanted)
        case n.Named(_, arg):
            return codes_for(arg, criterion, wanted=wanted)
        case n.AllOf(args) | n.AnyOf(args) if isinstance(node, n.AllOf) == wanted or len(args) == 1:
            found: dict[str, frozenset[str]] = {}
            for arg in args:
                for path, codes in codes_for(arg, criterion, wanted=wanted).items():
                    found[path] = found.get(path, codes) & codes
            return found
        case n.OneOf(arg, options) if not arg.path.startswith(".") and id(arg) in criterion.kinds:
            every = criterion.kinds[id(arg)].options
            return {arg.path: frozenset(options) if wanted else every - set(options)}
    return {}


def unused_faults(data: Mapping[str, Any], protocol: Protocol) -> Iterator[Fault]:
    """Yield a fault for each parameter that nothing reads, and each code list that no field has."""
    used = {node.name for criterion in protocol.criteria for node in nodes_of(criterion) if isinstance(node, n.Param)}
    trees = [check.rule for check in protocol.checks.listed.checks]
    trees += [value for entry in protocol.summarizer.entries for value in entry.values]
    used |= {param.name for tree in trees for param in n.params_in(tree)}
    texts = [*texts_in(data["sections"])]
    for name in data.get("parameters") or {}:
        if name not in used and not any(f"{{{name}}}" in text for text in texts):
            yield Fault(f"parameters.{name}", "no rule reads this parameter")
    named = {field["options"] for field in mappings_in(data["sections"]) if isinstance(field.get("options"), str)}
    for name in data.get("codes") or {}:
        if name not in named:
            yield Fault(f"codes.{name}", "no field has this code list")


def mappings_in(data: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, Mapping):
        yield data
    for inner in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
        yield from mappings_in(inner)


def texts_in(data: Any) -> Iterator[str]:
    return (value for each in mappings_in(data) for value in each.values() if isinstance(value, str))


def unit_faults_in(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each unit that is not UCUM's, at its place."""
    for place, unit in placed_units(data):
        if not is_ucum(unit):
            yield Fault(place, f"“{unit}” is not a unit of UCUM{nearest_unit(unit)}")


def placed_units(data: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each unit of a definition: what stands under `unit`, and the keys within `units`."""
    if isinstance(data, list):
        for at, each in enumerate(data):
            yield from placed_units(each, f"{place}[{at}]")
    elif isinstance(data, Mapping):
        for key, value in data.items():
            inner = f"{place}.{key}" if place else str(key)
            if inner == "tests":  # documents repeat the units of the vocabulary
                continue
            if key == "unit" and isinstance(value, str) and value:
                yield inner, value
            elif key == "units" and isinstance(value, list):
                families = (family for family in value if isinstance(family, Mapping))
                yield from ((f"{inner}[{at}].{unit}", unit) for at, family in enumerate(families) for unit in family)
            else:
                yield from placed_units(value, inner)


def untested_faults(data: Mapping[str, Any], protocol: Protocol) -> Iterator[Fault]:
    """Yield a fault where tests are given and a criterion is never tested to be satisfied, or never not to be."""
    blocks = [ProtocolTestBlock.model_validate(raw) for raw in data.get("tests") or ()]
    for criterion in protocol.criteria if blocks else ():
        found = {block.expect[criterion.code] for block in blocks if criterion.code in block.expect}
        lacking = [outcome for outcome in ("pass", "fail") if outcome not in found]
        if lacking:
            yield Fault("tests", f"no test expects {' or '.join(lacking)} of {criterion.code}")
