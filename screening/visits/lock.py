"""Lock the rows that everything saved about a visit hangs on."""

from __future__ import annotations

from screening.models import Visit


def lock_visit(pk: int) -> Visit:
    """Lock a visit and then its subject until the transaction ends; return the visit with subject and trial read.

    Every action locks in this order, so that none waits for another that waits for it. Rows are locked without their
    keys: a new attempt refers to the one before and need not wait for a save of it. One query.
    """
    visits = Visit.objects.select_for_update(of=["self", "subject"], no_key=True)
    return visits.select_related("subject__trial").get(pk=pk)
