"""What stands in the way of confirming somebody eligible: each reason says what to do, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from criteria.vocabulary.edit_checks import EditCheck
from screening.models import Assessment, Disagreement, Opinion, Outcome, Visit
from screening.signatures.judgements import RecordedJudgement, judgements_of
from screening.signatures.open_questions import open_questions
from screening.visits.days import passed_day
from screening.visits.edit_checks import open_checks

NAMED = 3  # of many, before the rest is counted


class EligibilityConfirmation(NamedTuple):
    """What an investigator is about to confirm eligible, with what the form says to it.

    `despite` is why it is confirmed although a disagreement excludes; `judgements` and `checks`, the open ones, are
    those of the assessed revision, where they were read already.
    """

    assessment: Assessment
    despite: str = ""
    judgements: Sequence[RecordedJudgement] | None = None
    checks: Sequence[EditCheck] | None = None

    @property
    def visit(self) -> Visit:
        return self.assessment.revision.visit


class RefusalReason(NamedTuple):
    """What stands in the way of confirming eligibility, what to do, and the address where that is done.

    `field` is the input of the signing form that settles it; empty where no input does.
    """

    code: str
    message: str
    address: str
    field: str = ""


def open_question_reasons(confirmation: EligibilityConfirmation) -> Iterable[RefusalReason]:
    page = reverse("screening:review", args=[confirmation.assessment.pk])
    for question in open_questions(confirmation.visit):
        text = _("The question “%(question)s” is open: have it answered first.")
        message = text % {"question": question.text}
        yield RefusalReason("question", message, f"{page}#question-{question.pk}")


def disagreement_reasons(confirmation: EligibilityConfirmation) -> Iterable[RefusalReason]:
    if confirmation.despite.strip():
        return
    page = reverse("screening:review", args=[confirmation.assessment.pk])
    for held in excluding_disagreements(confirmation.visit):
        message = _("%(said)s: say why you confirm all the same.") % {"said": excluding_text(held)}
        yield RefusalReason("disagreement", message, f"{page}#{held.verdict.code}", "despite")


def unattested_reasons(confirmation: EligibilityConfirmation) -> Iterable[RefusalReason]:
    found = confirmation.judgements
    recorded = judgements_of(confirmation.assessment) if found is None else found
    waiting = [f"{each.label}: {each.words}" for each in recorded if not each.is_attested]
    if waiting:
        page = reverse("screening:review", args=[confirmation.assessment.pk])
        words = {"number": len(waiting), "judgements": first_few(waiting)}
        message = _("Not attested (%(number)d): %(judgements)s. Attest each judgement before you confirm eligible.")
        yield RefusalReason("unattested", message % words, f"{page}#judgements")


def first_few(texts: Sequence[str]) -> str:
    """Return the first of the texts in one line, and how many more there are."""
    shown, more = "; ".join(texts[:NAMED]), len(texts) - NAMED
    return shown if more <= 0 else _("%(shown)s; and %(number)d more") % {"shown": shown, "number": more}


def check_reasons(confirmation: EligibilityConfirmation) -> Iterable[RefusalReason]:
    page = reverse("screening:visit", args=[confirmation.visit.pk])
    assessment, found = confirmation.assessment, confirmation.checks
    for check in open_checks(protocol_of(assessment.version), assessment.revision) if found is None else found:
        message = _("%(check)s, not answered: %(question)s") % {"check": check.title, "question": check.text}
        yield RefusalReason("check", message, f"{page}#checks")


def passed_reasons(confirmation: EligibilityConfirmation) -> Iterable[RefusalReason]:
    if day := passed_day(confirmation.assessment.revision.document):
        message = _("The planned first dose, %(day)s, has passed: set a new day, then assess and confirm again.")
        page = reverse("screening:visit", args=[confirmation.visit.pk])
        yield RefusalReason("passed", message % {"day": day.isoformat()}, page)


# Whatever stands in the way of confirming somebody eligible, in the order in which it is said: asked by the page, and
# again under lock when it is signed.
ELIGIBLE_REFUSALS: tuple[Callable[[EligibilityConfirmation], Iterable[RefusalReason]], ...] = (
    open_question_reasons,
    disagreement_reasons,
    unattested_reasons,
    check_reasons,
    passed_reasons,
)


def eligible_refusals(confirmation: EligibilityConfirmation) -> list[RefusalReason]:
    """Return everything that stands in the way of confirming somebody eligible."""
    return [reason for find in ELIGIBLE_REFUSALS for reason in find(confirmation)]


def refuse_premature(confirmation: EligibilityConfirmation) -> None:
    """Refuse while anything stands in the way of confirming somebody eligible, with the code of the first reason."""
    if reasons := eligible_refusals(confirmation):
        raise Refused(reasons[0].code, " ".join(reason.message for reason in reasons))


def excluding_disagreements(visit: Visit) -> list[Disagreement]:
    """Return the disagreements by which a criterion excludes, whichever assessment of the visit they stand beside.

    Of each investigator the last word on a criterion counts. Where an earlier release did not ask for the opinion, one
    that stands beside a criterion that excludes nobody says that it does.
    """
    held = Disagreement.objects.filter(verdict__assessment__revision__visit=visit)
    last = {
        (each.created_by_id, each.verdict.code): each
        for each in held.select_related("verdict", "created_by").order_by("pk")
    }
    return sorted(filter(excludes, last.values()), key=lambda each: each.pk)


def excludes(held: Disagreement) -> bool:
    if held.opinion:
        return held.opinion == Opinion.EXCLUDES
    return held.verdict.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE)


def excluding_text(held: Disagreement) -> str:
    """Return what an excluding disagreement says, as the beginning of a sentence."""
    day = timezone.localtime(held.created_at).date().isoformat()
    return _("A disagreement of %(day)s says that %(code)s excludes") % {"day": day, "code": held.verdict.code}
