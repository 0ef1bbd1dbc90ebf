"""Record of refused actions: the initial entry, its faults, the user and the time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from criteria.definition.reader import BadDefinition
from criteria.models import Amendment
from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from criteria.vocabulary.identifiers import IDENTIFIER_LABELS, identifier_in
from screening.exceptions import Stale, Superseded, Unanswered
from screening.models import Refusal, Visit
from screening.submissions.keys import refuse_repeated

RECORDED_ELSEWHERE = {"password", "locked"}  # `screening.signatures.reauthenticate` did, before it refused

RefusalTarget = Visit | Amendment | User | None
TARGET_FIELDS: dict[type, str] = {Visit: "visit", Amendment: "amendment", User: "account"}


@contextmanager
def refusals_on_record(user: User, place: str, about: RefusalTarget = None) -> Iterator[None]:
    """Run one action; record why it refused after its transaction is rolled back, and re-raise.

    SentBefore instead, and nothing on record, where the form had been taken before.
    """
    try:
        yield
    except Refused as why:
        if why.code not in RECORDED_ELSEWHERE:
            record_refusal(user, place, about, why.code, why.message)
        raise
    except (BadDocument, BadDefinition) as why:
        faults = [[without_identity(fault.path), without_identity(fault.message)] for fault in why.faults]
        record_refusal(user, place, about, "faults", _("what was typed could not be taken"), faults)
        raise
    except (Stale, Superseded):
        record_refusal(user, place, about, "stale", _("somebody else saved in between"))
        raise
    except Unanswered as why:
        if why.changes:  # implausible values have records of their own
            faults = [[change.path, _("changed without a reason")] for change in why.changes]
            record_refusal(user, place, about, "reason", _("a correction without a reason"), faults)
        raise


def without_identity(words: str) -> str:
    """Return the text, or a note in its place where it looks like an identifier of a person.

    Identifying data must not be in a permanent record, not even as refused data.
    """
    kind = identifier_in(words)
    return _("not kept: what was typed looks like %s") % IDENTIFIER_LABELS[kind] if kind else words


def record_refusal(
    user: User, place: str, about: RefusalTarget, code: str, message: str, faults: list[list[str]] | None = None
) -> None:
    refuse_repeated()
    where = {TARGET_FIELDS[type(about)]: about} if about else {}
    Refusal.objects.create(place=place, code=code, message=message, faults=faults or [], created_by=user, **where)
