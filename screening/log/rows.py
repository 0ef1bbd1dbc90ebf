"""A row of the log as it is shown: whether its signature still fits, and what was signed before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from screening.models import Closure, Signature, Standing, Visit
from screening.signatures.seals import closures_of, seal_fits, signatures_of

CHUNK = 1000

Signed = Signature | Closure


class Earlier(NamedTuple):
    """What was signed of a person and is void by now, or of an earlier attempt; `words` tell day and name."""

    signed: Signed
    words: str
    broken: bool


class LogRow(NamedTuple):
    """`broken` where the row's signature does not fit the record; `earlier` only where there was another
    attempt, or a signature is void."""

    standing: Standing
    broken: bool
    earlier: Earlier | None


def log_rows_of(rows: Sequence[Standing]) -> list[LogRow]:
    """In two queries, in none where nobody was screened twice and no signature is void."""
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
    """By person, what was signed last: at the latest attempt, where that is void, or else at an earlier one and not
    made void there."""
    now = {row.visit_id: row for row in rows if row.attempts > 1 or row.voided}
    if not now:
        return {}
    visits = Visit.objects.filter(subject__in=[row.subject_id for row in now.values()])
    visits = visits.exclude(pk__in=[pk for pk, row in now.items() if not row.voided])
    signatures = signatures_of(visits).prefetch_related(None).defer("assessment__revision__document")
    found: dict[int, Earlier] = {}
    for signed in sorted([*signatures, *closures_of(visits)], key=lambda signed: signed.created_at):
        visit = visit_of(signed)
        if visit.pk in now or not signed.void:
            found[visit.subject_id] = told(signed, is_void=visit.pk in now)
    return found


def visit_of(signed: Signed) -> Visit:
    return signed.revision.visit if isinstance(signed, Closure) else signed.assessment.revision.visit


def told(signed: Signed, *, is_void: bool) -> Earlier:
    what = signed.get_reason_display() if isinstance(signed, Closure) else signed.get_decision_display()
    words = {"decision": what, "day": signed.signed_at[:10], "who": signed.printed_name}
    if is_void:
        text = _("void: %(decision)s, signed %(day)s by %(who)s") % words
    else:
        text = _("earlier attempt: %(decision)s, signed %(day)s by %(who)s") % words
    return Earlier(signed, text, not seal_fits(signed))
