"""Log rows for display: whether the signature still fits the record, and the one that is void."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext as _

from screening.log.counts import visits_in_error_by_subject
from screening.models import Closure, Signature, SubjectStatus, Visit
from screening.signatures.seals import closures_of, is_withdrawn, seal_fits, signatures_of
from screening.visits.closure import is_reopened

LOG_ROW_CHUNK = 1000

SignatureOrClosure = Signature | Closure


class VoidSignature(NamedTuple):
    """A signature of the attempt that is void by now; `text` gives day and name."""

    signed: SignatureOrClosure
    text: str
    broken: bool


class LogRow(NamedTuple):
    """A row of the log with the state of its signatures.

    `broken` where the row's signature does not fit the record; `void` is set only where one is void.
    `visits_in_error` is the number of the subject's visits entered in error, which have no rows; only exports have it.
    """

    status: SubjectStatus
    broken: bool
    void: VoidSignature | None
    visits_in_error: int = 0


def log_rows_of(rows: Sequence[SubjectStatus]) -> list[LogRow]:
    """Return the log rows of the statuses in two queries; in none where no signature is void."""
    void = void_signatures(rows)
    return [LogRow(row, is_broken(row), void.get(row.visit_id)) for row in rows]


def iterate_log_rows(rows: Iterable[SubjectStatus]) -> Iterator[LogRow]:
    """Yield the log rows of an export, for any number of rows without loading all at once.

    One query more than `log_rows_of` for each of its chunks.
    """
    remaining = iter(rows)
    while chunk := list(islice(remaining, LOG_ROW_CHUNK)):
        in_error = visits_in_error_by_subject({row.subject_id for row in chunk})
        for row in log_rows_of(chunk):
            yield row._replace(visits_in_error=in_error.get(row.status.subject_id, 0))


def is_broken(row: SubjectStatus) -> bool:
    """Return whether the row's signature does not fit the record.

    This also holds where the signature is intact but belongs to another record.
    """
    if row.closure:
        return row.closure.revision.visit_id != row.visit_id or not seal_fits(row.closure)
    if row.signature:
        return row.signature.assessment_id != row.assessment_id or not seal_fits(row.signature)
    return False


def void_signatures(rows: Iterable[SubjectStatus]) -> dict[int | None, VoidSignature]:
    """Return the last signature of each attempt whose signature is void, by visit."""
    keys = [row.visit_id for row in rows if row.voided and row.visit_id]
    if not keys:
        return {}
    visits = Visit.objects.filter(pk__in=keys)
    signatures = signatures_of(visits).prefetch_related(None).defer("assessment__revision__document")
    signed = sorted([*signatures, *closures_of(visits)], key=lambda signed: signed.created_at)
    return {visit_of(each).pk: void_signature(each) for each in signed}


def visit_of(signed: SignatureOrClosure) -> Visit:
    return signed.revision.visit if isinstance(signed, Closure) else signed.assessment.revision.visit


def void_signature(signed: SignatureOrClosure) -> VoidSignature:
    what = signed.get_reason_display() if isinstance(signed, Closure) else signed.get_decision_display()
    words = {"decision": what, "day": signed.signed_at[:10], "who": signed.printed_name}
    if isinstance(signed, Signature) and is_withdrawn(signed):
        text = _("withdrawn: %(decision)s, signed %(day)s by %(who)s") % words
    elif isinstance(signed, Closure) and is_reopened(signed):
        text = _("reopened: %(decision)s, signed %(day)s by %(who)s") % words
    else:
        text = _("no longer valid: %(decision)s, signed %(day)s by %(who)s") % words
    return VoidSignature(signed, text, not seal_fits(signed))
