"""The implausible values that a revision holds, each with the confirmation that let it stand."""

from __future__ import annotations

from typing import NamedTuple

from criteria.vocabulary import Vocabulary
from criteria.vocabulary.edit_checks import doubts
from screening.models import Confirmation, Revision
from screening.visits.labels import place_of


class Implausible(NamedTuple):
    """`confirmation` is None where nobody was asked, as of what was saved before there were such questions."""

    label: str
    value: str
    message: str
    confirmation: Confirmation | None


def implausible(vocabulary: Vocabulary, revision: Revision) -> list[Implausible]:
    """One query, also where there is none."""
    at_visit = Confirmation.objects.filter(revision__visit=revision.visit, revision__number__lte=revision.number)
    confirmed = {each.key: each for each in at_visit.select_related("created_by", "revision").order_by("-pk")}
    return [
        Implausible(
            place_of(vocabulary, doubt.path, revision.document).label,
            doubt.value,
            doubt.message,
            confirmed.get(doubt.key),
        )
        for doubt in doubts(vocabulary, revision.document)
    ]
