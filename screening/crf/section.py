"""The form of one section of a vocabulary: one form for each of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.forms import BoundField
from django.http import QueryDict

from criteria.vocabulary import AnyPart, Checklist, Fault, Records, Results, Section, Vocabulary
from criteria.vocabulary.drugs import Drugs
from criteria.vocabulary.edit_checks import EditCheck
from screening.crf.checklist import ChecklistForm
from screening.crf.entry import Echo, EntryForm, Spot
from screening.crf.follow_ups import set_conditions
from screening.crf.laboratory import Laboratory
from screening.crf.parts import FormDocument, GroupForm, PartForm, SingleForm
from screening.crf.question import EditCheckAtInput
from screening.crf.records import RecordsForm
from screening.crf.result_row import ResultForm
from screening.crf.results import ResultsForm
from screening.visits.carry_forward import NO_ANSWERS, PriorAnswers, with_carried

PART_FORMS: dict[str, Callable[..., PartForm]] = {
    "group": GroupForm,
    "single": SingleForm,
}
ITEM = re.compile(r"\[\d+\]$")


class SectionProblem(NamedTuple):
    """A fault in words, with the anchor of its input; the anchor is empty where the form does not ask it."""

    label: str
    message: str
    anchor: str


class SectionForm:
    """The form of a document's section; bound to `data` it returns that part of the document as JSON values.

    `prior` holds the answers of an earlier attempt: what is carried is shown, and to be confirmed part by part;
    recalled entries of the history stand beside their condition, which is asked anew. `drugs` are offered by name
    where the section has the text that names them.
    """

    def __init__(
        self,
        section: Section,
        document: FormDocument,
        data: QueryDict | None = None,
        *,
        prior: PriorAnswers = NO_ANSWERS,
        laboratory: Laboratory | None = None,
        drugs: Drugs | None = None,
    ) -> None:
        self.section = section
        self.drugs = drugs if drugs and drugs.list_key in section.keys else None
        self.prior = prior
        self.shown = with_carried(document, prior.carried)
        self.data = None if data is None else data.copy()  # the inputs put into it what they read
        self.parts = [self.part_form(part, self.data, laboratory) for part in section.parts]
        set_conditions(self.parts, self.shown)
        self.problems: list[SectionProblem] = []
        self.asked_at: dict[str, str] = {}

    def part_form(self, part: AnyPart, data: QueryDict | None, laboratory: Laboratory | None) -> PartForm:
        if isinstance(part, Results):
            form: PartForm = ResultsForm(part, self.shown, data, laboratory)
        elif isinstance(part, Checklist):
            form = ChecklistForm(part, self.shown, data, self.prior)
        elif isinstance(part, Records):
            drugs = self.drugs if self.drugs and self.drugs.list_key == part.key else None
            form = RecordsForm(part, self.shown, data, drugs)
        else:
            form = PART_FORMS[part.kind](part, self.shown, data)
        form.carried = part.key in self.prior.carried
        form.carried_from = self.prior.carried_from(part.key)
        form.confirmed = form.carried and data is not None and form.confirm_name in data
        return form

    @cached_property
    def document(self) -> dict[str, Any]:
        """The section's keys that have a value, and which of its lists were marked complete.

        What waits to be confirmed is left out.
        """
        reviewed = [form.part.key for form in self.parts if form.is_reviewed() and not form.waits]
        return document_part({form.part.key: form.counted_value() for form in self.parts}, reviewed)

    @cached_property
    def entered_document(self) -> dict[str, Any]:
        """The same as `document`, including what waits to be confirmed."""
        reviewed = [form.part.key for form in self.parts if form.is_reviewed()]
        return document_part({form.part.key: form.value() for form in self.parts}, reviewed)

    @property
    def forms(self) -> list[EntryForm]:
        """The forms of all parts, and that of the day which holds for all rows of a grid."""
        return [form for part in self.parts for form in part.forms] + [grid.day for grid in self.grids]

    @property
    def has_history(self) -> bool:
        return any(isinstance(form, ChecklistForm) for form in self.parts)

    @property
    def offers_terms(self) -> bool:
        records = [part for part in self.section.parts if isinstance(part, Records)]
        return any(field.offered for part in records for field in part.fields.values())

    @property
    def is_touched(self) -> bool:
        """True if any input differs from what it showed at first, even one that is no answer by itself."""
        return any(form.is_touched for form in self.forms)

    @property
    def echoes(self) -> list[Echo]:
        """What the inputs show in place of what was typed into them."""
        return [echo for form in self.forms for echo in form.echoes]

    @property
    def waiting(self) -> list[PartForm]:
        """The parts of which something was carried over and is not confirmed."""
        return [form for form in self.parts if form.waits]

    @property
    def grids(self) -> list[ResultsForm]:
        return [form for form in self.parts if isinstance(form, ResultsForm)]

    @property
    def all_result_rows(self) -> list[ResultForm]:
        return [row for form in self.grids for row in form.rows]

    @property
    def edit_check_inputs(self) -> list[BoundField]:
        """The inputs beside which an edit check is shown as it arises.

        Left out are laboratory results, which are asked by the row, and the histories, of which only the raised
        checks are listed while typing.
        """
        live = [part for part in self.parts if not isinstance(part, ChecklistForm | ResultsForm)]
        return [form[name] for part in live for form in part.forms for name in form.questions]

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

    def show_edit_checks(self, checks: Iterable[EditCheck], confirmed: Collection[str]) -> None:
        """Put each edit check that was raised beside its inputs, and the first one's anchor into `asked_at`."""
        for check in checks:
            asked = EditCheckAtInput(check, check.key in confirmed)
            for spot in filter(None, map(self.spot, check.all_paths)):
                field: Any = spot.form.fields[spot.name]
                if check.needs_reason:
                    field.checks = (*field.checks, asked)
                else:
                    field.edit_check = asked
                self.asked_at.setdefault(check.key, spot.anchor)


def document_part(values: FormDocument, reviewed: Sequence[str]) -> dict[str, Any]:
    known = {key: value for key, value in values.items() if value is not None}
    return known | ({"reviewed": [*reviewed]} if reviewed else {})


VISIT = "visit"


def visit_form(vocabulary: Vocabulary, data: QueryDict | None = None) -> SectionForm:
    part = vocabulary.parts[VISIT]
    section = Section(code=VISIT, title=part.title, parts=(part,))
    return SectionForm(section, {}, data)
