"""One section of a visit, as a form."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from criteria.records.refusal import Refused
from screening.crf import add_blank_row
from screening.crf.checklist import ChecklistForm
from screening.models import Revision
from screening.views.shared.lookup import author_of, is_of_another_user, visit_or_404
from screening.views.visits.autosave import autosave_section
from screening.views.visits.section_page import SectionPage, build_section_page
from screening.views.visits.section_save import save_section_page
from screening.visits.drafts import discard_draft, draft_of
from screening.visits.entered_in_error import mark_of


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    visit, author = visit_or_404(pk), author_of(request)
    if mark_of(visit):
        return redirect("screening:visit", visit.pk)  # which says so
    if request.method != "POST":
        return render_section(request, build_section_page(visit, code, author, draft=draft_of(visit, code, author)))
    if is_of_another_user(request):
        return refuse_other_user(request, build_section_page(visit, code, author, request.POST))
    if "discard" in request.POST:
        discard_draft(visit, code, author)
        messages.success(request, _("The draft was discarded. This is what is saved."))
        return redirect("screening:section", visit.pk, code)
    if "add" in request.POST:
        page = build_section_page(visit, code, author, add_blank_row(request.POST, request.POST["add"]))
    elif "absent" in request.POST:
        page = rest_absent_page(build_section_page(visit, code, author, request.POST), request.POST["absent"])
    elif "panel" in request.POST:
        page = new_panel_page(build_section_page(visit, code, author, request.POST), request.POST["panel"])
    else:
        page = build_section_page(visit, code, author, request.POST)
        if revision := save_section_page(page):
            return redirect_after_save(request, page, revision)
    try:
        page.draft = autosave_section(page)
    except Refused:  # entered in error meanwhile
        return redirect("screening:visit", visit.pk)
    return render_section(request, page)


def new_panel_page(page: SectionPage, key: str) -> SectionPage:
    """Return the page with a new panel in the grid of that key; as it was where none can be begun."""
    grid = next((grid for grid in page.form.grids if grid.part.key == key), None)
    data = grid.with_new_panel() if grid else None
    return page if data is None else build_section_page(page.visit, page.section.code, page.author, data)


def rest_absent_page(page: SectionPage, wanted: str) -> SectionPage:
    """Return the page with what is not answered of one body system answered as absent; `wanted` is key.condition."""
    key, _dot, condition = wanted.partition(".")
    history = next((form for form in page.form.parts if form.part.key == key and isinstance(form, ChecklistForm)), None)
    data = history.with_rest_absent(condition) if history else None
    return page if data is None else build_section_page(page.visit, page.section.code, page.author, data)


def refuse_other_user(request: HttpRequest, page: SectionPage) -> HttpResponse:
    """Refuse a form from a user other than who opened the page: nothing is saved, drafted or discarded."""
    page.of_another, page.status = True, HTTPStatus.UNPROCESSABLE_ENTITY
    return render_section(request, page)


def render_section(request: HttpRequest, page: SectionPage) -> HttpResponse:
    page.show_edit_checks()
    page.show_served()
    page.offer_consent_versions()
    return render(
        request, "screening/visits/section/page.html", {"page": page, "visit": page.visit}, status=page.status
    )


def redirect_after_save(request: HttpRequest, page: SectionPage, revision: Revision) -> HttpResponse:
    is_new = revision.number > page.base.seen.number and revision.section == page.section.code
    if is_new or not page.form.waiting:
        messages.success(request, save_message(page, revision, is_new))
    if page.form.waiting:
        parts = ", ".join(form.waiting_title for form in page.form.waiting)
        text = _("Not saved, because it is not confirmed yet: %(parts)s. Tick that it is right, then save again.")
        messages.warning(request, text % {"parts": parts})
    here = reverse("screening:section", args=[page.visit.pk, page.section.code])
    if page.form.waiting:
        return redirect(f"{here}#at-{page.form.waiting[0].confirm_name}")
    if "next" not in request.POST:
        return redirect(here)
    if not page.following or request.POST["next"] == "visit":
        return redirect(reverse("screening:visit", args=[page.visit.pk]) + "#assess")
    return redirect(reverse("screening:section", args=[page.visit.pk, page.following]) + "#form")


def save_message(page: SectionPage, revision: Revision, is_new: bool) -> str:
    text = _("%(section)s saved as revision %(number)s.") if is_new else _("%(section)s: nothing changed.")
    text %= {"section": page.section.title, "number": revision.number}
    filled = [f"{row.title} {row.limit_found.uln}" for row in page.form.result_rows.values() if row.limit_found]
    if filled:
        told = _("Upper limits taken from the laboratory's ranges: %(limits)s.") % {"limits": ", ".join(filled)}
        text = f"{text} {told}"
    return " ".join([text, *(f"{echo.told}." for echo in page.form.echoes if echo.told)])


@require_POST
def section_live(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Store the form as the author's draft and answer with the preview of the verdicts; save nothing else.

    Of a visit entered in error nothing is kept: the answer leads to its page, which says so.
    """
    visit, author = visit_or_404(pk), author_of(request)
    if is_of_another_user(request):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    page = build_section_page(visit, code, author, request.POST)
    try:
        page.draft = autosave_section(page)
    except Refused:
        address = reverse("screening:visit", args=[visit.pk])
        return HttpResponse(status=HTTPStatus.CONFLICT, headers={"HX-Redirect": address})
    page.show_edit_checks()
    context = {"page": page, "visit": visit, "live": True}
    return render(request, "screening/visits/section/live.html", context)
