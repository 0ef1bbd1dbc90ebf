"""Texts, facts and distances of a trace's leaves.

Leaves are the conditions that look at facts themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from criteria.rules import nodes as n, text
from criteria.rules.dates import Days
from criteria.rules.describe import DescribeRule, EnclosingTypes
from criteria.rules.facts import (
    INDEX_KEY,
    RESULT,
    VALUE,
    DocumentRecord,
    FactType,
    LaboratoryValue,
    Limit,
    RecordsType,
    Schema,
    document_path,
)
from criteria.rules.leaf_truths import limit_of_detection
from criteria.rules.proofs import sentences as s
from criteria.rules.ranges import Range
from criteria.rules.trace import Trace, UsedFacts
from criteria.rules.units import DIMENSIONLESS, EXACT_CONTEXT

STATUS_FIELD = ".status"
SMALLEST_GAP = Fraction(1, 10_000)
MOST_REPORTED = 9  # digits of a reported result that are told as they are
COMPOSITES: Mapping[type[n.Node], str] = {
    n.AllOf: "all of",
    n.AnyOf: "any of",
    n.Not: "not",
    n.Score: "points",
    n.Case: "the value of the first that holds",
}


class EnclosingRecord(NamedTuple):
    """One record around a leaf: its list, its path among the facts, its name for people, its path in the document."""

    type: RecordsType
    path: str
    label: str
    day: str
    record: DocumentRecord
    at: str


FactSides = tuple[tuple[int, n.Fact], ...]


class Gap(NamedTuple):
    """How far a number lies above its limit or, where it is negative, below it, in the unit that was reported."""

    number: Fraction
    unit: str

    @property
    def text(self) -> str:
        return text.amount_text(exact_decimal(abs(self.number)), self.unit)

    @property
    def is_negligible(self) -> bool:
        """Return whether a value that is not at its limit is so near that nobody measures the difference."""
        return 0 < abs(self.number) < SMALLEST_GAP


LeafPlace = tuple[EnclosingRecord, ...]  # the records around a leaf, the nearest first


def enter_record(
    place: LeafPlace, name: str, kind: RecordsType, record: DocumentRecord, records: Sequence[DocumentRecord]
) -> LeafPlace:
    days = record.get("date")
    day = text.days_text(days) if days else ""
    path, label = record_path(name, kind, record, records), record_label(kind, record)
    return (EnclosingRecord(kind, path, label, day, record, document_path(name, record)), *place)


def record_path(name: str, kind: RecordsType, record: DocumentRecord, records: Sequence[DocumentRecord]) -> str:
    if kind.absence != "asked":
        return document_path(name, record)
    at = next(index for index, other in enumerate(records) if other is record)
    return name if at == 0 else f"{name}[{at}]"


def record_label(kind: RecordsType, record: DocumentRecord) -> str:
    """Return the name of a record, such as `therapy 1 (first line)`.

    An entry of the history is named by its condition and whether it is past or current, a laboratory result by its
    test and its day.
    """
    if "analyte" in kind.fields:
        return f"{kind.fields['analyte'].options[record['analyte']]} of {record['collected'].text}"
    if kind.holds_results:
        return f"{kind.fields[RESULT].label} of {record['collected'].text}"
    if kind.absence == "asked":
        status = record.get("status")
        words = kind.fields["status"].options[status] if status else s.STATUS_NOT_KNOWN
        return s.ENTRY % {"condition": kind.label, "status": words}
    name = record_name(kind, record)
    return f"{kind.item} {record[INDEX_KEY] + 1}{f' ({name})' if name else ''}"


def record_name(kind: RecordsType, record: DocumentRecord) -> str:
    """Return what a record calls itself: its first text or, of a list without one, its kind; blank where neither is."""
    if name := kind_field(kind):
        code = record.get(name)
        return kind.fields[name].options[code].partition(" (")[0] if code else ""
    return next((record[key] for key, fact in kind.fields.items() if fact.kind == "text" and record.get(key)), "")


def kind_field(kind: RecordsType) -> str:
    """Return the question whose answer names the records of a list without a text: the first that is not yes or no."""
    if kind.absence == "asked" or any(fact.kind == "text" for fact in kind.fields.values()):
        return ""
    codes = ((key, fact.options) for key, fact in kind.fields.items() if fact.kind == "code")
    return next((key for key, options in codes if not {"yes", "no"} <= options.keys()), "")


def fact_sides(node: n.Node) -> FactSides:
    """Return the sides of a leaf that are facts, each with the place of its value among the operands of a trace."""
    sides: tuple[n.Node, ...] = ()
    match node:
        case n.Compare(left, _, right):
            sides = (left, right)
        case n.Within(event, _, anchor):
            sides = (event, anchor)
        case n.OneOf(arg) | n.Has(arg) | n.Known(arg) | n.Names(arg) | n.SomeDay(arg):
            sides = (arg,)
        case n.Common(one, other) | n.Same(one, other) | n.Miscoded(one, other):
            sides = (one, other)
        case n.Detected(result):
            sides = (result, limit_of_detection(node))
    return tuple((index, side) for index, side in enumerate(sides) if isinstance(side, n.Fact))


class LeafExplainer:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.schema = schema
        self.limits = limits
        self.rules: dict[int, str] = {}
        self.sides: dict[int, FactSides] = {}

    def rule_text(self, node: n.Node, place: LeafPlace) -> str:
        """Return the text of a leaf; a node that holds other conditions gives only how it joins them.

        The text is cached by node.
        """
        if id(node) not in self.rules:
            self.rules[id(node)] = self.build_rule_text(node, place)
        return self.rules[id(node)]

    def build_rule_text(self, node: n.Node, place: LeafPlace) -> str:
        match node:
            case n.Named(label):
                return label
            case n.Some(records):
                return f"some {self.schema.records[records].item}"
            case n.Latest(records):
                return f"latest {self.schema.records[records].item}"
            case n.IfKnown():
                return "if known"
            case n.AtLeast(number):
                return f"at least {DescribeRule(self.schema, self.limits).rule_text(number)} of"
        return COMPOSITES.get(type(node)) or DescribeRule(self.schema, self.limits).rule_text(
            node, tuple(at.type for at in place)
        )

    # Facts

    def type_of(self, fact: n.Fact, place: LeafPlace) -> FactType:
        name = fact.path.lstrip(".")
        if name != fact.path:
            return place[len(fact.path) - len(name) - 1].type.fields[name]
        return self.schema.type_of(name)

    def path(self, fact: n.Fact, place: LeafPlace) -> str:
        name = fact.path.lstrip(".")
        return name if name == fact.path else f"{place[len(fact.path) - len(name) - 1].path}.{name}"

    def used_facts(self, trace: Trace) -> UsedFacts:
        """Return the facts that a leaf looked at, with their values."""
        node, values = trace.node, trace.operands
        sides = self.sides_of(node)
        if not sides:
            return trace.used
        if values[-1] is None and isinstance(node, n.Detected):
            sides = sides[:1]  # a limit of detection that was not given is not told
        own = tuple([(fact, values[index]) for index, fact in sides])
        return own + trace.used if trace.used else own

    def sides_of(self, node: n.Node) -> FactSides:
        sides = self.sides.get(id(node))
        if sides is None:
            sides = self.sides[id(node)] = fact_sides(node)
        return sides

    def values(self, trace: Trace, place: LeafPlace) -> dict[str, str]:
        """Return the known facts that a leaf looked at, by path, each as it was reported."""
        found: dict[str, str] = {}
        operands = trace.operands
        for index, fact in self.sides_of(trace.node):
            if operands[index] is not None:
                found[self.path(fact, place)] = text.value_text(operands[index], self.type_of(fact, place))
        for fact, value in trace.used:
            if value is not None:
                found[self.path(fact, place)] = text.value_text(value, self.type_of(fact, place))
        return found

    def missing(self, trace: Trace, place: LeafPlace) -> Iterator[str]:
        """Yield the paths of the facts that are not known, or known only as a range.

        Where everything is known and still nothing can be computed, one of the facts is wrong: all of them.
        """
        if isinstance(trace.node, n.Judgement):
            yield self.path(trace.node.about, place)
        used = self.used_facts(trace)
        absent = [fact for fact, value in used if value is None]
        vague = [fact for fact, value in used if isinstance(value, Range) and not value.is_point]
        # Everything is known and still nothing can be computed (a weight of zero): then one of them is wrong.
        yield from (self.path(fact, place) for fact in absent or vague or [fact for fact, _ in used])

    def open_facts(self, trace: Trace, place: LeafPlace) -> Iterator[str]:
        """Yield the paths of the facts of a leaf that are not known, or known only as a range."""
        used = self.used_facts(trace)
        yield from (
            self.path(fact, place)
            for fact, value in used
            if value is None or (isinstance(value, Range) and not value.is_point)
        )

    def missing_in_record(self, value: n.Node, place: LeafPlace) -> Iterator[n.Fact]:
        """Yield the fields of the records at hand from which a value is computed and that are not known."""
        for fact in n.own_facts(value):
            name = fact.path.lstrip(".")
            if name != fact.path:
                known = place[len(fact.path) - len(name) - 1].record.get(name)
                if known is None or (isinstance(known, Range) and not known.is_point):
                    yield fact

    # Words

    def left_type(self, node: n.Node, place: LeafPlace, value: Any = None) -> FactType:
        """Return the type of the left side, with the label and unit of a computed value.

        Of a value that is computed where it was not measured, `value` says which of the two it is.
        """
        match node:
            case n.Fact(path):
                fact = self.type_of(node, place)
                return of_record(fact, place[1]) if path.startswith("..") else fact
            case n.Formula(label, unit):
                return FactType("number", label, unit=unit)
            case n.Age(unit=unit):
                return FactType("number", "age", unit=unit)
            case n.IfKnown(_, then, otherwise):
                first = self.left_type(then, place)
                if isinstance(value, LaboratoryValue):
                    return first
                other = self.left_type(otherwise, place)
                return FactType("number", other.label, unit=other.unit, quantity=first.quantity)
            case n.Shift():
                return FactType("date", self.rule_text(node, place))
        return FactType("number", self.rule_text(node, place), unit=self.unit_of(node, tuple(at.type for at in place)))

    def unit_of(self, node: n.Node, lists: EnclosingTypes) -> str:
        """Return the unit of a number without a name of its own; empty where it has none, or none is declared."""
        match node:
            case n.Fact(path):
                name = path.lstrip(".")
                fact = self.schema.type_of(path) if name == path else lists[len(path) - len(name) - 1].fields[name]
                return fact.unit or (fact.quantity.units[0] if fact.reported else "")
            case n.Param(name):
                return self.limits[name].unit
            case n.Formula(unit=unit) | n.Age(unit=unit):
                return unit
            case n.Lookup(table=table):
                return self.schema.tables[table].unit
            case n.Elapsed() | n.HalfLives():
                return "d"
            case n.Extreme(_, args) | n.Case(_, args):
                return next((unit for arg in args if (unit := self.unit_of(arg, lists))), "")
            case n.Aggregate(records=records, value=value):
                return self.unit_of(value, (self.schema.records[records], *lists))
        return ""

    def left_text(self, value: Any, fact: FactType, limit: Range | None) -> str:
        """Return the value that a limit is held against; the day of a laboratory result is told elsewhere."""
        if isinstance(value, LaboratoryValue):
            return reported_near_text(value, fact, limit)
        if isinstance(value, Range) and value.is_point and limit and (exact := exact_number(value.low)) is not None:
            return text.amount_text(text.number_text(exact, limit.low), fact.unit)
        if (
            isinstance(value, Range)
            and not isinstance(value, Days)
            and limit
            and (near := self.range_near_text(value, fact, limit))
        ):
            return near
        return text.value_text(value, fact)

    def range_near_text(self, value: Range, fact: FactType, limit: Range) -> str:
        """Return a computed range rounded as its limit allows; blank of one that is not rounded."""
        ends = [exact_number(end) for end in (value.low, value.high)]
        if None in ends or limit.low is None:
            return ""
        lowest, highest = (text.number_text(end, limit.low) for end in ends)
        return s.FROM_TO % {"lowest": lowest, "highest": text.amount_text(highest, fact.unit)}

    def right_text(self, node: n.Compare, value: Any, limit: Range, place: LeafPlace) -> str:
        """Return the limit: a number in the unit that was reported, without it; a day or a fact with its name."""
        left, right = node.left, node.right
        if isinstance(right, n.Fact):
            return self.own_limit_text(left, right, limit, place)
        if isinstance(value, LaboratoryValue) and limit.is_point:
            bound = exact_decimal(Fraction(limit.low) / Fraction(self.factor(left, value, place)))
            number = text.trim_zeros(bound)
            if isinstance(right, n.Param | n.ByUnit):
                return number
            return s.COMPUTED_LIMIT % {"value": number, "rule": self.short_rule_text(left, right, place)}
        if isinstance(right, n.Param) and self.limits[right.name].unit == self.left_type(left, place).unit:
            return text.trim_zeros(self.limits[right.name].value)
        if isinstance(right, n.Shift):
            return s.DAY_LIMIT % {"day": text.days_text(limit), "rule": self.rule_text(right, place)}
        if isinstance(right, n.Lookup):
            amount = text.value_text(limit, replace(self.left_type(left, place), options={}))
            return s.COMPUTED_LIMIT % {"value": amount, "rule": self.schema.tables[right.table].title}
        if isinstance(right, n.HalfLives):
            words = text.value_text(limit, replace(self.left_type(left, place), options={}))
            return s.COMPUTED_LIMIT % {"value": words, "rule": self.rule_text(right, place)}
        if isinstance(right, n.Conditional | n.Extreme):
            return text.value_text(limit, replace(self.left_type(left, place), options={}))
        return self.rule_text(right, place)

    def own_limit_text(self, left: n.Node, right: n.Fact, limit: Any, place: LeafPlace) -> str:
        """Return a limit that is itself a fact, with its name; in the unit of the left side it has none."""
        fact = self.left_type(right, place)
        if not isinstance(limit, LaboratoryValue):
            return told_text(fact, text.value_text(limit, fact))
        return told_text(self.short_type(left, right, place), text.trim_zeros(limit.value))

    def short_type(self, left: n.Node, right: n.Fact, place: LeafPlace) -> FactType:
        """Return the type of a fact that is a limit; that of a result's own limit without the words of the other ones.

        The name of the test stands before such a limit.
        """
        fact = self.left_type(right, place)
        is_own = isinstance(left, n.Fact) and right.path.startswith(f"{left.path.removesuffix(f'.{RESULT}')}.")
        return fact if is_own else replace(fact, phrase="")

    def short_rule_text(self, left: n.Node, right: n.Node, place: LeafPlace) -> str:
        words = self.rule_text(right, place)
        for fact in n.own_facts(right):
            words = words.replace(self.type_of(fact, place).label, self.short_type(left, fact, place).name)
        return words

    def factor(self, node: n.Node, value: LaboratoryValue, place: LeafPlace) -> Decimal:
        return self.left_type(node, place).quantity.factor(value.unit)

    # How near

    def distance(self, trace: Trace, place: LeafPlace) -> str:
        """Return the distance of a number from its limit, in the unit that was reported.

        Empty where there is no such distance.
        """
        gap = self.gap(trace, place)
        return gap.text if gap else ""

    def gap(self, trace: Trace, place: LeafPlace) -> Gap | None:
        """Return how far a number lies above or below its limit; None where there is no such distance."""
        node = trace.node
        if not isinstance(node, n.Compare):
            return None
        value, limit = trace.operands
        if value is None or limit is None or not (value.is_point and limit.is_point) or isinstance(value.low, int):
            return None
        number = Fraction(value.low) - Fraction(limit.low)
        if isinstance(value, LaboratoryValue):
            return Gap(number / Fraction(self.factor(node.left, value, place)), value.unit)
        fact = self.left_type(node.left, place)
        return Gap(number, fact.unit if fact.quantity is not DIMENSIONLESS or fact.unit else "1")


def of_record(fact: FactType, around: EnclosingRecord) -> FactType:
    """Return the type of a fact with the record that it belongs to in its name: `start of therapy 2`."""
    is_listed = around.type.absence != "asked" and INDEX_KEY in around.record and not around.type.holds_results
    record = f"{around.type.item} {around.record[INDEX_KEY] + 1}" if is_listed else around.label
    label = s.FIELD_OF_RECORD % {"field": fact.label, "record": record}
    return replace(fact, label=label, phrase=s.ANSWER % {"label": label, "answer": VALUE}, phrases={})


def reported_near_text(value: LaboratoryValue, fact: FactType, limit: Range | None) -> str:
    """Return a result as it was reported; with more digits than anybody reads, rounded as a computed value is."""
    exact = exact_number(value.value)
    if exact is None or limit is None or not (value.is_point and limit.is_point):
        return text.reported_text(value)
    bound = exact_decimal(Fraction(limit.low) / Fraction(fact.quantity.factor(value.unit)))
    return text.amount_text(text.number_text(exact, bound), value.unit)


def exact_number(value: Any) -> Fraction | None:
    """Return a number that is told rounded: a fraction, or a decimal of more digits than anybody reads."""
    is_long = isinstance(value, Decimal) and len(value.as_tuple().digits) > MOST_REPORTED
    return Fraction(value) if is_long or isinstance(value, Fraction) else None


def told_text(fact: FactType, words: str) -> str:
    """Return a value in the words of a proof."""
    return fact.phrase.replace(VALUE, words) if fact.phrase else s.FOUND % {"label": fact.label, "value": words}


def exact_decimal(value: Fraction) -> Decimal | Fraction:
    """Return a fraction as a decimal where a decimal holds it exactly, else as it is."""
    rounded = EXACT_CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return EXACT_CONTEXT.normalize(rounded) if Fraction(rounded) == value else value
