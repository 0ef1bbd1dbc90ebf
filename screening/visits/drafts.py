"""Drafts: values entered in a section and not yet saved. They are not part of the visit until they are saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.records.moments import moment_text
from criteria.vocabulary import Vocabulary
from screening.exceptions import UnsavedDrafts
from screening.models import Draft, Revision, Visit
from screening.submissions.keys import claim_form_key
from screening.visits.lock import lock_latest_revision


class DraftsSeen(NamedTuple):
    """What somebody was shown of a visit's unsaved drafts: their keys, and whether to discard those of their own."""

    keys: frozenset[str] = frozenset()
    discard_own: bool = False


NO_DRAFTS_SEEN = DraftsSeen()


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
    already saved. Refused: entered_in_error.
    """
    if is_saved(lock_latest_revision(visit.pk)):  # a save of the section waits, or is seen
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


@transaction.atomic
def discard_draft(visit: Visit, section_code: str, author: User) -> None:
    """Delete the author's draft of a section; the same form sent again leaves alone what is typed since."""
    claim_form_key()
    delete_draft(visit, section_code, author)


def delete_draft(visit: Visit, section_code: str, author: User) -> None:
    Draft.objects.filter(visit=visit, section=section_code, author=author).delete()


def discard_draft_version(visit: Visit, section_code: str, author: User, version: str) -> None:
    """Delete the author's draft if it still has this version.

    A draft stored again since, from another window that still has it open, is left alone.
    """
    draft = draft_of(visit, section_code, author)
    if draft and draft.version == version:
        Draft.objects.filter(pk=draft.pk, updated_at=draft.updated_at).delete()


def pass_drafts(visit: Visit, author: User, vocabulary: Vocabulary, seen: DraftsSeen) -> None:
    """Go on beside what is typed in a visit and not saved, in the transaction that has locked the visit.

    Another person's draft stays; the author's own go where that was chosen. UnsavedDrafts where there is one that the
    author was not shown as it stands now.
    """
    drafts = list(drafts_on(visit))
    if any(draft.key not in seen.keys for draft in drafts):
        raise UnsavedDrafts(drafts, drafts_message(vocabulary, drafts))
    if seen.discard_own and any(draft.author_id == author.pk for draft in drafts):
        Draft.objects.filter(visit=visit, author=author).delete()


def drafts_message(vocabulary: Vocabulary, drafts: Iterable[Draft]) -> str:
    titles = {section.code: section.title for section in vocabulary.sections}
    text = _("%(section)s, typed by %(who)s, last on %(when)s")
    typed = [
        text
        % {
            "section": titles.get(draft.section, draft.section),
            "who": draft.author.get_username(),
            "when": moment_text(timezone.localtime(draft.updated_at)),
        }
        for draft in drafts
    ]
    return _("typed and not saved: %(drafts)s") % {"drafts": "; ".join(typed)}
