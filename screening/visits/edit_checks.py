"""Edit checks on implausible values: those not yet confirmed, their confirmations and the queries raised."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from criteria.vocabulary import Section
from criteria.vocabulary.edit_checks import EditCheck
from screening.models import Confirmation, EditCheckQuery, Revision, Visit
from screening.visits.labels import STEP


def unconfirmed_checks(visit: Visit, section: Section, found: Iterable[EditCheck]) -> list[EditCheck]:
    """Return the edit checks of this section that nobody has confirmed at this visit."""
    own = [doubt for doubt in found if STEP.findall(doubt.path)[0] in section.keys]
    if not own:
        return []
    known = set(Confirmation.objects.filter(revision__visit=visit).values_list("key", flat=True))
    return [doubt for doubt in own if doubt.key not in known]


def record_confirmations(revision: Revision, confirmed: Iterable[EditCheck]) -> None:
    Confirmation.objects.bulk_create(
        Confirmation(
            revision=revision, path=doubt.path, key=doubt.key, message=doubt.message, created_by=revision.created_by
        )
        for doubt in confirmed
    )


@transaction.atomic
def record_edit_check_queries(visit: Visit, section: Section, asked: Iterable[EditCheck], author: User) -> None:
    """Record that edit checks queried implausible values; nothing else of the entered values was saved."""
    EditCheckQuery.objects.bulk_create(
        EditCheckQuery(
            visit=visit,
            section=section.code,
            path=doubt.path,
            key=doubt.key,
            message=doubt.message,
            created_by=author,
        )
        for doubt in asked
    )
