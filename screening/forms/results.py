"""Laboratory results as a grid: at least one row for each analyte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crispy_forms.layout import Field as Shown, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from criteria.vocabulary import Analyte, Field, Results
from screening.forms.questions import LIST, sentence
from screening.forms.rows import RowForm, RowsForm
from screening.forms.units import unit_name

CELL = "forms/cell.html"
LIMITS = ("uln", "lod")


class ResultForm(RowForm):
    """One result. A row in which nothing but the unit is chosen says nothing."""

    def entry(self) -> dict[str, Any] | None:
        if all(value is None for name, value in self.answers.items() if name != "unit"):
            return None
        return {"analyte": self.code, **self.answers}


class Test(NamedTuple):
    """The rows of one analyte."""

    code: str
    analyte: Analyte
    rows: list[RowForm]


class ResultsForm(RowsForm):
    template_name = "forms/results.html"
    code_key = "analyte"
    part: Results

    def blanks(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        given = {entry.get("analyte") for entry in stored}
        yield from (code for code in self.part.analytes if code not in given)

    def tests(self) -> list[Test]:
        return [
            Test(code, analyte, [row for row in self.rows if row.code == code])
            for code, analyte in self.part.analytes.items()
        ]

    def row(self, index: int, stored: Mapping[str, Any], place: str, code: str) -> ResultForm | None:
        if code not in self.part.analytes:
            return None
        analyte, prefix = self.part.analytes[code], f"{self.part.key}-{index}"
        asked = cells(self.part, analyte, shown_limits(analyte, stored, prefix, self.data))
        title = sentence(analyte.label)
        form = ResultForm(asked, stored, title=title, prefix=prefix, data=self.data, place=place, code=code)
        grid(form)
        return form


def shown_limits(analyte: Analyte, stored: Mapping[str, Any], prefix: str, data: QueryDict | None) -> set[str]:
    """The laboratory's limits that the analyte needs, and any that a result has all the same."""
    needed = {name for name in LIMITS if getattr(analyte, name)}
    return needed | {name for name in LIMITS if stored.get(name) is not None or (data and f"{prefix}-{name}" in data)}


def cells(part: Results, analyte: Analyte, limits: set[str]) -> dict[str, Field]:
    units = {unit: unit_name(unit) for unit in analyte.unit_names}
    unit = Field(name="unit", label=part.fields["unit"].label, type="code", options=units, required=True)
    dropped = {"analyte", *LIMITS} - limits
    return {name: unit if name == "unit" else field for name, field in part.fields.items() if name not in dropped}


def grid(form: ResultForm) -> None:
    """Compact inputs, each named by its analyte and column, because the heading stands far above."""
    units = list(form.asked["unit"].choices.items())
    # Of several units none stands ready: a number must not get a unit that nobody chose.
    form.fields["unit"].widget = forms.Select(LIST, units if len(units) == 1 else [("", ""), *units])
    form.fields["comparator"].widget = forms.Select(LIST, [("", ""), *form.asked["comparator"].choices.items()])
    for name, field in form.asked.items():
        names = {"analyte": form.title, "column": field.label}
        form.fields[name].widget.attrs["aria-label"] = _("%(analyte)s, %(column)s") % names
    form.helper.layout = Layout(
        *(Shown(name, template=CELL, wrapper_class=f"cell-{name}") for name in ordered(form.asked))
    )


def ordered(asked: Mapping[str, Field]) -> list[str]:
    return [name for name in ("comparator", "value", "unit", "collected", *LIMITS) if name in asked]
