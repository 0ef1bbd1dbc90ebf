"""Static check of a rule before use: facts that exist, types that agree, units that convert, limits that exist.

One walk collects every fault with the node it belongs to, and what each value node measures, which `evaluate`
needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from criteria.rules import nodes as n
from criteria.rules.check_values import SAY_THE_UNIT, CheckValues, KindCheck, is_as_reported
from criteria.rules.facts import Limit, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.kinds import CONDITION, NOTHING, EnclosingList, Kind, node_text
from criteria.rules.units import DIMENSIONLESS


@dataclass(frozen=True)
class CheckResult:
    faults: tuple[tuple[n.Node, str], ...]
    kinds: Mapping[int, Kind]


def check_rule(rule: n.Node, schema: Schema, limits: Mapping[str, Limit]) -> CheckResult:
    """Return everything that is wrong with a rule, which must be a condition, and the kinds of its value nodes."""
    algebra = CheckRule(schema, limits)
    if fold(rule, algebra)(None).name not in ("condition", "nothing"):
        algebra.fault(rule, "a value stands where a condition is needed")
    return CheckResult(tuple(algebra.faults), algebra.kinds)


def check_value(
    value: n.Node, schema: Schema, limits: Mapping[str, Limit], lists: EnclosingList | None = None
) -> CheckResult:
    """Return everything that is wrong with a value, which stands within `lists`, and the kinds of its nodes."""
    algebra = CheckRule(schema, limits)
    if fold(value, algebra)(lists).name == "condition":
        algebra.fault(value, "a condition stands where a value is needed")
    return CheckResult(tuple(algebra.faults), algebra.kinds)


class CheckRule(CheckValues, Algebra):
    def visit_compare(self, node: n.Compare, left: KindCheck, right: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kinds = left(lists), right(lists)
            self.expect(node.left, kinds[0], "number", "date")
            self.refuse_open_limit(node.right)
            if isinstance(node.left, n.Param | n.ByUnit):
                self.fault(node.left, "a limit stands on the right of a comparison")
            elif isinstance(node.right, n.Number):
                self.fault(node.right, "a threshold is a parameter: declare it and write $name")
            elif isinstance(node.right, n.Param | n.ByUnit):
                self.limit_units(node, kinds[0])
            elif NOTHING not in kinds and (kinds[0].name != kinds[1].name):
                self.fault(node, f"a {kinds[0].name} cannot be compared with a {kinds[1].name}")
            elif NOTHING not in kinds and kinds[0].quantity != kinds[1].quantity:
                self.differ(node, *kinds)
            else:
                self.families(node, kinds[0])
            return CONDITION

        return run

    def families(self, node: n.Compare, kind: Kind) -> None:
        """Add a fault where two results may be reported in units that do not convert.

        A result and its own uln or lod share their unit.
        """
        if kind.reported and len(kind.quantity.families) > 1:
            self.refuse_several_results(node)

    def limit_units(self, node: n.Compare, kind: Kind) -> None:
        """Require one limit for each family of units in which the value may be reported, in a unit of that family."""
        if kind.name == "date":
            self.fault(node.right, "a date is compared with a date: shift one with `before` or `after`")
            return
        if kind.name != "number":
            return
        if len(kind.quantity.families) > 1 and not is_as_reported(node.left):
            self.fault(
                node.left,
                f"{node_text(node.left)} is computed from a result in units that do not convert: {SAY_THE_UNIT}",
            )
        covered: set[int] = set()
        for param in (node.right,) if isinstance(node.right, n.Param) else n.children(node.right):
            limit = self.limits.get(param.name) if isinstance(param, n.Param) else None
            if limit and limit.unit not in kind.quantity.units:
                right = ", ".join(kind.quantity.units)
                self.fault(
                    param, f"wrong unit: {limit.name} is in “{limit.unit}”; {node_text(node.left)} is in {right}"
                )
            elif limit:
                if kind.quantity.family(limit.unit) in covered:
                    self.fault(param, f"a second limit for {node_text(node.left)} reported in {limit.unit}")
                covered.add(kind.quantity.family(limit.unit))
                self.refuse_open_limit(param)
        for index, family in enumerate(kind.quantity.families):
            if covered and index not in covered:
                self.fault(node.right, f"no limit for {node_text(node.left)} reported in {', '.join(family)}")

    def visit_one_of(self, node: n.OneOf, arg: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "code")
            self.options(node, kind, node.options)
            return CONDITION

        return run

    def visit_has(self, node: n.Has, arg: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "codes")
            self.options(node, kind, node.options)
            return CONDITION

        return run

    def visit_common(self, node: n.Common, left: KindCheck, right: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kinds = left(lists), right(lists)
            self.expect(node.left, kinds[0], "code", "codes")
            self.expect(node.right, kinds[1], kinds[0].name)
            return CONDITION

        return run

    def visit_same(self, node: n.Same, left: KindCheck, right: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kinds = left(lists), right(lists)
            self.expect(node.left, kinds[0], "code", "text", "number", "date")
            self.expect(node.right, kinds[1], kinds[0].name)
            if kinds[0].name == kinds[1].name == "number" and kinds[0].quantity != kinds[1].quantity:
                self.differ(node, *kinds)
            return CONDITION

        return run

    def visit_names(self, node: n.Names, arg: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.expect(node.arg, arg(lists), "text")
            return CONDITION

        return run

    def visit_miscoded(self, node: n.Miscoded, names: KindCheck, codes: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.expect(node.names, names(lists), "text")
            self.expect(node.codes, codes(lists), "codes")
            if self.schema.drugs is None:
                self.fault(node, "the definition lists no drugs")
            return CONDITION

        return run

    def visit_some_day(self, node: n.SomeDay, before: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.expect(node.before, before(lists), "date")
            return CONDITION

        return run

    def visit_known(self, node: n.Known, arg: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            records = self.schema.records.get(node.arg.path)
            if records is None or records.absence != "asked":
                arg(lists)
            return CONDITION

        return run

    def visit_detected(self, node: n.Detected, result: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kind = result(lists)
            if kind.name != "nothing" and (not kind.result or f"{node.result.path}.lod" not in self.schema.facts):
                self.fault(
                    node, f"{node_text(node.result)} is not a laboratory result with a limit of detection (lod: true)"
                )
            return CONDITION

        return run

    def visit_within(self, node: n.Within, event: KindCheck, period: KindCheck, anchor: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.expect(node.event, event(lists), "date")
            self.expect(node.anchor, anchor(lists), "date")
            self.period(node.period, period(lists), may_be_open=True)
            return CONDITION

        return run

    def visit_some(self, node: n.Some, where: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            if node.other and not self.has_at_hand(node.records, lists):
                self.fault(node, f"`other` needs a record of {node.records} at hand")
            if inner := self.list_of(node, node.records, lists):
                self.expect(node.where, where(inner), "condition")
            return CONDITION

        return run

    def has_at_hand(self, name: str, lists: EnclosingList | None) -> bool:
        """Return whether a record of the list is at hand or, since format 3, around the one at hand."""
        if lists is None or lists.name == name or self.schema.format < 3:
            return lists is not None and lists.name == name
        return self.has_at_hand(name, lists.around)

    def visit_latest(
        self, node: n.Latest, where: KindCheck, by: KindCheck, then: KindCheck, otherwise: KindCheck
    ) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            if inner := self.list_of(node, node.records, lists):
                self.expect(node.where, where(inner), "condition")
                self.expect(node.by, by(inner), "date")
                self.expect(node.then, then(inner), "condition")
                if inner.type.absence == "asked":
                    self.fault(node, "the latest entry of a condition that is asked is not defined; use `some`")
            self.expect(node.otherwise, otherwise(lists), "condition")
            return CONDITION

        return run

    def visit_not(self, node: n.Not, arg: KindCheck) -> KindCheck:
        return lambda lists: self.conditions((node.arg,), (arg,), lists)

    def visit_all_of(self, node: n.AllOf, args: tuple[KindCheck, ...]) -> KindCheck:
        return lambda lists: self.conditions(node.args, args, lists)

    def visit_any_of(self, node: n.AnyOf, args: tuple[KindCheck, ...]) -> KindCheck:
        return lambda lists: self.conditions(node.args, args, lists)

    def visit_at_least(self, node: n.AtLeast, number: KindCheck, args: tuple[KindCheck, ...]) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.needed_number(node, number(lists))
            return self.conditions(node.args, args, lists)

        return run

    def needed_number(self, node: n.AtLeast, kind: Kind) -> None:
        """Add a fault where the number of conditions is none that some of them could reach, or all of them miss."""
        if not isinstance(node.number, n.Param | n.Number):
            self.fault(node.number, "the number of conditions is a parameter or a whole number")
            return
        limit = self.limits.get(node.number.name) if isinstance(node.number, n.Param) else None
        value = limit.value if limit else node.number.value if isinstance(node.number, n.Number) else Decimal(1)
        if kind.name == "number" and kind.quantity != DIMENSIONLESS:
            self.fault(node.number, f"{node_text(node.number)} has a unit; a number of conditions has none")
        elif value is None or value != value.to_integral_value() or not 1 <= value <= len(node.args):
            found = "open (any time)" if value is None else str(value)
            self.fault(
                node.number, f"{found} of {len(node.args)} conditions: a whole number from 1 to {len(node.args)}"
            )

    def visit_judgement(self, node: n.Judgement, about: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            if node.about.path not in self.schema.records:
                about(lists)
            return CONDITION if node.about.path else NOTHING

        return run

    def visit_named(self, node: n.Named, arg: KindCheck) -> KindCheck:
        return lambda lists: self.conditions((node.arg,), (arg,), lists)

    def conditions(
        self, args: tuple[n.Node, ...], checkers: tuple[KindCheck, ...], lists: EnclosingList | None
    ) -> Kind:
        for arg, checker in zip(args, checkers, strict=True):
            self.expect(arg, checker(lists), "condition")
        return CONDITION
