"""Shape of a vocabulary: sections of a visit document, their parts and their fields.

A part owns one top-level key of the visit document. Its `kind` determines the content of the key: an object
(`group`), one value (`single`), a list of records (`records`), laboratory results (`results`) or a medical
history answered condition by condition (`checklist`).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field as Key, StringConstraints, Tag

from criteria.rules.units import Quantity
from criteria.vocabulary.drugs import Drugs

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Title = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Factor = Annotated[Decimal, Key(gt=0)]
Family = Annotated[dict[str, Factor], Key(min_length=1)]  # of units
Options = Annotated[dict[str, Title], Key(min_length=1)]
Bounds = tuple[Decimal, Decimal]


def as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


When = dict[str, Annotated[tuple[str, ...], BeforeValidator(as_list), Key(min_length=1)]]

UNKNOWN = "unknown"
YES_NO = {"yes": "yes", "no": "no"}
COMPARATORS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
STATUSES = {"absent": "absent", "past": "past", "current": "current", UNKNOWN: "not known"}


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Course(Part):
    """What can be done about a fact that fails a criterion: `do` something, `wait` until something, `repeat` a fact."""

    do: Title = ""
    wait: Title = ""
    repeat: str = ""


def action_form(value: object) -> str:
    return "action-course" if isinstance(value, dict | Course) else "action-word"


ActionWord = Literal["repeat", "review", "none"]
Action = Annotated[
    Annotated[ActionWord, Tag("action-word")] | Annotated[Course, Tag("action-course")], Discriminator(action_form)
]


class Actionable(Part):
    """Something about which something can be done where it fails a criterion; None where nothing is declared.

    `repeat` it, have the investigator `review` it, `none`, or a course. Advice is made from this alone.
    """

    action: Action | None = None


class Lasting(Actionable):
    """The time for which an answer holds.

    A `perishable` answer says nothing about a later day: it is asked anew at another visit. An answer that
    `may_change` is carried forward to another visit. No failure by either is final.
    """

    perishable: bool = False
    may_change: bool = False


class FollowUp(Lasting):
    """Something that a form asks only `when` each fact named has one of these codes; always where none is named.

    It is about forms alone: what was answered counts, whatever it says here, and stays on the page.
    """

    when: When = {}


class OfferedTerms(Part):
    """Terms that are offered while a text is typed, by the code that each gives the field `sets` of the same record.

    Each has the other names by which it is found: of other dictionaries and languages. A text that is none of them is
    kept as it is.
    """

    sets: Name
    listed: Annotated[dict[Name, dict[Title, tuple[Title, ...]]], Key(min_length=1)]


class Field(FollowUp):
    """One question.

    `date` may be partial (2026, 2026-03), `day` is a whole date; a day in the `future` is allowed of what may be
    planned, refused of what has happened, or asked back (`criteria.vocabulary.future`). Numbers are negative only
    where `minimum` is. A number outside `plausible` (in the field's own unit, both ends included) raises an edit check.
    An answer by `judgement` is the investigator's opinion and not a measurement: the review names the outcomes that
    rest on it. A text may have to follow a `pattern`. `proof` says how proofs tell the answer, where label and answer
    do not read well in a sentence: words with `{value}` in them or, for codes, the words of each.
    """

    name: str = ""
    label: Title
    type: Literal["yn", "code", "codes", "number", "integer", "date", "day", "text"]
    options: Options | Name | None = None
    unit: str = ""
    minimum: int = 0
    maximum: int | None = None
    plausible: Bounds | None = None
    judgement: bool = False
    required: bool = False
    pattern: Literal["", "HH:MM"] = ""
    offered: OfferedTerms | None = None
    help: str = ""
    proof: Annotated[str, StringConstraints(strip_whitespace=True)] | dict[str, Title] = ""
    future: Literal["allowed", "asked", "refused"] = "allowed"
    not_before: str = ""
    not_after: str = ""
    empty_means_none: dict[Name, tuple[str, ...]] = {}

    @cached_property
    def choices(self) -> dict[str, str]:
        """Labels by code; a named code list has replaced its name when the definition was read."""
        if self.type == "yn":
            return YES_NO
        return self.options if isinstance(self.options, dict) else {}


Fields = Annotated[dict[Name, Field], Key(min_length=1)]


class KeyedPart(FollowUp):
    """The fields that every part has."""

    key: Name
    title: Title
    help: str = ""


class Dated(KeyedPart):
    """A part whose findings have a day: `dated_by` names its field, from which their age is counted."""

    dated_by: str = ""
    fields: Fields


class Group(Dated):
    kind: Literal["group"]


class Single(KeyedPart):
    kind: Literal["single"]
    field: Field


class Records(Dated):
    """A list of records.

    A `reviewable` list proves absence only once somebody has confirmed that it is complete.
    """

    kind: Literal["records"]
    item: Title
    reviewable: bool = False


class Analyte(Actionable):
    """One laboratory test.

    `minimum`, in whatever unit, is below zero where results may be. `units` holds families of units that convert by a
    fixed factor to the family's first. `plausible` has at
    most one entry for each family, in one of its units: a result outside it raises an edit check.
    `plausible_uln`, `plausible_lln` and `plausible_lod` guard the laboratory's limits in the same way.
    """

    label: Title
    loinc: str = ""
    minimum: Annotated[int, Key(le=0)] = 0
    units: Annotated[tuple[Family, ...], Key(min_length=1)]
    plausible: dict[str, Bounds] = {}
    uln: bool = False
    plausible_uln: dict[str, Bounds] = {}
    lln: bool = False
    plausible_lln: dict[str, Bounds] = {}
    lod: bool = False
    plausible_lod: dict[str, Bounds] = {}
    help: str = ""

    @cached_property
    def quantity(self) -> Quantity:
        return Quantity(self.units)

    @cached_property
    def unit_names(self) -> tuple[str, ...]:
        return tuple(unit for family in self.units for unit in family)

    @property
    def is_signed(self) -> bool:
        """True where a result may be below zero."""
        return self.minimum < 0

    def plausible_limits(self, name: str) -> dict[str, Bounds]:
        """Return the plausible ranges of one of the laboratory's limits, by unit."""
        return {"uln": self.plausible_uln, "lln": self.plausible_lln, "lod": self.plausible_lod}[name]


# What the laboratory gives beside a result, in the same unit: its normal range and its limit of detection.
LIMITS = {"uln": "upper limit of normal", "lln": "lower limit of normal", "lod": "lower limit of detection"}
# Why a sample gave no result, in place of value and unit (LBREASND, with the status NOT DONE), and how the laboratory
# reported one, where that says more than value, comparator and unit (LBORRES).
NOT_DONE, REPORTED = "not_done", "reported"
UNIT: dict[str, Any] = {"name": "unit", "label": "unit", "type": "code", "required": True}


class Results(KeyedPart):
    """Laboratory results; of each test the one collected last counts.

    A `reviewable` part asks for every result: those of a test are a list (`labs.alt[]`), which proves absence once
    somebody has confirmed that the results are complete.
    """

    kind: Literal["results"]
    reviewable: bool = False
    analytes: Annotated[dict[Name, Analyte], Key(min_length=1)]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The keys of one result; which units are valid depends on the analyte.

        A lower limit of normal is one of them only where some test asks for it.
        """
        units = {unit: unit for analyte in self.analytes.values() for unit in analyte.unit_names}
        rows = (
            Field(name="analyte", label="test", type="code", required=True, options=self.labels),
            Field(name="value", label="value", type="number", required=True),
            Field(**UNIT, options=units),
            Field(name="comparator", label="comparator", type="code", options=COMPARATORS),
            Field(name="collected", label="collection day", type="day", required=True, future="refused"),
            *(Field(name=name, label=LIMITS[name], type="number") for name in self.limits),
            Field(name=NOT_DONE, label="no result", type="text"),
            Field(name=REPORTED, label="as reported", type="text"),
        )
        return {row.name: row for row in rows}

    @cached_property
    def limits(self) -> tuple[str, ...]:
        """The laboratory's limits that a result of any test may have."""
        return tuple(name for name in LIMITS if name != "lln" or any(each.lln for each in self.analytes.values()))

    @cached_property
    def fields_by_test(self) -> dict[str, dict[str, Field]]:
        """The keys of one result of each test, with the test's own units."""
        return {
            code: self.fields
            | {"unit": Field(**UNIT, options={unit: unit for unit in analyte.unit_names})}
            | (self.signed_fields(analyte.minimum) if analyte.is_signed else {})
            for code, analyte in self.analytes.items()
        }

    def signed_fields(self, minimum: int) -> dict[str, Field]:
        """Return the keys of a result that may be below zero, with the lowest number."""
        names = ("value", *(name for name in self.limits if name != "lod"))
        return {name: self.fields[name].model_copy(update={"minimum": minimum}) for name in names}

    @cached_property
    def labels(self) -> dict[str, str]:
        return {code: analyte.label for code, analyte in self.analytes.items()}


class Condition(Actionable):
    """One condition of a history; `group` is its body system, the heading under which it is asked.

    A `perishable` condition is asked anew at another visit. What is for good does not depend on it: a condition
    that was past or current never becomes absent. By `judgement`, whether the subject has it is the investigator's
    opinion. `last` is what the last day on which it was there is called: the last occurrence, unless it says another.
    """

    label: Title
    last: Title = "last occurrence"
    group: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    perishable: bool = False
    judgement: bool = False
    help: str = ""
    details: dict[Name, Field] = {}


class Checklist(KeyedPart):
    kind: Literal["checklist"]
    conditions: Annotated[dict[Name, Condition], Key(min_length=1)]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The keys that every entry may have; each condition adds its own details."""
        labels = {code: condition.label for code, condition in self.conditions.items()}
        lasting = {".status": tuple(code for code in STATUSES if code != "current")}  # what is current is active today
        rows = (
            Field(name="condition", label="condition", type="code", required=True, options=labels),
            Field(name="status", label="status", type="code", required=True, options=STATUSES),
            Field(name="date", label="last occurrence", type="date", future="refused", when=lasting),
        )
        return {row.name: row for row in rows}

    @cached_property
    def fields_by_condition(self) -> dict[str, dict[str, Field]]:
        """The keys of an entry of each condition, with its own details."""
        day = self.fields["date"]
        return {
            code: self.fields | {"date": day.model_copy(update={"label": condition.last})} | condition.details
            for code, condition in self.conditions.items()
        }


AnyPart = Annotated[Group | Single | Records | Results | Checklist, Key(discriminator="kind")]


class Section(Part):
    """One form: its parts in the order in which a coordinator fills them in."""

    code: Name
    title: Title
    help: str = ""
    parts: Annotated[tuple[AnyPart, ...], Key(min_length=1)]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The top-level keys of the visit document that this section owns."""
        return tuple(part.key for part in self.parts)

    @cached_property
    def reviewable(self) -> tuple[str, ...]:
        return tuple(part.key for part in self.parts if isinstance(part, Records | Results) and part.reviewable)


class Vocabulary(Part):
    sections: Annotated[tuple[Section, ...], Key(min_length=1)]
    drugs: Drugs | None = None

    @cached_property
    def parts(self) -> dict[str, AnyPart]:
        return {part.key: part for section in self.sections for part in section.parts}

    @cached_property
    def reviewable(self) -> tuple[str, ...]:
        return tuple(name for section in self.sections for name in section.reviewable)

    @cached_property
    def declares_perishable(self) -> bool:
        """True where any part or field is declared perishable; else the vocabulary does not say what is final."""
        return any(lasting.perishable for part in self.parts.values() for lasting in (part, *fields_in(part)))

    @cached_property
    def judgements(self) -> frozenset[str]:
        """The paths, without an index, of what is answered by judgement: of a condition, its status."""
        fields = (path for part in self.parts.values() for path, field in field_paths(part) if field.judgement)
        return frozenset([*fields, *(path for part in self.parts.values() for path in judged_conditions(part))])

    def section(self, code: str) -> Section:
        """Return the section with that code; KeyError where there is none."""
        return {section.code: section for section in self.sections}[code]


def fields_in(part: AnyPart) -> tuple[Field, ...]:
    """Return every declared field of a part.

    The fields of laboratory results are the same everywhere and are not declared.
    """
    return tuple(field for _, field in field_paths(part))


def judged_conditions(part: AnyPart) -> Iterator[str]:
    """Yield the path of the status of every condition that is answered by judgement, without an index."""
    if isinstance(part, Checklist):
        yield from (f"{part.key}.{code}.status" for code, each in part.conditions.items() if each.judgement)


def field_paths(part: AnyPart) -> Iterator[tuple[str, Field]]:
    """Yield every declared field of a part with its path, without an index."""
    match part:
        case Single():
            yield part.key, part.field
        case Group() | Records():
            yield from ((f"{part.key}.{name}", field) for name, field in part.fields.items())
        case Checklist():
            for code, condition in part.conditions.items():
                yield from ((f"{part.key}.{code}.{name}", field) for name, field in condition.details.items())
