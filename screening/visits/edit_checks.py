"""Implausible values: which of them nobody has confirmed, who confirmed them, and that they were asked back."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from criteria.vocabulary import Section
from criteria.vocabulary.edit_checks import Doubt
from screening.models import Confirmation, Prompt, Revision, Visit
from screening.visits.labels import STEP


def unconfirmed(visit: Visit, section: Section, found: Iterable[Doubt]) -> list[Doubt]:
    """The doubts that lie in this section and that nobody has confirmed at this visit."""
    own = [doubt for doubt in found if STEP.findall(doubt.path)[0] in section.keys]
    if not own:
        return []
    known = set(Confirmation.objects.filter(revision__visit=visit).values_list("key", flat=True))
    return [doubt for doubt in own if doubt.key not in known]


def record_confirmations(revision: Revision, confirmed: Iterable[Doubt]) -> None:
    Confirmation.objects.bulk_create(
        Confirmation(
            revision=revision, path=doubt.path, key=doubt.key, message=doubt.message, created_by=revision.created_by
        )
        for doubt in confirmed
    )


@transaction.atomic
def record_prompts(visit: Visit, section: Section, asked: Iterable[Doubt], author: User) -> None:
    """Keeps that implausible values were typed and asked back; of what was typed nothing else was saved."""
    Prompt.objects.bulk_create(
        Prompt(
            visit=visit,
            section=section.code,
            path=doubt.path,
            key=doubt.key,
            message=doubt.message,
            created_by=author,
        )
        for doubt in asked
    )
