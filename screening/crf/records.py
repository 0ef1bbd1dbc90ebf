"""A list of records as a formset of cards, with the checkbox that marks it complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Div, Layout
from django.http import QueryDict
from django.utils.translation import gettext as _

from criteria.vocabulary import Records
from screening.crf.parts import FormDocument
from screening.crf.rows import REMOVE, RowForm, RowsForm
from screening.visits.labels import sentence_case


class RecordForm(RowForm):
    """One card.

    A saved record stays until it is removed explicitly; a blank new one is not an answer.
    """

    def entry(self) -> dict[str, Any] | None:
        if self.place is None:
            return self.answers or None
        return None if self.is_removed else self.answers


class RecordsForm(RowsForm[RecordForm]):
    template_name = "crf/records.html"
    part: Records

    def __init__(self, part: Records, document: FormDocument, data: QueryDict | None = None) -> None:
        super().__init__(part, document, data)
        self.ticked = part.key in (document.get("reviewed") or []) if data is None else self.review_name in data

    @property
    def review_name(self) -> str:
        return f"{self.part.key}-reviewed"

    def is_reviewed(self) -> bool:
        return self.part.reviewable and self.ticked

    def blanks(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        yield from () if stored else ("",)

    def row(self, index: int, stored: Mapping[str, Any], place: str, code: str) -> RecordForm:
        title = f"{sentence_case(self.part.item)} {index + 1}"
        prefix = f"{self.part.key}-{index}"
        form = RecordForm(self.part.fields, stored, title=title, prefix=prefix, data=self.data, place=place)
        if form.place is not None:
            form.set_saved_paths(f"{self.part.key}[{form.place}]")
        form.fields[REMOVE].label = _("Remove this %(item)s") % {"item": self.part.item}
        form.helper.layout = Layout(Div(*form.helper.layout.fields, css_class="card-grid"))
        return form
