"""The engine's outlook on a visit in words: failures and their remedies, and the facts to obtain next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.missing import NextStep
from criteria.evaluation.outlook import Outlook
from criteria.evaluation.protocol import Finding, Protocol
from criteria.evaluation.remedy import Distance, Remedy
from criteria.evaluation.retests import Retest
from criteria.models import Category
from criteria.vocabulary import Vocabulary
from screening.models import Outcome
from screening.visits.labels import FormPlace, form_place, missing_answer_text, own_label, sentence_case
from screening.worklist.advice import advice_text, names_text
from screening.worklist.next_action import clear_days_text

DATE = re.compile(r"\b\d{4}(?:-\d\d){0,2}\b")  # a day, a month or a year
EVENT_AND_CLEAR_DAY = 2

OutlookDocument = Mapping[str, Any]


class RemedyText(NamedTuple):
    """The remedy of a failure in words; `distances` say how far each value is from its limit.

    `beside_proof` are the words where the proof stands beside them and may have named the day already.
    """

    remedy: str
    words: str
    distances: list[str]
    beside_proof: str


class FailingCriterion(NamedTuple):
    code: str
    statement: str
    proof: str
    remedy_text: RemedyText


class MissingFact(NamedTuple):
    """A missing fact, with the place where it is asked and the codes of the criteria that wait for it.

    `text` says what to do about it, but where `question` does.
    """

    path: str
    place: FormPlace
    settles: tuple[str, ...]
    helps: tuple[str, ...]
    not_before: date | None
    question: str
    text: str


def failing_criteria(protocol: Protocol, outlook: Outlook) -> list[FailingCriterion]:
    """Return the failing criteria: those that fail for good first, otherwise in the protocol's order."""
    found = [failing_criterion(protocol, finding, outlook) for finding in outlook.findings if finding.outcome == "fail"]
    return sorted(found, key=lambda each: each.remedy_text.remedy != "none")


def failing_criterion(protocol: Protocol, finding: Finding, outlook: Outlook) -> FailingCriterion:
    criterion = finding.criterion
    proof = protocol.proof(finding)
    return FailingCriterion(
        criterion.code,
        criterion.statement,
        proof,
        remedy_text(outlook.remedies[criterion.code], criterion.category, proof),
    )


def remedy_text(found: Remedy, category: str, proof: str) -> RemedyText:
    distances = [distance_text(each) for each in found.distances]
    words = remedy_sentence(found, category)
    return RemedyText(found.remedy, words, distances, _("Only time is needed.") if is_day_told(found, proof) else words)


def is_day_told(found: Remedy, proof: str) -> bool:
    """Return whether the proof names the first dose that is waited for, and no other day that could be taken for it.

    Of several records each has its own day in the proof; only the latest of them is clear of all.
    """
    day, named = found.clear_from, set(DATE.findall(proof))
    if day is None or found.clear_until is not None or found.missing:
        return False
    return day.isoformat() in named and len(named) <= EVENT_AND_CLEAR_DAY


def distance_text(distance: Distance) -> str:
    """Return a value's distance from its limit in words.

    A value exactly at a limit that may not be reached fails, too.
    """
    words = {"label": sentence_case(distance.label), "distance": distance.text}
    match distance.side:
        case "below" if not distance.text:
            return _("%(label)s: just below the limit") % words
        case "above" if not distance.text:
            return _("%(label)s: just above the limit") % words
        case "below":
            return _("%(label)s: %(distance)s below the limit") % words
        case "above":
            return _("%(label)s: %(distance)s above the limit") % words
    return _("%(label)s: exactly at the limit") % words


def remedy_sentence(found: Remedy, category: str) -> str:
    """Return a remedy in words.

    What is missing by then is not named in it, unless somebody has to act: it is asked for with all else that is to
    be got.
    """
    match found.remedy:
        case "none":
            return permanent_sentence(found.because)
        case "act":
            return _("%(advice)s.") % {"advice": advice_text(found.advice)}
        case "open":
            return _("Cannot be waived now; not permanent.")
    words = {"outcome": clear_words(category), "questions": questions_text(found)}
    if found.clear_from:
        words |= {"days": clear_days_text(found)}
        if words["questions"]:
            return _("This reason is gone with a planned first dose %(days)s; needed then: %(questions)s.") % words
        if found.missing:
            return _("Not yet known with a planned first dose %(days)s: what is missing decides then.") % words
        return _("%(outcome)s with a planned first dose %(days)s.") % words
    if found.visit_from:
        words |= {"day": found.visit_from.isoformat()}
        if found.missing:
            return _("Not yet known at a visit from %(day)s: what is missing decides then.") % words
        return _("%(outcome)s at a visit from %(day)s.") % words
    return _("Needs a later visit or planned first dose: check the dates.")


def clear_words(category: str) -> str:
    """Return what is said of a criterion from the day on which it is no longer in the way."""
    if category == Category.EXCLUSION:
        return _("No longer excludes")
    return sentence_case(Outcome.PASS.label_for(category))


def questions_text(found: Remedy) -> str:
    """Return what somebody has to do by then, where everything that is missing then is such."""
    questions = [question for _path, question in found.missing]
    return "; ".join(dict.fromkeys(questions)) if all(questions) else ""


def permanent_sentence(causes: tuple[str, ...]) -> str:
    if not causes:
        return _("Permanent: neither treatment nor time changes it.")
    return _("Permanent because of %(causes)s: neither treatment nor time changes it.") % {"causes": names_text(causes)}


def retest_text(retest: Retest) -> str:
    words = {
        "label": retest.label[:1].lower() + retest.label[1:],
        "counted": retest.counted,
        "number": retest.attempts,
        "failed": ", ".join(retest.failed),
    }
    if retest.of_records:
        return _("%(number)d %(label)s. Used: %(counted)s. Not used: %(failed)s.") % words
    return _("%(number)d results of %(label)s. Used: %(counted)s. Would not satisfy the criterion: %(failed)s.") % words


def missing_facts(vocabulary: Vocabulary, document: OutlookDocument, steps: Iterable[NextStep]) -> list[MissingFact]:
    return [missing_fact(vocabulary, step, document) for step in steps]


def missing_fact(vocabulary: Vocabulary, step: NextStep, document: OutlookDocument) -> MissingFact:
    place = form_place(vocabulary, step.path, document)
    if step.question:
        text = sentence_case(own_label(vocabulary.parts.get(step.path.split(".")[0]), place))
    else:
        text = missing_answer_text(vocabulary, step.path, place, document)
    return MissingFact(step.path, place, step.settles, step.helps, step.not_before, step.question, text)
