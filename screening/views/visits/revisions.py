"""What was known of a visit, and who changed it when and why."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from criteria.vocabulary import Vocabulary
from screening.amendments.transition import transfers_of
from screening.models import Closure, Revision
from screening.views.cards.document import sections_in_words
from screening.views.cards.signatures import Decided, SignedText, decided
from screening.views.shared.lookup import revision_or_404, visit_or_404, vocabulary_for
from screening.views.visits.visit import section_title
from screening.visits.diff import changes
from screening.visits.diff_text import Difference, differences


class Entry(NamedTuple):
    """One revision of the history; the first has nothing before it."""

    revision: Revision
    section: str
    differences: list[Difference]
    decided: Decided


@require_safe
def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    found = list(visit.revisions.select_related("created_by").order_by("number"))
    vocabulary = vocabulary_for(visit, found[-1])
    context = {
        "visit": visit,
        "transfers": transfers_of(visit),
        "entries": history(vocabulary, found, decided(visit.subject, [visit])),
    }
    return render(request, "screening/visits/revisions.html", context)


def history(vocabulary: Vocabulary, found: list[Revision], made: Decided) -> list[Entry]:
    """The latest first."""
    documents = [{}, *(revision.document for revision in found)]
    return [
        Entry(revision, section_title(vocabulary, revision), told(vocabulary, before, after), over(made, revision))
        for revision, (before, after) in zip(found, pairwise(documents), strict=True)
    ][::-1]


def told(vocabulary: Vocabulary, before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    return differences(vocabulary, changes(before, after), after, before)


def over(made: Decided, revision: Revision) -> Decided:
    """What was signed over a revision or an assessment of it, and the assessments of it that were sent back."""
    signed = [text for text in made.signed if signed_over(text) == revision.pk]
    sent_back = [sent for sent in made.sent_back if sent.assessment.revision_id == revision.pk]
    return Decided(signed, sent_back, None)


def signed_over(text: SignedText) -> int:
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
        "sections": sections_in_words(vocabulary, revision.document),
        "decided": over(decided(visit.subject, [visit]), revision),
    }
    return render(request, "screening/visits/revision.html", context)
