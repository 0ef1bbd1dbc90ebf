"""One laboratory result as a row of the grid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from crispy_forms.layout import Field as Shown, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from criteria.vocabulary import Analyte, Field, Results
from criteria.vocabulary.edit_checks import can_be_plausible, plausible_in
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import COMPARATORS, LIMITS, NOT_DONE, REPORTED
from criteria.vocabulary.spellings import Number, is_not_detected, is_unusable, is_worded
from criteria.vocabulary.validate import SAMPLED, record_faults
from criteria.vocabulary.values import is_unknown, text_fault
from screening.crf.laboratory import Laboratory, limit_text
from screening.crf.question import SELECT_ATTRIBUTES
from screening.crf.rows import CODE, RowForm
from screening.crf.typed import ARROW, IsPlausible, TypedResult, read_result, split_comparator
from screening.crf.unit_change import UnitChange, UnitQuestion
from screening.crf.values import is_unchanged, number_text
from screening.models import ReferenceRange
from screening.visits.labels import sentence_case, unit_name

CELL = "crf/cell.html"
NORMAL_LIMITS = ("uln", "lln")  # those that the site's reference ranges have
# The number and the unit as they last stood together; a script keeps them while somebody types.
VALUE_WAS, UNIT_WAS, UNIT_ANSWER = "VALUE_WAS", "UNIT_WAS", "UNIT_ANSWER"
# Set where the limits of a new row were taken from the row before.
KEPT = "KEPT"
# The text as it was typed, where it says more than what was read of it; and, ticked, words that are no result.
REPORTED_AS, NO_NUMBER = "REPORTED", "NO_NUMBER"


class ResultForm(RowForm):
    """One laboratory result; a row with nothing but a unit, or limits taken from the row before, holds no result.

    The input of the value has the comparator before the number or, of a sample that gave no result, the reason.
    `day_for_all` is the day of collection of what has none of its own.
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
        questions = result_fields(part, self.analyte, shown_limits(self.analyte, stored, prefix, data))
        title = sentence_case(self.analyte.label)
        super().__init__(questions, stored, title=title, prefix=prefix, data=data, place=place, code=code)
        self.initial.update({VALUE_WAS: self.initial["value"], UNIT_WAS: self.initial["unit"]})
        self.initial[REPORTED_AS] = "" if is_unknown(stored.get(REPORTED)) else stored[REPORTED]
        if data is None and not stored.get("unit"):
            self.initial["unit"] = laboratory.unit(code)
        for name in (VALUE_WAS, UNIT_WAS, KEPT, REPORTED_AS):
            self.fields[name] = forms.Field(required=False, widget=forms.HiddenInput)
        lay_out_cells(self)
        if found := self.limit_in_force:
            self.fields["uln"].widget.attrs["placeholder"] = str(found.uln)

    def saved_text(self, name: str) -> Any:
        if name == "value" and not has_result(self.stored):
            return self.stored[NOT_DONE].strip()
        text = super().saved_text(name)
        return COMPARATORS.get(str(self.stored.get("comparator")), "") + text if name == "value" else text

    def read_entries(self) -> None:
        """Part a result and its unit that were typed as one text; what is typed goes before what was chosen.

        What was saved is not read again, but for “not detected” that had no limit of detection.
        """
        self.join_comparator()
        self.read_limits()
        if typed := self.posted_text("value"):
            found = self.below_detection(typed) if self.is_value_saved else self.read_typed(typed)
            if found is not None:
                self.show_result(typed, found)
        super().read_entries()

    def read_typed(self, typed: str) -> TypedResult | None:
        return self.below_detection(typed) or read_result(typed, self.analyte.unit_names, self.is_plausible)

    def read_limits(self) -> None:
        """Part a laboratory limit from the unit that was typed with it, which must be that of the result."""
        value = read_result(self.posted_text("value"), self.analyte.unit_names, self.is_plausible)
        for name in (name for name in LIMITS if name in self.questions):
            of_result = (value and value.unit) or self.posted_text("unit")
            plausible = partial(self.is_plausible, name=name)
            found = read_result(self.posted_text(name), self.analyte.unit_names, plausible)
            if found and found.unit and not found.comparator and found.unit == (of_result or found.unit):
                texts = {name: number_text(found.number)} | ({} if of_result else {"unit": found.unit})
                self.show_instead(name, texts)

    def join_comparator(self) -> None:
        """Put a comparator that has an input of its own, as in drafts of before, into the value."""
        chosen, value = COMPARATORS.get(self.posted_text("comparator"), ""), self.posted_text("value")
        if chosen and not split_comparator(value)[0]:
            self.data[self.add_prefix("value")] = chosen + value  # type: ignore[index]

    @cached_property
    def answers(self) -> dict[str, Any]:
        answers, text = super().answers, self.posted_text("value")
        if self.not_done:
            day = {name: answers[name] for name in SAMPLED if name in answers}
            saved = {name: value for name, value in self.stored.items() if name not in SAMPLED}
            return (saved if self.is_value_saved else {NOT_DONE: text}) | day
        reported = {REPORTED: self.report_text} if self.report_text else {}
        if self.is_value_saved:
            saved = {name: self.stored[name] for name in ("comparator", "value", REPORTED) if name in self.stored}
            return answers | saved | reported
        comparator, _number = split_comparator(text)
        return answers | ({"comparator": comparator} if comparator else {}) | reported

    @property
    def is_value_saved(self) -> bool:
        return is_unchanged(self.initial["value"], self.posted_text("value"))

    @property
    def not_done(self) -> bool:
        """True where what stands in place of the value says that the sample gave no result."""
        if not self.is_bound or self.is_value_saved:
            return not has_result(self.stored)
        text = self.posted_text("value")
        return is_unusable(text) or (self.may_be_not_done != "" and self.posted_text(NO_NUMBER) == text)

    @property
    def may_be_not_done(self) -> str:
        """The words in place of the value of which it is asked whether the sample gave no number; blank for none."""
        text = self.posted_text("value") if self.is_bound else ""
        is_asked = text and is_worded(text) and not is_unusable(text) and not self.is_value_saved
        return text if is_asked else ""

    @property
    def report_text(self) -> str:
        """The text that was typed, where it says more than the value in the row, and that is still the one it says."""
        text = self.posted_text(REPORTED_AS)
        found = self.read_typed(text) if text else None
        return text if found and self.posted_text("value") == shown_value(found) and says_more(text) else ""

    def read(self, name: str, given: Any) -> Any:
        return super().read(name, split_comparator(given)[1] if name == "value" and given else given)

    def below_detection(self, typed: str) -> TypedResult | None:
        """Return what “not detected” says: below the limit of detection in the row; None where there is none."""
        if not self.analyte.lod or not is_not_detected(typed):
            return None
        lod = self.read("lod", self.posted_text("lod"))
        return TypedResult(lod, "<") if isinstance(lod, int | Decimal) and lod > 0 else None

    def show_result(self, typed: str, found: TypedResult) -> None:
        texts = {"value": shown_value(found)}
        if says_more(typed):
            texts[REPORTED_AS] = typed
        if found.unit:
            texts["unit"] = found.unit
        if found.unit or self.posted_text(VALUE_WAS) == typed:
            texts[VALUE_WAS] = texts["value"]
            texts[UNIT_WAS] = found.unit or self.posted_text(UNIT_WAS)
        self.show_instead("value", texts)

    def plausible(self, name: str) -> IsPlausible | None:
        if name not in ("value", *LIMITS):
            return None
        return lambda number: self.is_plausible(number, self.posted_text("unit"), name)

    def is_plausible(self, number: Number, unit: str, name: str = "value") -> bool:
        """Return whether a number may be the result, or its limit, in a unit; any may where no range is declared."""
        ranges = self.analyte.plausible_limits(name) if name in LIMITS else None
        ends = plausible_in(self.analyte, unit or self.posted_text("unit"), ranges)
        return ends is None or can_be_plausible(Decimal(number), "", ends, signed=self.analyte.is_signed)

    @property
    def is_touched(self) -> bool:
        return any(self.differs(name) for name in self.questions if name != "unit")

    def entry(self) -> dict[str, Any] | None:
        if self.result is None:
            return None
        return {**self.result, **{name: getattr(row, name) for name, row in self.limits_found.items()}}

    @cached_property
    def result(self) -> Mapping[str, Any] | None:
        """The result in the row, with the day that applies to all rows and the number that was meant.

        None where the row holds no result.
        """
        if not self.is_bound:
            return self.stored if self.place is not None else None
        beside = ("unit", *LIMITS) if self.posted_text(KEPT) else ("unit",)
        if all(value is None for name, value in self.answers.items() if name not in beside):
            return None
        said = {name: value for name, value in self.answers.items() if name not in self.limits_left_out}
        day = {"collected": self.collection_day} if self.takes_day_for_all else {}
        meant = self.unit_question.answer.changes if self.unit_question and self.unit_question.answer else {}
        return {"analyte": self.code, **said, **day, **meant}

    @property
    def has_value(self) -> bool:
        """True where the row holds a value, or why there is none."""
        return not is_unknown(self.answers.get("value")) or NOT_DONE in self.answers

    @property
    def takes_day_for_all(self) -> bool:
        return bool(self.day_for_all and self.has_value and not self.answers.get("collected"))

    @property
    def collection_day(self) -> Any:
        return self.day_for_all if self.takes_day_for_all else self.answers.get("collected")

    def inputs_of_next(self, prefix: str) -> dict[str, str]:
        """Return what the inputs of a further row of the test, under `prefix`, have from this one: unit and limits."""
        kept = {name: self.posted_text(name) for name in ("unit", *LIMITS) if name in self.questions}
        return {f"{prefix}-{name}": text for name, text in {CODE: self.code, KEPT: "1", **kept}.items()}

    @cached_property
    def unit_question(self) -> UnitQuestion | None:
        """The query on what the number means, where its unit was changed after it was entered, else None.

        None too where number and unit are the saved ones again.
        """
        was, now, text = self.posted_text(UNIT_WAS), self.posted_text("unit"), self.posted_text("value")
        units = self.analyte.unit_names
        if was == now or was not in units or now not in units or text != self.posted_text(VALUE_WAS):
            return None
        value = self.answers.get("value")
        if not isinstance(value, int | Decimal) or (value, now) == (self.stored.get("value"), self.stored.get("unit")):
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
        text, day = _("the limit %(limit)s is left out: it holds for %(day)s"), self.stored.get("collected")
        return {
            name: text % {"limit": kept[name], "day": day}
            for name in NORMAL_LIMITS
            if name in kept and self.laboratory.is_outdated(self.stored, self.collection_day, name)
        }

    @property
    def remarks(self) -> Iterator[str]:
        """The remarks on what the row takes from elsewhere or leaves out, and on a mismatched limit.

        A mismatched limit is one that was meant for another sample or person.
        """
        if self.takes_day_for_all:
            yield _("collected on %(day)s, as said above") % {"day": self.day_for_all}
        if self.result and not has_result(self.result):
            yield _("no result (%(reason)s); unit and limits are left out") % {"reason": self.result[NOT_DONE]}
        elif self.result and not is_unknown(self.result.get(REPORTED)):
            yield _("reported as %(text)s") % {"text": self.result[REPORTED]}
        yield from self.limits_left_out.values()
        yield from (limit_source_text(row, name) for name, row in self.limits_found.items())
        if self.result and self.analyte.uln and self.result.get("uln") is None and "uln" not in self.limits_found:
            yield from filter(None, [self.laboratory.choice(self.result)])
        elif not self.result and (found := self.limit_in_force):
            yield _("upper limit %(limit)s is in force: leave it blank to take it") % {"limit": limit_text(found)}
        if self.result:
            told = (self.laboratory.mismatch(self.result, each) for each in NORMAL_LIMITS)
            differs = (self.laboratory.difference(self.result, each) for each in NORMAL_LIMITS)
            yield from (one or other for one, other in zip(told, differs, strict=True) if one or other)

    @property
    def notes_id(self) -> str:
        return f"notes-{self.prefix}-all"

    @property
    def is_complete(self) -> bool:
        """True if the row holds a result that can be evaluated."""
        if not self.result or (self.unit_question and not self.unit_question.answer):
            return False
        return not any(record_faults(self.part, self.result, "", {}))

    @property
    def limit_in_force(self) -> ReferenceRange | None:
        """The range that will fill the limit once a value is typed, None where there is none."""
        if "uln" not in self.questions or not self.analyte.uln:
            return None
        if not self.is_bound:
            return self.laboratory.in_force(self.code, self.initial["unit"], self.stored.get("collected"))
        day = self.posted_text("collected") or self.day_for_all
        return self.laboratory.in_force(self.code, self.posted_text("unit"), day)

    @cached_property
    def limits_found(self) -> dict[str, ReferenceRange]:
        """The laboratory's ranges that fill the blank limits of normal, by limit."""
        asked = [name for name in NORMAL_LIMITS if getattr(self.analyte, name)] if self.result else []
        blank = [name for name in asked if self.result and self.result.get(name) is None]
        found = {name: self.laboratory.limit(self.result or {}, name) for name in blank}
        return {name: row for name, row in found.items() if row is not None}


def limit_source_text(found: ReferenceRange, name: str) -> str:
    words = {"limit": limit_text(found, name), "day": found.valid_from.isoformat(), "laboratory": found.laboratory}
    if name == "lln" and found.laboratory:
        return _("lower limit %(limit)s, from the ranges of %(laboratory)s (valid from %(day)s)") % words
    if name == "lln":
        return _("lower limit %(limit)s, from the laboratory's ranges (valid from %(day)s)") % words
    if found.laboratory:
        return _("upper limit %(limit)s, from the ranges of %(laboratory)s (valid from %(day)s)") % words
    return _("upper limit %(limit)s, from the laboratory's ranges (valid from %(day)s)") % words


def shown_value(found: TypedResult) -> str:
    """Return a result as the input of the value shows it."""
    return COMPARATORS.get(found.comparator, "") + number_text(found.number)


def says_more(typed: str) -> bool:
    """Return whether a text says more than what is read of it: an arrow, or words in place of a number.

    A text that cannot be kept, because a number in it looks like a telephone's, says no more.
    """
    return (ARROW.search(typed) is not None or is_not_detected(typed)) and not text_fault(typed)


def shown_limits(analyte: Analyte, stored: Mapping[str, Any], prefix: str, data: QueryDict | None) -> set[str]:
    """Return the laboratory limits that the analyte needs, and any that a result has all the same."""
    needed = {name for name in LIMITS if getattr(analyte, name)}
    return needed | {name for name in LIMITS if stored.get(name) is not None or (data and f"{prefix}-{name}" in data)}


def result_fields(part: Results, analyte: Analyte, limits: set[str]) -> dict[str, Field]:
    units = {unit: unit_name(unit) for unit in analyte.unit_names}
    unit = Field(name="unit", label=part.fields["unit"].label, type="code", options=units, required=True)
    dropped = {"analyte", "comparator", NOT_DONE, REPORTED, *LIMITS} - limits
    fields = part.fields | (part.signed_fields(analyte.minimum) if analyte.is_signed else {})
    return {name: unit if name == "unit" else field for name, field in fields.items() if name not in dropped}


def lay_out_cells(form: ResultForm) -> None:
    """Set up compact inputs, each labelled by its analyte and column.

    The labels are needed because the heading is far above.
    """
    units = list(form.questions["unit"].choices.items())
    # Of several units none stands ready but that of the laboratory's ranges or last result: no number gets a unit that
    # nobody chose.
    form.fields["unit"].widget = forms.Select(SELECT_ATTRIBUTES, units if len(units) == 1 else [("", ""), *units])
    form.fields["unit"].widget.attrs["data-kept"] = ""  # in a further row
    for name, field in form.questions.items():
        names = {"analyte": form.title, "column": field.label}
        form.fields[name].widget.attrs["aria-label"] = _("%(analyte)s, %(column)s") % names
        if name in LIMITS and "lln" in form.questions:  # the heading of the column does not say which limit is meant
            form.fields[name].widget.attrs["placeholder"] = name.upper()
    form.helper.layout = Layout(
        *(Shown(name, template=CELL, wrapper_class=f"cell-{name}") for name in column_order(form.questions))
    )


def column_order(questions: Mapping[str, Field]) -> list[str]:
    return [name for name in ("value", "unit", "collected", *LIMITS) if name in questions]
