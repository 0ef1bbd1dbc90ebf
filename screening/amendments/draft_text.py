"""A draft's parameters as its pages show them."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from criteria.definition.parameter_types import INTEGER, WINDOW, may_be_open, range_words, type_of
from criteria.evaluation.protocol import Protocol, parameters_of
from criteria.models import ProtocolVersion
from criteria.rules.text import ANY_TIME, limit_text


def typed_value(protocol: Protocol, name: str) -> str:
    """What is typed for a parameter's present value."""
    value = protocol.limits[name].value
    return ANY_TIME if value is None else f"{value:f}"


def sentences_reading(protocol: Protocol, name: str) -> list[tuple[str, str]]:
    """The criteria that read a parameter, each with its sentence by the present limits."""
    reading = (criterion for criterion in protocol.criteria if name in parameters_of(criterion))
    return [(criterion.code, protocol.sentence(criterion)) for criterion in reading]


def permitted_words(protocol: Protocol, name: str) -> str:
    """What may be typed for a parameter."""
    limit = protocol.limits[name]
    whole = type_of(limit, protocol.criteria) in (INTEGER, WINDOW)
    parts = [range_words(limit) or _("any number that is not negative")]
    parts += [_("a whole number")] if whole else []
    parts += [_("or “any time”: no limit of time")] if may_be_open(name, protocol.criteria) else []
    return ", ".join(parts)


def words_in(protocol: Protocol, name: str) -> str:
    """The limit in a version, which may not have it."""
    return limit_text(protocol.limits[name]) if name in protocol.limits else _("not in this version")


def suggested_number(base: ProtocolVersion | None) -> dict[str, str]:
    """The number after that of the newest version, where it ends in one: 1.2 is followed by 1.3."""
    found = re.fullmatch(r"(.*?)(\d+)", base.number) if base else None
    return {"number": f"{found[1]}{int(found[2]) + 1}"} if found else {}
