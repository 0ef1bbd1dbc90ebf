"""The decisions that an investigator can make on an assessment now, and what blocks the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.contrib.auth.models import User

from criteria.records.refusal import Refused
from criteria.vocabulary.edit_checks import EditCheck
from screening.models import (
    CONFIRMED_FINDING,
    NO_MAIN_REASON,
    Assessment,
    ClosureReason,
    Decision,
    Disagreement,
    Revision,
    Subject,
)
from screening.review.statements import (
    closure_statement,
    earlier_attempt_statement,
    own_entries_statement,
    signature_statement,
)
from screening.signatures.confirmation import (
    EligibilityConfirmation,
    RefusalReason,
    eligible_refusals,
    excluding_disagreements,
)
from screening.signatures.judgements import RecordedJudgement
from screening.signatures.refusals import (
    refuse_ahead,
    refuse_broken,
    refuse_decided,
    refuse_earlier_attempt,
    refuse_expired,
    refuse_outdated,
    refuse_reassessed,
    refuse_saved_since,
    refuse_settled,
    refuse_superseded,
    refuse_unfit,
)
from screening.visits.entered_in_error import refuse_marked


class SignatureMeaning(NamedTuple):
    """The exact wording that would be signed, where `value` is chosen.

    `value` is a main reason or none, or the reason why a case is closed.
    """

    value: str
    label: str
    words: str


class AvailableDecisions(NamedTuple):
    """The decisions that are available on an assessment.

    `superseded` says why nothing at all is available, except to `assess_anew`; `earlier_attempt` why nothing but a
    screen failure can be confirmed. `not_confirmed`, `not_closed` and `not_sent_back` say why one decision is not
    available, empty where it is. `not_yet` are the reasons for which nobody can be confirmed eligible until they are
    settled elsewhere; `excluding` are the disagreements that the signer answers in the form. `meanings` and `closings`
    are what can be signed. `expired` says that the findings have expired, empty where they have not, and
    `expired_words` is what a signature then adds; `own_entries` is what it adds where the signer entered data.
    """

    superseded: str
    earlier_attempt: str
    assess_anew: bool
    decision: str
    not_confirmed: str
    not_closed: str
    not_sent_back: str
    not_yet: list[RefusalReason]
    excluding: list[Disagreement]
    meanings: list[SignatureMeaning]
    closings: list[SignatureMeaning]
    expired: str
    expired_words: str
    own_entries: str

    @property
    def decision_text(self) -> str:
        return str(Decision(self.decision).label) if self.decision else ""


def available_decisions(
    assessment: Assessment,
    failed: Iterable[tuple[str, str]],
    signer: User,
    recorded: Sequence[RecordedJudgement],
    checks: Sequence[EditCheck],
) -> AvailableDecisions:
    """Return the available decisions.

    `failed` are the failed codes with their statements, in the protocol's order; `recorded` are the judgements
    and `checks` the edit checks that nobody has answered.
    """
    revision, visit = assessment.revision, assessment.revision.visit
    decision = next((decision for decision, overall in CONFIRMED_FINDING.items() if overall == assessment.overall), "")
    statements = dict(failed)
    earlier = blocking_reason(lambda: refuse_earlier_attempt(visit))
    own = own_entries_statement(revision, signer)
    added = (earlier_attempt_statement(visit) if earlier else "") + own
    expired = blocking_reason(lambda: refuse_expired(assessment, expired_seen=False))
    superseded = ("" if decision == Decision.FAILURE else earlier) or superseding_reason(assessment)
    outdated = blocking_reason(lambda: refuse_outdated(assessment))
    decided = blocking_reason(lambda: refuse_decided(assessment))
    reasons = confirmation_reasons(EligibilityConfirmation(assessment, "", recorded, checks), decision)
    return AvailableDecisions(
        superseded=superseded or outdated,
        earlier_attempt=earlier,
        assess_anew=bool(outdated and not superseded),
        decision=str(decision),
        not_confirmed=confirmation_blocked(assessment, decision, list(statements), decided),
        not_closed=earlier or blocking_reason(lambda: refuse_settled(revision)),
        not_sent_back=earlier or decided,
        meanings=decision_meanings(assessment, decision, statements, added) if decision else [],
        not_yet=[reason for reason in reasons if not reason.field],
        excluding=excluding_disagreements(visit) if any(reason.code == "disagreement" for reason in reasons) else [],
        closings=closing_meanings(visit.subject, own),
        own_entries=own.strip(),
        expired=expired,
        expired_words=refuse_expired(assessment, expired_seen=True).strip() if expired else "",
    )


def confirmation_reasons(confirmation: EligibilityConfirmation, decision: str) -> list[RefusalReason]:
    """Return why nobody can be confirmed eligible yet; none where that is not the decision."""
    return list(eligible_refusals(confirmation)) if decision == Decision.ELIGIBLE else []


def superseding_reason(assessment: Assessment) -> str:
    """Return why nothing at all can be decided on an assessment that is not the current one; empty where it is."""
    revision = assessment.revision
    return blocking_reason(
        lambda: refuse_marked(revision.visit),
        lambda: refuse_saved_since(revision.visit, revision),
        lambda: refuse_reassessed(assessment),
    )


def confirmation_blocked(assessment: Assessment, decision: str, failed: list[str], decided: str) -> str:
    """Return why the decision that fits the findings cannot be confirmed; empty where it can.

    `decided` says that the assessment is decided already, empty where it is not.
    """
    return (
        blocking_reason(lambda: refuse_unfit(assessment, decision, "", failed))
        or decided
        or blocking_reason(lambda: refuse_broken(assessment), lambda: refuse_ahead(assessment.revision))
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
    assessment: Assessment, decision: str, statements: dict[str, str], added: str
) -> list[SignatureMeaning]:
    """Return the meanings by main reason: of a failure one of the failed criteria, or none chosen as such."""
    codes = list(statements)
    named = [*codes, NO_MAIN_REASON] if decision == Decision.FAILURE else [""]
    return [
        SignatureMeaning(
            primary, statements.get(primary, ""), signature_statement(assessment, decision, primary, codes) + added
        )
        for primary in named
    ]
