"""Drafts: values entered in a section and not yet saved. They count for nothing until they are saved."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from screening.models import Draft, Revision, Visit


def no_revision(latest: Revision) -> bool:
    return False


@transaction.atomic
def keep_draft(
    visit: Visit,
    section_code: str,
    author: User,
    base_number: int,
    data: str,
    is_saved: Callable[[Revision], bool] = no_revision,
) -> Draft | None:
    """Store the form as it is now, replacing the author's previous draft. `data` is the form, URL-encoded.

    Return None and store nothing where `is_saved` reports that the latest revision already has all of it.
    Otherwise a request overtaken by the save that ended the data entry would bring back, as a draft, what is
    already saved.
    """
    Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)  # a save of the section waits, or is seen
    if is_saved(visit.latest_revision()):
        return None
    draft = Draft(
        visit=visit, section=section_code, author=author, base=base_number, data=data, updated_at=timezone.now()
    )
    (kept,) = Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["visit", "section", "author"],
        update_fields=["base", "data", "updated_at"],
    )
    return kept


def draft_of(visit: Visit, section_code: str, author: User) -> Draft | None:
    return Draft.objects.filter(visit=visit, section=section_code, author=author).first()


def drafts_of_others(visit: Visit, section_code: str, author: User) -> list[Draft]:
    """Return the drafts that other users have in the section, the latest first."""
    return list(drafts_on(visit).filter(section=section_code).exclude(author=author))


def drafts_on(visit: Visit) -> QuerySet[Draft]:
    """Return every draft of a visit with its author, the latest first."""
    return Draft.objects.filter(visit=visit).select_related("author").order_by("-updated_at", "-pk")


def discard_draft(visit: Visit, section_code: str, author: User) -> None:
    Draft.objects.filter(visit=visit, section=section_code, author=author).delete()


def discard_draft_version(visit: Visit, section_code: str, author: User, version: str) -> None:
    """Delete the author's draft if it still has this version.

    A draft stored again since, from another window that still has it open, is left alone.
    """
    draft = draft_of(visit, section_code, author)
    if draft and draft.version == version:
        Draft.objects.filter(pk=draft.pk, updated_at=draft.updated_at).delete()
