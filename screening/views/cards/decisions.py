"""The decisions that an investigator can make on an assessment now, and what blocks the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.contrib.auth.models import User

from criteria.records.refusal import Refused
from screening.models import CONFIRMED_FINDING, Assessment, ClosureReason, Decision, Revision, Subject
from screening.review.statements import closure_statement, own_entries_statement, signature_statement
from screening.signatures.refusals import (
    refuse_broken,
    refuse_decided,
    refuse_expired,
    refuse_outdated,
    refuse_reassessed,
    refuse_settled,
    refuse_superseded,
    refuse_unfit,
)


class SignatureMeaning(NamedTuple):
    """The exact wording that would be signed, where `value` is chosen.

    `value` is a main reason or none, or the reason why a case is closed.
    """

    value: str
    label: str
    words: str


class AvailableDecisions(NamedTuple):
    """The decisions that are available on an assessment.

    `superseded` says why nothing at all is available, except to `assess_anew`. `not_confirmed`, `not_closed` and
    `not_sent_back` say why one decision is not; empty where it is.
    """

    superseded: str
    assess_anew: bool
    decision: str
    not_confirmed: str
    not_closed: str
    not_sent_back: str
    meanings: list[SignatureMeaning]
    closings: list[SignatureMeaning]
    expired: str
    expired_words: str
    own_entries: str

    @property
    def decision_text(self) -> str:
        return str(Decision(self.decision).label) if self.decision else ""


def available_decisions(assessment: Assessment, failed: Iterable[tuple[str, str]], signer: User) -> AvailableDecisions:
    """Return the available decisions.

    `failed` are the failed codes with their statements, in the protocol's order.
    """
    revision, visit = assessment.revision, assessment.revision.visit
    decision = next((decision for decision, overall in CONFIRMED_FINDING.items() if overall == assessment.overall), "")
    statements = dict(failed)
    codes = list(statements)
    own = own_entries_statement(revision, signer)
    expired = blocking_reason(lambda: refuse_expired(assessment, expired_seen=False))
    superseded = blocking_reason(lambda: refuse_superseded(visit, revision), lambda: refuse_reassessed(assessment))
    outdated = blocking_reason(lambda: refuse_outdated(assessment))
    return AvailableDecisions(
        superseded=superseded or outdated,
        assess_anew=bool(outdated and not superseded),
        decision=str(decision),
        not_confirmed=blocking_reason(
            lambda: refuse_unfit(assessment, decision, "", codes),
            lambda: refuse_decided(assessment),
            lambda: refuse_broken(assessment),
        ),
        not_closed=blocking_reason(lambda: refuse_settled(revision)),
        not_sent_back=blocking_reason(lambda: refuse_decided(assessment)),
        meanings=decision_meanings(assessment, decision, statements, own) if decision else [],
        closings=closing_meanings(visit.subject, own),
        own_entries=own.strip(),
        expired=expired,
        expired_words=refuse_expired(assessment, expired_seen=True).strip() if expired else "",
    )


def closing_meanings(subject: Subject, own: str) -> list[SignatureMeaning]:
    """Return the meanings of closing a case; `own` says which of its data the signer entered."""
    return [
        SignatureMeaning(reason.value, str(reason.label), closure_statement(subject, reason) + own)
        for reason in ClosureReason
    ]


def closing_meanings_at(revision: Revision, signer: User) -> list[SignatureMeaning]:
    """Return the reasons for which a case can be closed by what is known at a visit, assessed or not.

    None where it cannot be closed.
    """
    visit = revision.visit
    kept_open = blocking_reason(lambda: refuse_superseded(visit, revision), lambda: refuse_settled(revision))
    return [] if kept_open else closing_meanings(visit.subject, own_entries_statement(revision, signer))


def blocking_reason(*checks: Callable[[], object]) -> str:
    """Return the message of the first check that refuses, empty where none does.

    The verb repeats the same checks when it is called.
    """
    for check in checks:
        try:
            check()
        except Refused as refused:
            return refused.message
    return ""


def decision_meanings(
    assessment: Assessment, decision: str, statements: dict[str, str], own: str
) -> list[SignatureMeaning]:
    """Return the meanings by main reason.

    Of several failures each may be the main reason; a single one is, without being named.
    """
    codes = list(statements)
    named = codes if decision == Decision.FAILURE and len(codes) > 1 else []
    return [
        SignatureMeaning(
            primary, statements.get(primary, ""), signature_statement(assessment, decision, primary, codes) + own
        )
        for primary in ("", *named)
    ]
