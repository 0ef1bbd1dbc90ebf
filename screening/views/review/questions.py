"""Questions, their answers, and disagreements with an outcome."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.models import Question, Verdict
from screening.review.questions import answer_question, ask_question, record_disagreement
from screening.views.cards.questions import question_texts
from screening.views.review.forms import QueueForm
from screening.views.review.page import review_page
from screening.views.shared.lookup import (
    assessment_or_404,
    author_of,
    latest_revision_of,
    posted_values,
    record_refusals,
    visit_or_404,
    vocabulary_for,
)
from screening.views.shared.rejected_form import rejected_form


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask from the review page about a criterion, one of the values that it used, or the whole visit."""
    assessment = assessment_or_404(pk)
    address = reverse("screening:review", args=[assessment.pk]) + QueueForm(request.GET).kept_order
    if request.method != "POST":
        return redirect(address)
    typed = {name: request.POST.get(name, "") for name in ("text", "criterion", "path")}
    try:
        with record_refusals(request, assessment.revision.visit):
            ask_question(assessment.revision.visit, author_of(request), **typed, assessment=assessment)
    except (Refused, BadDocument) as why:
        return review_page(
            request, assessment, rejected_form("ask", typed, why, typed["criterion"]), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    messages.success(request, _("Asked. It stands on the coordinator's work list until it is answered."))
    return redirect(f"{address}#questions")


@require_http_methods(["GET", "HEAD", "POST"])
def visit_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask about a field, from its history."""
    visit = visit_or_404(pk)
    path = request.POST.get("path", "")
    if request.method != "POST":
        return redirect("screening:visit", visit.pk)
    typed = {"text": request.POST.get("text", ""), "path": path}
    try:
        with record_refusals(request, visit):
            ask_question(visit, author_of(request), typed["text"], path=path)
    except (Refused, BadDocument) as why:
        context = {"visit": visit, "typed": rejected_form("ask", typed, why), "path": path}
        return render(request, "screening/review/question_new.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Asked. It stands on the coordinator's work list until it is answered."))
    if not path:
        return redirect("screening:visit", visit.pk)
    return redirect(f"{reverse('screening:field-history', args=[visit.pk])}?{urlencode({'path': path})}")


@require_http_methods(["GET", "HEAD", "POST"])
def question_answer(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(
        Question.objects.select_related("visit__subject__trial", "visit__status", "created_by"), pk=pk
    )
    typed = None
    if request.method == "POST":
        words = {"text": request.POST.get("text", "")}
        try:
            with record_refusals(request, question.visit):
                answer_question(question, author_of(request), words["text"])
        except (Refused, BadDocument) as why:
            typed = rejected_form("answer", words, why)
        else:
            messages.success(request, _("Answered."))
            return redirect(f"{reverse('screening:visit', args=[question.visit_id])}#questions")
    visit = question.visit
    latest = latest_revision_of(visit)
    (text,) = question_texts([question], visit, vocabulary_for(visit, latest), latest.document)
    context = {"visit": visit, "text": text, "latest": latest, "typed": typed}
    return render(
        request,
        "screening/review/question_answer.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if typed else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def verdict_disagree(request: HttpRequest, pk: int) -> HttpResponse:
    verdict = get_object_or_404(Verdict, pk=pk)
    address = reverse("screening:review", args=[verdict.assessment_id]) + QueueForm(request.GET).kept_order
    if request.method != "POST":
        return redirect(address)
    typed = posted_values(request, "text", "opinion")
    try:
        with record_refusals(request, verdict.assessment.revision.visit):
            record_disagreement(verdict, author_of(request), **typed)
    except (Refused, BadDocument) as why:
        assessment = assessment_or_404(verdict.assessment_id)
        return review_page(
            request, assessment, rejected_form("disagree", typed, why, verdict.code), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    messages.success(request, _("Your disagreement stands beside %(code)s.") % {"code": verdict.code})
    return redirect(f"{address}#{verdict.code}")
