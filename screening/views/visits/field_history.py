"""The history of one field of a visit: each value, who entered it, when and why."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.vocabulary import Group, Single, Vocabulary
from screening.access.permissions import page_rights
from screening.models import Revision
from screening.views.cards.document import answer_lines, entry_line
from screening.views.shared.lookup import latest_revision_of, visit_or_404, vocabulary_for
from screening.visits.field_history import FieldEntry, history_of
from screening.visits.labels import PATH, STEP, FormPlace, answer_text, form_place


class EntryText(NamedTuple):
    """A value as text, one line for each entry of a list; no lines if nothing was entered."""

    lines: list[str]
    revision: Revision


@require_safe
def field_history(request: HttpRequest, pk: int) -> HttpResponse:
    visit = visit_or_404(pk)
    path = request.GET.get("path", "")
    latest = latest_revision_of(visit)
    vocabulary = vocabulary_for(visit, latest)
    place = form_place(vocabulary, path, latest.document) if PATH.fullmatch(path) else FormPlace(path)
    entries = history_of(visit, path) if place.section else []
    if not entries:
        raise Http404(_("Nothing was ever saved under %(path)s.") % {"path": path})
    context = {
        "visit": visit,
        "place": place,
        "entries": [EntryText(value_lines(vocabulary, path, place, entry), entry.revision) for entry in entries],
        "path": path,
        "latest": latest,
        **page_rights(request, "enter", "review"),
    }
    name = "field_history_table" if getattr(request, "htmx", False) else "field_history"
    return render(request, f"screening/visits/{name}.html", context)


def value_lines(vocabulary: Vocabulary, path: str, place: FormPlace, entry: FieldEntry) -> list[str]:
    value, steps = entry.value, STEP.findall(path)
    if entry.absent:
        return []
    if place.field or isinstance(value, str):
        return [answer_text(place.field, value)]
    part = vocabulary.parts[steps[0]]
    if isinstance(part, Group | Single) or len(steps) == 1:
        return [f"{line.label}: {line.words}" for line in answer_lines(part, value)]
    records = value if isinstance(value, list) else [value]
    return [entry_line(part, record, index).words for index, record in enumerate(records)]
