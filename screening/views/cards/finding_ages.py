"""How old the perishable findings of a visit are on the planned first dose day, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _, ngettext

from criteria.evaluation.finding_ages import FindingAge, finding_ages
from criteria.evaluation.protocol import Protocol
from criteria.rules.text import limit_text
from screening.visits.labels import FormPlace, form_place


class FindingAgeText(NamedTuple):
    """A perishable finding with its day, its age and the limits of its age in words, and its form field.

    `codes` are the criteria that look at its day.
    """

    label: str
    day: str
    age: str
    limit: str
    place: FormPlace
    is_dated: bool
    codes: tuple[str, ...]


class FindingAges(NamedTuple):
    """The findings, the oldest first; `unlimited` are the labels of those without a limit in the `version`."""

    version: str
    rows: list[FindingAgeText]
    unlimited: list[str]

    @property
    def without_day(self) -> list[FindingAgeText]:
        """The findings whose day is not recorded, so that nobody can tell how old they are."""
        return [row for row in self.rows if not row.is_dated]


def finding_ages_text(protocol: Protocol, document: Mapping[str, Any]) -> FindingAges:
    found = finding_ages(protocol, document)
    rows = [finding_age_text(protocol, document, each) for each in found]
    return FindingAges(protocol.version, rows, [each.label for each in found if not each.is_limited])


def finding_age_text(protocol: Protocol, document: Mapping[str, Any], found: FindingAge) -> FindingAgeText:
    limits = [limit_text(limit) for limit in found.limits if limit.value is not None]
    return FindingAgeText(
        found.label,
        found.day or _("day not recorded"),
        age_text(found),
        _("at most %s") % ", ".join(limits) if limits else _("no limit set"),
        form_place(protocol.vocabulary, found.path, document),
        bool(found.day),
        found.codes,
    )


def age_text(found: FindingAge) -> str:
    if found.age is None:
        return _("not known")
    if found.age < 0:
        return _("after the planned first dose")
    return ngettext("%d day", "%d days", found.age) % found.age
