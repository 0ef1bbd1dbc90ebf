"""Medical history as a checklist: each condition is asked, with its details where it is past or current."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crispy_forms.layout import Div, Field as Shown, Layout
from django.http import QueryDict
from django.utils.translation import gettext as _, ngettext

from criteria.evaluation.served import Served
from criteria.vocabulary import Checklist, Condition
from criteria.vocabulary.validate import record_fields
from screening.crf.entry import QUESTION, Spot
from screening.crf.parts import FormDocument
from screening.crf.question import help_text
from screening.crf.rows import REMOVE, RowForm, RowsForm
from screening.visits.carry_forward import NO_ANSWERS, PriorAnswers
from screening.visits.labels import answer_text, sentence_case

STATUS_TEMPLATE = "crf/status.html"
STATUSES_WITH_DETAILS = ("past", "current")


class ConditionForm(RowForm):
    """One entry of one condition.

    Its details belong to a status that opens them, or were saved with the status that is still selected.
    """

    part: Checklist

    @property
    def is_plain(self) -> bool:
        """True where the row shows at most a saved status, and nothing is asked about any of its inputs."""
        questions: list[Any] = [self.fields[name] for name in self.questions]
        asked = any(each.checks or each.edit_check for each in questions)
        return not self.is_bound and not asked and not set(self.stored) - {"condition", "status"}

    def entry(self) -> dict[str, Any] | None:
        if self.is_removed or not self.answers or self.is_only_recalled:
            return None
        status = self.answers.get("status")
        keeps = status in (None, *STATUSES_WITH_DETAILS) or status == self.stored.get("status")
        return {"condition": self.code} | (self.answers if keeps else {"status": status})

    @property
    def has_odd_details(self) -> bool:
        """True where details were saved with a status that opens none: they stay in sight, to be corrected."""
        status = self.stored.get("status")
        return status not in (None, *STATUSES_WITH_DETAILS) and len(self.stored) > len(("condition", "status"))

    @property
    def is_only_recalled(self) -> bool:
        """True where the row shows the details of an earlier attempt, and nobody has answered it at this one."""
        return self.place is not None and "status" not in self.stored and not self.is_touched


@dataclass(frozen=True)  # as a NamedTuple with properties it sends mypy's Django plugin round in circles
class ConditionRows:
    """The rows of one condition.

    `path` is set where something of it was saved; `before` tells its entries at an earlier attempt, where it is
    asked anew, and `happened` whether the person had it by then.
    """

    code: str
    condition: Condition
    rows: list[ConditionForm]
    path: str
    help: str
    served: tuple[Served, ...]
    before: list[str]
    happened: bool

    @property
    def is_asked_alone(self) -> bool:
        """True where no answer for the whole body system may answer it: one known before, or a judgement."""
        return bool(self.before) or self.condition.judgement


@dataclass(frozen=True)
class ConditionGroup:
    """The conditions of one body system; `title` is empty where none is declared."""

    title: str
    conditions: list[ConditionRows]

    @property
    def has_rest(self) -> bool:
        """True where one key or button may answer what is open of it."""
        return not all(asked.is_asked_alone for asked in self.conditions)


class ChecklistForm(RowsForm[ConditionForm]):
    """The conditions of a history, each with its entries: the visit's own, then what was carried over.

    What an earlier attempt knew of a perishable condition is shown beside it; the answer itself is asked anew.
    """

    template_name = "crf/checklist.html"
    code_key = "condition"
    served: Mapping[str, tuple[Served, ...]] = {}
    part: Checklist

    def __init__(
        self, part: Checklist, document: FormDocument, data: QueryDict | None = None, prior: PriorAnswers = NO_ANSWERS
    ) -> None:
        self.recalled = prior.recalled.get(part.key, [])
        self.carried_entries = len(prior.carried.get(part.key, []))
        super().__init__(part, document, data)

    def shown_beside(self) -> list[dict[str, Any]]:
        return [details_that_last(self.part, entry) for entry in self.recalled]

    def is_carried_row(self, row: ConditionForm) -> bool:
        saved = len(self.stored or [])
        return row.place is not None and saved - self.carried_entries <= row.place < saved

    @property
    def counted_entries(self) -> list[tuple[ConditionForm, dict[str, Any]]]:
        return [pair for pair in self.entries if not (self.waits and self.is_carried_row(pair[0]))]

    def counted_value(self) -> list[dict[str, Any]] | None:
        """Return the entries without those that were carried over and wait to be confirmed."""
        entries = [entry for _row, entry in self.counted_entries]
        return entries if entries or (self.stored is not None and not self.waits) else None

    @property
    def is_changed(self) -> bool:
        """Whether an entry that was carried over differs from what it was."""
        carried = (self.stored or [])[len(self.stored or []) - self.carried_entries :]
        return [entry for row, entry in self.entries if self.is_carried_row(row)] != carried

    @property
    def waiting_title(self) -> str:
        number = self.carried_entries
        text = ngettext("%(part)s, %(number)d entry taken over", "%(part)s, %(number)d entries taken over", number)
        return text % {"part": self.part.title, "number": number}

    def spots(self) -> dict[str, Spot]:
        return {
            f"{self.part.key}[{index}].{name}": Spot(row, name)
            for index, (row, _entry) in enumerate(self.counted_entries)
            for name in row.questions
        }

    def blanks(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        given = {entry.get("condition") for entry in stored}
        yield from (code for code in self.part.conditions if code not in given)

    def groups(self) -> list[ConditionGroup]:
        """Return the conditions by body system, in the order in which the first of each is declared.

        Those without one come last, under a heading of their own where others have one.
        """
        found: dict[str, ConditionGroup] = {}
        for each in self.conditions():
            title = sentence_case(each.condition.group)
            found.setdefault(title, ConditionGroup(title, [])).conditions.append(each)
        rest = found.pop("", None)
        if rest is None:
            return list(found.values())
        return [*found.values(), replace(rest, title=_("Further conditions") if found else "")]

    def with_rest_absent(self, code: str) -> QueryDict | None:
        """Return the form's data with what is not answered in the body system of a condition answered as absent.

        What was known at an earlier attempt, or is the investigator's judgement, is asked by itself. None where no such
        condition is asked.
        """
        group = next((each for each in self.groups() if code in [asked.code for asked in each.conditions]), None)
        if self.data is None or group is None:
            return None
        data = self.data.copy()
        for row in (row for asked in group.conditions if not asked.is_asked_alone for row in asked.rows):
            if not data.get(row.add_prefix("status")):
                data[row.add_prefix("status")] = "absent"
        return data

    def conditions(self) -> list[ConditionRows]:
        return [self.condition_rows(code, condition) for code, condition in self.part.conditions.items()]

    def condition_rows(self, code: str, condition: Condition) -> ConditionRows:
        is_saved = any(entry.get("condition") == code for entry in self.stored or [])
        recalled = [entry for entry in self.recalled if entry["condition"] == code]
        return ConditionRows(
            code,
            condition,
            [row for row in self.rows if row.code == code],
            f"{self.part.key}.{code}" if is_saved else "",
            help_text(condition.help, by_judgement=condition.judgement),
            self.served.get(f"{self.part.key}.{code}", ()),
            [entry_text(self.part, entry) for entry in recalled],
            any(entry["status"] in STATUSES_WITH_DETAILS for entry in recalled),
        )

    def row(self, index: int, stored: Mapping[str, Any], place: str, code: str) -> ConditionForm | None:
        if code not in self.part.conditions:
            return None
        condition, prefix = self.part.conditions[code], f"{self.part.key}-{index}"
        questions = {name: field for name, field in self.part.fields.items() if name != "condition"} | condition.details
        form = ConditionForm(
            questions,
            stored,
            title=sentence_case(condition.label),
            prefix=prefix,
            data=self.data,
            place=place,
            code=code,
        )
        form.part = self.part
        form.fields[REMOVE].label = _("Remove this entry")
        details = [Shown(name, template=QUESTION) for name in questions if name != "status"]
        form.helper.layout = Layout(Shown("status", template=STATUS_TEMPLATE), Div(*details, css_class="details"))
        return form


def details_that_last(part: Checklist, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry of an earlier attempt without its status, which is asked anew, and without what perishes."""
    fields = record_fields(part, entry)
    return {name: value for name, value in entry.items() if name != "status" and not fields[name].perishable}


def entry_text(part: Checklist, entry: Mapping[str, Any]) -> str:
    fields = record_fields(part, entry)
    status = answer_text(fields["status"], entry["status"])
    rest = (name for name in entry if name not in ("condition", "status"))
    return "; ".join([status, *(f"{fields[name].label} {answer_text(fields[name], entry[name])}" for name in rest)])
