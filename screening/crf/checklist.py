"""Medical history as a checklist: each condition is asked, with its details where it is past or current."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crispy_forms.layout import Div, Field as Shown, Layout
from django.utils.translation import gettext as _

from criteria.vocabulary import Checklist, Condition
from screening.crf.entry import QUESTION
from screening.crf.rows import REMOVE, RowForm, RowsForm
from screening.visits.labels import sentence_case

STATUS_TEMPLATE = "crf/status.html"
STATUSES_WITH_DETAILS = ("past", "current")


class ConditionForm(RowForm):
    """One entry of one condition.

    Its details belong to a status that opens them, or were saved with the status that is still selected.
    """

    def entry(self) -> dict[str, Any] | None:
        if self.is_removed or not self.answers:
            return None
        status = self.answers.get("status")
        keeps = status in (None, *STATUSES_WITH_DETAILS) or status == self.stored.get("status")
        return {"condition": self.code} | (self.answers if keeps else {"status": status})


class ConditionRows(NamedTuple):
    """The rows of one condition; `path` is set where something of it was saved."""

    code: str
    condition: Condition
    rows: list[ConditionForm]
    path: str


class ChecklistForm(RowsForm[ConditionForm]):
    template_name = "crf/checklist.html"
    code_key = "condition"
    part: Checklist

    def blanks(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        given = {entry.get("condition") for entry in stored}
        yield from (code for code in self.part.conditions if code not in given)

    def conditions(self) -> list[ConditionRows]:
        saved = {entry.get("condition") for entry in self.stored or []}
        return [
            ConditionRows(
                code,
                condition,
                [row for row in self.rows if row.code == code],
                f"{self.part.key}.{code}" if code in saved else "",
            )
            for code, condition in self.part.conditions.items()
        ]

    def row(self, index: int, stored: Mapping[str, Any], place: str, code: str) -> ConditionForm | None:
        if code not in self.part.conditions:
            return None
        condition, prefix = self.part.conditions[code], f"{self.part.key}-{index}"
        asked = {name: field for name, field in self.part.fields.items() if name != "condition"} | condition.details
        form = ConditionForm(
            asked, stored, title=sentence_case(condition.label), prefix=prefix, data=self.data, place=place, code=code
        )
        form.fields[REMOVE].label = _("Remove this entry")
        details = [Shown(name, template=QUESTION) for name in asked if name != "status"]
        form.helper.layout = Layout(Shown("status", template=STATUS_TEMPLATE), Div(*details, css_class="details"))
        return form
