"""A list of attempts that a new version touches: those still open, and the former screen failures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from criteria.models import Trial
from screening.access.permissions import page_rights
from screening.amendments.transition import VersionSuccession, succession_today
from screening.models import SubjectStatus
from screening.shared.pagination import Page
from screening.views.shared.lookup import trial_or_404, trials_of

ReadRows = Callable[[list[SubjectStatus], VersionSuccession], dict[str, Any]]


def succession_page(
    request: HttpRequest,
    title: str,
    template: str,
    read_page: Callable[[VersionSuccession, str | None], Page[SubjectStatus]],
    read_rows: ReadRows,
) -> HttpResponse:
    """Render the list of a trial; it is empty until a version has replaced another.

    `read_page` reads a page of it, `read_rows` returns what is shown of its rows as template context.
    """
    trials = trials_of(request)
    trial = trial_or_404(request, trials, request.GET.get("trial"))
    since = succession_today(trial)
    context = {"title": title, "trial": trial, "trials": trials, "since": since}
    context |= page_rights(request, "assess", "enter")
    if since:
        page = read_page(since, request.GET.get("page"))
        context |= read_rows(page.rows, since)
        context |= {"previous": page_address(trial, page.previous), "next": page_address(trial, page.next)}
    return render(request, template, context)


def page_address(trial: Trial, cursor: str | None) -> str:
    return f"?{urlencode({'trial': trial.code, 'page': cursor})}" if cursor else ""
