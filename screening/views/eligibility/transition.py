"""Open visits under a protocol version no longer in force, and their assessment under the current one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.amendments.transition import (
    VersionSuccession,
    evaluate_open_visits,
    open_visits_page,
    reassess,
    reassessment_preview,
)
from screening.crf.rows import whole_number
from screening.exceptions import Superseded, UnsavedDrafts
from screening.models import Overall, Revision, SubjectStatus, Visit
from screening.views.cards.comparison import changed_outcomes, outcome_texts, sheet_outcome_texts
from screening.views.eligibility.succession import succession_page
from screening.views.eligibility.unsaved_drafts import drafts_seen, unsaved_drafts_page
from screening.views.shared.lookup import author_of, record_refusals, revision_or_404, visit_or_404


@require_safe
def open_visits(request: HttpRequest) -> HttpResponse:
    title = _("Open visits under an earlier version")
    template = "screening/eligibility/open_visits.html"
    return succession_page(request, title, template, open_visits_page, open_visit_rows)


def open_visit_rows(rows: list[SubjectStatus], since: VersionSuccession) -> dict[str, Any]:
    return {"rows": evaluate_open_visits(rows, since.current)}


@require_http_methods(["GET", "HEAD", "POST"])
def visit_reassess(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    if request.method != "POST":
        return redirect("screening:visit", visit.pk)  # where a login leads after the session ended at this button
    revision = revision_or_404(visit, whole_number(request.POST.get("revision")) or 0)
    try:
        with record_refusals(request, visit):
            void_seen = request.POST.get("void_seen") == "yes"
            assessment = reassess(revision, author_of(request), void_seen, drafts_seen(request))
    except Superseded as superseded:
        text = _("Revision %(number)s was saved meanwhile. Look at it, then re-assess.")
        messages.error(request, text % {"number": superseded.latest.number})
    except UnsavedDrafts as stopped:
        return unsaved_drafts_page(request, revision, stopped.drafts, "screening:visit-reassess")
    except Refused as refused:
        if refused.code == "signed" and (context := reassessment_context(visit, revision)):
            return render(request, "screening/eligibility/reassess_confirm.html", context, status=422)
        messages.error(request, _("Not re-assessed: %(why)s") % {"why": refused.message})
    except BadDocument as bad:
        text = _("Nothing was changed. What was saved does not fit the questions of the version in force: %(faults)s")
        messages.error(request, text % {"faults": bad})
    else:
        return redirect("screening:assessment", assessment.pk)
    return redirect("screening:visit", visit.pk)


def reassessment_context(visit: Visit, revision: Revision) -> dict[str, object] | None:
    """Return the context of the page shown before a signature becomes void; None if none would any longer."""
    preview = reassessment_preview(revision)
    if preview is None:
        return None
    before = preview.signature.assessment
    return {
        "visit": visit,
        "revision": revision,
        "current": preview.current,
        "signature": preview.signature,
        "before": before,
        "would_be": preview.sheet.overall,
        "would_be_words": Overall(preview.sheet.overall).label,
        "turned": changed_outcomes(outcome_texts(before), sheet_outcome_texts(preview.sheet)),
    }
