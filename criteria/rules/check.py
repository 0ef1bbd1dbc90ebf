"""Checks a rule before it is ever used: facts that exist, types that agree, units that convert, limits that are there.

One walk gives every fault with the node it belongs to, and what each value node measures, which `evaluate` needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from criteria.rules import nodes as n
from criteria.rules.facts import FactType, Limit, RecordsType, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.units import PERIODS, PLAIN, YEARS, Quantity, quantity_of


@dataclass(frozen=True)
class Kind:
    """What a node yields. A reported quantity has units that differ from result to result."""

    name: Literal["number", "date", "code", "codes", "text", "condition", "nothing"]
    quantity: Quantity = PLAIN
    reported: bool = False
    result: bool = False
    options: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lists:
    """The lists of records around a node, the nearest first."""

    name: str
    type: RecordsType
    around: Lists | None


CONDITION, NOTHING, DATE, NUMBER = Kind("condition"), Kind("nothing"), Kind("date"), Kind("number")
Checker = Callable[[Lists | None], Kind]


@dataclass(frozen=True)
class Checked:
    faults: tuple[tuple[n.Node, str], ...]
    kinds: Mapping[int, Kind]


def check(rule: n.Node, schema: Schema, limits: Mapping[str, Limit]) -> Checked:
    """Everything that is wrong with a rule, which must be a condition."""
    algebra = Check(schema, limits)
    if fold(rule, algebra)(None).name not in ("condition", "nothing"):
        algebra.fault(rule, "a value stands where a condition is needed")
    return Checked(tuple(algebra.faults), algebra.kinds)


class Check(Algebra):
    def __init__(self, schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.schema = schema
        self.limits = limits
        self.faults: list[tuple[n.Node, str]] = []
        self.kinds: dict[int, Kind] = {}

    def fault(self, node: n.Node, message: str) -> Kind:
        """Notes a fault, unless it only follows from what could not be read in the first place."""
        if all(fact.path for fact in n.facts_in(node)) and not (isinstance(node, n.Param) and not node.name):
            self.faults.append((node, message))
        return NOTHING

    def noted(self, node: n.Node, kind: Kind) -> Kind:
        self.kinds[id(node)] = kind
        return kind

    def expect(self, node: n.Node, kind: Kind, *names: str) -> None:
        if kind.name not in (*names, "nothing"):
            self.fault(node, f"{described(node)} is a {kind.name}; a {' or a '.join(names)} is needed here")

    # Values

    def visit_fact(self, node: n.Fact) -> Checker:
        return lambda lists: self.noted(node, self.fact_kind(node, lists))

    def fact_kind(self, node: n.Fact, lists: Lists | None) -> Kind:
        if not node.path.startswith("."):
            if fact := self.schema.facts.get(node.path):
                return kind_of(fact)
            return self.fault(node, f"unknown fact “{node.path}”{nearest(node.path, self.schema.facts)}")
        name = node.path.lstrip(".")
        for _ in range(len(node.path) - len(name) - 1):
            lists = lists.around if lists else None
        if lists is None:
            return self.fault(node, f"“{node.path}” stands outside a list of records")
        if fact := lists.type.fields.get(name):
            return kind_of(fact)
        return self.fault(node, f"unknown fact “{name}” of {lists.name}{nearest(name, lists.type.fields)}")

    def visit_param(self, node: n.Param) -> Checker:
        return lambda lists: self.noted(node, self.param_kind(node))

    def param_kind(self, node: n.Param) -> Kind:
        limit = self.limits.get(node.name)
        if limit is None:
            return self.fault(node, f"missing parameter “{node.name}”{nearest(node.name, self.limits)}")
        return Kind("number", quantity_of(limit.unit))

    def visit_number(self, node: n.Number) -> Checker:
        return lambda lists: self.noted(node, NUMBER)

    def visit_by_unit(self, node: n.ByUnit, limits: tuple[Checker, ...]) -> Checker:
        def run(lists: Lists | None) -> Kind:
            for limit in limits:
                limit(lists)
            return NUMBER

        return run

    def visit_age(self, node: n.Age, born: Checker, on: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            self.expect(node.born, born(lists), "date")
            self.expect(node.on, on(lists), "date")
            return self.noted(node, Kind("number", YEARS))

        return run

    def visit_shift(self, node: n.Shift, day: Checker, period: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            self.expect(node.day, day(lists), "date")
            self.period(node.period, period(lists), may_be_open=False)
            return self.noted(node, DATE)

        return run

    def period(self, node: n.Param, kind: Kind, *, may_be_open: bool) -> None:
        limit = self.limits.get(node.name)
        if limit is None or kind.name == "nothing":
            return
        if limit.unit not in PERIODS:
            self.fault(node, f"wrong unit: {node.name} is in “{limit.unit}”; a window is counted in {', '.join(PERIODS)}")
        elif limit.value is None and not may_be_open:
            self.fault(node, f"{node.name} may not be open (any time) here: the day is counted from it")
        elif limit.value is not None and limit.value != limit.value.to_integral_value():
            self.fault(node, f"{node.name} = {limit.value} {limit.unit}: a window is counted in whole {limit.unit}")

    def visit_arithmetic(self, node: n.Arithmetic, left: Checker, right: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            kinds = left(lists), right(lists)
            self.expect(node.left, kinds[0], "number")
            self.expect(node.right, kinds[1], "number")
            self.closed(node.left)
            self.closed(node.right)
            return self.noted(node, self.arithmetic_kind(node, *kinds))

        return run

    def closed(self, node: n.Node) -> None:
        if isinstance(node, n.Param) and (limit := self.limits.get(node.name)) and limit.value is None:
            self.fault(node, f"{node.name} is open (any time): only a window may be")

    def arithmetic_kind(self, node: n.Arithmetic, left: Kind, right: Kind) -> Kind:
        """Sums keep a common unit; a plain number scales; a ratio of likes is plain; any other product is plain too."""
        if "nothing" in (left.name, right.name):
            return NOTHING
        if node.sign in ("plus", "minus"):
            if left.quantity == right.quantity or isinstance(node.right, n.Number):
                return left
            return right if isinstance(node.left, n.Number) else self.differ(node, left, right)
        if left.quantity == right.quantity:
            return NUMBER
        if node.sign == "times" and left.quantity == PLAIN:
            return right
        if right.quantity == PLAIN:
            return left
        for arg, kind in ((node.left, left), (node.right, right)):
            if kind.reported:
                self.fault(arg, f"{described(arg)} is reported in several units: say in which, with `in`")
        return NUMBER

    def differ(self, node: n.Node, left: Kind, right: Kind) -> Kind:
        units = f"“{left.quantity.units[0]}” and “{right.quantity.units[0]}”"
        return self.fault(node, f"wrong unit: {units} do not go together")

    def visit_in_unit(self, node: n.InUnit, arg: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "number")
            if kind.name == "number" and node.unit not in kind.quantity.units:
                right = ", ".join(kind.quantity.units)
                self.fault(node, f"wrong unit “{node.unit}” for {described(node.arg)}: {right}")
            return self.noted(node, NUMBER)

        return run

    def visit_choose(self, node: n.Choose, arg: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "code")
            self.options(node, kind, tuple(code for code, _ in node.cases))
            return self.noted(node, NUMBER)

        return run

    def visit_formula(self, node: n.Formula, value: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            self.expect(node.value, value(lists), "number")
            return self.noted(node, Kind("number", quantity_of(node.unit)))

        return run

    def visit_if_known(self, node: n.IfKnown, given: tuple[Checker, ...], then: Checker, otherwise: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            for fact in given:
                fact(lists)
            kinds = then(lists), otherwise(lists)
            if kinds[0].name != kinds[1].name and NOTHING not in kinds:
                return self.fault(node, f"one branch is a {kinds[0].name}, the other a {kinds[1].name}")
            if kinds[0].name == "number" and not set(kinds[1].quantity.units) <= set(kinds[0].quantity.units):
                return self.differ(node, *kinds)
            return self.noted(node, kinds[0])

        return run

    # Conditions

    def visit_compare(self, node: n.Compare, left: Checker, right: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            kinds = left(lists), right(lists)
            self.expect(node.left, kinds[0], "number", "date")
            self.closed(node.right)
            if isinstance(node.left, n.Param | n.ByUnit):
                self.fault(node.left, "a limit stands on the right of a comparison")
            elif isinstance(node.right, n.Param | n.ByUnit):
                self.limit_units(node, kinds[0])
            elif NOTHING not in kinds and (kinds[0].name != kinds[1].name):
                self.fault(node, f"a {kinds[0].name} cannot be compared with a {kinds[1].name}")
            elif NOTHING not in kinds and kinds[0].quantity != kinds[1].quantity:
                self.differ(node, *kinds)
            return CONDITION

        return run

    def limit_units(self, node: n.Compare, kind: Kind) -> None:
        """Each family of units in which the value may be reported needs one limit, in a unit of that family."""
        if kind.name == "date":
            self.fault(node.right, "a date is compared with a date: shift one with `before` or `after`")
            return
        if kind.name != "number":
            return
        covered: set[int] = set()
        for param in (node.right,) if isinstance(node.right, n.Param) else n.children(node.right):
            limit = self.limits.get(param.name) if isinstance(param, n.Param) else None
            if limit and limit.unit not in kind.quantity.units:
                right = ", ".join(kind.quantity.units)
                self.fault(param, f"wrong unit: {limit.name} is in “{limit.unit}”; {described(node.left)} is in {right}")
            elif limit:
                covered.add(kind.quantity.family(limit.unit))
                self.closed(param)
        for index, family in enumerate(kind.quantity.families):
            if covered and index not in covered:
                self.fault(node.right, f"no limit for {described(node.left)} reported in {', '.join(family)}")

    def visit_one_of(self, node: n.OneOf, arg: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "code")
            self.options(node, kind, node.options)
            return CONDITION

        return run

    def visit_has(self, node: n.Has, arg: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "codes")
            self.options(node, kind, node.options)
            return CONDITION

        return run

    def options(self, node: n.OneOf | n.Has | n.Choose, kind: Kind, options: tuple[str, ...]) -> None:
        if not options and isinstance(node, n.Choose):
            self.fault(node, f"empty option list for {described(node.arg)}")
        for option in options:
            if kind.options and option not in kind.options:
                right = ", ".join(sorted(kind.options))
                self.fault(node, f"“{option}” is not a code of {described(node.arg)}: {right}")

    def visit_known(self, node: n.Known, arg: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            arg(lists)
            return CONDITION

        return run

    def visit_detected(self, node: n.Detected, result: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            kind = result(lists)
            if kind.name != "nothing" and not kind.result:
                self.fault(node, f"{described(node.result)} is not a laboratory result")
            return CONDITION

        return run

    def visit_within(self, node: n.Within, event: Checker, period: Checker, anchor: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            self.expect(node.event, event(lists), "date")
            self.expect(node.anchor, anchor(lists), "date")
            self.period(node.period, period(lists), may_be_open=True)
            return CONDITION

        return run

    def visit_some(self, node: n.Some, where: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            if node.other and (lists is None or lists.name != node.records):
                self.fault(node, f"`other` needs a record of {node.records} at hand")
            if inner := self.list_of(node, node.records, lists):
                self.expect(node.where, where(inner), "condition")
            return CONDITION

        return run

    def list_of(self, node: n.Node, name: str, around: Lists | None) -> Lists | None:
        records = self.schema.records.get(name)
        if records is None:
            self.fault(node, f"unknown list “{name}”{nearest(name, self.schema.records)}")
            return None
        return Lists(name, records, around)

    def visit_latest(
        self, node: n.Latest, where: Checker, by: Checker, then: Checker, otherwise: Checker
    ) -> Checker:
        def run(lists: Lists | None) -> Kind:
            if inner := self.list_of(node, node.records, lists):
                self.expect(node.where, where(inner), "condition")
                self.expect(node.by, by(inner), "date")
                self.expect(node.then, then(inner), "condition")
                if inner.type.absence == "asked":
                    self.fault(node, "the latest entry of a condition that is asked is not defined; use `some`")
            self.expect(node.otherwise, otherwise(lists), "condition")
            return CONDITION

        return run

    def visit_not(self, node: n.Not, arg: Checker) -> Checker:
        return lambda lists: self.conditions((node.arg,), (arg,), lists)

    def visit_all_of(self, node: n.AllOf, args: tuple[Checker, ...]) -> Checker:
        return lambda lists: self.conditions(node.args, args, lists)

    def visit_any_of(self, node: n.AnyOf, args: tuple[Checker, ...]) -> Checker:
        return lambda lists: self.conditions(node.args, args, lists)

    def visit_judgement(self, node: n.Judgement, about: Checker) -> Checker:
        def run(lists: Lists | None) -> Kind:
            if node.about.path not in self.schema.records:
                about(lists)
            return CONDITION if node.about.path else NOTHING

        return run

    def visit_named(self, node: n.Named, arg: Checker) -> Checker:
        return lambda lists: self.conditions((node.arg,), (arg,), lists)

    def conditions(self, args: tuple[n.Node, ...], checkers: tuple[Checker, ...], lists: Lists | None) -> Kind:
        for arg, checker in zip(args, checkers, strict=True):
            self.expect(arg, checker(lists), "condition")
        return CONDITION


def kind_of(fact: FactType) -> Kind:
    return Kind(fact.kind, fact.quantity, fact.reported, fact.result, frozenset(fact.options))


def described(node: n.Node) -> str:
    match node:
        case n.Fact(path):
            return f"“{path}”"
        case n.Param(name):
            return f"“${name}”"
        case n.Formula(label):
            return f"“{label}”"
        case _:
            return "this"


def nearest(name: str, names: Mapping[str, object]) -> str:
    """A hint at what was probably meant."""
    close = get_close_matches(name, list(names), n=1)
    return f"; did you mean “{close[0]}”?" if close else ""
