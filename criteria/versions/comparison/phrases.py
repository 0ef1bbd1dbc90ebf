"""Properties of what a vocabulary asks, each by its name, as text; what is not given is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from criteria.rules.text import amount_text, number_text
from criteria.rules.units import unit_text
from criteria.vocabulary.drugs import Drug, Drugs
from criteria.vocabulary.parts import (
    Action,
    Analyte,
    AnyPart,
    Bounds,
    Condition,
    Course,
    Dated,
    Field,
    Lasting,
    Records,
    Results,
    When,
)

PropertyTexts = dict[str, str]


def part_texts(part: AnyPart) -> PropertyTexts:
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
        **(records_texts(part) if isinstance(part, Records) else {}),
        **({_("confirmed when complete"): yes_no(part.reviewable)} if isinstance(part, Results) else {}),
        **({_("age counted from"): part.dated_by} if isinstance(part, Dated) else {}),
        _("asked when"): when_text(part.when),
        **lasting_texts(part),
        _("help"): part.help,
    }


def records_texts(part: Records) -> PropertyTexts:
    return {_("one record"): part.item, _("confirmed when complete"): yes_no(part.reviewable)}


def field_texts(field: Field) -> dict[str, str]:
    return {
        _("label"): field.label,
        _("type"): field_type_text(field),
        _("unit"): unit_text(field.unit),
        _("least"): str(field.minimum or ""),
        _("most"): "" if field.maximum is None else str(field.maximum),
        _("plausible"): bounds_text(field.plausible, field.unit) if field.plausible else "",
        _("pattern"): field.pattern,
        _("required"): yes_no(field.required),
        _("answered by judgement"): yes_no(field.judgement),
        **lasting_texts(field),
        _("day in the future"): future_text(field) if field.type in ("date", "day") else "",
        _("not before"): field.not_before,
        _("not after"): field.not_after,
        _("asked when"): when_text(field.when),
        _("terms offered"): terms_text(field),
        _("empty means none"): empty_text(field),
        _("in a proof"): proof_text(field),
        _("help"): field.help,
    }


def terms_text(field: Field) -> str:
    """Return the terms that are offered for a text, by code; empty where there are none."""
    if field.offered is None:
        return ""
    by_code = field.offered.listed.items()
    return "; ".join(f"{code}: {', '.join(name_text(*term) for term in terms.items())}" for code, terms in by_code)


def name_text(name: str, other_names: Sequence[str]) -> str:
    return f"{name} ({', '.join(other_names)})" if other_names else name


def proof_text(field: Field) -> str:
    """Return the words by which proofs tell an answer; empty where label and answer do."""
    if isinstance(field.proof, str):
        return field.proof
    return "; ".join(f"{field.choices.get(code, code)}: {words}" for code, words in field.proof.items())


def analyte_texts(analyte: Analyte) -> dict[str, str]:
    return {
        _("label"): analyte.label,
        _("units"): "; ".join(family_text(family) for family in analyte.units),
        _("least"): str(analyte.minimum or ""),
        _("plausible"): ranges_text(analyte.plausible),
        _("upper limit of normal asked"): yes_no(analyte.uln),
        _("plausible upper limit of normal"): ranges_text(analyte.plausible_uln),
        _("lower limit of normal asked"): yes_no(analyte.lln),
        _("plausible lower limit of normal"): ranges_text(analyte.plausible_lln),
        _("limit of detection asked"): yes_no(analyte.lod),
        _("plausible limit of detection"): ranges_text(analyte.plausible_lod),
        _("action"): action_text(analyte.action),
        _("LOINC"): analyte.loinc,
        _("help"): analyte.help,
    }


def drugs_texts(drugs: Drugs) -> PropertyTexts:
    return {_("named in"): drugs.names, _("codes in"): drugs.codes}


def drug_texts(drug: Drug) -> PropertyTexts:
    hours = "" if drug.half_life is None else f"{number_text(drug.half_life * 24)} h"
    return {_("other names"): ", ".join(drug.other_names), _("codes"): ", ".join(drug.codes), _("half-life"): hours}


def condition_texts(condition: Condition) -> PropertyTexts:
    return {
        _("label"): condition.label,
        _("body system"): condition.group,
        _("perishable"): yes_no(condition.perishable),
        _("answered by judgement"): yes_no(condition.judgement),
        _("action"): action_text(condition.action),
        _("help"): condition.help,
    }


def lasting_texts(lasting: Lasting) -> dict[str, str]:
    return {
        _("perishable"): yes_no(lasting.perishable),
        _("may change"): yes_no(lasting.may_change),
        _("action"): action_text(lasting.action),
    }


def action_text(action: Action | None) -> str:
    """Return what can be done about a fact that fails a criterion, as it is declared; empty where nothing is."""
    if not isinstance(action, Course):
        words = {"repeat": _("repeat"), "review": _("investigator to review"), "none": _("nothing")}
        return words[action] if action else ""
    waiting = _("wait until %(what)s") % {"what": action.wait} if action.wait else ""
    repeat = _("repeat %(fact)s") % {"fact": action.repeat} if action.repeat else ""
    return ", ".join(filter(None, (action.do, waiting, repeat)))


def yes_no(flag: bool) -> str:
    return _("yes") if flag else _("no")


def field_type_text(field: Field) -> str:
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


def future_text(field: Field) -> str:
    return {"allowed": _("allowed"), "asked": _("asked back"), "refused": _("refused")}[field.future]


def bounds_text(bounds: Bounds, unit: str) -> str:
    low, high = bounds
    return _("%(low)s to %(high)s") % {"low": number_text(low), "high": amount_text(high, unit)}


def ranges_text(ranges: Mapping[str, Bounds]) -> str:
    return "; ".join(bounds_text(bounds, unit) for unit, bounds in ranges.items())


def family_text(family: Mapping[str, Decimal]) -> str:
    """Return the first unit of a family, and how the others convert: umol/L (1 mg/dL = 88.4 umol/L)."""
    first, *others = family
    factors = (f"1 {unit_text(unit)} = {number_text(family[unit])} {unit_text(first)}" for unit in others)
    return f"{unit_text(first)} ({', '.join(factors)})" if others else unit_text(first)


def when_text(when: When) -> str:
    return "; ".join(f"{path}: {', '.join(codes)}" for path, codes in when.items())


def empty_text(field: Field) -> str:
    """Return the conditions, as text, under which an empty list of codes says that there are none."""
    return "; ".join(f"{name}: {', '.join(codes)}" for name, codes in field.empty_means_none.items())
