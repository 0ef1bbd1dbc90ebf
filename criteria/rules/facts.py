"""Types that the interpreters need to know of a vocabulary (Schema) and of one visit (Facts)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol

from criteria.rules.dates import Days
from criteria.rules.ranges import Range
from criteria.rules.truth import Truth
from criteria.rules.units import DIMENSIONLESS, Quantity
from criteria.rules.values.tables import Table

DocumentRecord = Mapping[str, Any]
RecordScope = tuple[DocumentRecord, Any] | None  # the record at hand, and the scope around it
# What a node means may change with the format of the definition file; what was published keeps its meaning.
# 2: a result of plain 0 is not above a limit of detection that the laboratory did not give.
# 3: an unknown code in `choose` may be any, products of ranges that may be negative are known, `other` leaves out every
# record around the one at hand; of what is computed, a number that is not known lies within its bounds.
FORMATS = (1, 2, 3)
NEWEST_FORMAT = FORMATS[-1]
VALUE = "{value}"  # where a value stands in the words of a proof
EVERY = "[]"  # after the name of a test: all its results, as a list
RESULT = "value"  # the field of a result that holds what was measured
INDEX_KEY = "#"  # under this key a record keeps its place in the document's list


class LaboratoryValue(Range):
    """A laboratory result, or its uln or lod.

    The bounds are in the first unit of its family; the other attributes hold what was reported.
    """

    __slots__ = ("collected", "comparator", "family", "unit", "value")

    def __init__(self, bounds: Range, value: Any, unit: str, family: int, comparator: str, collected: str) -> None:
        self.low, self.high, self.low_open, self.high_open = bounds.bounds
        self.value = value
        self.unit = unit
        self.family = family
        self.comparator = comparator
        self.collected = collected

    def __repr__(self) -> str:
        return f"{super().__repr__()} {self.comparator}{self.value} {self.unit} {self.collected}"


@dataclass(frozen=True)
class Facts:
    """The facts of one visit.

    Values by path (a Range, a code, or a frozenset of codes; an absent one is unknown), records by list.
    """

    values: Mapping[str, Any]
    records: Mapping[str, Sequence[DocumentRecord]]
    is_reviewed: frozenset[str] = frozenset()

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The known values by path, as they were written: 9 and 9.0 differ."""
        return {
            path: value if value.__class__ is str else repr(value)
            for path, value in self.values.items()
            if value is not None
        }

    def days(self) -> Iterator[tuple[str, Days]]:
        """Yield every day of the visit with its path in the document."""
        lists = {test_of(name) or name.partition(".")[0] for name in self.records}
        for path, value in self.values.items():
            if isinstance(value, Days) and lists.isdisjoint((path.partition(".")[0], path.rpartition(".")[0])):
                yield path, value
        for name, records in self.records.items():
            if test_of(name) and name.partition(".")[0] in self.records:
                continue  # the results of every test are a list as well
            for record in records:
                for key, value in record.items():
                    if isinstance(value, Days):
                        yield f"{document_path(name, record)}.{key}", value


def document_path(name: str, record: DocumentRecord) -> str:
    """Return the path of a record in the document; entries of all conditions of a history share one list."""
    return f"{name.partition('.')[0]}[{record[INDEX_KEY]}]"


def test_of(name: str) -> str:
    """Return the fact of the test whose results are a list, `labs.alt` of `labs.alt[]`; blank for any other list."""
    return name[: -len(EVERY)] if name.endswith(EVERY) else ""


def answer_of(name: str) -> str:
    """Return the name by which a list is answered and repeated: of the results of a test, the test."""
    return test_of(name) or name


EnclosingLists = tuple[str, ...]  # the names of the lists of records around a node, the nearest first


def full_path(path: str, lists: EnclosingLists) -> str:
    """Return a field of a record by the name of its list: `.date` within `events` is `events.date`.

    A result in a list is named as the one that counts: `.value` within `labs.alt[]` is `labs.alt`.
    """
    name = path.lstrip(".")
    if name == path:
        return path
    around = lists[len(path) - len(name) - 1]
    if test := test_of(around):
        return test if name == RESULT else f"{test}.{name}"
    return f"{around}.{name}"


@dataclass(frozen=True)
class FactType:
    """The type of one fact; `reported` where each value has its own unit.

    A proof tells a value as `phrase` says, with the value in the place of VALUE, and an answer as `phrases` say;
    by the label where these are empty. It is asked `after` other facts, each by the path that a rule gives it.
    `bounds` are the lowest and the highest number, where a field declares both.
    """

    kind: Literal["number", "date", "code", "codes", "text"]
    label: str
    options: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    quantity: Quantity = DIMENSIONLESS
    reported: bool = False
    result: bool = False
    phrase: str = ""
    phrases: Mapping[str, str] = field(default_factory=dict)
    after: frozenset[str] = frozenset()
    bounds: Range | None = None

    @property
    def name(self) -> str:
        """What a proof calls the fact where it does not tell its value."""
        return self.phrase.replace(VALUE, "").strip(": ") or self.label


@dataclass(frozen=True)
class RecordsType:
    """The type of a list of records.

    Absence is proved by `reviewed` (confirmed complete), by every condition `asked`, or by what is `recorded`
    and no more.
    """

    label: str
    item: str
    fields: Mapping[str, FactType]
    absence: Literal["reviewed", "asked", "recorded"]

    @property
    def holds_results(self) -> bool:
        """True of the results of one laboratory test."""
        return RESULT in self.fields and self.fields[RESULT].result


class DrugList(Protocol):
    """The drugs that a definition lists, as far as the rules need them."""

    def is_miscoded(self, text: str, codes: frozenset[str] | None) -> Truth:
        """Return whether a text names drugs that disagree with the codes; unknown where that cannot be decided."""

    def half_life_in(self, text: str) -> Range | None:
        """Return the longest half-life of the drugs that a text names, in days; None where none is known."""


@dataclass(frozen=True)
class Schema:
    """The facts and lists of a vocabulary, and the tables of a definition.

    `format` is the format number for whose meaning the rules were written.
    """

    facts: Mapping[str, FactType]
    records: Mapping[str, RecordsType]
    drugs: DrugList | None = None
    format: int = NEWEST_FORMAT
    tables: Mapping[str, Table] = field(default_factory=dict)

    def type_of(self, path: str) -> FactType:
        """Return the type of a fact of the visit, or of a condition of the history taken as a whole."""
        return self.facts.get(path) or FactType("text", self.records[path].label)


class Limit(NamedTuple):
    """A parameter's value in one protocol version; None is an open window, “any time”.

    `type` and `permitted` (the lowest and highest value) limit what an amendment may set, where the version
    declares them. `source` says where the value comes from.
    """

    name: str
    title: str
    value: Decimal | None
    unit: str
    type: str = ""
    permitted: tuple[Decimal, Decimal] | None = None
    source: str = ""
