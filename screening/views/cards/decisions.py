"""Which decisions an investigator can take on an assessment just now, and why not the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.contrib.auth.models import User

from criteria.records.refusal import Refused
from screening.models import FITS, Assessment, ClosureReason, Decision, Revision, Subject
from screening.review.policy import (
    refuse_broken,
    refuse_decided,
    refuse_expired,
    refuse_outdated,
    refuse_reassessed,
    refuse_settled,
    refuse_superseded,
    refuse_unfit,
)
from screening.review.statements import closure_statement, own_entries_statement, signature_statement


class Meaning(NamedTuple):
    """What would be signed, word for word, where `value` is chosen: a main reason or none, or why a case is closed."""

    value: str
    label: str
    words: str


class Offers(NamedTuple):
    """`superseded` says why nothing at all is offered, but to `assess_anew`. The others say why one decision is not;
    empty where it is."""

    superseded: str
    assess_anew: bool
    decision: str
    not_confirmed: str
    not_closed: str
    not_sent_back: str
    meanings: list[Meaning]
    closings: list[Meaning]
    expired: str
    expired_words: str
    own_entries: str

    @property
    def decision_words(self) -> str:
        return str(Decision(self.decision).label) if self.decision else ""


def offers(assessment: Assessment, failed: Iterable[tuple[str, str]], signer: User) -> Offers:
    """`failed` are the failed codes with their statements, in the protocol's order."""
    revision, visit = assessment.revision, assessment.revision.visit
    decision = next((decision for decision, overall in FITS.items() if overall == assessment.overall), "")
    statements = dict(failed)
    codes = list(statements)
    own = own_entries_statement(revision, signer)
    expired = why_not(lambda: refuse_expired(assessment, expired_seen=False))
    superseded = why_not(lambda: refuse_superseded(visit, revision), lambda: refuse_reassessed(assessment))
    outdated = why_not(lambda: refuse_outdated(assessment))
    return Offers(
        superseded=superseded or outdated,
        assess_anew=bool(outdated and not superseded),
        decision=str(decision),
        not_confirmed=why_not(
            lambda: refuse_unfit(assessment, decision, "", codes),
            lambda: refuse_decided(assessment),
            lambda: refuse_broken(assessment),
        ),
        not_closed=why_not(lambda: refuse_settled(revision)),
        not_sent_back=why_not(lambda: refuse_decided(assessment)),
        meanings=meanings(assessment, decision, statements, own) if decision else [],
        closings=closings(visit.subject, own),
        own_entries=own.strip(),
        expired=expired,
        expired_words=refuse_expired(assessment, expired_seen=True).strip() if expired else "",
    )


def closings(subject: Subject, own: str) -> list[Meaning]:
    """`own` says what of it the signer entered."""
    return [
        Meaning(reason.value, str(reason.label), closure_statement(subject, reason) + own) for reason in ClosureReason
    ]


def closings_at(revision: Revision, signer: User) -> list[Meaning]:
    """For what reasons a case can be closed by what is known at a visit, assessed or not; none where it cannot be."""
    visit = revision.visit
    kept_open = why_not(lambda: refuse_superseded(visit, revision), lambda: refuse_settled(revision))
    return [] if kept_open else closings(visit.subject, own_entries_statement(revision, signer))


def why_not(*checks: Callable[[], object]) -> str:
    """What the first check that refuses says; the verb asks the same again when it comes to it."""
    for check in checks:
        try:
            check()
        except Refused as refused:
            return refused.message
    return ""


def meanings(assessment: Assessment, decision: str, statements: dict[str, str], own: str) -> list[Meaning]:
    """Of several failures each may be the main reason; a single one is, without being named."""
    codes = list(statements)
    named = codes if decision == Decision.FAILURE and len(codes) > 1 else []
    return [
        Meaning(primary, statements.get(primary, ""), signature_statement(assessment, decision, primary, codes) + own)
        for primary in ("", *named)
    ]
