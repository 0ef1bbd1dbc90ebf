"""The parameters of a draft, as its pages show them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from criteria.amendments.draft_checks import next_number
from criteria.definition.parameter_types import INTEGER, WINDOW, limit_range_text, may_be_open, type_of
from criteria.evaluation.protocol import Protocol, parameters_of
from criteria.models import ProtocolVersion
from criteria.rules.text import ANY_TIME, limit_text


def parameter_value_text(protocol: Protocol, name: str) -> str:
    """Return the text to enter for a parameter's present value."""
    value = protocol.limits[name].value
    return ANY_TIME if value is None else f"{value:f}"


def sentences_with_parameter(protocol: Protocol, name: str) -> list[tuple[str, str]]:
    """Return the criteria that read a parameter, each with its sentence by the present limits."""
    reading = (criterion for criterion in protocol.criteria if name in parameters_of(criterion))
    return [(criterion.code, protocol.sentence(criterion)) for criterion in reading]


def parameter_input_text(protocol: Protocol, name: str) -> str:
    """Return what may be entered for a parameter."""
    limit = protocol.limits[name]
    whole = type_of(limit, protocol.criteria) in (INTEGER, WINDOW)
    parts = [limit_range_text(limit) or _("any number that is not negative")]
    parts += [_("a whole number")] if whole else []
    parts += [_("or “any time”: no limit of time")] if may_be_open(name, protocol.criteria) else []
    return ", ".join(parts)


def limit_text_in(protocol: Protocol, name: str) -> str:
    """Return the limit in a version, which may not have it, in words."""
    return limit_text(protocol.limits[name]) if name in protocol.limits else _("not in this version")


def suggested_number(base: ProtocolVersion | None) -> dict[str, str]:
    """Return the number after that of the newest version, where it ends in one: 1.3 after 1.2.

    As initial form data; empty where there is no such number.
    """
    number = next_number(base.number) if base else ""
    return {"number": number} if number else {}
