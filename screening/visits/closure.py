"""Closed cases: a person who declined, died or was lost stays closed until an investigator reopens the case."""

from __future__ import annotations

from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from screening.models import Closure, Visit


def closure_of(visit: Visit) -> Closure | None:
    """Return the closure under which a visit stands, whatever was saved since; None where it is open."""
    closures = Closure.objects.filter(revision__visit=visit).select_related("reopening", "revision")
    last = closures.order_by("-pk").first()
    return None if last is None or is_reopened(last) else last


def is_reopened(closure: Closure) -> bool:
    return hasattr(closure, "reopening")


def refuse_closed(visit: Visit) -> None:
    """Refuse what a closed case leaves no room for. Code: closed."""
    if closure := closure_of(visit):
        words = {"reason": closure.get_reason_display(), "day": closure.signed_at[:10]}
        text = _(
            "This case is closed since %(day)s (%(reason)s) and stays closed until an investigator reopens it,"
            " with a reason, on the page of the visit."
        )
        raise Refused("closed", text % words)
