"""The revisions of a visit: what was known of it, and who changed it, when and why."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from criteria.vocabulary import Vocabulary
from screening.amendments.transition import transitions_of_visit
from screening.models import Closure, Revision
from screening.shared.diff import changes
from screening.views.cards.document import section_texts
from screening.views.cards.signatures import SignatureHistory, SignatureText, signature_history
from screening.views.shared.lookup import revision_or_404, visit_or_404, vocabulary_for
from screening.views.visits.visit import section_title
from screening.visits.diff_text import ChangeText, change_texts


class RevisionEntry(NamedTuple):
    """One revision of the history; the first has no revision before it."""

    revision: Revision
    section: str
    differences: list[ChangeText]
    signature_history: SignatureHistory


@require_safe
def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    found = list(visit.revisions.select_related("created_by").order_by("number"))
    vocabulary = vocabulary_for(visit, found[-1])
    context = {
        "visit": visit,
        "transitions": transitions_of_visit(visit),
        "entries": revision_entries(vocabulary, found, signature_history(visit.subject, [visit])),
    }
    return render(request, "screening/visits/revisions.html", context)


def revision_entries(vocabulary: Vocabulary, found: list[Revision], made: SignatureHistory) -> list[RevisionEntry]:
    """Return the entries of the revisions, the latest first."""
    documents = [{}, *(revision.document for revision in found)]
    return [
        RevisionEntry(
            revision,
            section_title(vocabulary, revision),
            document_differences(vocabulary, before, after),
            signatures_over(made, revision),
        )
        for revision, (before, after) in zip(found, pairwise(documents), strict=True)
    ][::-1]


def document_differences(vocabulary: Vocabulary, before: dict[str, Any], after: dict[str, Any]) -> list[ChangeText]:
    return change_texts(vocabulary, changes(before, after), after, before)


def signatures_over(made: SignatureHistory, revision: Revision) -> SignatureHistory:
    """Return the signatures over a revision or an assessment of it, and its assessments that were sent back."""
    signed = [text for text in made.signed if signed_revision_id(text) == revision.pk]
    sent_back = [sent for sent in made.sent_back if sent.assessment.revision_id == revision.pk]
    return SignatureHistory(signed, sent_back, None)


def signed_revision_id(text: SignatureText) -> int:
    signed = text.signed
    return signed.revision_id if isinstance(signed, Closure) else signed.assessment.revision_id


@require_safe
def revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    visit = visit_or_404(pk)
    revision = revision_or_404(visit, number)
    vocabulary = vocabulary_for(visit, revision)
    context = {
        "visit": visit,
        "revision": revision,
        "revision_section": section_title(vocabulary, revision),
        "sections": section_texts(vocabulary, revision.document),
        "decided": signatures_over(signature_history(visit.subject, [visit]), revision),
    }
    return render(request, "screening/visits/revision.html", context)
