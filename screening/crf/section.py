"""The form of one section of a vocabulary: one form for each of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.forms import BoundField
from django.http import QueryDict

from criteria.vocabulary import AnyPart, Fault, Results, Section, Vocabulary
from criteria.vocabulary.edit_checks import EditCheck
from screening.crf.checklist import ChecklistForm
from screening.crf.entry import Spot
from screening.crf.laboratory import Laboratory
from screening.crf.parts import FormDocument, GroupForm, PartForm, SingleForm
from screening.crf.question import FieldEditCheck
from screening.crf.records import RecordsForm
from screening.crf.result_row import ResultForm
from screening.crf.results import ResultsForm

PART_FORMS: dict[str, Callable[..., PartForm]] = {
    "group": GroupForm,
    "single": SingleForm,
    "records": RecordsForm,
    "checklist": ChecklistForm,
}
ITEM = re.compile(r"\[\d+\]$")


class SectionProblem(NamedTuple):
    """A fault in words, with the anchor of its input; the anchor is empty where the form does not ask it."""

    label: str
    message: str
    anchor: str


class SectionForm:
    """The form of a document's section; bound to `data` it returns that part of the document as JSON values.

    `carried` holds the prior answers of an earlier attempt to the section's keys: they are shown, and are to be
    confirmed part by part.
    """

    def __init__(
        self,
        section: Section,
        document: FormDocument,
        data: QueryDict | None = None,
        *,
        carried: FormDocument | None = None,
        laboratory: Laboratory | None = None,
    ) -> None:
        self.section = section
        self.carried = carried or {}
        self.shown = {**document, **self.carried}
        self.parts = [self.part_form(part, data, laboratory) for part in section.parts]
        self.problems: list[SectionProblem] = []
        self.asked_at: dict[str, str] = {}

    def part_form(self, part: AnyPart, data: QueryDict | None, laboratory: Laboratory | None) -> PartForm:
        if isinstance(part, Results):
            form: PartForm = ResultsForm(part, self.shown, data, laboratory)
        else:
            form = PART_FORMS[part.kind](part, self.shown, data)
        form.carried = part.key in self.carried
        form.confirmed = form.carried and data is not None and form.confirm_name in data
        return form

    @cached_property
    def document(self) -> dict[str, Any]:
        """The section's keys that have a value, and which of its lists were marked complete.

        Parts that wait to be confirmed are left out.
        """
        return self.content([form for form in self.parts if not form.waits])

    @cached_property
    def entered_document(self) -> dict[str, Any]:
        """The same as `document`, including the parts that wait to be confirmed."""
        return self.content(self.parts)

    def content(self, parts: Sequence[PartForm]) -> dict[str, Any]:
        values = {form.part.key: form.value() for form in parts}
        reviewed = [form.part.key for form in parts if form.is_reviewed()]
        known = {key: value for key, value in values.items() if value is not None}
        return known | ({"reviewed": reviewed} if reviewed else {})

    @property
    def is_touched(self) -> bool:
        """True if any input differs from what it showed at first, even one that is no answer by itself."""
        forms = [form for part in self.parts for form in part.forms]
        return any(form.is_touched for form in [*forms, *(grid.day for grid in self.grids)])

    @property
    def waiting(self) -> list[PartForm]:
        """The parts that were carried over and are not confirmed."""
        return [form for form in self.parts if form.waits]

    @property
    def grids(self) -> list[ResultsForm]:
        return [form for form in self.parts if isinstance(form, ResultsForm)]

    @property
    def all_result_rows(self) -> list[ResultForm]:
        return [row for form in self.grids for row in form.rows]

    @property
    def edit_check_inputs(self) -> list[BoundField]:
        """The inputs of numbers with an edit check, except laboratory results, which are queried by the row."""
        forms = [form for part in self.parts for form in part.forms]
        return [form[name] for form in forms for name in form.asked if getattr(form.fields[name], "doubtful", False)]

    @cached_property
    def result_rows(self) -> dict[str, ResultForm]:
        """The rows of laboratory results by the path of their entry."""
        grids = [form for form in self.grids if not form.waits]
        return {f"{form.part.key}[{index}]": row for form in grids for index, (row, _entry) in enumerate(form.entries)}

    def unit_questions(self) -> Iterator[tuple[str, SectionProblem]]:
        """Yield a problem for every row whose number has two meanings, with the path of its entry."""
        for path, row in self.result_rows.items():
            if row.unit_question and not row.unit_question.answer:
                yield path, SectionProblem(row.title, row.unit_question.text, row.notes_id)

    @cached_property
    def spots(self) -> dict[str, Spot]:
        return {path: spot for form in self.parts for path, spot in form.spots().items()}

    def spot(self, path: str) -> Spot | None:
        return self.spots.get(path) or self.spots.get(ITEM.sub("", path))

    def problem(self, fault: Fault, label_of: Callable[[str], str] = str) -> SectionProblem:
        spot = self.spot(fault.path)
        label, anchor = (spot.label, spot.anchor) if spot else (label_of(fault.path), "")
        return SectionProblem(label, fault.message, anchor)

    def refuse(self, faults: Iterable[Fault], label_of: Callable[[str], str] = str) -> None:
        """Put each fault of `document` beside its input, and all of them into `problems`.

        `label_of` names the paths that this form does not ask.
        """
        for fault in faults:
            problem = self.problem(fault, label_of)
            if problem in self.problems:
                continue  # the day that holds for all rows is wrong once
            self.problems.append(problem)
            if spot := self.spot(fault.path):
                spot.form.add_error(spot.name, fault.message)

    def show_edit_checks(self, doubts: Iterable[EditCheck], confirmed: Collection[str]) -> None:
        """Put each edit check that was raised beside its input, and the input's anchor into `asked_at`."""
        for doubt in doubts:
            if spot := self.spot(doubt.path):
                asked = FieldEditCheck(doubt, doubt.key in confirmed)
                spot.form.fields[spot.name].edit_check = asked  # type: ignore[attr-defined]
                self.asked_at[doubt.key] = spot.anchor


VISIT = "visit"


def visit_form(vocabulary: Vocabulary, data: QueryDict | None = None) -> SectionForm:
    part = vocabulary.parts[VISIT]
    section = Section(code=VISIT, title=part.title, parts=(part,))
    return SectionForm(section, {}, data)
