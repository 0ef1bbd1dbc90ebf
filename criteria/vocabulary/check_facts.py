"""Facts that only checks may use: every laboratory result as a record, today, and the outcomes of criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from criteria.rules.dates import parse_date
from criteria.rules.facts import INDEX_KEY, FactType, RecordsType, Schema
from criteria.rules.units import Quantity
from criteria.vocabulary.edit_checks import can_be_plausible, plausible_in
from criteria.vocabulary.facts import measurement_of
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import COMPARATORS, LIMITS, UNKNOWN, YES_NO, Results, Vocabulary
from criteria.vocabulary.values import is_unknown

TODAY = "today"
OUTCOME = "outcome."
OUTCOMES = {
    "pass": "satisfied",
    "fail": "not satisfied",
    "unknown": "not yet known",
    "not_applicable": "not applicable",
}
# In this unit a result, its uln and its lod compare with each other, and with nothing else.
AS_REPORTED = Quantity(({"as reported": Decimal(1)},))
# What the caller may find out about a result, by name; each is yes, no or unknown.
REMARKS = {
    "uln_as_site": "upper limit agrees with the site's own range",
    "comparator_kept": "comparator kept while the value was changed",
    "unit_kept": "unit kept while the value was changed",
}
# The value of a result that each remark, and each answer on whether a limit is plausible, is about.
REMARKED = {
    **{f"{name}_plausible": name for name in LIMITS},
    "uln_as_site": "uln",
    "comparator_kept": "comparator",
    "unit_kept": "unit",
}


def check_schema_of(schema: Schema, vocabulary: Vocabulary, criteria: Iterable[str]) -> Schema:
    """Return the schema for checks: that of the criteria's rules, and what only checks may use."""
    outcomes = {f"{OUTCOME}{code}": FactType("code", f"outcome of {code}", OUTCOMES) for code in criteria}
    results = {part.key: result_records(part) for part in vocabulary.parts.values() if isinstance(part, Results)}
    return replace(
        schema,
        facts={**schema.facts, **outcomes, TODAY: FactType("date", "today")},
        records={**schema.records, **results},
    )


def result_records(part: Results) -> RecordsType:
    limits = {name: LIMITS[name] for name in part.limits}
    number = {name: FactType("number", label, quantity=AS_REPORTED, reported=True) for name, label in limits.items()}
    answers = {f"{name}_plausible": f"{label} plausible" for name, label in limits.items()} | REMARKS
    return RecordsType(
        part.title,
        "result",
        {
            "analyte": FactType("code", "test", part.labels),
            "value": FactType("number", "value", quantity=AS_REPORTED, reported=True),
            **number,
            "unit": FactType("code", "unit", part.fields["unit"].choices),
            "comparator": FactType("code", "comparator", COMPARATORS),
            "collected": FactType("date", "collection day"),
            **{name: FactType("code", label, YES_NO) for name, label in answers.items()},
        },
        "recorded",
    )


def check_records(
    vocabulary: Vocabulary, document: Mapping[str, Any], remarks: Mapping[int, Mapping[str, str]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the laboratory results of a valid document as records; `remarks` by their index.

    A sample that gave no result is none: with it a condition on some result could never be denied.
    """
    return {
        part.key: [
            {**result_record(part, result), **remarks.get(index, {}), INDEX_KEY: index}
            for index, result in enumerate(document[part.key])
            if has_result(result)
        ]
        for part in vocabulary.parts.values()
        if isinstance(part, Results) and not is_unknown(document.get(part.key))
    }


def result_record(part: Results, result: Mapping[str, Any]) -> dict[str, Any]:
    analyte = part.analytes[result["analyte"]]
    comparator = result.get("comparator")
    found: dict[str, Any] = {
        "analyte": result["analyte"],
        "unit": result["unit"],
        "value": measurement_of(result, "value", analyte, comparator),
        "collected": parse_date(result["collected"]),
    }
    if comparator not in (None, UNKNOWN):
        found["comparator"] = comparator
    for name in LIMITS:
        if is_unknown(result.get(name)):
            continue
        found[name] = measurement_of(result, name, analyte, None)
        if ends := plausible_in(analyte, result["unit"], analyte.plausible_limits(name)):
            found[f"{name}_plausible"] = "yes" if can_be_plausible(Decimal(result[name]), "", ends) else "no"
    return found
