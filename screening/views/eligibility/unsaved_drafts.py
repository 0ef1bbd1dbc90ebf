"""The page on which an assessment stops: what is typed in the visit and not saved, to be saved or knowingly left."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from screening.access.permissions import page_rights
from screening.models import Draft, Revision
from screening.views.cards.drafts import draft_texts
from screening.views.shared.lookup import author_of, vocabulary_for
from screening.visits.drafts import DraftsSeen

SEEN, OWN, DISCARD = "seen", "own", "discard"


def drafts_seen(request: HttpRequest) -> DraftsSeen:
    """Return which drafts the page showed, and whether its reader chose to discard those of their own."""
    return DraftsSeen(frozenset(request.POST.getlist(SEEN)), request.POST.get(OWN) == DISCARD)


def unsaved_drafts_page(
    request: HttpRequest, revision: Revision, drafts: Sequence[Draft], view_name: str
) -> HttpResponse:
    """Render what is typed and not saved, with the two ways on; `view_name` is the action that stopped."""
    visit, reader = revision.visit, author_of(request)
    texts = draft_texts(visit, vocabulary_for(visit, revision), drafts, reader)
    context = {
        "visit": visit,
        "revision": revision,
        "drafts": texts,
        "has_own": any(text.is_own for text in texts),
        "action": reverse(view_name, args=[visit.pk]),
        "void_seen": request.POST.get("void_seen") == "yes",
        **page_rights(request, "enter"),
    }
    return render(request, "screening/eligibility/unsaved_drafts.html", context, status=HTTPStatus.CONFLICT)
