"""Laboratory results as a grid: at least one row for each analyte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from criteria.evaluation.served import Served
from criteria.vocabulary import Analyte, Field, Results
from criteria.vocabulary.facts import counting_indexes
from criteria.vocabulary.parts import NOT_DONE, REPORTED
from screening.crf.entry import EntryForm, Spot
from screening.crf.laboratory import Laboratory, whole_day
from screening.crf.parts import FormDocument, is_ticked
from screening.crf.result_row import ResultForm
from screening.crf.rows import RowsForm

DAY_FOR_ALL = "DAY"


class AnalyteRows(NamedTuple):
    """The rows of one analyte: `path` is set where something of it was saved, `served` the criteria that read it."""

    code: str
    analyte: Analyte
    rows: list[ResultForm]
    path: str
    served: tuple[Served, ...]


class ResultsForm(RowsForm[ResultForm]):
    template_name = "crf/results.html"
    code_key = "analyte"
    served: Mapping[str, tuple[Served, ...]] = {}
    part: Results

    def __init__(
        self,
        part: Results,
        document: FormDocument,
        data: QueryDict | None = None,
        laboratory: Laboratory | None = None,
    ) -> None:
        self.laboratory = laboratory or Laboratory()
        questions = {DAY_FOR_ALL: Field(name=DAY_FOR_ALL, label=_("collected on"), type="day", future="refused")}
        self.day = EntryForm(questions, {}, title=part.title, prefix=part.key, data=data)
        super().__init__(part, document, data)
        self.ticked = is_ticked(part.key, document, data)
        self.mark_counting()

    def is_reviewed(self) -> bool:
        return self.part.reviewable and self.ticked

    def blanks(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        given = {entry.get("analyte") for entry in stored}
        yield from (code for code in self.part.analytes if code not in given)

    def tests(self) -> list[AnalyteRows]:
        saved = {result.get("analyte") for result in self.stored or []}
        return [
            AnalyteRows(
                code,
                analyte,
                [row for row in self.rows if row.code == code],
                f"{self.part.key}.{code}" if code in saved else "",
                self.served.get(f"{self.part.key}.{code}", ()),
            )
            for code, analyte in self.part.analytes.items()
        ]

    def row(self, index: int, stored: Mapping[str, Any], place: str, code: str) -> ResultForm | None:
        if code not in self.part.analytes:
            return None
        return ResultForm(
            self.part,
            stored,
            prefix=f"{self.part.key}-{index}",
            data=self.data,
            place=place,
            code=code,
            laboratory=self.laboratory,
            day_for_all=str(self.day.answers.get(DAY_FOR_ALL, "")) if self.day.is_bound else "",
        )

    def with_new_panel(self) -> QueryDict | None:
        """Return the form's data with a further row for each test whose last row has a value.

        The day for all goes to the results that it was typed for, so that one of the new rows can be typed instead.
        None where a result has no day to keep, which is then shown as a fault of the day for all.
        """
        if self.data is None:
            return None
        data = self.data.copy()
        for row in self.rows:
            if row.has_value and not whole_day(row.collection_day):
                self.day.add_error(DAY_FOR_ALL, _("Say first on which day the results typed below were collected."))
                return None
            if row.takes_day_for_all:
                data[row.add_prefix("collected")] = row.collection_day
        data[self.day.add_prefix(DAY_FOR_ALL)] = ""
        last = [test.rows[-1] for test in self.tests() if test.rows and test.rows[-1].has_value]
        for index, row in enumerate(last, len(self.rows)):
            data.update(row.inputs_of_next(f"{self.part.key}-{index}"))
        data[self.count_name] = str(len(self.rows) + len(last))
        return data

    def mark_counting(self) -> None:
        """Mark, of several results of an analyte, the one that counts."""
        complete = [(row, row.result) for row, _entry in self.entries if row.is_complete and row.result]
        for code, index in counting_indexes([result for _row, result in complete]).items():
            complete[index][0].counts = sum(row.code == code for row, _result in complete) > 1

    def spots(self) -> dict[str, Spot]:
        spots = super().spots()
        for index, (row, _entry) in enumerate(self.entries):
            for name in ("comparator", NOT_DONE, REPORTED):
                spots[f"{self.part.key}[{index}].{name}"] = Spot(row, "value")
            if row.takes_day_for_all:
                spots[f"{self.part.key}[{index}].collected"] = Spot(self.day, DAY_FOR_ALL)
        return spots
