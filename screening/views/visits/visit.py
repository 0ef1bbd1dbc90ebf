"""The screening visits of a subject."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.evaluation.dose_dates import PLANNED_DOSE
from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Vocabulary
from screening.access.permissions import page_rights
from screening.amendments.transition import available_reassessment
from screening.crf import SectionForm
from screening.crf.section import visit_form
from screening.exceptions import Unanswered
from screening.models import Revision, Subject, SubjectStatus, Visit
from screening.review.enrol import enrolment_places
from screening.review.questions import questions_of
from screening.views.cards.carry_forward import rescreening, sections_to_confirm
from screening.views.cards.completeness import visit_progress
from screening.views.cards.decisions import blocking_reason, closing_meanings_at
from screening.views.cards.questions import question_texts
from screening.views.cards.revision_checks import revision_checks_context
from screening.views.cards.signatures import signature_history
from screening.views.cards.visit_status import visit_status
from screening.views.shared.lookup import author_of, latest_revision_of, record_refusals, subject_or_404, visit_or_404
from screening.views.shared.rejected_form import RejectedForm
from screening.views.shared.signer import signer_of
from screening.views.visits.edit_check_prompt import EditCheckPrompt, edit_check_prompt, posted_reasons
from screening.visits.applicable_version import applicable_version, version_for_new_visit
from screening.visits.closure import refuse_closed
from screening.visits.drafts import drafts_on
from screening.visits.entered_in_error import latest_standing, mark_of, mark_of_subject
from screening.visits.labels import FormPlace, form_place
from screening.visits.save import open_visit
from screening.visits.sections import VisitDocument
from screening.worklist.listing import assessments_of


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(pk)
    if mark_of_subject(subject):
        return redirect("screening:subject", subject.pk)  # which says so
    try:
        version = version_for_new_visit(subject.trial, {})
    except BadDocument as bad:
        messages.error(request, _("No visit can be opened: %(faults)s") % {"faults": bad})
        return redirect("screening:subject", subject.pk)
    previous = latest_standing(subject)
    if previous and (closed := blocking_reason(lambda: refuse_closed(previous))):
        messages.error(request, _("No visit can be opened: %(faults)s") % {"faults": closed})
        return redirect("screening:visit", previous.pk)
    vocabulary = protocol_of(version).vocabulary
    form = visit_form(vocabulary, request.POST if request.method == "POST" else None)
    form.parts[0].forms[0].fields["date"].widget.attrs["autofocus"] = request.method != "POST"
    asked: list[EditCheckPrompt] = []
    if request.method == "POST" and (visit := open_posted_visit(request, subject, form, asked)):
        return redirect("screening:visit", visit.pk)
    context = {
        "subject": subject,
        "form": form,
        "asked_checks": asked,
        "previous": previous,
        "number": subject.visits.count() + 1,
        "rescreening": rescreening(vocabulary),
    }
    return render(
        request,
        "screening/visits/visit_new.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.problems or asked else 200,
    )


def open_posted_visit(
    request: HttpRequest, subject: Subject, form: SectionForm, asked: list[EditCheckPrompt]
) -> Visit | None:
    """Open the visit; where it is refused, put why into the form, and into `asked` the checks that ask back."""
    reasons = posted_reasons(request.POST)
    try:
        with record_refusals(request):
            visit = open_visit(subject, author_of(request), form.document, reasons)
    except Unanswered as unanswered:
        asked.extend(edit_check_prompt(each, form, reasons, FormPlace) for each in unanswered.edit_checks)
        return None
    except BadDocument as bad:
        form.refuse(bad.faults)
        return None
    except Refused as refused:  # meanwhile
        messages.error(request, refused.message)
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
    rights = page_rights(request, "enter", "assess", "answer", "enrol", "review", "sign")
    revision = latest_revision_of(visit)
    version = applicable_version(visit, revision.document)
    protocol = protocol_of(version)
    vocabulary, faults, mark = protocol.vocabulary, protocol.validate(revision.document), mark_of(visit)
    assessments = list(assessments_of(visit))
    on_display = (revision.pk, version.pk)
    assessed = next((each for each in assessments if (each.revision_id, each.version_id) == on_display), None)
    current = None
    if not faults and mark is None:
        asked, today = request.GET.get("from"), timezone.localdate()
        current = visit_status(protocol, revision.document, assessed=assessed is not None, asked=asked, today=today)
    steps = visit_progress(vocabulary, revision, current and current.missing)
    to_confirm = sections_to_confirm(visit, vocabulary, revision.document)
    context = {
        "mark": mark,
        "may_mark": rights["may_enter"] and mark is None,
        "revision": revision,
        "revision_section": section_title(vocabulary, revision),
        "version": version,
        "faults": faults,
        "status": current,
        "steps": [each._replace(to_confirm=to_confirm.get(each.section.code, "")) for each in steps],
        "assessments": assessments,
        "assessed": assessed,
        "questions": question_texts(questions_of(visit), visit, vocabulary, revision.document),
        "typed": typed,
        "closings": closing_meanings_at(revision, user) if rights["may_sign"] else [],
        **attempt_context(visit, vocabulary, revision.document),
        **({} if faults else revision_checks_context(protocol, revision)),
        **(signer_of(request) if rights["may_sign"] else {}),
        **rights,
    }
    return render(request, "screening/visits/visit.html", context, status=status)


def attempt_context(visit: Visit, vocabulary: Vocabulary, document: VisitDocument) -> dict[str, Any]:
    """Return the visit as one of the subject's attempts, and what was done and typed in it, as template context."""
    attempts = list(visit.subject.visits.select_related("in_error").order_by("number"))
    row: SubjectStatus | None = getattr(visit, "status", None)
    return {
        "visit": visit,
        "earlier": [each for each in attempts if each.number < visit.number],
        "later": [each for each in attempts if each.number > visit.number],
        "row": row,
        "dose_at": form_place(vocabulary, PLANNED_DOSE, document) if row and row.passed_dose else None,
        "reassessment": available_reassessment(visit),
        "drafts": drafts_on(visit),
        "decided": signature_history(visit.subject, [visit]),
        "places": enrolment_places(visit.subject.trial),
    }


def section_title(vocabulary: Vocabulary, revision: Revision) -> str:
    titles = {section.code: section.title for section in vocabulary.sections}
    return titles.get(revision.section, revision.section)
