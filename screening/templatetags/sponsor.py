"""The filters by which pages name the sponsor's protocol of a version, and say whether its words were entered."""

from __future__ import annotations

from django import template

from criteria.definition.reader import Edition
from criteria.models import ProtocolVersion
from criteria.records.official_wording import sponsor_protocol_text
from criteria.versions.versions import edition_of

register = template.Library()


def edition_shown(version: ProtocolVersion | Edition) -> Edition:
    """Return the edition of a version, or one that is only looked at before it is published."""
    return version if isinstance(version, Edition) else edition_of(version)


@register.filter
def sponsor_protocol(version: ProtocolVersion | Edition) -> str:
    """Return the version and the day of the sponsor's protocol, `3.0 of 2023-05-04`; empty where none is named."""
    return sponsor_protocol_text(edition_shown(version).data.get("sponsor_protocol"))


@register.filter
def has_official_wording(version: ProtocolVersion | Edition) -> bool:
    """Return whether the protocol's own words of any criterion were entered."""
    return any(criterion.official_wording for criterion in edition_shown(version).protocol.criteria)
