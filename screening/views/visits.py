"""The screening visits of a person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from criteria.versions import protocol_of
from criteria.vocabulary import BadDocument, Vocabulary
from screening.forms import SectionForm
from screening.forms.visits import visit_form
from screening.in_force import version_for
from screening.models import Revision, Subject
from screening.permissions import may, requires
from screening.queries import assessments_of
from screening.revise import open_visit
from screening.views.lookup import author_of, latest_of, subject_or_404, visit_or_404, vocabulary_for
from screening.views.progress import steps

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@requires("enter")
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    subject = subject_or_404(pk)
    try:
        version = version_for(subject.trial, {})
    except BadDocument as bad:
        messages.error(request, _("No visit can be opened: %(faults)s") % {"faults": bad})
        return redirect("screening:subject", subject.pk)
    form = visit_form(protocol_of(version).vocabulary, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        return opened(request, subject, form)
    return render(request, "screening/visit_new.html", {"subject": subject, "form": form})


def opened(request: HttpRequest, subject: Subject, form: SectionForm) -> HttpResponse:
    try:
        visit = open_visit(subject, author_of(request), form.document)
    except BadDocument as bad:
        form.refuse(bad.faults)
        return render(request, "screening/visit_new.html", {"subject": subject, "form": form}, status=REFUSED)
    messages.success(request, _("Visit %(number)s opened.") % {"number": visit.number})
    return redirect("screening:visit", visit.pk)


@require_safe
@requires("read")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    revision = latest_of(visit)
    vocabulary = vocabulary_for(visit, revision)
    assessments = list(assessments_of(visit))
    context = {
        "visit": visit,
        "revision": revision,
        "revision_section": section_title(vocabulary, revision),
        "steps": steps(vocabulary, revision),
        "assessments": assessments,
        "assessment": assessments[0] if assessments else None,
        "may_enter": may(request.user, "enter"),
        "may_assess": may(request.user, "assess"),
    }
    return render(request, "screening/visit.html", context)


def section_title(vocabulary: Vocabulary, revision: Revision) -> str:
    titles = {section.code: section.title for section in vocabulary.sections}
    return titles.get(revision.section, revision.section)
