"""The engine's outlook on a visit in words: failures and their remedies, and the facts to obtain next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.missing import NextStep
from criteria.evaluation.outlook import Outlook
from criteria.evaluation.protocol import Finding, Protocol
from criteria.evaluation.remedy import Distance, Remedy
from criteria.evaluation.retests import Retest
from criteria.vocabulary import Vocabulary
from screening.visits.labels import FormPlace, form_place, missing_answer_text, sentence_case
from screening.worklist.advice import advice_text, names_text
from screening.worklist.next_action import clear_days_text

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
        criterion.code, criterion.statement, proof, remedy_text(outlook.remedies[criterion.code], proof)
    )


def remedy_text(found: Remedy, proof: str) -> RemedyText:
    distances = [distance_text(each) for each in found.distances]
    return RemedyText(found.remedy, remedy_sentence(found), distances, sentence_beside_proof(found, proof))


def sentence_beside_proof(found: Remedy, proof: str) -> str:
    """Return the remedy in words without a day that the proof names already."""
    day = found.clear_from or found.visit_from
    if day and found.clear_until is None and day.isoformat() in proof:
        return _("Only time is needed.")
    told = (each for each in found.advice if each.collected_from and each.collected_from.isoformat() in proof)
    undated = {each: each._replace(collected_from=None) for each in told}
    return remedy_sentence(found._replace(advice=tuple(undated.get(each, each) for each in found.advice)))


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
            return _("%(label)s: %(distance)s too low") % words
        case "above":
            return _("%(label)s: %(distance)s too high") % words
    return _("%(label)s: exactly at the limit") % words


def remedy_sentence(found: Remedy) -> str:
    """Return a remedy in words.

    What is missing by then is not named in it: it is asked for with all else that is to be got.
    """
    match found.remedy:
        case "none":
            return permanent_sentence(found.because)
        case "act":
            return _("%(advice)s.") % {"advice": advice_text(found.advice)}
        case "open":
            return _("Nothing can be done.")
    if found.clear_from:
        words = {"days": clear_days_text(found)}
        if found.missing:
            return _("Not yet known with a first dose %(days)s: what is missing decides then.") % words
        return _("Satisfied with a first dose %(days)s.") % words
    if found.visit_from:
        words = {"day": found.visit_from.isoformat()}
        if found.missing:
            return _("Not yet known at a visit from %(day)s: what is missing decides then.") % words
        return _("Satisfied at a visit from %(day)s.") % words
    return _("Only a later visit or first dose can satisfy it: check the dates.")


def permanent_sentence(causes: tuple[str, ...]) -> str:
    if not causes:
        return _("Permanent: neither treatment nor time changes it.")
    return _("Permanent because of %(causes)s: neither treatment nor time changes it.") % {"causes": names_text(causes)}


def retest_text(retest: Retest) -> str:
    words = {
        "label": retest.label,
        "counted": retest.counted,
        "number": retest.attempts,
        "failed": ", ".join(retest.failed),
    }
    return _("%(number)d results of %(label)s. Used: %(counted)s. Would not satisfy the criterion: %(failed)s.") % words


def missing_facts(vocabulary: Vocabulary, document: OutlookDocument, steps: Iterable[NextStep]) -> list[MissingFact]:
    return [missing_fact(vocabulary, step, form_place(vocabulary, step.path, document)) for step in steps]


def missing_fact(vocabulary: Vocabulary, step: NextStep, place: FormPlace) -> MissingFact:
    text = place.label if step.question else missing_answer_text(vocabulary, step.path, place)
    return MissingFact(step.path, place, step.settles, step.helps, step.not_before, step.question, text)
