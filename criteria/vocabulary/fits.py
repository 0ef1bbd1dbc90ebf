"""Whether a visit document has no fault, answered quickly: checks of each value, made once from the vocabulary.

True only where `validate` finds no fault. What is left open here (a text of a class of its own, a key that only
`validate` knows) is no fit: `validate` then decides, and names each fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from criteria.rules.dates import parse_date
from criteria.vocabulary.parts import LIMITS, UNKNOWN, AnyPart, Field, Group, Records, Results, Single, Vocabulary
from criteria.vocabulary.validate import BARE_ENTRY, REVIEWED, VisitDocument, days_at, limit_at
from criteria.vocabulary.values import MOST_DIGITS, is_unknown, pattern_fault, text_fault

ValueCheck = Callable[[Any], bool]
PartCheck = Callable[[Any, VisitDocument], bool]

# A result with any other key is left to `validate`.
RESULT_KEYS = ("analyte", "value", "unit", "comparator", "collected", *LIMITS)
LARGEST = 10**MOST_DIGITS


class FittingCheck:
    """The check of documents of one vocabulary; created once, used for any number of visits."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.reviewable = frozenset(vocabulary.reviewable)
        self.parts = {key: part_check(part) for key, part in vocabulary.parts.items()}
        self.needed = tuple(
            part.key
            for part in vocabulary.parts.values()
            if isinstance(part, Group) and any(field.required for field in part.fields.values())
        )

    def fits(self, document: object) -> bool:
        """Return whether the document surely has no fault."""
        if document.__class__ is not dict:
            return False
        try:
            return self.has_fitting_parts(document)
        except (TypeError, ValueError):  # what cannot be looked up or read is no fit
            return False

    def has_fitting_parts(self, document: dict[str, Any]) -> bool:
        for key, value in document.items():
            check = self.parts.get(key, self.is_reviewed if key == REVIEWED else None)
            if check is None or not (value is None or value == UNKNOWN or check(value, document)):
                return False
        return not any(is_unknown(document.get(key)) for key in self.needed)

    def is_reviewed(self, value: Any, document: VisitDocument) -> bool:
        return value.__class__ is list and self.reviewable.issuperset(value)


def part_check(part: AnyPart) -> PartCheck:
    if isinstance(part, Single):
        check = value_check(part.field)
        return lambda value, document: check(value)
    if isinstance(part, Group):
        return ObjectCheck(part.fields).fits
    if isinstance(part, Records):
        record = ObjectCheck(part.fields).fits
        return lambda value, document: (
            value.__class__ is list and all([record(each, document) for each in value])  # noqa: C419  (quicker)
        )
    if isinstance(part, Results):
        by_test = part.fields_by_test.items()
        known = {code: {name: fields[name] for name in RESULT_KEYS if name in fields} for code, fields in by_test}
        return keyed_check("analyte", {code: ObjectCheck(fields) for code, fields in known.items()})
    objects = {code: ObjectCheck(fields) for code, fields in part.fields_by_condition.items()}
    return keyed_check("condition", objects, fitting_bare_entries(objects))


def fitting_bare_entries(objects: Mapping[str, ObjectCheck]) -> frozenset[tuple[str, str | None]]:
    """Return the conditions with each status that fit as an entry that says nothing more, as most entries do."""
    statuses = {status for each in objects.values() for status in each.codes.get("status", ())}
    bare = ((code, status) for code in objects for status in statuses)
    return frozenset(
        pair for pair in bare if objects[pair[0]].fits(dict(zip(BARE_ENTRY, pair, strict=True)), document={})
    )


def keyed_check(
    key: str, objects: Mapping[str, ObjectCheck], bare: Collection[tuple[str, str | None]] = frozenset()
) -> PartCheck:
    """Return the check of a list whose records have keys that depend on the code under one of them."""

    def check(value: Any, document: VisitDocument) -> bool:
        if value.__class__ is not list:
            return False
        for record in value:
            if record.__class__ is not dict:
                return False
            if len(record) == 2 and "status" in record and (record.get("condition"), record["status"]) in bare:
                continue
            check = objects.get(record.get(key, ""))
            if check is None or not check.fits(record, document):
                return False
        return True

    return check


class ObjectCheck:
    """The check of an object: what each key may hold, which are required, and which days follow another one."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.codes = {name: allowed_codes(field) for name, field in fields.items() if field.type in ("yn", "code")}
        self.checks = {name: value_check(field) for name, field in fields.items() if name not in self.codes}
        self.required = tuple(name for name, field in fields.items() if field.required)
        self.ordered = tuple(field for field in fields.items() if field[1].not_before or field[1].not_after)

    def fits(self, value: Any, document: VisitDocument) -> bool:
        if value.__class__ is not dict:
            return False
        codes, checks = self.codes, self.checks
        for name, inner in value.items():
            allowed = codes.get(name)
            if allowed is not None:
                if inner not in allowed:
                    return False
            elif name not in checks or not checks[name](inner):
                return False
        for name in self.required:
            if name not in value:
                return False
        return not self.ordered or all(is_in_order(name, field, value, document) for name, field in self.ordered)


def is_in_order(name: str, field: Field, value: VisitDocument, document: VisitDocument) -> bool:
    days = days_at(value, name) if name in value else None
    if days is None:
        return True
    earliest, latest = limit_at(field.not_before, value, document), limit_at(field.not_after, value, document)
    return not (earliest and days.high < earliest.low) and not (latest and days.low > latest.high)


def allowed_codes(field: Field) -> Collection[str | None]:
    """Return what a question with codes may hold: unknown only where it need not be answered, or is a code itself."""
    return frozenset(field.choices) if field.required else frozenset((*field.choices, None, UNKNOWN))


def value_check(field: Field) -> ValueCheck:
    """Return the check of a value; an unknown one fits where it is not required."""
    if field.type in ("yn", "code"):
        return allowed_codes(field).__contains__
    optional = not field.required
    known = KNOWN_CHECKS[field.type](field)
    return lambda value: optional if value is None or value == UNKNOWN else known(value)


def number_check(field: Field) -> ValueCheck:
    whole, least = field.type == "integer", field.minimum
    most = LARGEST - 1 if field.maximum is None else field.maximum

    def check(value: Any) -> bool:
        if value.__class__ is int:
            return least <= value <= most and value < LARGEST
        if value.__class__ is not Decimal or not value.is_finite() or len(str(value)) > MOST_DIGITS:
            return False
        return (
            abs(value.adjusted()) <= MOST_DIGITS
            and value >= least
            and (field.maximum is None or value <= most)
            and not (whole and value != value.to_integral_value())
        )

    return check


def date_check(field: Field) -> ValueCheck:
    if field.type == "day":
        return lambda value: value.__class__ is str and parse_date(value).is_point
    return lambda value: value.__class__ is str and parse_date(value) is not None


def text_check(field: Field) -> ValueCheck:
    return lambda value: value.__class__ is str and not text_fault(value) and not pattern_fault(field, value)


def codes_check(field: Field) -> ValueCheck:
    choices = frozenset(field.choices)
    return lambda value: value.__class__ is list and choices.issuperset(value)


KNOWN_CHECKS: Mapping[str, Callable[[Field], ValueCheck]] = {
    "number": number_check,
    "integer": number_check,
    "date": date_check,
    "day": date_check,
    "text": text_check,
    "codes": codes_check,
}
