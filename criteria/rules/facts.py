"""Types that the interpreters need to know of a vocabulary (Schema) and of one visit (Facts)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from criteria.rules.ranges import Range
from criteria.rules.units import DIMENSIONLESS, Quantity

DocumentRecord = Mapping[str, Any]
RecordScope = tuple[DocumentRecord, Any] | None  # the record at hand, and the scope around it
INDEX_KEY = "#"  # under this key a record keeps its place in the document's list


class LaboratoryValue(Range):
    """A laboratory result, or its uln or lod.

    The bounds are in the first unit of its family; the other attributes hold what was reported.
    """

    __slots__ = ("collected", "comparator", "family", "unit", "value")

    def __init__(self, bounds: Range, value: Any, unit: str, family: int, comparator: str, collected: str) -> None:
        super().__init__(bounds.low, bounds.high, bounds.low_open, bounds.high_open)
        self.value = value
        self.unit = unit
        self.family = family
        self.comparator = comparator
        self.collected = collected


@dataclass(frozen=True)
class Facts:
    """The facts of one visit.

    Values by path (a Range, a code, or a frozenset of codes; an absent one is unknown), records by list.
    """

    values: Mapping[str, Any]
    records: Mapping[str, Sequence[DocumentRecord]]
    is_reviewed: frozenset[str] = frozenset()


EnclosingLists = tuple[str, ...]  # the names of the lists of records around a node, the nearest first


def full_path(path: str, lists: EnclosingLists) -> str:
    """Return a field of a record by the name of its list: `.date` within `events` is `events.date`."""
    name = path.lstrip(".")
    return path if name == path else f"{lists[len(path) - len(name) - 1]}.{name}"


@dataclass(frozen=True)
class FactType:
    """The type of one fact; `reported` where each value has its own unit."""

    kind: Literal["number", "date", "code", "codes", "text"]
    label: str
    options: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    quantity: Quantity = DIMENSIONLESS
    reported: bool = False
    result: bool = False


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


@dataclass(frozen=True)
class Schema:
    facts: Mapping[str, FactType]
    records: Mapping[str, RecordsType]


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
