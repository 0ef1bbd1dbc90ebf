"""Edit checks: numbers that are possible but implausible, most often a slip in unit or decimal point.

An edit check is not a fault: the value is queried, and is accepted once somebody confirms it. It changes no
verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.records import canonical
from criteria.rules.ranges import reported_range
from criteria.rules.text import amount_text, trim_zeros
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import Analyte, AnyPart, Bounds, Checklist, Field, Group, Results, Single, Vocabulary
from criteria.vocabulary.validate import BARE_ENTRY, record_fields
from criteria.vocabulary.values import is_unknown

Ends = tuple[Fraction, Fraction]

PLAUSIBLE, FUTURE, ABSENT = "plausible", "future", "absent"  # codes of the checks that every definition has
CONSENT = "consent"  # of the one that compares with the consent form versions of a site
EXACT_DIGITS, ROUNDED_DIGITS = 8, 3  # of a range that was converted from another unit
DIGEST = 24


class EditCheck(NamedTuple):
    """An edit check that one value raises.

    `key` is the same wherever the value is in its list, so that a confirmation stays valid as rows are added
    and removed. The second of two records with the same value has a key of its own and raises an edit check,
    too. `code` names the check; `paths` are all the values that it concerns, `criteria` the codes that it touches;
    `unanswered` are those of the paths that nobody has answered yet; `label` names the value where it says no more
    than a number or a day.
    """

    path: str
    key: str
    value: str
    message: str
    code: str = PLAUSIBLE
    paths: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    label: str = ""

    @property
    def title(self) -> str:
        """What kind of check this is, as a heading: a check of the definition by its code."""
        titles = {
            PLAUSIBLE: _("Implausible value"),
            FUTURE: _("Future day"),
            ABSENT: _("Absent and recorded"),
            CONSENT: _("Consent form version"),
        }
        return titles.get(self.code) or _("Check %(code)s") % {"code": self.code}

    @property
    def text(self) -> str:
        """The values in question and what is asked of them, in one line."""
        found = f"{self.label} {self.value}" if self.label else self.value
        return f"{found}: {self.message}" if found else self.message

    @property
    def all_paths(self) -> tuple[str, ...]:
        return self.paths or (self.path,)

    @property
    def needs_reason(self) -> bool:
        """Return whether it takes a reason to keep it: an implausible number only needs to be confirmed."""
        return self.code != PLAUSIBLE


def content_key(code: str, content: Any) -> str:
    """Return the key of a check that what is in `content` raises: anything else has another key."""
    return f"{code} {sha256(canonical.dump(content).encode()).hexdigest()[:DIGEST]}"


def edit_checks(vocabulary: Vocabulary, document: Mapping[str, Any]) -> tuple[EditCheck, ...]:
    """Return an edit check for every implausible number of a document, in the order of the vocabulary.

    `validate` must have found no fault in the document.
    """
    known = [part for part in vocabulary.parts.values() if not is_unknown(document.get(part.key))]
    found, times = [], Counter[str]()
    for check in (check for part in known for check in part_edit_checks(part, document[part.key])):
        times[check.key] += 1
        found.append(check if times[check.key] == 1 else check._replace(key=f"{check.key} ({times[check.key]})"))
    return tuple(found)


def part_edit_checks(part: AnyPart, content: Any) -> Iterator[EditCheck]:
    if isinstance(part, Single):
        yield from field_edit_checks(part.field, content, part.key, part.key)
    elif isinstance(part, Group):
        yield from object_edit_checks(part.fields, content, part.key, part.key)
    elif isinstance(part, Results):
        for index, result in enumerate(content):
            if has_result(result):
                yield from result_edit_checks(part, result, f"{part.key}[{index}].value")
    else:
        for index, record in enumerate(content):
            if isinstance(part, Checklist) and len(record) <= len(BARE_ENTRY):
                continue
            name = f"{part.key}.{record['condition']}" if isinstance(part, Checklist) else part.key
            yield from object_edit_checks(record_fields(part, record), record, f"{part.key}[{index}]", name)


def object_edit_checks(
    fields: Mapping[str, Field], content: Mapping[str, Any], path: str, name: str
) -> Iterator[EditCheck]:
    for key, field in fields.items():
        if key in content and field.plausible is not None:
            yield from field_edit_checks(field, content[key], f"{path}.{key}", f"{name}.{key}")


def field_edit_checks(field: Field, value: Any, path: str, name: str) -> Iterator[EditCheck]:
    if field.plausible is None or is_unknown(value) or can_be_plausible(Decimal(value), "", field.plausible):
        return
    number = Decimal(value)
    key = f"{name} {trim_zeros(number)} {field.unit}".rstrip()
    message = implausible_message(field.plausible, field.unit)
    yield EditCheck(path, key, amount_text(number, field.unit), message, label=field.label)


def result_edit_checks(part: Results, result: Mapping[str, Any], path: str) -> Iterator[EditCheck]:
    analyte, unit, number = part.analytes[result["analyte"]], result["unit"], Decimal(result["value"])
    comparator = "" if is_unknown(result.get("comparator")) else result["comparator"]
    ends = plausible_in(analyte, unit)
    signed = analyte.is_signed
    if ends is None or can_be_plausible(number, comparator, ends, signed=signed):
        return
    typed = f"{comparator} {trim_zeros(number)}".lstrip()
    others = [
        amount_text(typed, other)
        for other in analyte.unit_names
        if (there := plausible_in(analyte, other)) and can_be_plausible(number, comparator, there, signed=signed)
    ]
    message = implausible_message(ends, unit)
    if others:
        message = _("%(outside)s; plausible would be %(others)s") % {"outside": message, "others": ", ".join(others)}
    key = f"{part.key}.{result['analyte']} {typed} {unit} {result['collected']}"
    yield EditCheck(path, key, amount_text(typed, unit), message, label=analyte.label)


def can_be_plausible(number: Decimal, comparator: str, ends: Ends | Bounds, *, signed: bool = False) -> bool:
    """Return whether any of the values that were reported is plausible."""
    low, high = ends
    if not comparator:
        return low <= number <= high
    values = reported_range(number, comparator, signed=signed)
    too_low = values.high is not None and (values.high < low or (values.high == low and values.high_open))
    too_high = values.low is not None and bool(values.low > high or (values.low == high and values.low_open))
    return not (too_low or too_high)


def plausible_in(analyte: Analyte, unit: str, ranges: Mapping[str, Bounds] | None = None) -> Ends | None:
    """Return the plausible range in one of the analyte's units; None where the unit's family has none.

    `ranges` are those of a limit where it is about one, else those of the results.
    """
    for declared, ends in (analyte.plausible if ranges is None else ranges).items():
        for family in analyte.units:
            if declared in family and unit in family:
                return converted_ends(ends, family[declared], family[unit])
    return None


@lru_cache(maxsize=1024)
def converted_ends(ends: Bounds, declared: Decimal, wanted: Decimal) -> Ends:
    """Return the ends of a range in another unit, by the factors of the unit declared and of the one wanted."""
    low, high = (Fraction(end) * Fraction(declared) / Fraction(wanted) for end in ends)
    return low, high


def implausible_message(ends: Ends | Bounds, unit: str) -> str:
    low, high = short_bound(ends[0], ROUND_CEILING), short_bound(ends[1], ROUND_FLOOR)
    return _("outside what is plausible: %(low)s to %(high)s") % {
        "low": trim_zeros(low),
        "high": amount_text(high, unit),
    }


def short_bound(end: Fraction | Decimal, rounding: str) -> Decimal:
    """Return the bound exactly where at most eight digits suffice, else rounded to three digits.

    It is rounded inwards, so that a value that raises an edit check never lies within the range that the
    message names.
    """
    end = Fraction(end)
    exact, short = (
        Context(prec=digits, rounding=rounding).divide(Decimal(end.numerator), Decimal(end.denominator))
        for digits in (EXACT_DIGITS, ROUNDED_DIGITS)
    )
    shown = exact if Fraction(exact) == end else short
    return Decimal(trim_zeros(shown))
