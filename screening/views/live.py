"""What the page of a section is told while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from screening.views.keeping import keep
from screening.views.lookup import author_of, is_of_another, visit_or_404
from screening.views.section_page import page_of

UNAUTHORIZED = 401


@require_POST
def section_live(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Keeps the form as the author's draft and answers with the verdicts as they would be. Nothing else is saved."""
    visit, author = visit_or_404(pk), author_of(request)
    if is_of_another(request):
        return HttpResponse(status=UNAUTHORIZED)
    page = page_of(visit, code, author, request.POST)
    page.draft = keep(page)
    page.ask_back()
    context = {"page": page, "visit": visit, "live": True}
    return render(request, "screening/section_live.html", context)
