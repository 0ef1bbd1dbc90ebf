"""One section of a visit, as a form."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from criteria.vocabulary import BadDocument, Section, Vocabulary
from screening.changes import changes
from screening.forms import SectionForm, grown
from screening.forms.reason import ReasonForm
from screening.forms.rows import whole
from screening.models import Revision, Visit
from screening.permissions import requires
from screening.revise import ReasonRequired, Stale, save_section, section_part
from screening.views.differences import Difference, differences
from screening.views.lookup import author_of, latest_of, revision_or_404, section_or_404, visit_or_404, vocabulary_for
from screening.views.names import place_of
from screening.views.progress import steps
from screening.views.visits import REFUSED

CONFLICT = 409


@dataclass
class SectionPage:
    """What the page of a section shows; `base` is the revision on which what is typed builds."""

    visit: Visit
    vocabulary: Vocabulary
    section: Section
    base: Revision
    form: SectionForm
    reason: ReasonForm
    corrections: list[Difference] = field(default_factory=list)
    meanwhile: list[Difference] = field(default_factory=list)
    status: int = 200

    def response(self, request: HttpRequest) -> HttpResponse:
        context = {"page": self, "visit": self.visit, "steps": steps(self.vocabulary, self.base)}
        return render(request, "screening/section.html", context, status=self.status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("enter")
def section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    visit = visit_or_404(pk)
    if request.method != "POST":
        return page_of(visit, code, latest_of(visit)).response(request)
    base = revision_or_404(visit, whole(request.POST.get("base")) or 0)
    if "add" in request.POST:
        return page_of(visit, code, base, grown(request.POST, request.POST["add"])).response(request)
    return save(request, page_of(visit, code, base, request.POST))


def page_of(visit: Visit, code: str, base: Revision, data: QueryDict | None = None) -> SectionPage:
    vocabulary = vocabulary_for(visit, base)
    section = section_or_404(vocabulary, code)
    form = SectionForm(section, base.document, data)
    return SectionPage(visit, vocabulary, section, base, form, ReasonForm(data))


def save(request: HttpRequest, page: SectionPage) -> HttpResponse:
    page.status = REFUSED
    if not page.reason.is_valid():
        return page.response(request)
    reason = page.reason.cleaned_data["reason"]
    code, part = page.section.code, page.form.document
    try:
        revision = save_section(page.visit, code, part, page.base.number, author_of(request), reason)
    except BadDocument as bad:
        page.form.refuse(bad.faults, lambda path: place_of(page.vocabulary, path, page.base.document).label)
    except ReasonRequired as required:
        ask_reason(page, required)
    except Stale as stale:
        show_both(page, stale.latest)
    else:
        return saved(request, page, revision)
    return page.response(request)


def ask_reason(page: SectionPage, required: ReasonRequired) -> None:
    documents = page.base.document, page.form.document
    page.corrections = differences(page.vocabulary, required.changes, *documents)
    page.reason.add_error("reason", _("This changes what was saved before: say why."))


def show_both(page: SectionPage, latest: Revision) -> None:
    """What was typed stays; saving once more, now on the latest revision, is a decision made with both in view."""
    theirs = section_part(latest.document, page.section)
    found = changes(theirs, page.form.document)
    page.meanwhile = differences(page.vocabulary, found, page.form.document, theirs)
    page.base, page.status = latest, CONFLICT


def saved(request: HttpRequest, page: SectionPage, revision: Revision) -> HttpResponse:
    new = revision.number > page.base.number and revision.section == page.section.code
    text = _("%(section)s saved as revision %(number)s.") if new else _("%(section)s: nothing changed.")
    messages.success(request, text % {"section": page.section.title, "number": revision.number})
    if "next" not in request.POST:
        return redirect("screening:section", page.visit.pk, page.section.code)
    following = next_code(page)
    if not following:
        return redirect("screening:visit", page.visit.pk)
    return redirect("screening:section", page.visit.pk, following)


def next_code(page: SectionPage) -> str:
    codes = [section.code for section in page.vocabulary.sections]
    return next(iter(codes[codes.index(page.section.code) + 1 :]), "")
