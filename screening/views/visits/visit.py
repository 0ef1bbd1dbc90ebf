"""The screening visits of a subject."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Vocabulary
from screening.access.permissions import permission_flags
from screening.amendments.transition import reassessment_offer
from screening.crf import SectionForm
from screening.crf.section import visit_form
from screening.models import Revision, Subject, SubjectStatus, Visit
from screening.review.enrol import enrolment_places
from screening.review.questions import questions_of
from screening.views.cards.carry_forward import rescreening, sections_to_confirm
from screening.views.cards.completeness import visit_progress
from screening.views.cards.decisions import closing_meanings_at
from screening.views.cards.questions import question_texts
from screening.views.cards.range_checks import mismatched_limits
from screening.views.cards.signatures import signature_history
from screening.views.cards.visit_status import visit_status
from screening.views.shared.lookup import author_of, latest_revision_of, record_refusals, subject_or_404, visit_or_404
from screening.views.shared.rejected_form import RejectedForm
from screening.views.shared.signer import signer_of
from screening.visits.applicable_version import applicable_version, version_for_new_visit
from screening.visits.drafts import drafts_on
from screening.visits.save import open_visit
from screening.worklist.listing import assessments_of


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(pk)
    try:
        version = version_for_new_visit(subject.trial, {})
    except BadDocument as bad:
        messages.error(request, _("No visit can be opened: %(faults)s") % {"faults": bad})
        return redirect("screening:subject", subject.pk)
    vocabulary = protocol_of(version).vocabulary
    form = visit_form(vocabulary, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (visit := open_posted_visit(request, subject, form)):
        return redirect("screening:visit", visit.pk)
    context = {
        "subject": subject,
        "form": form,
        "previous": subject.visits.order_by("number").last(),
        "rescreening": rescreening(vocabulary),
    }
    return render(
        request,
        "screening/visits/visit_new.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else 200,
    )


def open_posted_visit(request: HttpRequest, subject: Subject, form: SectionForm) -> Visit | None:
    try:
        with record_refusals(request):
            visit = open_visit(subject, author_of(request), form.document)
    except BadDocument as bad:
        form.refuse(bad.faults)
        return None
    messages.success(request, _("Visit %(number)s opened.") % {"number": visit.number})
    return visit


@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    return visit_page(request, visit_or_404(pk))


def visit_page(
    request: HttpRequest, visit: Visit, typed: RejectedForm | None = None, status: int = 200
) -> HttpResponse:
    """Render the page of a visit; `typed` is the form for closing the case if it was refused."""
    user = author_of(request)
    rights = permission_flags(user, "enter", "assess", "answer", "enrol", "sign")
    revision = latest_revision_of(visit)
    version = applicable_version(visit, revision.document)
    protocol = protocol_of(version)
    faults = protocol.validate(revision.document)
    assessments = list(assessments_of(visit))
    assessed = any((each.revision_id, each.version_id) == (revision.pk, version.pk) for each in assessments)
    today, asked = timezone.localdate(), request.GET.get("from")
    attempts = list(visit.subject.visits.order_by("number"))
    current = None
    if not faults:
        current = visit_status(protocol, revision.document, assessed=assessed, asked=asked, today=today)
    context = {
        "visit": visit,
        "earlier": [each for each in attempts if each.number < visit.number],
        "later": [each for each in attempts if each.number > visit.number],
        "revision": revision,
        "revision_section": section_title(protocol.vocabulary, revision),
        "version": version,
        "offer": reassessment_offer(visit),
        "faults": faults,
        "status": current,
        "settled": next_step_after_decision(visit),
        "limits": [] if faults else mismatched_limits(visit.subject.trial, protocol.vocabulary, revision.document),
        "steps": visit_progress(protocol.vocabulary, revision, current and current.wanted),
        "to_confirm": sections_to_confirm(visit, protocol.vocabulary, revision.document),
        "drafts": drafts_on(visit),
        "assessments": assessments,
        "decided": signature_history(visit.subject, [visit]),
        "questions": question_texts(questions_of(visit), visit, protocol.vocabulary, revision.document),
        "places": enrolment_places(visit.subject.trial),
        "typed": typed,
        "closings": closing_meanings_at(revision, user) if rights["may_sign"] else [],
        **(signer_of(user) if rights["may_sign"] else {}),
        **rights,
    }
    return render(request, "screening/visits/visit.html", context, status=status)


def next_step_after_decision(visit: Visit) -> str:
    """Return the next step after the investigator's decision.

    Empty if the findings state the next step, or a later visit does.
    """
    rows = SubjectStatus.objects.filter(visit=visit).exclude(decision="")
    return rows.values_list("next_step", flat=True).first() or ""


def section_title(vocabulary: Vocabulary, revision: Revision) -> str:
    titles = {section.code: section.title for section in vocabulary.sections}
    return titles.get(revision.section, revision.section)
