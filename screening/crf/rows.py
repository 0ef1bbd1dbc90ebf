"""Lists of entries in a form: one row for each entry, more on request."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.http import QueryDict

from criteria.vocabulary import Checklist, Field, Records, Results
from screening.crf.entry import EntryForm, Spot
from screening.crf.parts import FormDocument, PartForm

MOST_ROWS = 300
# Inputs beside the vocabulary's own, in capitals because no name of a vocabulary has them.
PLACE, CODE, REMOVE = "PLACE", "CODE", "REMOVE"


class RowForm(EntryForm):
    """One entry of a list.

    PLACE is its index in the saved list, blank for a new one; CODE is its analyte or condition.
    """

    def __init__(
        self,
        questions: Mapping[str, Field],
        stored: Mapping[str, Any],
        *,
        title: str,
        prefix: str,
        data: QueryDict | None,
        place: str,
        code: str = "",
    ) -> None:
        super().__init__(questions, stored, title=title, prefix=prefix, data=data)
        self.initial.update({PLACE: place, CODE: code})
        self.fields[PLACE] = forms.Field(required=False, widget=forms.HiddenInput)
        if code:
            self.fields[CODE] = forms.Field(required=False, widget=forms.HiddenInput)
        self.place = whole_number(str(self[PLACE].value() or ""))
        self.code = code
        self.fields[REMOVE] = forms.Field(required=False, widget=forms.CheckboxInput({"class": "form-check-input"}))

    @property
    def is_removed(self) -> bool:
        return bool(self[REMOVE].value())

    @abstractmethod
    def entry(self) -> dict[str, Any] | None:
        """Return the record as the document holds it; None where the row is empty."""


AnyRow = TypeVar("AnyRow", bound=RowForm)


class RowsForm(PartForm, Generic[AnyRow]):
    """The rows of a list; `code_key` is the key of an entry that names its analyte or condition."""

    part: Records | Results | Checklist
    code_key: ClassVar[str] = ""

    def __init__(
        self, part: Records | Results | Checklist, document: FormDocument, data: QueryDict | None = None
    ) -> None:
        self.part = part
        self.data = data
        stored = document.get(part.key)
        self.stored: list[dict[str, Any]] | None = stored if isinstance(stored, list) else None
        known = [*(self.stored or []), *self.shown_beside()]
        self.rows: list[AnyRow] = [*(self.saved_rows(known) if data is None else self.posted_rows(data, known))]

    @property
    def forms(self) -> list[AnyRow]:
        return self.rows

    def shown_beside(self) -> Sequence[Mapping[str, Any]]:
        """Return what rows show beside the saved entries, without being entries yet."""
        return ()

    @property
    def count_name(self) -> str:
        return f"{self.part.key}-rows"

    @abstractmethod
    def row(self, index: int, stored: Mapping[str, Any], place: str, code: str) -> AnyRow | None: ...

    @abstractmethod
    def blanks(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """Yield the codes of the blank rows that are shown beside the saved ones."""

    def saved_rows(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[AnyRow]:
        new = [({self.code_key: code}, "") for code in self.blanks(stored)]
        old = [(entry, str(place)) for place, entry in enumerate(stored)]
        for index, (entry, place) in enumerate([*old, *new]):
            if row := self.row(index, entry, place, str(entry.get(self.code_key, ""))):
                yield row

    def posted_rows(self, data: QueryDict, stored: Sequence[Mapping[str, Any]]) -> Iterator[AnyRow]:
        for index in range(min(whole_number(data.get(self.count_name)) or 0, MOST_ROWS)):
            prefix = f"{self.part.key}-{index}"
            place = whole_number(data.get(f"{prefix}-{PLACE}"))
            entry = stored[place] if place is not None and place < len(stored) else {}
            if row := self.row(index, entry, "", data.get(f"{prefix}-{CODE}", "")):
                yield row

    @cached_property
    def entries(self) -> list[tuple[AnyRow, dict[str, Any]]]:
        """The rows that hold an entry, each with it, in the document's order.

        The saved ones come first, in the order in which they were saved.
        """
        if self.data is None:
            saved = len(self.stored or [])
            return [(row, dict(row.stored)) for row in self.rows if row.place is not None and row.place < saved]
        found = [(row, entry) for row in self.rows if (entry := row.entry()) is not None]
        return sorted(found, key=lambda pair: (pair[0].place is None, pair[0].place or 0))

    def value(self) -> list[dict[str, Any]] | None:
        entries = [entry for _row, entry in self.entries]
        return entries if entries or self.stored is not None else None

    def spots(self) -> dict[str, Spot]:
        return {
            f"{self.part.key}[{index}].{name}": Spot(row, name)
            for index, (row, _entry) in enumerate(self.entries)
            for name in row.questions
        }


def whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None


def add_blank_row(data: QueryDict, wanted: str) -> QueryDict:
    """Return the posted data with one more blank row.

    `wanted` names the list and, after a dot, the analyte or condition.
    """
    key, _dot, code = wanted.partition(".")
    data = data.copy()
    count = whole_number(data.get(f"{key}-rows")) or 0
    data[f"{key}-rows"] = str(count + 1)
    if code:
        data[f"{key}-{count}-{CODE}"] = code
    return data
