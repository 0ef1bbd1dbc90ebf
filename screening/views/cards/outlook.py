"""The engine's outlook on a visit in words: failures and their remedies, and the facts to obtain next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.missing import NextStep
from criteria.evaluation.outlook import Outlook
from criteria.evaluation.protocol import Finding, Protocol
from criteria.evaluation.remedy import Remedy
from criteria.evaluation.retests import Retest
from criteria.vocabulary import Vocabulary
from screening.visits.labels import FormPlace, form_place
from screening.worklist.next_action import clear_days_text, repeat_step

OutlookDocument = Mapping[str, Any]


class RemedyText(NamedTuple):
    """The remedy of a failure in words; `distances` say how far each value is from its limit."""

    remedy: str
    words: str
    distances: list[str]


class FailingCriterion(NamedTuple):
    code: str
    statement: str
    proof: str
    remedy_text: RemedyText


class MissingFact(NamedTuple):
    """A missing fact, with the place where it is asked and the codes of the criteria that wait for it."""

    path: str
    place: FormPlace
    settles: tuple[str, ...]
    helps: tuple[str, ...]
    not_before: date | None
    question: str


def failing_criteria(protocol: Protocol, document: OutlookDocument, outlook: Outlook) -> list[FailingCriterion]:
    """Return the failing criteria: those that fail for good first, otherwise in the protocol's order."""
    found = [
        failing_criterion(protocol, document, finding, outlook)
        for finding in outlook.findings
        if finding.outcome == "fail"
    ]
    return sorted(found, key=lambda each: each.remedy_text.remedy != "none")


def failing_criterion(
    protocol: Protocol, document: OutlookDocument, finding: Finding, outlook: Outlook
) -> FailingCriterion:
    criterion, prospect = finding.criterion, outlook.remedies[finding.criterion.code]
    words = remedy_text(protocol, document, finding, prospect)
    return FailingCriterion(criterion.code, criterion.statement, protocol.proof(finding), words)


def remedy_text(protocol: Protocol, document: OutlookDocument, finding: Finding, prospect: Remedy) -> RemedyText:
    distances = [distance_text(label, text) for label, text in prospect.distances]
    return RemedyText(prospect.remedy, remedy_sentence(protocol, document, finding, prospect), distances)


def distance_text(label: str, text: str) -> str:
    """Return a value's distance from its limit in words.

    A value exactly at a limit that may not be reached fails, too.
    """
    number, _space, _unit = text.partition(" ")
    if number == "0":
        return _("%(label)s: exactly at the limit") % {"label": label}
    return _("%(label)s: %(distance)s from the limit") % {"label": label, "distance": text}


def remedy_sentence(protocol: Protocol, document: OutlookDocument, finding: Finding, prospect: Remedy) -> str:
    match prospect.remedy:
        case "none":
            return _("For good: nothing that is done or waited for changes it.")
        case "wait" if prospect.clear_from:
            return _("Waiting helps: with a first dose %(days)s it no longer fails.") % {
                "days": clear_days_text(prospect)
            }
        case _:
            return _("May come right. %(what)s") % {"what": repeat_step(protocol, document, prospect, finding).text}


def retest_text(retest: Retest) -> str:
    words = {
        "counted": f"{retest.label} {retest.counted}",
        "number": retest.attempts,
        "failed": ", ".join(retest.failed),
    }
    return _("%(counted)s counts, of %(number)d attempts; by %(failed)s it would fail.") % words


def missing_facts(vocabulary: Vocabulary, document: OutlookDocument, steps: Iterable[NextStep]) -> list[MissingFact]:
    return [
        MissingFact(
            step.path,
            form_place(vocabulary, step.path, document),
            step.settles,
            step.helps,
            step.not_before,
            step.question,
        )
        for step in steps
    ]
