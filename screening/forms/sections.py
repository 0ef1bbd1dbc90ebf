"""The form of one section of a vocabulary: one form for each of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.http import QueryDict

from criteria.vocabulary import Fault, Section
from screening.forms.checklists import ChecklistForm
from screening.forms.entries import Spot
from screening.forms.parts import Document, GroupForm, PartForm, SingleForm
from screening.forms.records import RecordsForm
from screening.forms.results import ResultsForm

FORMS: dict[str, Callable[..., PartForm]] = {
    "group": GroupForm,
    "single": SingleForm,
    "records": RecordsForm,
    "results": ResultsForm,
    "checklist": ChecklistForm,
}
ITEM = re.compile(r"\[\d+\]$")


class Problem(NamedTuple):
    """A fault in words, with the place on the page where it stands; none where the form does not ask it."""

    label: str
    message: str
    anchor: str


class SectionForm:
    """Shows a document's section; bound to `data` it gives back that part of the document as JSON values."""

    def __init__(self, section: Section, document: Document, data: QueryDict | None = None) -> None:
        self.section = section
        self.parts = [FORMS[part.kind](part, document, data) for part in section.parts]
        self.problems: list[Problem] = []

    @cached_property
    def document(self) -> dict[str, Any]:
        """The section's keys that hold something, and which of its lists were said to be complete."""
        values = {form.part.key: form.value() for form in self.parts}
        reviewed = [form.part.key for form in self.parts if form.reviewed()]
        known = {key: value for key, value in values.items() if value is not None}
        return known | ({"reviewed": reviewed} if reviewed else {})

    @cached_property
    def spots(self) -> dict[str, Spot]:
        return {path: spot for form in self.parts for path, spot in form.spots().items()}

    def refuse(self, faults: Iterable[Fault], label_of: Callable[[str], str] = str) -> None:
        """Put each fault of `document` beside its input, and all into one list; `label_of` names what others ask."""
        for path, message in faults:
            spot = self.spots.get(path) or self.spots.get(ITEM.sub("", path))
            if spot:
                spot.form.add_error(spot.name, message)
            problem = Problem(spot.label, message, spot.anchor) if spot else Problem(label_of(path), message, "")
            self.problems.append(problem)
