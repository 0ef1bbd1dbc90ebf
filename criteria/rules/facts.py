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

DocumentRecord = Mapping[str, Any]
RecordScope = tuple[DocumentRecord, Any] | None  # the record at hand, and the scope around it
# What a node means may change with the format of the definition file; what was published keeps its meaning.
# 2: a result of plain 0 is not above a limit of detection that the laboratory did not give.
# 3: an unknown code in `choose` may be any, products of ranges that may be negative are known, `other` leaves out every
# record around the one at hand.
FORMATS = (1, 2, 3)
NEWEST_FORMAT = FORMATS[-1]
VALUE = "{value}"  # where a value stands in the words of a proof
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
        lists = {name.partition(".")[0] for name in self.records}
        for path, value in self.values.items():
            if isinstance(value, Days) and path.partition(".")[0] not in lists:
                yield path, value
        for name, records in self.records.items():
            for record in records:
                for key, value in record.items():
                    if isinstance(value, Days):
                        yield f"{document_path(name, record)}.{key}", value


def document_path(name: str, record: DocumentRecord) -> str:
    """Return the path of a record in the document; entries of all conditions of a history share one list."""
    return f"{name.partition('.')[0]}[{record[INDEX_KEY]}]"


EnclosingLists = tuple[str, ...]  # the names of the lists of records around a node, the nearest first


def full_path(path: str, lists: EnclosingLists) -> str:
    """Return a field of a record by the name of its list: `.date` within `events` is `events.date`."""
    name = path.lstrip(".")
    return path if name == path else f"{lists[len(path) - len(name) - 1]}.{name}"


@dataclass(frozen=True)
class FactType:
    """The type of one fact; `reported` where each value has its own unit.

    A proof tells a value as `phrase` says, with the value in the place of VALUE, and an answer as `phrases` say;
    by the label where these are empty. It is asked `after` other facts, each by the path that a rule gives it.
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

    @property
    def name(self) -> str:
        """What a proof calls the fact where it does not tell its value."""
        return self.phrase.replace(VALUE, "").strip() or self.label


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


class DrugList(Protocol):
    """The drugs that a definition lists, as far as the rules need them."""

    def is_miscoded(self, text: str, codes: frozenset[str] | None) -> Truth:
        """Return whether a text names drugs that disagree with the codes; unknown where that cannot be decided."""


@dataclass(frozen=True)
class Schema:
    """The facts and lists of a vocabulary; `format` is the format number for whose meaning the rules were written."""

    facts: Mapping[str, FactType]
    records: Mapping[str, RecordsType]
    drugs: DrugList | None = None
    format: int = NEWEST_FORMAT

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
