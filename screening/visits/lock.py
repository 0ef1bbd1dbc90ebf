"""Lock the rows that everything saved about a visit hangs on.

Rows are locked without their keys: a new attempt refers to the one before and need not wait for a save of it. What
was entered in error is read after the lock, by a statement of its own: on PostgreSQL the statement that waited for
the lock still sees what was on record when it began to wait.
"""

from __future__ import annotations

from screening.models import Revision, Subject, Visit
from screening.visits.entered_in_error import MARKS, refuse_marked, refuse_marked_subject


def lock_visit(pk: int) -> Visit:
    """Lock a visit as `lock_latest_revision` does; return it with its subject and trial read."""
    return lock_latest_revision(pk).visit


def lock_latest_revision(pk: int) -> Revision:
    """Lock a visit and then its subject until the transaction ends; return the latest revision, with both read.

    Every action locks in this order, so that none waits for another that waits for it. Two queries: the rows that are
    locked never change, so they are read by the first; what may have been added while it waited, by the second.

    Refused, `entered_in_error`, where the visit or its screening number is marked so.
    """
    visits = Visit.objects.select_for_update(of=["self", "subject"], no_key=True)
    visit = visits.select_related("subject__trial").get(pk=pk)
    unmarked = {f"visit__{mark}": None for mark in MARKS}
    latest = Revision.objects.filter(visit=pk, **unmarked).order_by("-number").first()
    if latest is None:
        refuse_marked(visit)
        raise Revision.DoesNotExist
    latest.visit = visit
    return latest


def lock_subject(pk: int) -> Subject:
    """Lock a subject until the transaction ends, and with it whatever is done to its visits; return it.

    Refused, `entered_in_error`, where the screening number is marked so. Two queries.
    """
    Subject.objects.select_for_update(no_key=True).get(pk=pk)
    subject = Subject.objects.select_related("trial", "in_error").get(pk=pk)
    refuse_marked_subject(subject)
    return subject
