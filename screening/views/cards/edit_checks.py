"""The values of a revision that raise an edit check, each with the confirmation that accepted it."""

from __future__ import annotations

from typing import NamedTuple

from criteria.vocabulary import Vocabulary
from criteria.vocabulary.edit_checks import edit_checks
from screening.models import Confirmation, Revision
from screening.visits.labels import form_place


class ImplausibleValue(NamedTuple):
    """A value that raises an edit check.

    `confirmation` is None where nobody was queried, as for values saved before there were edit checks.
    """

    label: str
    value: str
    message: str
    confirmation: Confirmation | None


def implausible_values(vocabulary: Vocabulary, revision: Revision) -> list[ImplausibleValue]:
    """Return the implausible values of a revision, in one query, also where there are none."""
    at_visit = Confirmation.objects.filter(revision__visit=revision.visit, revision__number__lte=revision.number)
    confirmed = {each.key: each for each in at_visit.select_related("created_by", "revision").order_by("-pk")}
    return [
        ImplausibleValue(
            form_place(vocabulary, doubt.path, revision.document).label,
            doubt.value,
            doubt.message,
            confirmed.get(doubt.key),
        )
        for doubt in edit_checks(vocabulary, revision.document)
    ]
