"""What the engine expects of a visit, in words: what fails and whether it can come right, and what to get next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.missing import Step
from criteria.evaluation.outlook import Outlook
from criteria.evaluation.protocol import Finding, Protocol
from criteria.evaluation.remedy import Prospect
from criteria.evaluation.retests import Retest
from criteria.vocabulary import Vocabulary
from screening.visits.labels import Place, place_of
from screening.worklist.next_action import clear_days, repeat

Document = Mapping[str, Any]


class ProspectText(NamedTuple):
    """Whether a failure could come right; `distances` say how far each value is from its limit."""

    remedy: str
    words: str
    distances: list[str]


class Failing(NamedTuple):
    code: str
    statement: str
    proof: str
    prospect: ProspectText


class Wanted(NamedTuple):
    """A fact that is still missing, with where it is asked and the codes of the criteria that wait for it."""

    path: str
    place: Place
    settles: tuple[str, ...]
    helps: tuple[str, ...]
    not_before: date | None
    question: str


def failing(protocol: Protocol, document: Document, outlook: Outlook) -> list[Failing]:
    """What fails for good comes first; otherwise in the protocol's order."""
    found = [failure(protocol, document, finding, outlook) for finding in outlook.findings if finding.outcome == "fail"]
    return sorted(found, key=lambda each: each.prospect.remedy != "none")


def failure(protocol: Protocol, document: Document, finding: Finding, outlook: Outlook) -> Failing:
    criterion, prospect = finding.criterion, outlook.prospects[finding.criterion.code]
    words = prospect_in_words(protocol, document, finding, prospect)
    return Failing(criterion.code, criterion.statement, protocol.proof(finding), words)


def prospect_in_words(protocol: Protocol, document: Document, finding: Finding, prospect: Prospect) -> ProspectText:
    distances = [distance_in_words(label, text) for label, text in prospect.distances]
    return ProspectText(prospect.remedy, remedy_in_words(protocol, document, finding, prospect), distances)


def distance_in_words(label: str, text: str) -> str:
    """A limit that may not be reached is failed by a value at it, too."""
    number, _space, _unit = text.partition(" ")
    if number == "0":
        return _("%(label)s: exactly at the limit") % {"label": label}
    return _("%(label)s: %(distance)s from the limit") % {"label": label, "distance": text}


def remedy_in_words(protocol: Protocol, document: Document, finding: Finding, prospect: Prospect) -> str:
    match prospect.remedy:
        case "none":
            return _("For good: nothing that is done or waited for changes it.")
        case "wait" if prospect.clear_from:
            return _("Waiting helps: with a first dose %(days)s it no longer fails.") % {"days": clear_days(prospect)}
        case _:
            return _("May come right. %(what)s") % {"what": repeat(protocol, document, prospect, finding).text}


def retest_in_words(retest: Retest) -> str:
    words = {
        "counted": f"{retest.label} {retest.counted}",
        "number": retest.attempts,
        "failed": ", ".join(retest.failed),
    }
    return _("%(counted)s counts, of %(number)d attempts; by %(failed)s it would fail.") % words


def wanted(vocabulary: Vocabulary, document: Document, steps: Iterable[Step]) -> list[Wanted]:
    return [
        Wanted(
            step.path,
            place_of(vocabulary, step.path, document),
            step.settles,
            step.helps,
            step.not_before,
            step.question,
        )
        for step in steps
    ]
