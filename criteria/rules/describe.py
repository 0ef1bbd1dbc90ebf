"""Descriptions of rules: plain sentences with the current limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from criteria.rules import nodes as n, text
from criteria.rules.facts import FactType, Limit, RecordsType, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.units import unit_text

EnclosingTypes = tuple[RecordsType, ...]  # the lists around a node, the nearest first
Say = Callable[[EnclosingTypes], str]

STATISTICS = {"sum": "sum of", "mean": "mean", "min": "smallest", "max": "largest"}
SIGNS = {"plus": "+", "minus": "−", "times": "×", "over": "/"}


class DescribeRule(Algebra):
    """Interpreter that describes a rule.

    Each visit method returns a function from the lists of records around the node to its text.
    """

    def __init__(self, schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.schema = schema
        self.limits = limits
        self.defined: set[str] = set()

    def sentence(self, category: Literal["inclusion", "exclusion"], applies: n.Node | None, rule: n.Node) -> str:
        verb = "requires" if category == "inclusion" else "excludes"
        text = f"{verb}: {self.rule_text(rule)}."
        if applies is not None:
            text = f"where {self.rule_text(applies)}, {text}"
        return text[0].upper() + text[1:]

    def rule_text(self, node: n.Node, lists: EnclosingTypes = ()) -> str:
        say: Say = fold(node, self)
        return say(lists)

    def type_of(self, path: str, lists: EnclosingTypes) -> FactType:
        name = path.lstrip(".")
        if name == path:
            return self.schema.type_of(path)
        return lists[len(path) - len(name) - 1].fields[name]

    # Values

    def visit_fact(self, node: n.Fact) -> Say:
        def say(lists: EnclosingTypes) -> str:
            label = self.type_of(node.path, lists).label
            if not node.path.startswith(".."):
                return label
            return f"the other {label}" if lists[1].holds_results else f"the other {lists[1].item}'s {label}"

        return say

    def visit_param(self, node: n.Param) -> Say:
        return lambda lists: text.limit_text(self.limits[node.name])

    def visit_number(self, node: n.Number) -> Say:
        return lambda lists: text.trim_zeros(node.value)

    def visit_by_unit(self, node: n.ByUnit, limits: tuple[Say, ...]) -> Say:
        return lambda lists: f"{text.list_text(limit(lists) for limit in limits)}, by the unit reported"

    def visit_age(self, node: n.Age, born: Say, on: Say) -> Say:
        name = "age" if node.unit == "a" else "age in months"
        return lambda lists: f"{name} on the {on(lists)}"

    def visit_elapsed(self, node: n.Elapsed, start: Say, end: Say) -> Say:
        return lambda lists: f"days from {start(lists)} to {end(lists)}"

    def visit_half_lives(self, node: n.HalfLives, of: Say, times: Say) -> Say:
        return lambda lists: f"{times(lists)} half-lives ({of(lists)})"

    def visit_shift(self, node: n.Shift, day: Say, period: Say) -> Say:
        return lambda lists: f"{period(lists)} {node.direction} {day(lists)}"

    def visit_arithmetic(self, node: n.Arithmetic, left: Say, right: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            bare = isinstance(node.left, n.Param) and self.limits[node.left.name].unit in ("{ULN}", "{LLN}")
            first = (
                text.number_text(self.limits[node.left.name].value)
                if bare and isinstance(node.left, n.Param)
                else left(lists)
            )
            return f"{first} {SIGNS[node.sign]} {right(lists)}"

        return say

    def visit_power(self, node: n.Power, base: Say, exponent: Say) -> Say:
        return lambda lists: f"{base(lists)} ^ {exponent(lists)}"

    def visit_logarithm(self, node: n.Logarithm, arg: Say) -> Say:
        name = "ln" if node.base == "e" else "log10"
        return lambda lists: f"{name}({arg(lists)})"

    def visit_extreme(self, node: n.Extreme, args: tuple[Say, ...]) -> Say:
        name = "the smaller" if node.which == "min" else "the larger"
        return lambda lists: f"{name} of {text.list_text((arg(lists) for arg in args), 'and')}"

    def visit_count(self, node: n.Count, where: Say) -> Say:
        return lambda lists: f"number of {self.counted_text(node.records, where, lists)}"

    def visit_aggregate(self, node: n.Aggregate, value: Say, where: Say, otherwise: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            inner = (self.schema.records[node.records], *lists)
            counted = self.counted_text(node.records, where, lists)
            return f"{STATISTICS[node.function]} {value(inner)} of {counted}"

        return say

    def counted_text(self, name: str, where: Say, lists: EnclosingTypes) -> str:
        records = self.schema.records[name]
        condition = where((records, *lists))
        return f"{records.label} with ({condition})" if condition else records.label

    def visit_score(self, node: n.Score, items: tuple[Say, ...]) -> Say:
        def say(lists: EnclosingTypes) -> str:
            told = (
                f"{text.trim_zeros(points)} for {item(lists)}" for points, item in zip(node.points, items, strict=True)
            )
            return f"points ({'; '.join(told)})"

        return say

    def visit_case(self, node: n.Case, conditions: tuple[Say, ...], values: tuple[Say, ...], otherwise: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            told = (f"{value(lists)} where {rule(lists)}" for rule, value in zip(conditions, values, strict=True))
            return f"{'; '.join(told)}; otherwise {otherwise(lists)}"

        return say

    def visit_in_unit(self, node: n.InUnit, arg: Say) -> Say:
        return lambda lists: f"{arg(lists)} in {unit_text(node.unit)}"

    def visit_choose(self, node: n.Choose, arg: Say) -> Say:
        return lambda lists: f"a factor by {arg(lists)}"

    def visit_lookup(self, node: n.Lookup, keys: tuple[Say, ...]) -> Say:
        title = self.schema.tables[node.table].title
        return lambda lists: f"{title} by {text.list_text((key(lists) for key in keys), 'and')}"

    def visit_formula(self, node: n.Formula, value: Say) -> Say:
        return lambda lists: node.label

    def visit_if_known(self, node: n.IfKnown, given: tuple[Say, ...], then: Say, otherwise: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            missing = text.list_text(fact(lists) for fact in given)
            return f"{then(lists)} (where {missing} is not known: {otherwise(lists)})"

        return say

    # Conditions

    def visit_compare(self, node: n.Compare, left: Say, right: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            return f"{left(lists)} {self.relation(node, lists)} {right(lists)}"

        return say

    def relation(self, node: n.Compare, lists: EnclosingTypes) -> str:
        dates = isinstance(node.left, n.Fact) and self.type_of(node.left.path, lists).kind == "date"
        return (text.DATE_RELATIONS if dates else text.NUMBER_RELATIONS)[node.operator]

    def visit_one_of(self, node: n.OneOf, arg: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            return f"{arg(lists)} is {text.codes_text(node.options, self.type_of(node.arg.path, lists).options)}"

        return say

    def visit_has(self, node: n.Has, arg: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            options = text.codes_text(node.options, self.type_of(node.arg.path, lists).options)
            return f"{arg(lists)} {'nothing but' if node.only else 'with'} {options}"

        return say

    def visit_common(self, node: n.Common, left: Say, right: Say) -> Say:
        return lambda lists: f"{left(lists)} has something in common with {right(lists)}"

    def visit_same(self, node: n.Same, left: Say, right: Say) -> Say:
        return lambda lists: f"{left(lists)} is the same as {right(lists)}"

    def visit_names(self, node: n.Names, arg: Say) -> Say:
        return lambda lists: f"{arg(lists)} names {text.list_text(node.words)}"

    def visit_miscoded(self, node: n.Miscoded, names: Say, codes: Say) -> Say:
        return lambda lists: f"{names(lists)} and {codes(lists)} disagree"

    def visit_some_day(self, node: n.SomeDay, before: Say) -> Say:
        return lambda lists: f"some day before {before(lists)}"

    def visit_known(self, node: n.Known, arg: Say) -> Say:
        return lambda lists: f"{arg(lists)} known"

    def visit_detected(self, node: n.Detected, result: Say) -> Say:
        return lambda lists: f"{result(lists)} above its limit of detection"

    def visit_within(self, node: n.Within, event: Say, period: Say, anchor: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            if self.limits[node.period.name].value is None:
                return f"{event(lists)} at any time"
            if node.direction == "since":
                return f"{event(lists)} no earlier than {period(lists)} before {anchor(lists)}"
            return f"{event(lists)} within {period(lists)} {node.direction} {anchor(lists)}"

        return say

    def visit_some(self, node: n.Some, where: Say) -> Say:
        records = self.schema.records[node.records]
        if records.absence == "asked":
            return self.condition_text(node, records)
        article = "another" if node.other else "some"
        return lambda lists: f"{article} {records.item} with ({where((records, *lists))})"

    def condition_text(self, node: n.Some, records: RecordsType) -> Say:
        """Return the text of a condition of the history.

        That the subject has or had it is left out where more is asked of it.
        """
        if isinstance(node.where, n.AllOf):
            detail: Say = fold(node.where.args[1], self)
            return lambda lists: f"{records.label} ({detail((records, *lists))})"
        return lambda lists: f"{records.label}, past or current"

    def visit_latest(self, node: n.Latest, where: Say, by: Say, then: Say, otherwise: Say) -> Say:
        def say(lists: EnclosingTypes) -> str:
            records = self.schema.records[node.records]
            inner = (records, *lists)
            return (
                f"the latest {records.item} with ({where(inner)}) has ({then(inner)});"
                f" where there is none, ({otherwise(lists)})"
            )

        return say

    def visit_not(self, node: n.Not, arg: Say) -> Say:
        return lambda lists: f"not ({arg(lists)})"

    def visit_all_of(self, node: n.AllOf, args: tuple[Say, ...]) -> Say:
        return lambda lists: self.join_conditions(node.args, args, " and ", lists)

    def visit_any_of(self, node: n.AnyOf, args: tuple[Say, ...]) -> Say:
        return lambda lists: self.join_conditions(node.args, args, " or ", lists)

    def visit_at_least(self, node: n.AtLeast, number: Say, args: tuple[Say, ...]) -> Say:
        return lambda lists: f"at least {number(lists)} of: {'; '.join(arg(lists) for arg in args)}"

    def join_conditions(
        self, nodes: tuple[n.Node, ...], args: tuple[Say, ...], word: str, lists: EnclosingTypes
    ) -> str:
        composite = (n.AllOf, n.AnyOf, n.AtLeast, n.IfKnown)
        is_idle = self.always if word == " and " else self.never
        told = [(node, arg) for node, arg in zip(nodes, args, strict=True) if not is_idle(node)]
        texts = [
            f"({arg(lists)})" if isinstance(node, composite) and len(told) > 1 else arg(lists) for node, arg in told
        ]
        return word.join(texts)

    def always(self, node: n.Node) -> bool:
        """Return whether an open window makes a condition hold for everybody.

        A sentence is clearer without such a condition.
        """
        match node:
            case n.Within(period=n.Param(name)):
                return self.limits[name].value is None
            case n.Named(_, arg):
                return self.always(arg)
            case n.AnyOf(args):
                return any(map(self.always, args))
            case n.IfKnown(_, then, otherwise):
                return self.always(then) and self.always(otherwise)
        return isinstance(node, n.Not) and self.never(node.arg)

    def never(self, node: n.Node) -> bool:
        """Return whether an open window makes a condition hold for nobody."""
        return isinstance(node, n.Not) and self.always(node.arg)

    def visit_judgement(self, node: n.Judgement, about: object) -> Say:
        return lambda lists: f"undecided: {node.question}"

    def visit_named(self, node: n.Named, arg: Say) -> Say:
        """Explain a name at its first use; afterwards use the name alone."""

        def say(lists: EnclosingTypes) -> str:
            if node.label in self.defined:
                return node.label
            self.defined.add(node.label)
            return f"{node.label} ({arg(lists)})"

        return say
