"""The revisions of a visit: what was known of it, and who changed it, when and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from criteria.vocabulary import Vocabulary
from screening.amendments.transition import transitions_of_visit
from screening.models import Closure, Revision
from screening.shared.pagination import page_of
from screening.signatures.judgements import recorded_judgements
from screening.views.cards.document import section_texts
from screening.views.cards.signatures import SignatureHistory, SignatureText, signature_history
from screening.views.shared.lookup import revision_or_404, visit_or_404, vocabulary_for
from screening.views.visits.visit import section_title
from screening.visits.diff_text import ChangeText, document_differences

PAGE_SIZE = 25


class RevisionEntry(NamedTuple):
    """One revision of the history; the first has no revision before it."""

    revision: Revision
    section: str
    differences: list[ChangeText]
    signature_history: SignatureHistory


@require_safe
def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    page = page_of(visit.revisions.select_related("created_by"), "-number", request.GET.get("page"), PAGE_SIZE)
    latest = visit.latest_revision() if page.previous else page.rows[0]
    record = signature_history(visit.subject, [visit])
    context = {
        "visit": visit,
        "document": latest.document,
        "transitions": transitions_of_visit(visit),
        "entries": list(revision_entries(vocabulary_for(visit, latest), page.rows, record)),
        "previous": page.previous and f"?{urlencode({'page': page.previous})}",
        "next": page.next and f"?{urlencode({'page': page.next})}",
    }
    return render(request, "screening/visits/revisions.html", context)


def revision_entries(
    vocabulary: Vocabulary, found: Sequence[Revision], made: SignatureHistory
) -> Iterator[RevisionEntry]:
    """Yield the entries of consecutive revisions, which come the latest first."""
    first = found[-1]
    before = Revision.objects.filter(visit=first.visit_id, number=first.number - 1)
    documents = [*(each.document for each in found), *(each.document for each in before), {}]
    for revision, (after, earlier) in zip(found, pairwise(documents), strict=False):
        yield RevisionEntry(
            revision,
            section_title(vocabulary, revision),
            document_differences(vocabulary, earlier, after),
            signatures_over(made, revision),
        )


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
        "sections": section_texts(vocabulary, revision.document, recorded_judgements(vocabulary, revision)),
        "decided": signatures_over(signature_history(visit.subject, [visit]), revision),
    }
    return render(request, "screening/visits/revision.html", context)
