"""What the decision box names above the decision. The one place for all that an investigator must not overlook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.missing import NextStep
from criteria.models import ProtocolVersion
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Vocabulary
from screening.models import Outcome, Overall
from screening.views.cards.edit_checks import EditCheckText
from screening.views.cards.range_checks import MismatchedLimit
from screening.views.cards.verdicts import VerdictText
from screening.views.cards.visit_status import OutcomeChangeText
from screening.views.review.sheet import BesideAssessment
from screening.visits.labels import form_place, sentence_case


class DecisionNotice(NamedTuple):
    """A notice; `code` is the criterion on the page to which it leads, if any."""

    title: str
    words: str
    code: str = ""


class Surroundings(NamedTuple):
    """What stands beside the outcomes of an assessment: when they expire, and what was said, saved and changed since.

    `expired` says that they have; `current` is the version in force today, where the visit is under an earlier one.
    """

    turn: OutcomeChangeText | None
    expired: str
    checks: Sequence[EditCheckText]
    limits: Sequence[MismatchedLimit]
    reconsent: str
    unseen: BesideAssessment | None
    current: ProtocolVersion | None


def decision_notices(
    vocabulary: Vocabulary,
    document: Mapping[str, Any],
    texts: Sequence[VerdictText],
    steps: Iterable[NextStep],
    beside: Surroundings,
) -> list[DecisionNotice]:
    """Return the notices of an assessment; another kind is one more line here."""
    checks = beside.checks
    return [
        *expiry_notices(beside.turn, beside.expired),
        *unseen_notices(beside.unseen),
        *version_notices(beside.current, document, texts),
        *reconsent_notices(beside.reconsent),
        *(DecisionNotice(each.check.title, checked_text(each), "".join(each.check.criteria[:1])) for each in checks),
        *(DecisionNotice(_("Doubtful limit"), f"{each.place.label}: {each.remark}") for each in beside.limits),
        *(DecisionNotice(_("Outside its limit"), each, text.verdict.code) for text, each in offsets(texts)),
        *(DecisionNotice(_("Retest"), each, text.verdict.code) for text in texts for each in text.retests),
        *repeat_notices(vocabulary, document, steps),
        *reversible_notices(texts),
    ]


def expiry_notices(turn: OutcomeChangeText | None, expired: str) -> Iterator[DecisionNotice]:
    if expired:
        yield DecisionNotice(_("Expired"), expired)
    elif turn:
        yield DecisionNotice(_("Expiry"), turn.words)


def unseen_notices(unseen: BesideAssessment | None) -> Iterator[DecisionNotice]:
    """Yield the sections in which something was saved or typed that the assessment does not contain."""
    if unseen is None:
        return
    if saved := dict.fromkeys(title for title, _revision in unseen.saved):
        yield DecisionNotice(_("Saved since"), _("not in this assessment: %s") % ", ".join(saved))
    for title, draft in [*unseen.typed, *unseen.typed_before]:
        words = {"who": draft.author.get_username(), "section": title}
        yield DecisionNotice(_("Not saved"), _("%(who)s has typed something in %(section)s and not saved it") % words)


def version_notices(
    current: ProtocolVersion | None, document: Mapping[str, Any], texts: Sequence[VerdictText]
) -> Iterator[DecisionNotice]:
    """Yield what the version in force today would find otherwise, where the visit is under an earlier one."""
    if current is None:
        return
    protocol, words = protocol_of(current), {"number": current.number}
    if protocol.validate(document):
        told = _("version %(number)s, in force today, asks other questions: re-assess the visit to see its status")
        yield DecisionNotice(_("Later version"), told % words)
        return
    sheet, found = protocol.assess(document), {text.verdict.code: text.verdict.outcome for text in texts}
    turned = [each for each in sheet.verdicts if found.get(each.code) != each.outcome]
    if turned:
        changes = "; ".join(f"{each.code} {Outcome(each.outcome).label_for(each.category)}" for each in turned)
        told = _("by version %(number)s, in force today, it would be %(overall)s: %(changes)s")
        words |= {"overall": str(Overall(sheet.overall).label), "changes": changes}
        yield DecisionNotice(_("Later version"), told % words, turned[0].code)


def reconsent_notices(reconsent: str) -> Iterator[DecisionNotice]:
    if reconsent:
        yield DecisionNotice(_("Re-consent due"), reconsent)


def checked_text(check: EditCheckText) -> str:
    return f"{check.question} – {check.answer}"


def offsets(texts: Iterable[VerdictText]) -> Iterator[tuple[VerdictText, str]]:
    yield from ((text, each) for text in texts for each in text.offsets)


def repeat_notices(
    vocabulary: Vocabulary, document: Mapping[str, Any], steps: Iterable[NextStep]
) -> Iterator[DecisionNotice]:
    """Yield what is due to be repeated: a fact that a person must act on, or that counts from a later day only."""
    for step in steps:
        later = step.not_before and step.not_before.isoformat() > document["visit"]["date"]
        since = _("counts from %(day)s") % {"day": step.not_before.isoformat()} if later and step.not_before else ""
        if step.question or since:
            label = step.question or form_place(vocabulary, step.path, document).label
            words = "; ".join(filter(None, [sentence_case(label), since]))
            yield DecisionNotice(_("Repeat due"), words, (*step.settles, *step.helps)[0])


def reversible_notices(texts: Iterable[VerdictText]) -> Iterator[DecisionNotice]:
    for text in texts:
        if text.prospect and text.prospect.remedy != "none":
            yield DecisionNotice(_("Potentially reversible"), text.prospect.words, text.verdict.code)
