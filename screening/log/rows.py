"""Log rows for display: whether the signature still fits the record, and earlier signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from screening.models import Closure, Signature, SubjectStatus, Visit
from screening.signatures.seals import closures_of, seal_fits, signatures_of

LOG_ROW_CHUNK = 1000

SignatureOrClosure = Signature | Closure


class EarlierSignature(NamedTuple):
    """A signature of the subject that is void by now, or of an earlier attempt; `text` gives day and name."""

    signed: SignatureOrClosure
    text: str
    broken: bool


class LogRow(NamedTuple):
    """A subject status with the state of its signatures.

    `broken` where the row's signature does not fit the record; `earlier` is set only where there was another
    attempt, or a signature is void.
    """

    status: SubjectStatus
    broken: bool
    earlier: EarlierSignature | None


def log_rows_of(rows: Sequence[SubjectStatus]) -> list[LogRow]:
    """Return the log rows of the statuses in two queries.

    No query is made where no subject was screened twice and no signature is void.
    """
    earlier = earlier_signatures(rows)
    return [LogRow(row, is_broken(row), earlier.get(row.subject_id)) for row in rows]


def iterate_log_rows(rows: Iterable[SubjectStatus]) -> Iterator[LogRow]:
    """Yield the log rows as `log_rows_of` does, for any number of rows without loading all at once."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, LOG_ROW_CHUNK)):
        yield from log_rows_of(chunk)


def is_broken(row: SubjectStatus) -> bool:
    """Return whether the row's signature does not fit the record.

    This also holds where the signature is intact but belongs to another record.
    """
    if row.closure:
        return row.closure.revision_id != row.revision_id or not seal_fits(row.closure)
    if row.signature:
        return row.signature.assessment_id != row.assessment_id or not seal_fits(row.signature)
    return False


def earlier_signatures(rows: Iterable[SubjectStatus]) -> dict[int, EarlierSignature]:
    """Return the last signature of each subject beside the one in effect, by subject.

    It is the one of the latest attempt, where that is void, or otherwise one of an earlier attempt that was not
    made void there.
    """
    now = {row.visit_id: row for row in rows if row.attempts > 1 or row.voided}
    if not now:
        return {}
    visits = Visit.objects.filter(subject__in=[row.subject_id for row in now.values()])
    visits = visits.exclude(pk__in=[pk for pk, row in now.items() if not row.voided])
    signatures = signatures_of(visits).prefetch_related(None).defer("assessment__revision__document")
    found: dict[int, EarlierSignature] = {}
    for signed in sorted([*signatures, *closures_of(visits)], key=lambda signed: signed.created_at):
        visit = visit_of(signed)
        if visit.pk in now or not signed.void:
            found[visit.subject_id] = earlier_signature(signed, is_void=visit.pk in now)
    return found


def visit_of(signed: SignatureOrClosure) -> Visit:
    return signed.revision.visit if isinstance(signed, Closure) else signed.assessment.revision.visit


def earlier_signature(signed: SignatureOrClosure, *, is_void: bool) -> EarlierSignature:
    what = signed.get_reason_display() if isinstance(signed, Closure) else signed.get_decision_display()
    words = {"decision": what, "day": signed.signed_at[:10], "who": signed.printed_name}
    if is_void:
        text = _("void: %(decision)s, signed %(day)s by %(who)s") % words
    else:
        text = _("earlier attempt: %(decision)s, signed %(day)s by %(who)s") % words
    return EarlierSignature(signed, text, not seal_fits(signed))
