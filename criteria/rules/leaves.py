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
from criteria.rules.dates import first_clear_day, iso_date, shift_day
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import INDEX_KEY, DocumentRecord, FactType, LaboratoryValue, Limit, RecordsType, Schema
from criteria.rules.ranges import Range
from criteria.rules.trace import Trace, UsedFacts
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from criteria.rules.units import DIMENSIONLESS, EXACT_CONTEXT

STATUS_FIELD = ".status"
COMPOSITES: Mapping[type[n.Node], str] = {n.AllOf: "all of", n.AnyOf: "any of", n.Not: "not"}


class EnclosingRecord(NamedTuple):
    """One record around a leaf: its list, its path in the document, its name for people."""

    type: RecordsType
    path: str
    label: str
    day: str
    record: DocumentRecord


LeafPlace = tuple[EnclosingRecord, ...]  # the records around a leaf, the nearest first


def enter_record(
    place: LeafPlace, name: str, kind: RecordsType, record: DocumentRecord, records: Sequence[DocumentRecord]
) -> LeafPlace:
    days = record.get("date")
    day = text.days_text(days) if days else ""
    return (
        EnclosingRecord(kind, record_path(name, kind, record, records), record_label(kind, record), day, record),
        *place,
    )


def record_path(name: str, kind: RecordsType, record: DocumentRecord, records: Sequence[DocumentRecord]) -> str:
    if kind.absence != "asked":
        return f"{name}[{record[INDEX_KEY]}]"
    at = next(index for index, other in enumerate(records) if other is record)
    return name if at == 0 else f"{name}[{at}]"


def record_label(kind: RecordsType, record: DocumentRecord) -> str:
    """Return the name of a record, such as `therapy 1 (first line)`.

    An entry of the history is named by its condition and whether it is past or current.
    """
    if kind.absence == "asked":
        status = record.get("status")
        return f"{kind.label} {kind.fields['status'].options[status]}" if status else f"{kind.label}, status not known"
    name = next((record[key] for key, fact in kind.fields.items() if fact.kind == "text" and record.get(key)), "")
    return f"{kind.item} {record[INDEX_KEY] + 1}{f' ({name})' if name else ''}"


class LeafExplainer:
    def __init__(self, schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.schema = schema
        self.limits = limits
        self.rules: dict[int, str] = {}

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
        return COMPOSITES.get(type(node)) or DescribeRule(self.schema, self.limits).rule_text(
            node, tuple(at.type for at in place)
        )

    # Facts

    def type_of(self, fact: n.Fact, place: LeafPlace) -> FactType:
        name = fact.path.lstrip(".")
        return self.schema.facts[name] if name == fact.path else place[len(fact.path) - len(name) - 1].type.fields[name]

    def path(self, fact: n.Fact, place: LeafPlace) -> str:
        name = fact.path.lstrip(".")
        return name if name == fact.path else f"{place[len(fact.path) - len(name) - 1].path}.{name}"

    def used_facts(self, trace: Trace) -> UsedFacts:
        """Return the facts that a leaf looked at, with their values."""
        node, values = trace.node, trace.operands
        sides: tuple[n.Node, ...] = ()
        match node:
            case n.Compare(left, _, right):
                sides = (left, right)
            case n.Within(event, _, anchor):
                sides = (event, anchor)
            case n.OneOf(arg) | n.Has(arg) | n.Known(arg):
                sides = (arg,)
            case n.Detected(result):
                sides = (result,) if values[1] is None else (result, n.Fact(f"{result.path}.lod"))
        own = tuple((side, value) for side, value in zip(sides, values, strict=False) if isinstance(side, n.Fact))
        return own + trace.used

    def values(self, trace: Trace, place: LeafPlace) -> Iterator[tuple[str, str]]:
        for fact, value in self.used_facts(trace):
            if value is not None:
                yield self.path(fact, place), text.value_text(value, self.type_of(fact, place))

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

    # Words

    def field_text(self, fact: n.Fact, place: LeafPlace) -> str:
        """Return the label and the value of one of the nearest record's fields."""
        type_ = self.type_of(fact, place)
        return f"{type_.label} {text.value_text(place[0].record.get(fact.path.lstrip('.')), type_)}"

    def phrases(self, trace: Trace, wanted: Truth, place: LeafPlace) -> list[str]:
        node = trace.node
        match node:
            case n.Judgement(question):
                return [question]
            case n.OneOf(arg) | n.Has(arg):
                return self.code_phrases(node, arg, trace, wanted, place)
            case n.Known():
                return []  # it only opens the way to another condition, which speaks for itself
            case n.Detected(result):
                return [self.detected_phrase(result, trace, place)]
            case n.Within():
                return self.window_phrases(node, trace, wanted, place)
            case n.Compare():
                return [self.compare_phrase(node, trace, wanted, place)]
        return []

    def code_phrases(
        self, node: n.OneOf | n.Has, arg: n.Fact, trace: Trace, wanted: Truth, place: LeafPlace
    ) -> list[str]:
        if arg.path == STATUS_FIELD and place[0].type.absence == "asked":
            return []  # the label of the entry says it
        fact = self.type_of(arg, place)
        phrase = f"{fact.label}: {text.value_text(trace.operands[0], fact)}"
        options = text.codes_text(node.options, fact.options)
        if wanted is FALSE or trace.truth is TRUE or set(fact.options) <= {"yes", "no"}:
            return [phrase]
        if trace.truth is UNKNOWN:
            return [f"{phrase}, {options} required"]
        return [f"{phrase}, {'without' if isinstance(node, n.Has) else 'not'} {options}"]

    def detected_phrase(self, result: n.Fact, trace: Trace, place: LeafPlace) -> str:
        value, lod = trace.operands
        fact = self.type_of(result, place)
        if value is not None and lod is None:
            reported = "reported without" if trace.truth is TRUE else "reported with"
            taken = "detected" if trace.truth is TRUE else "not detected"
            phrase = f"{fact.label} {text.value_text(value, fact)}"
            return f"{phrase}, taken as {taken} ({reported} “<”, no limit of detection given)"
        limit = f"limit of detection {text.amount_text(lod.value, lod.unit)}" if lod else "limit of detection"
        relation = {TRUE: "above its", FALSE: "not above its", UNKNOWN: "perhaps above its"}[trace.truth]
        known = value is not None
        return f"{fact.label} {text.value_text(value, fact)}{f', {relation} {limit}' if known else ''}"

    def compare_phrase(self, node: n.Compare, trace: Trace, wanted: Truth, place: LeafPlace) -> str:
        value, limit = trace.operands
        fact = self.left_type(node.left, place)
        dates = fact.kind == "date"
        relation = (text.DATE_RELATIONS if dates else text.NUMBER_RELATIONS)[node.operator]
        left = self.left_text(node.left, value, fact, limit)
        right = self.right_text(node, value, limit, place)
        return f"{fact.label} {left}, {consequence_text(f'{relation} {right}', trace, wanted)}"

    def left_type(self, node: n.Node, place: LeafPlace) -> FactType:
        """Return the type of the left side, with the label and unit of a computed value."""
        match node:
            case n.Fact(path):
                fact = self.type_of(node, place)
                return replace(fact, label=f"{fact.label} of {place[1].label}") if path.startswith("..") else fact
            case n.Formula(label, unit):
                return FactType("number", label, unit=unit)
            case n.Age():
                return FactType("number", "age", unit="a")
            case n.IfKnown(_, then, otherwise):
                first = self.left_type(then, place)
                other = self.left_type(otherwise, place)
                return FactType("number", other.label, unit=other.unit, quantity=first.quantity)
            case n.Shift():
                return FactType("date", self.rule_text(node, place))
        return FactType("number", self.rule_text(node, place))

    def left_text(self, node: n.Node, value: Any, fact: FactType, limit: Range | None) -> str:
        if isinstance(node, n.IfKnown) and isinstance(value, LaboratoryValue):
            return f"measured {text.amount_text(value.value, value.unit)} on {value.collected}"
        if isinstance(value, Range) and value.is_point and limit and isinstance(value.low, Fraction):
            return text.amount_text(text.number_text(value.low, limit.low), fact.unit)
        return text.value_text(value, fact)

    def right_text(self, node: n.Compare, value: Any, limit: Range | None, place: LeafPlace) -> str:
        """Return the limit in the unit that was reported.

        A limit that is itself a fact is given with its name and value.
        """
        right = node.right
        if isinstance(right, n.Param | n.ByUnit):
            if isinstance(value, LaboratoryValue) and limit is not None:
                return text.amount_text(
                    text.trim_zeros(
                        exact_decimal(Fraction(limit.low) / Fraction(self.factor(node.left, value, place)))
                    ),
                    value.unit,
                )
            return self.rule_text(right, place)
        if isinstance(right, n.Shift) and limit is not None:
            return f"{text.days_text(limit)} ({self.rule_text(right, place)})"
        if isinstance(right, n.Fact):
            fact = self.type_of(right, place)
            return f"{fact.label} {text.value_text(limit, fact)}" if limit else f"{fact.label} (not known)"
        if isinstance(value, LaboratoryValue) and limit is not None and limit.is_point:
            bound = Fraction(limit.low) / Fraction(self.factor(node.left, value, place))
            return f"{text.amount_text(text.number_text(bound), value.unit)} ({self.rule_text(right, place)})"
        return self.rule_text(right, place)

    def factor(self, node: n.Node, value: LaboratoryValue, place: LeafPlace) -> Decimal:
        return self.left_type(node, place).quantity.factor(value.unit)

    def window_phrases(self, node: n.Within, trace: Trace, wanted: Truth, place: LeafPlace) -> list[str]:
        day, anchor = trace.operands
        limit = self.limits[node.period.name]
        fact = self.left_type(node.event, place)
        phrase = f"{fact.label} {text.value_text(day, fact)}"
        if limit.value is None:
            return [] if wanted is TRUE else [f"{phrase}, at any time excludes"]
        window = consequence_text(self.window_text(node, limit, anchor, place), trace, wanted)
        return [f"{phrase}, {window}{self.clear_text(node, trace, wanted, limit, place)}"]

    def clear_text(self, node: n.Within, trace: Trace, wanted: Truth, limit: Limit, place: LeafPlace) -> str:
        """Return the text of the first later anchor that would leave the event before the window.

        Such an anchor is a new sample or a later first dose. Empty where the condition does not exclude, where
        the window lies after its anchor, or where the day is not known.
        """
        day = trace.operands[0]
        if trace.truth is not TRUE or wanted is TRUE or node.direction == "after" or day is None:
            return ""
        clear = first_clear_day(day.high, int(limit.value or 0), limit.unit)
        return f", {self.left_type(node.anchor, place).label} from {iso_date(clear)} would be clear"

    def window_text(self, node: n.Within, limit: Limit, anchor: Range | None, place: LeafPlace) -> str:
        centre = self.left_type(node.anchor, place).label
        period = f"{text.limit_text(limit)} {'after' if node.direction == 'after' else 'before'} {centre}"
        if anchor is None:
            return f"within {period} (not known)"
        if not anchor.is_point:
            return f"within {period} {text.days_text(anchor)}"
        count = int(limit.value or 0)
        edge = iso_date(shift_day(anchor.low, count if node.direction == "after" else -count, limit.unit))
        day = text.days_text(anchor)
        if node.direction == "since":
            return f"on or after {edge} ({period} {day})"
        ends = f"after {day} to {edge}" if node.direction == "after" else f"from {edge} to {day}"
        return f"{ends} ({period} {day})"

    # How near

    def distance(self, trace: Trace, place: LeafPlace) -> str:
        """Return the distance of a number from its limit, in the unit that was reported.

        Empty where there is no such distance.
        """
        gap = self.gap(trace, place)
        return text.amount_text(text.number_text(gap[0]), gap[1]) if gap else ""

    def gap(self, trace: Trace, place: LeafPlace) -> tuple[Decimal | Fraction, str] | None:
        """Return the distance from the limit as a number and its unit; None where there is none."""
        node = trace.node
        if not isinstance(node, n.Compare):
            return None
        value, limit = trace.operands
        if value is None or limit is None or not (value.is_point and limit.is_point) or isinstance(value.low, int):
            return None
        gap = abs(Fraction(value.low) - Fraction(limit.low))
        if isinstance(value, LaboratoryValue):
            return exact_decimal(gap / Fraction(self.factor(node.left, value, place))), value.unit
        fact = self.left_type(node.left, place)
        return exact_decimal(gap), fact.unit if fact.quantity is not DIMENSIONLESS or fact.unit else "1"


def exact_decimal(value: Fraction) -> Decimal | Fraction:
    """Return a fraction as a decimal where a decimal holds it exactly, else as it is."""
    rounded = EXACT_CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return EXACT_CONTEXT.normalize(rounded) if Fraction(rounded) == value else value


def consequence_text(text: str, trace: Trace, wanted: Truth) -> str:
    """Return a limit with its effect: `at least 1.5 required`, `above 20 excludes`, or `not above 20`."""
    if wanted is TRUE:
        return f"{text} required"
    return f"not {text}" if trace.truth is FALSE else f"{text} excludes"
