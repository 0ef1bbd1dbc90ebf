"""The investigator's decisions on an assessment: each form calls one verb, and is shown again if refused."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.access.trials import access_of
from screening.models import Assessment
from screening.review.attest import attest
from screening.review.decide import send_back, sign
from screening.review.queue import next_awaiting
from screening.views.cards.judgements import AS_RECORDED, WORDS
from screening.views.review.forms import QueueForm
from screening.views.review.page import review_page
from screening.views.shared.lookup import assessment_or_404, author_of, posted_values, record_refusals
from screening.views.shared.rejected_form import rejected_form
from screening.views.shared.signer import password_of, remember_signing, sign_closure


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_sign(request: HttpRequest, pk: int) -> HttpResponse:
    typed = posted_values(request, "decision", "primary", "expired_seen", "despite")

    def act(assessment: Assessment) -> str:
        signature = sign(
            assessment,
            author_of(request),
            password_of(request),
            typed["decision"],
            typed["primary"],
            expired_seen=typed["expired_seen"] == "yes",
            despite=typed["despite"],
        )
        remember_signing(request)
        return _("Signed: %(decision)s.") % {"decision": signature.get_decision_display()}

    return decide_assessment(request, pk, "sign", typed, act)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_close(request: HttpRequest, pk: int) -> HttpResponse:
    typed = posted_values(request, "reason", "comment")

    return decide_assessment(
        request, pk, "close", typed, lambda assessment: sign_closure(request, assessment.revision, typed)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    typed = posted_values(request, "comment")

    def act(assessment: Assessment) -> str:
        send_back(assessment, author_of(request), typed["comment"])
        return _("Sent back to the coordinator.")

    return decide_assessment(request, pk, "send-back", typed, act)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_attest(request: HttpRequest, pk: int) -> HttpResponse:
    """Attest the judgements that are marked, and send back those that words were typed for."""
    words = {name.removeprefix(WORDS): request.POST[name] for name in request.POST if name.startswith(WORDS)}
    sent_back = {key: text for key, text in words.items() if text.strip()}
    marked = request.POST.getlist(AS_RECORDED)
    typed = {**words, AS_RECORDED: "\n".join(marked)}

    def act(assessment: Assessment) -> str:
        made = attest(assessment, author_of(request), marked, sent_back)
        if not made:
            return _("All of this was attested before.")
        attested = sum(each.question is None for each in made)
        words = {"attested": attested, "back": len(made) - attested}
        return _("Attested as recorded: %(attested)d; sent back to the coordinator: %(back)d.") % words

    return decide_assessment(request, pk, "attest", typed, act, then="judgements")


def decide_assessment(
    request: HttpRequest,
    pk: int,
    form: str,
    typed: dict[str, str],
    act: Callable[[Assessment], str],
    then: str = "decided",
) -> HttpResponse:
    """Call `act`, which makes the decision and returns its message; `then` is the part of the page shown after it.

    A refused decision shows the form again. A GET, to which a login leads back, decides nothing.
    """
    assessment = assessment_or_404(pk)
    queue = QueueForm(request.GET)
    address = reverse("screening:review", args=[assessment.pk]) + queue.kept_order
    if request.method != "POST":
        return redirect(address)
    try:
        with record_refusals(request, assessment.revision.visit):
            message = act(assessment)
    except (Refused, BadDocument) as why:
        return review_page(request, assessment, rejected_form(form, typed, why), HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, with_next_in_queue(request, assessment, message, queue) if then == "decided" else message)
    return redirect(f"{address}#{then}")  # or the form's own fragment would hold


def with_next_in_queue(request: HttpRequest, assessment: Assessment, message: str, queue: QueueForm) -> str:
    """Return the message of a decision with a link to the next assessment that waits for one."""
    status = getattr(assessment.revision.visit, "status", None)
    waiting = next_awaiting(status, queue.order, access_of(request).seen_trials())
    if waiting is None:
        return message
    address = reverse("screening:review", args=[waiting.assessment_id]) + queue.kept_order
    link = _("Next in queue: %(number)s") % {"number": waiting.screening_number}
    return format_html('{} <a href="{}">{}</a>', message, address, link)
