"""A row of the log as it is shown: whether its signature still fits, and what was signed at an earlier attempt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from screening.models import Closure, Signature, Standing, Visit
from screening.seals import closures_of, seal_fits, signatures_of

CHUNK = 1000

Signed = Signature | Closure


class Earlier(NamedTuple):
    """What was signed of a person before the latest attempt, which `words` tell with day and name."""

    signed: Signed
    words: str
    broken: bool


class LogRow(NamedTuple):
    """`broken` where the row's signature does not fit the record; `earlier` only where there was another attempt."""

    standing: Standing
    broken: bool
    earlier: Earlier | None


def log_rows_of(rows: Sequence[Standing]) -> list[LogRow]:
    """In two queries, in none where nobody was screened twice."""
    earlier = earlier_of(rows)
    return [LogRow(row, is_broken(row), earlier.get(row.subject_id)) for row in rows]


def chunked(rows: Iterable[Standing]) -> Iterator[LogRow]:
    """Likewise, for any number of rows without holding them all."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield from log_rows_of(chunk)


def is_broken(row: Standing) -> bool:
    """Also where the signature is whole, but another record's."""
    if row.closure:
        return row.closure.revision_id != row.revision_id or not seal_fits(row.closure)
    if row.signature:
        return row.signature.assessment_id != row.assessment_id or not seal_fits(row.signature)
    return False


def earlier_of(rows: Iterable[Standing]) -> dict[int, Earlier]:
    """By person, what was signed last at an earlier attempt and not made void there."""
    again = [row for row in rows if row.attempts > 1]
    if not again:
        return {}
    visits = Visit.objects.filter(subject__in=[row.subject_id for row in again])
    visits = visits.exclude(pk__in=[row.visit_id for row in again])
    signatures = signatures_of(visits).prefetch_related(None).defer("assessment__revision__document")
    found: dict[int, Earlier] = {}
    for signed in sorted([*signatures, *closures_of(visits)], key=lambda signed: signed.created_at):
        if not signed.void:
            found[visit_of(signed).subject_id] = told(signed)
    return found


def visit_of(signed: Signed) -> Visit:
    return signed.revision.visit if isinstance(signed, Closure) else signed.assessment.revision.visit


def told(signed: Signed) -> Earlier:
    what = signed.get_reason_display() if isinstance(signed, Closure) else signed.get_decision_display()
    words = {"decision": what, "day": signed.signed_at[:10], "who": signed.printed_name}
    text = _("earlier attempt: %(decision)s, signed %(day)s by %(who)s") % words
    return Earlier(signed, text, not seal_fits(signed))
