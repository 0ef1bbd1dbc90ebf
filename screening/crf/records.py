"""A list of records as a formset of cards, with the checkbox that marks it complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Div, Layout
from django.http import QueryDict
from django.utils.translation import gettext as _

from criteria.vocabulary import Records
from criteria.vocabulary.drugs import Drugs
from screening.crf.parts import FormDocument, is_ticked
from screening.crf.rows import REMOVE, RowForm, RowsForm
from screening.visits.labels import sentence_case

DRUGS_ID = "listed-drugs"


class RecordForm(RowForm):
    """One card.

    A record goes when it is removed explicitly or every answer of it is emptied: a blank card is not an answer.
    """

    def entry(self) -> dict[str, Any] | None:
        return None if self.is_removed else self.answers or None

    def offer(self, drugs: Drugs) -> None:
        """Offer the drugs in the text that names them; one chosen or typed ticks its codes (static/js/drugs.js)."""
        named, codes = (path.partition(".")[2] for path in (drugs.names, drugs.codes))
        field = self.fields[named]
        field.offers_drugs = True  # type: ignore[attr-defined]
        field.widget.attrs |= {"list": DRUGS_ID, "data-drugs": codes}
        hint = _("Listed drugs are offered by generic name, Chinese name or code. Join several with +.")
        field.help_text = " ".join(filter(None, [str(field.help_text), hint]))


class RecordsForm(RowsForm[RecordForm]):
    template_name = "crf/records.html"
    part: Records

    def __init__(
        self, part: Records, document: FormDocument, data: QueryDict | None = None, drugs: Drugs | None = None
    ) -> None:
        self.drugs = drugs
        super().__init__(part, document, data)
        self.ticked = is_ticked(part.key, document, data)

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
        if self.drugs:
            form.offer(self.drugs)
        form.helper.layout = Layout(Div(*form.helper.layout.fields, css_class="card-grid"))
        return form
