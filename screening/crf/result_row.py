"""One laboratory result as a row of the grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from crispy_forms.layout import Field as Shown, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from criteria.vocabulary import Analyte, Field, Results
from criteria.vocabulary.validate import object_faults
from screening.crf.laboratory import Laboratory
from screening.crf.question import SELECT_ATTRIBUTES
from screening.crf.rows import RowForm
from screening.crf.unit_change import UnitChange, UnitQuestion
from screening.crf.values import number_value
from screening.models import ReferenceRange
from screening.visits.labels import sentence_case, unit_name

CELL = "crf/cell.html"
LIMITS = ("uln", "lod")
# The number and the unit as they last stood together; a script keeps them while somebody types.
VALUE_WAS, UNIT_WAS, UNIT_ANSWER = "VALUE_WAS", "UNIT_WAS", "UNIT_ANSWER"


class ResultForm(RowForm):
    """One laboratory result; a row in which only the unit is chosen holds no result.

    `day_for_all` is the day of collection of a number that has none of its own.
    """

    counts = False  # of several results of the analyte it is the one that the criteria look at

    def __init__(
        self,
        part: Results,
        stored: Mapping[str, Any],
        *,
        prefix: str,
        data: QueryDict | None,
        place: str,
        code: str,
        laboratory: Laboratory,
        day_for_all: str,
    ) -> None:
        self.part, self.analyte = part, part.analytes[code]
        self.laboratory, self.day_for_all = laboratory, day_for_all
        asked = result_fields(part, self.analyte, shown_limits(self.analyte, stored, prefix, data))
        title = sentence_case(self.analyte.label)
        super().__init__(asked, stored, title=title, prefix=prefix, data=data, place=place, code=code)
        self.initial.update({VALUE_WAS: self.initial["value"], UNIT_WAS: self.initial["unit"]})
        if not stored.get("unit"):
            self.initial["unit"] = laboratory.unit(code)
        for name in (VALUE_WAS, UNIT_WAS):
            self.fields[name] = forms.Field(required=False, widget=forms.HiddenInput)
        lay_out_cells(self)

    @property
    def is_touched(self) -> bool:
        return any(self.differs(name) for name in self.asked if name != "unit")

    def entry(self) -> dict[str, Any] | None:
        if self.result is None:
            return None
        return {**self.result, **({"uln": self.limit_found.uln} if self.limit_found else {})}

    @cached_property
    def result(self) -> Mapping[str, Any] | None:
        """The result in the row, with the day that applies to all rows and the number that was meant.

        None where the row holds no result.
        """
        if not self.is_bound:
            return self.stored if self.place is not None else None
        if all(value is None for name, value in self.answers.items() if name != "unit"):
            return None
        said = {name: value for name, value in self.answers.items() if name not in self.limits_left_out}
        day = {"collected": self.collection_day} if self.takes_day_for_all else {}
        meant = self.unit_question.answer.changes if self.unit_question and self.unit_question.answer else {}
        return {"analyte": self.code, **said, **day, **meant}

    @property
    def takes_day_for_all(self) -> bool:
        return bool(self.day_for_all and self.answers.get("value") is not None and not self.answers.get("collected"))

    @property
    def collection_day(self) -> Any:
        return self.day_for_all if self.takes_day_for_all else self.answers.get("collected")

    @cached_property
    def unit_question(self) -> UnitQuestion | None:
        """The query on what the number means, where its unit was changed and the number was not, else None."""
        was, now, text = self.posted_text(UNIT_WAS), self.posted_text("unit"), self.posted_text("value")
        value, units = number_value(text), self.analyte.unit_names
        if (
            was == now
            or was not in units
            or now not in units
            or text != self.posted_text(VALUE_WAS)
            or isinstance(value, str)
        ):
            return None
        return UnitChange(self.analyte, Decimal(value), was, now).question(self.posted_text(UNIT_ANSWER))

    def posted_text(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")).strip()

    @cached_property
    def limits_left_out(self) -> dict[str, str]:
        """The remarks, by limit, on saved limits not entered again that no longer fit the row."""
        if not self.is_bound:
            return {}
        kept = {
            name: f"{self.stored[name]} {unit_name(str(self.stored.get('unit')))}"
            for name in LIMITS
            if self.stored.get(name) is not None and self.answers.get(name) == self.stored[name]
        }
        if self.stored.get("unit") not in (None, "", self.answers.get("unit")):
            text = _("the limit %(limit)s is left out: it was read with the other unit")
            return {name: text % {"limit": words} for name, words in kept.items()}
        if "uln" in kept and self.laboratory.is_outdated(self.stored, self.collection_day):
            text = _("the limit %(limit)s is left out: it holds for %(day)s")
            return {"uln": text % {"limit": kept["uln"], "day": self.stored.get("collected")}}
        return {}

    @property
    def remarks(self) -> Iterator[str]:
        """The remarks on what the row takes from elsewhere or leaves out, and on a mismatched limit.

        A mismatched limit is one that was meant for another sample or person.
        """
        if self.takes_day_for_all:
            yield _("collected on %(day)s, as said above") % {"day": self.day_for_all}
        yield from self.limits_left_out.values()
        if self.limit_found:
            yield limit_source_text(self.limit_found)
        if self.result and (remark := self.laboratory.mismatch(self.result)):
            yield remark

    @property
    def notes_id(self) -> str:
        return f"notes-{self.prefix}-all"

    @property
    def is_complete(self) -> bool:
        """True if the row holds a result that can be evaluated."""
        if not self.result or (self.unit_question and not self.unit_question.answer):
            return False
        return not any(object_faults(self.part.fields_by_test[self.code], self.result, "", {}))

    @cached_property
    def limit_found(self) -> ReferenceRange | None:
        """The laboratory's range that fills the blank limit, None where there is none."""
        if not self.analyte.uln or not self.result or self.result.get("uln") is not None:
            return None
        return self.laboratory.limit(self.result)


def limit_source_text(found: ReferenceRange) -> str:
    words = {"limit": f"{found.uln} {unit_name(found.unit)}", "day": found.valid_from.isoformat()}
    return _("upper limit %(limit)s, from the laboratory's ranges (valid from %(day)s)") % words


def shown_limits(analyte: Analyte, stored: Mapping[str, Any], prefix: str, data: QueryDict | None) -> set[str]:
    """Return the laboratory limits that the analyte needs, and any that a result has all the same."""
    needed = {name for name in LIMITS if getattr(analyte, name)}
    return needed | {name for name in LIMITS if stored.get(name) is not None or (data and f"{prefix}-{name}" in data)}


def result_fields(part: Results, analyte: Analyte, limits: set[str]) -> dict[str, Field]:
    units = {unit: unit_name(unit) for unit in analyte.unit_names}
    unit = Field(name="unit", label=part.fields["unit"].label, type="code", options=units, required=True)
    dropped = {"analyte", *LIMITS} - limits
    return {name: unit if name == "unit" else field for name, field in part.fields.items() if name not in dropped}


def lay_out_cells(form: ResultForm) -> None:
    """Set up compact inputs, each labelled by its analyte and column.

    The labels are needed because the heading is far above.
    """
    units = list(form.asked["unit"].choices.items())
    # Of several units none stands ready but the laboratory's: a number must not get a unit that nobody chose.
    form.fields["unit"].widget = forms.Select(SELECT_ATTRIBUTES, units if len(units) == 1 else [("", ""), *units])
    form.fields["unit"].widget.attrs["data-default"] = form.laboratory.unit(form.code)
    form.fields["comparator"].widget = forms.Select(
        SELECT_ATTRIBUTES, [("", ""), *form.asked["comparator"].choices.items()]
    )
    for name, field in form.asked.items():
        names = {"analyte": form.title, "column": field.label}
        form.fields[name].widget.attrs["aria-label"] = _("%(analyte)s, %(column)s") % names
    form.helper.layout = Layout(
        *(Shown(name, template=CELL, wrapper_class=f"cell-{name}") for name in column_order(form.asked))
    )


def column_order(asked: Mapping[str, Field]) -> list[str]:
    return [name for name in ("comparator", "value", "unit", "collected", *LIMITS) if name in asked]
