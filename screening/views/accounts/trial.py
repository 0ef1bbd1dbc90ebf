"""The choice of the trial that somebody works in, from the head of each page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods

from screening.access.trials import choose_trial
from screening.views.shared.lookup import author_of


@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest) -> HttpResponse:
    """Remember the posted trial, and go back to the same page, or to the work list from one about a single record.

    A GET, to which a login leads back, changes nothing.
    """
    if request.method == "POST":
        try:
            choose_trial(author_of(request), request.POST.get("trial", ""))
        except KeyError:
            raise Http404 from None
    return redirect(page_of_lists(request.POST.get("next", "")))


def page_of_lists(path: str) -> str:
    """Return the path of a page of this site that names no record; else that of the work list."""
    try:
        found = resolve(path)
    except Resolver404:
        return "screening:subjects"
    return "screening:subjects" if found.kwargs or found.view_name == "screening:trial" else path
