"""What is doubtful about a laboratory's upper limit of normal, in words.

A doubtful limit is no fault: it is asked back, and kept once somebody confirms it. It changes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.rules.text import amount_text, list_text, trim_zeros
from criteria.vocabulary.edit_checks import can_be_plausible, implausible_message, plausible_in
from criteria.vocabulary.parts import Analyte
from criteria.vocabulary.values import is_unknown

LARGEST_FACTOR = Fraction(3, 2)  # by which two laboratories' limits of one test may differ unasked


class SiteLimit(NamedTuple):
    """An upper limit of normal of the site's own laboratory, as its reference range of a day gives it."""

    value: Decimal | int
    unit: str
    laboratory: str = ""


def doubtful_limit(analyte: Analyte, unit: str, value: Any, site: Iterable[SiteLimit] = ()) -> str | None:
    """Return why an upper limit is doubtful: implausible, or far from the site's own; None where nothing says so."""
    reasons = implausible_limit(analyte, unit, value), site_difference(analyte, unit, value, site)
    return "; ".join(filter(None, reasons)) or None


def implausible_limit(analyte: Analyte, unit: str, value: Any) -> str | None:
    """Return why an upper limit is implausible, with the units in which it would not be.

    None where it is plausible, and where no range is declared or nothing known.
    """
    ranges = analyte.plausible_uln
    ends = plausible_in(analyte, unit, ranges)
    if ends is None or is_unknown(value) or can_be_plausible(Decimal(value), "", ends):
        return None
    others = [
        amount_text(trim_zeros(Decimal(value)), other)
        for other in analyte.unit_names
        if (there := plausible_in(analyte, other, ranges)) and can_be_plausible(Decimal(value), "", there)
    ]
    message = implausible_message(ends, unit)
    return (
        _("%(outside)s; plausible would be %(others)s")
        % {
            "outside": message,
            "others": ", ".join(others),
        }
        if others
        else message
    )


def site_difference(analyte: Analyte, unit: str, value: Any, site: Iterable[SiteLimit]) -> str | None:
    """Return that an upper limit differs too much from each of the site's own.

    None where it is close to one of them, and where none is in a unit that converts.
    """
    if is_unknown(value) or analyte.is_signed:  # of numbers on both sides of zero no factor says how near they are
        return None
    family = next((units for units in analyte.units if unit in units), {})
    near = [(own, Fraction(own.value) * Fraction(family[own.unit])) for own in site if own.unit in family]
    given = Fraction(value) * Fraction(family.get(unit, 1))
    if not near or any(max(given, there) <= LARGEST_FACTOR * min(given, there) for _own, there in near):
        return None
    words = [
        amount_text(trim_zeros(Decimal(own.value)), own.unit) + (f" ({own.laboratory})" if own.laboratory else "")
        for own, _there in near
    ]
    return _("differs by more than a factor of %(factor)s from the site's own range of that day: %(limits)s") % {
        "factor": trim_zeros(Decimal(LARGEST_FACTOR.numerator) / LARGEST_FACTOR.denominator),
        "limits": list_text(dict.fromkeys(words)),
    }
