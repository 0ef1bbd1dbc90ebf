"""The properties of what a vocabulary asks, each by its name, in words. What is not given is empty."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from criteria.rules.text import amount, number
from criteria.rules.units import written
from criteria.vocabulary.parts import Analyte, AnyPart, Bounds, Field, Lasting, Records

Words = dict[str, str]


def part_words(part: AnyPart) -> Words:
    kinds = {
        "group": _("questions"),
        "single": _("one question"),
        "records": _("a list of records"),
        "results": _("laboratory results"),
        "checklist": _("a history, condition by condition"),
    }
    return {
        _("title"): part.title,
        _("kind"): kinds[part.kind],
        **(records_words(part) if isinstance(part, Records) else {}),
        **lasting_words(part),
        _("help"): part.help,
    }


def records_words(part: Records) -> Words:
    return {_("one record"): part.item, _("confirmed when complete"): yes_no(part.reviewable)}


def field_words(field: Field) -> dict[str, str]:
    return {
        _("label"): field.label,
        _("type"): type_text(field),
        _("unit"): written(field.unit),
        _("least"): str(field.minimum or ""),
        _("most"): "" if field.maximum is None else str(field.maximum),
        _("plausible"): range_text(field.plausible, field.unit) if field.plausible else "",
        _("required"): yes_no(field.required),
        _("answered by judgement"): yes_no(field.judgement),
        **lasting_words(field),
        _("not before"): field.not_before,
        _("not after"): field.not_after,
        _("empty means none"): empty_text(field),
        _("help"): field.help,
    }


def analyte_words(analyte: Analyte) -> dict[str, str]:
    ranges = (range_text(bounds, unit) for unit, bounds in analyte.plausible.items())
    return {
        _("label"): analyte.label,
        _("units"): "; ".join(family_text(family) for family in analyte.units),
        _("plausible"): "; ".join(ranges),
        _("upper limit of normal asked"): yes_no(analyte.uln),
        _("limit of detection asked"): yes_no(analyte.lod),
        _("LOINC"): analyte.loinc,
        _("help"): analyte.help,
    }


def lasting_words(lasting: Lasting) -> dict[str, str]:
    return {_("perishable"): yes_no(lasting.perishable), _("may change"): yes_no(lasting.may_change)}


def yes_no(flag: bool) -> str:
    return _("yes") if flag else _("no")


def type_text(field: Field) -> str:
    types = {
        "yn": _("yes or no"),
        "code": _("one of its options"),
        "codes": _("any of its options"),
        "number": _("number"),
        "integer": _("whole number"),
        "date": _("date, whole or partial"),
        "day": _("whole date"),
        "text": _("text"),
    }
    return types[field.type]


def range_text(bounds: Bounds, unit: str) -> str:
    low, high = bounds
    return _("%(low)s to %(high)s") % {"low": number(low), "high": amount(high, unit)}


def family_text(family: Mapping[str, Decimal]) -> str:
    """The first unit of a family, and how the others convert to it: umol/L (1 mg/dL is 88.4 umol/L)."""
    first, *others = family
    factors = (f"1 {written(unit)} = {number(family[unit])} {written(first)}" for unit in others)
    return f"{written(first)} ({', '.join(factors)})" if others else written(first)


def empty_text(field: Field) -> str:
    """Where an empty list of codes says that there are none."""
    return "; ".join(f"{name}: {', '.join(codes)}" for name, codes in field.empty_means_none.items())
