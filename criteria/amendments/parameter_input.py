"""Input of parameter values by an administrator: parsing of the entered text and checks of the value."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NoReturn

from django.utils.translation import gettext as _

from criteria.definition.blocks import ANY_TIME
from criteria.definition.parameter_types import (
    INTEGER,
    NUMBER,
    WINDOW,
    is_whole,
    limit_range_text,
    may_be_negative,
    may_be_open,
    type_of,
)
from criteria.definition.parameter_units import convert_value, exact_amount, limits_in_other_units, units_of
from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Protocol
from criteria.rules.check_values import LONGEST_PERIOD
from criteria.rules.facts import Limit
from criteria.rules.text import PERIOD_NAMES, amount_text, trim_zeros
from criteria.rules.units import unit_text
from criteria.vocabulary.spellings import spelled_unit
from criteria.vocabulary.values import MOST_DIGITS

MOST_DECIMALS = 6

# A number, and behind it perhaps a unit, which may begin with a digit only after a space (10*9/L).
ENTERED_VALUE = re.compile(r"([-−]?[0-9]+(?:\.[0-9]+)?)(?:\s+(\S.*)|([^\s0-9.,].*))?")
GROUPED = re.compile(r"[0-9]{1,3}(?:[\s'’,][0-9]{3})+(?![0-9*])")
COMMA_NUMBER = re.compile(r"[0-9]+,[0-9]+")
EXPONENT = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,2}(?![0-9])")


def read_value(protocol: Protocol, name: str, text: str, unit: str = "") -> Decimal | None:
    """Return the entered value in the parameter's unit; None for any time.

    `unit` is the unit that was chosen beside the field. Nothing is converted: a value in another unit is
    refused, with the converted value in the message. ValueError, with a message for the user, for any other
    text.
    """
    limit = protocol.limits[name]
    typed = " ".join(text.split())
    if typed.casefold() == ANY_TIME:
        return None
    match = ENTERED_VALUE.fullmatch(typed)
    is_signed = typed.startswith(("-", "−")) and not may_be_negative(limit)
    if match is None or is_signed or GROUPED.match(typed) or EXPONENT.match(typed) or len(match[1]) > MOST_DIGITS:
        raise ValueError(not_a_number_text(protocol, limit, typed))
    value = Decimal(match[1].replace("−", "-"))
    for stated in (match[2] or match[3] or "", unit.strip()):
        if stated and not is_unit(stated, limit.unit):
            refuse_unit(protocol, limit, value, stated)
    return value


def not_a_number_text(protocol: Protocol, limit: Limit, typed: str) -> str:
    unit = counted_unit_text(limit.unit)
    example = _("a number of %s") % unit if unit else _("a number")
    if may_be_open(limit.name, protocol.criteria):
        example = _("%(number)s, or “%(open)s”") % {"number": example, "open": ANY_TIME}
    if not typed:
        return _("%(title)s: nothing was typed; type %(example)s") % {"title": limit.title, "example": example}
    words = {"title": limit.title, "typed": typed, "example": example, "hint": input_hint(typed)}
    return _("%(title)s: “%(typed)s” is not %(example)s%(hint)s") % words


def input_hint(typed: str) -> str:
    """Return what would be right where the intended value can be recognised; else empty."""
    if typed.startswith(("-", "−", "+")):
        return _("; a limit has no sign, and is never below zero")
    if typed.startswith(("<", ">", "≤", "≥", "=")):
        return _("; the rule says which side of the limit is meant")
    if found := EXPONENT.match(typed):
        return _("; without an exponent it would be %s") % trim_zeros(Decimal(found[0]))
    if found := GROUPED.match(typed):
        plain = re.sub(r"[\s'’,]", "", found[0])
        if COMMA_NUMBER.fullmatch(found[0]):
            words = {"plain": plain, "point": found[0].replace(",", ".")}
            return _("; write %(plain)s, or with a decimal point %(point)s") % words
        return _("; without a gap it would be %s") % plain
    if found := COMMA_NUMBER.match(typed):
        return _("; with a decimal point it would be %s") % found[0].replace(",", ".")
    return ""


def is_unit(stated: str, unit: str) -> bool:
    """Return whether a text means a unit: by its code, a spelling of it, or by its word (3 months)."""
    if stated in (unit, unit_text(unit)) or spelled_unit(stated, (unit,)):
        return True
    if unit in PERIOD_NAMES:
        return stated.casefold() in {PERIOD_NAMES[unit], f"{PERIOD_NAMES[unit]}s"}
    limit = unit.strip("{}").casefold()
    return unit in ("{ULN}", "{LLN}") and stated.casefold() in {limit, f"x {limit}", f"× {limit}"}


def counted_unit_text(unit: str) -> str:
    """Return the unit as it follows “counted in”; blank for a plain number."""
    return f"{PERIOD_NAMES[unit]}s" if unit in PERIOD_NAMES else unit_text(unit)


def refuse_unit(protocol: Protocol, limit: Limit, value: Decimal, stated: str) -> NoReturn:
    for unit in units_of(protocol, limit):
        there = convert_value(value, unit, limit, protocol)
        if is_unit(stated, unit) and there is not None:
            words = {"title": limit.title, "unit": counted_unit_text(limit.unit) or _("plain numbers")}
            words |= {"typed": amount_text(value, unit), "there": exact_amount(there, limit.unit)}
            raise ValueError(_("%(title)s is counted in %(unit)s; %(typed)s is %(there)s") % words)
    words = {"title": limit.title, "unit": counted_unit_text(limit.unit), "stated": stated}
    if not words["unit"]:
        raise ValueError(_("%(title)s has no unit: leave out “%(stated)s”") % words)
    message = _("%(title)s is counted in %(unit)s, not in “%(stated)s”") % words
    for other in limits_in_other_units(protocol, limit.name):
        alike = [unit for unit in units_of(protocol, other) if convert_value(value, unit, other, protocol) is not None]
        if any(is_unit(stated, unit) for unit in (other.unit, *alike)):
            words = {"message": message, "unit": unit_text(other.unit), "other": other.title}
            message = _("%(message)s; the limit in %(unit)s is “%(other)s”") % words
    raise ValueError(message)


def parameter_faults(made: Edition | Protocol, name: str, value: Decimal | None) -> list[str]:
    """Return the reasons why a parameter may not have a value; empty where it may.

    None as the value is any time.
    """
    protocol = made.protocol if isinstance(made, Edition) else made
    limit = protocol.limits[name]
    if value is None:
        message = _("%(title)s may not be open (any time): a rule counts or compares with it")
        return [] if may_be_open(name, protocol.criteria) else [message % {"title": limit.title}]
    if not value.is_finite() or (value < 0 and not may_be_negative(limit)):
        return [_("%(title)s: %(value)s is no limit: a number from 0") % {"title": limit.title, "value": value}]
    if -int(value.as_tuple().exponent) > MOST_DECIMALS:
        words = {"title": limit.title, "value": value, "most": MOST_DECIMALS}
        return [_("%(title)s: %(value)s has more than %(most)d digits after the point") % words]
    kind = type_of(limit, protocol.criteria)
    words = {"title": limit.title, "value": amount_text(value, limit.unit), "range": limit_range_text(limit)}
    found = []
    if kind == WINDOW and not is_whole(value):
        words["unit"] = counted_unit_text(limit.unit)
        found.append(_("%(title)s, %(value)s: a window is counted in whole %(unit)s") % words)
    if kind == INTEGER and not is_whole(value):
        found.append(_("%(title)s, %(value)s: only a whole number is possible") % words)
    if limit.permitted is not None and not limit.permitted[0] <= value <= limit.permitted[1]:
        found.append(
            _("%(title)s, %(value)s: outside what is permitted, %(range)s") % words + unit_hint(protocol, limit, value)
        )
    elif kind == WINDOW and value > LONGEST_PERIOD:
        words["most"] = amount_text(LONGEST_PERIOD, limit.unit)
        found.append(_("%(title)s, %(value)s: at most %(most)s, or any time") % words)
    return found


def unit_hint(protocol: Protocol, limit: Limit, value: Decimal) -> str:
    """Return a hint at the unit in which the number would be permitted; blank where there is none."""
    if limit.permitted is None or limit.unit == "1":
        return ""
    whole = type_of(limit, protocol.criteria) != NUMBER
    for unit in units_of(protocol, limit):
        there = convert_value(value, unit, limit, protocol)
        if there is None or (whole and there.denominator != 1):
            continue
        if limit.permitted[0] <= there <= limit.permitted[1]:
            words = {"typed": amount_text(value, unit), "there": exact_amount(there, limit.unit)}
            return _("; %(typed)s would be %(there)s") % words
    return ""
