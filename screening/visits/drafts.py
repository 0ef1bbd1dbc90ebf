"""What somebody has typed in a section and not yet saved. It counts for nothing until it is saved."""

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
    """Keeps the form as it stands, in place of the author's draft of before. `data` is the form, URL-encoded.

    None, and nothing kept, where `is_saved` says that the latest revision holds it all: a request that the save
    overtook which ended the typing would bring back as a draft what is saved by now.
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
    """What other people are typing in the section, the latest first."""
    return list(drafts_on(visit).filter(section=section_code).exclude(author=author))


def drafts_on(visit: Visit) -> QuerySet[Draft]:
    """Every draft of a visit with its author, the latest first."""
    return Draft.objects.filter(visit=visit).select_related("author").order_by("-updated_at", "-pk")


def discard_draft(visit: Visit, section_code: str, author: User) -> None:
    Draft.objects.filter(visit=visit, section=section_code, author=author).delete()


def discard_version(visit: Visit, section_code: str, author: User, version: str) -> None:
    """Leaves the author's draft alone where it was kept again since: from another window, which still has it."""
    draft = draft_of(visit, section_code, author)
    if draft and draft.version == version:
        Draft.objects.filter(pk=draft.pk, updated_at=draft.updated_at).delete()
