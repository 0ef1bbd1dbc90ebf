"""Visit documents for the tests: a man and a woman who are eligible, and short ways to change one thing about them."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

from criteria.evaluation.protocol import Protocol, Verdict
from criteria.records import canonical
from tests.conftest import CASES

Document = dict[str, Any]
Change = Callable[[Document], object]

BASE: dict[str, Document] = {
    row["id"].removeprefix("base-"): row["document"]
    for row in map(canonical.parse, CASES.read_text(encoding="utf-8").splitlines())
    if row["id"].startswith("base-")
}
ABSENT = object()  # takes a key out of the document


def changed(*changes: Change, sex: str = "man") -> Document:
    document = deepcopy(BASE[sex])
    for change in changes:
        change(document)
    return document


def put(**values: Any) -> Change:
    """`put(consent__date="2026-03-05")` sets consent.date; ABSENT takes it away."""

    def change(document: Document) -> None:
        for path, value in values.items():
            *parents, last = path.split("__")
            inner = document
            for key in parents:
                inner = inner.setdefault(key, {})
            if value is ABSENT:
                inner.pop(last, None)
            else:
                inner[last] = value

    return change


def records(name: str, *found: dict[str, Any]) -> Change:
    """The list holds these records and no others."""
    return put(**{name: list(found)})


def unreviewed(name: str) -> Change:
    return lambda document: document["reviewed"].remove(name)


def history(condition: str, *entries: dict[str, Any]) -> Change:
    """The condition has these entries; without any it was not asked."""

    def change(document: Document) -> None:
        others = [entry for entry in document["history"] if entry["condition"] != condition]
        document["history"] = [*others, *({"condition": condition, **entry} for entry in entries)]

    return change


def result(analyte: str, value: Any, unit: str = "", **rest: Any) -> Change:
    """The only result of the analyte; a text becomes an exact number, None takes the result away."""

    def change(document: Document) -> None:
        old = [lab for lab in document["labs"] if lab["analyte"] == analyte]
        document["labs"] = [lab for lab in document["labs"] if lab["analyte"] != analyte]
        if value is not None:
            kept = old[0] if old and not unit else {"collected": "2026-03-08", "unit": unit}
            new = kept | {"analyte": analyte, "value": exact(value)} | {key: exact(item) for key, item in rest.items()}
            document["labs"].append({key: item for key, item in new.items() if item is not ABSENT})

    return change


def exact(value: Any) -> Any:
    """`"9.0"` as the number that a laboratory wrote; dates and words stay as they are."""
    return Decimal(value) if isinstance(value, str) and value.replace(".", "", 1).isdecimal() else value


def outcomes(protocol: Protocol, document: Document) -> dict[str, str]:
    """The outcome of every criterion, without the proofs, which take most of the time."""
    assert not protocol.validate(document)
    return {finding.criterion.code: finding.outcome for finding in protocol.evaluate(document)}


def add(name: str, *found: Document) -> Change:
    """The list holds these records beside what it held."""

    def change(document: Document) -> None:
        document[name] = [*document.get(name, []), *found]

    return change


def amend(name: str, **values: Any) -> Change:
    """The first record of a list with some of its keys set; ABSENT takes a key away."""

    def change(document: Document) -> None:
        first = document[name][0] | values
        document[name][0] = {key: value for key, value in first.items() if value is not ABSENT}

    return change


def no_first_dose() -> Change:
    return put(visit__planned_first_dose_date=ABSENT)


def verdict(protocol: Protocol, code: str, document: Document) -> Verdict:
    """What is said of one criterion, with its proof."""
    (found,) = [each for each in protocol.assess(document).verdicts if each.code == code]
    return found
