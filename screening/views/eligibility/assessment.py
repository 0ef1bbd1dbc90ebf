"""Assessing a visit, and reading the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.evaluation.outlook import Outlook, outlook
from criteria.evaluation.protocol import Protocol
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.access.permissions import allowed
from screening.amendments.transition import offer_for
from screening.crf.rows import whole
from screening.eligibility.assess import Superseded, assess
from screening.eligibility.replay import Replay, replay
from screening.models import Assessment, Disagreement, Outcome, Revision, Verdict
from screening.review.enrol import places
from screening.views.cards.comparison import compared
from screening.views.cards.edit_checks import implausible
from screening.views.cards.outlook import ProspectText, prospect_in_words, retest_in_words
from screening.views.cards.signatures import decided
from screening.views.shared.lookup import assessment_or_404, author_of, on_record, revision_or_404, visit_or_404
from screening.visits.labels import Place, place_of
from screening.worklist.listing import assessments_of, verdict_sheet

Document = dict[str, Any]


class Used(NamedTuple):
    """A value that an outcome was decided with; `source` is the revision that entered it, where that is asked."""

    path: str
    label: str
    words: str
    source: Revision | None = None
    judged: bool = False


class VerdictText(NamedTuple):
    """A verdict with what makes it readable: of one that fails, whether it could come right, of one that passes, by
    which repeated tests it does; and what an investigator holds against it."""

    verdict: Verdict
    sentence: str
    missing: list[Place]
    values: list[Used]
    limits: list[tuple[str, str]]
    prospect: ProspectText | None
    retests: list[str]
    disagreements: list[Disagreement]


class VerdictGroup(NamedTuple):
    outcome: str
    title: str
    verdicts: list[VerdictText]


@require_http_methods(["GET", "HEAD", "POST"])
def visit_assess(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    if request.method != "POST":
        return redirect("screening:visit", visit.pk)  # where a login leads after the session ended at this button
    revision = revision_or_404(visit, whole(request.POST.get("revision")) or 0)
    try:
        with on_record(request, visit):
            assessment = assess(revision, author_of(request))
    except Superseded as superseded:
        text = _("Revision %(number)s was saved meanwhile. Look at it, then assess again.")
        messages.error(request, text % {"number": superseded.latest.number})
    except BadDocument as bad:
        messages.error(request, _("This visit cannot be assessed: %(faults)s") % {"faults": bad})
    else:
        return redirect("screening:assessment", assessment.pk)
    return redirect("screening:visit", visit.pk)


@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, assessment_or_404(pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_replay(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = assessment_or_404(pk)
    if request.method != "POST":
        return redirect("screening:assessment", assessment.pk)
    return page(request, assessment, replay(assessment))


def page(request: HttpRequest, assessment: Assessment, replayed: Replay | None) -> HttpResponse:
    visit = assessment.revision.visit
    protocol = protocol_of(assessment.version)
    every = list(assessments_of(visit))
    found = groups(assessment, protocol)
    context = {
        "assessment": assessment,
        "visit": visit,
        "latest_number": visit.latest_revision().number,
        "newest": every[0],
        "is_latest": assessment == every[0],
        "others": [other for other in every if other != assessment],
        "compared": compared(assessment, [each for each in every if each.pk < assessment.pk]),
        "offer": offer_for(visit),
        "groups": found,
        "missing": missing_places(found),
        "retested": [text for group in found for text in group.verdicts if text.retests],
        "implausible": implausible(protocol.vocabulary, assessment.revision),
        "places": places(visit.subject.trial),
        "decided": decided(visit.subject, [visit]).on(assessment),
        "replayed": replayed,
        **allowed(request.user, "enter", "assess", "enrol", "replay"),
    }
    return render(request, "screening/eligibility/assessment.html", context)


def missing_places(found: Iterable[VerdictGroup]) -> list[Place]:
    """What any verdict still waits for, each place once."""
    places = [place for group in found for text in group.verdicts for place in text.missing]
    return list({(place.section, place.anchor, place.label): place for place in places}.values())


def groups(assessment: Assessment, protocol: Protocol) -> list[VerdictGroup]:
    sheet = verdict_sheet(assessment)
    document = assessment.revision.document
    found = outlook(protocol, document)
    held = disagreements(assessment)
    groups = (
        (Outcome.FAIL, _("Not met"), sheet.fails),
        (Outcome.UNKNOWN, _("Not yet known"), sheet.unknowns),
        (Outcome.PASS, _("Met"), sheet.passes),
        (Outcome.NOT_APPLICABLE, _("Not applicable"), sheet.not_applicable),
    )
    return [
        VerdictGroup(outcome, title, [text(verdict, protocol, document, found, held) for verdict in verdicts])
        for outcome, title, verdicts in groups
    ]


def disagreements(assessment: Assessment) -> dict[int, list[Disagreement]]:
    """By the verdict that each stands beside, the first first."""
    held: dict[int, list[Disagreement]] = {}
    found = Disagreement.objects.filter(verdict__assessment=assessment).select_related("created_by")
    for each in found.order_by("pk"):
        held.setdefault(each.verdict_id, []).append(each)
    return held


def text(
    verdict: Verdict,
    protocol: Protocol,
    document: Document,
    found: Outlook,
    held: Mapping[int, list[Disagreement]],
) -> VerdictText:
    finding = next(each for each in found.findings if each.criterion.code == verdict.code)
    prospect = found.prospects.get(verdict.code) if verdict.outcome == Outcome.FAIL else None
    retests = [retest for retest in found.retests if (retest.code, verdict.outcome) == (verdict.code, Outcome.PASS)]

    def place(path: str) -> Place:
        return place_of(protocol.vocabulary, path, document)

    return VerdictText(
        verdict,
        protocol.sentence(finding.criterion),
        [place(path) for path in verdict.missing],
        [Used(path, place(path).label, words) for path, words in verdict.values.items()],
        [(protocol.limits[name].title, words) for name, words in verdict.parameters.items()],
        prospect_in_words(protocol, document, finding, prospect) if prospect else None,
        [retest_in_words(retest) for retest in retests],
        held.get(verdict.pk, []),
    )
