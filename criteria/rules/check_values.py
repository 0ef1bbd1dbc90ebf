"""Static check of a rule's values: facts that exist, units that are compatible, limits that exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from criteria.rules import nodes as n
from criteria.rules.facts import Limit, Schema
from criteria.rules.kinds import (
    DATE,
    NOTHING,
    NUMBER,
    EnclosingList,
    Kind,
    is_interchangeable,
    kind_of,
    node_text,
    spelling_hint,
)
from criteria.rules.units import AGE_QUANTITIES, DAYS, DIMENSIONLESS, PERIOD_UNITS, quantity_of
from criteria.rules.values.half_lives import HALF_LIFE_UNITS
from criteria.rules.values.tables import Table

LONGEST_PERIOD = 5000  # of any unit: with more of them no window would clear before the calendar ends
MOST_FAULTS = 200  # of one rule: whoever reads them has to begin somewhere
SAY_THE_UNIT = "say in which it counts, with `in`"
KIND_NAMES = {"codes": "list of codes"}
KindCheck = Callable[[EnclosingList | None], Kind]


class CheckValues:
    """Interpreter that notes what each value measures and collects every fault.

    Each visit method returns a function that takes the lists of records around the node.
    """

    def __init__(self, schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.schema = schema
        self.limits = limits
        self.faults: list[tuple[n.Node, str]] = []
        self.kinds: dict[int, Kind] = {}

    def fault(self, node: n.Node, message: str) -> Kind:
        """Add a fault, unless it only follows from something that could not be read in the first place."""
        if len(self.faults) >= MOST_FAULTS:
            return NOTHING
        readable = all(fact.path for fact in n.facts_in(node)) and not (isinstance(node, n.Param) and not node.name)
        if readable and (node, message) not in self.faults:
            self.faults.append((node, message))
        return NOTHING

    def hint(self, name: str, names: Iterable[str]) -> str:
        """Return a hint at the nearest name; none once there are as many faults as are told, since it takes time."""
        return spelling_hint(name, names) if len(self.faults) < MOST_FAULTS else ""

    def note_kind(self, node: n.Node, kind: Kind) -> Kind:
        self.kinds[id(node)] = kind
        return kind

    def expect(self, node: n.Node, kind: Kind, *names: str) -> None:
        if kind.name not in (*names, "nothing"):
            needed = " or a ".join(KIND_NAMES.get(name, name) for name in names)
            self.fault(
                node, f"{node_text(node)} is a {KIND_NAMES.get(kind.name, kind.name)}; a {needed} is needed here"
            )

    def visit_fact(self, node: n.Fact) -> KindCheck:
        return lambda lists: self.note_kind(node, self.fact_kind(node, lists))

    def fact_kind(self, node: n.Fact, lists: EnclosingList | None) -> Kind:
        if not node.path.startswith("."):
            if fact := self.schema.facts.get(node.path):
                return kind_of(fact)
            return self.fault(node, f"unknown fact “{node.path}”{self.hint(node.path, self.schema.facts)}")
        name = node.path.lstrip(".")
        for _ in range(len(node.path) - len(name) - 1):
            lists = lists.around if lists else None
        if lists is None:
            return self.fault(node, f"“{node.path}” stands outside a list of records")
        if fact := lists.type.fields.get(name):
            return kind_of(fact)
        return self.fault(node, f"unknown fact “{name}” of {lists.name}{self.hint(name, lists.type.fields)}")

    def visit_param(self, node: n.Param) -> KindCheck:
        return lambda lists: self.note_kind(node, self.param_kind(node))

    def param_kind(self, node: n.Param) -> Kind:
        limit = self.limits.get(node.name)
        if limit is None:
            return self.fault(node, f"missing parameter “{node.name}”{self.hint(node.name, self.limits)}")
        return Kind("number", quantity_of(limit.unit))

    def visit_number(self, node: n.Number) -> KindCheck:
        return lambda lists: self.note_kind(node, NUMBER)

    def visit_by_unit(self, node: n.ByUnit, limits: tuple[KindCheck, ...]) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            for limit in limits:
                limit(lists)
            return NUMBER

        return run

    def visit_age(self, node: n.Age, born: KindCheck, on: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.expect(node.born, born(lists), "date")
            self.expect(node.on, on(lists), "date")
            return self.note_kind(node, Kind("number", AGE_QUANTITIES[node.unit]))

        return run

    def visit_elapsed(self, node: n.Elapsed, start: KindCheck, end: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.expect(node.start, start(lists), "date")
            self.expect(node.end, end(lists), "date")
            return self.note_kind(node, Kind("number", DAYS))

        return run

    def visit_half_lives(self, node: n.HalfLives, of: KindCheck, times: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kind = of(lists)
            self.expect(node.of, kind, "text", "number")
            self.plain_kind(node, (node.times,), (times(lists),))
            if kind.name == "text" and self.schema.drugs is None:
                self.fault(node, "the definition lists no drugs: give the half-life in a field of type number")
            elif kind.name == "number" and (kind.reported or kind.quantity.units[0] not in HALF_LIFE_UNITS):
                units = ", ".join(HALF_LIFE_UNITS)
                self.fault(node.of, f"{node_text(node.of)} is no half-life: its unit is none of {units}")
            return self.note_kind(node, Kind("number", DAYS))

        return run

    def visit_shift(self, node: n.Shift, day: KindCheck, period: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            self.expect(node.day, day(lists), "date")
            self.period(node.period, period(lists), may_be_open=False)
            return self.note_kind(node, DATE)

        return run

    def period(self, node: n.Param, kind: Kind, *, may_be_open: bool) -> None:
        limit = self.limits.get(node.name)
        if limit is None or kind.name == "nothing":
            return
        if limit.unit not in PERIOD_UNITS:
            self.fault(
                node, f"wrong unit: {node.name} is in “{limit.unit}”; a window is counted in {', '.join(PERIOD_UNITS)}"
            )
        elif limit.value is None and not may_be_open:
            self.fault(node, f"{node.name} may not be open (any time) here: the day is counted from it")
        elif limit.value is not None and limit.value != limit.value.to_integral_value():
            self.fault(node, f"{node.name} = {limit.value} {limit.unit}: a window is counted in whole {limit.unit}")
        elif limit.value is not None and limit.value < 0:
            self.fault(node, f"{node.name} = {limit.value} {limit.unit}: a window is no shorter than 0")
        elif limit.value is not None and limit.value > LONGEST_PERIOD:
            self.fault(
                node, f"{node.name} = {limit.value} {limit.unit}: at most {LONGEST_PERIOD}; leave it open (any time)"
            )

    def visit_arithmetic(self, node: n.Arithmetic, left: KindCheck, right: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kinds = left(lists), right(lists)
            self.expect(node.left, kinds[0], "number")
            self.expect(node.right, kinds[1], "number")
            self.refuse_open_limit(node.left)
            self.refuse_open_limit(node.right)
            return self.note_kind(node, self.arithmetic_kind(node, *kinds))

        return run

    def refuse_open_limit(self, node: n.Node) -> None:
        if isinstance(node, n.Param) and (limit := self.limits.get(node.name)) and limit.value is None:
            self.fault(node, f"{node.name} is open (any time): only a window may be")

    def arithmetic_kind(self, node: n.Arithmetic, left: Kind, right: Kind) -> Kind:
        """Return the kind of an arithmetic operation's result.

        Sums keep a common unit; a plain number scales; a ratio of two values of one unit is plain; other
        products are of plain numbers.
        """
        if left.name != "number" or right.name != "number":
            return NOTHING
        if left.reported and right.reported and len(left.quantity.families) > 1:
            self.refuse_several_results(node)
        if node.sign in ("plus", "minus"):
            if left.quantity == right.quantity:
                return left
            if isinstance(node.right, n.Number):
                return self.single_unit_kind(node.left, left)
            return (
                self.single_unit_kind(node.right, right)
                if isinstance(node.left, n.Number)
                else self.differ(node, left, right)
            )
        if left.quantity == right.quantity and (node.sign == "over" or left.quantity == DIMENSIONLESS):
            return NUMBER
        if node.sign == "times" and left.quantity == DIMENSIONLESS:
            return right
        if right.quantity == DIMENSIONLESS:
            return left
        for arg, kind in ((node.left, left), (node.right, right)):
            self.fault(arg, f"{node_text(arg)} has a unit ({kind.quantity.units[0]}): {SAY_THE_UNIT}")
        return NUMBER

    def refuse_several_results(self, node: n.Node) -> None:
        """Add a fault where several results go together whose units need not convert.

        A result and its own limits share their unit.
        """
        results = {owning_result(fact.path) for fact in n.facts_in(node)}
        if len(results) > 1:
            named = " and ".join(sorted(name or "another record" for name in results))
            self.fault(node, f"{named} may be reported in units that do not convert: {SAY_THE_UNIT}")

    def visit_power(self, node: n.Power, base: KindCheck, exponent: KindCheck) -> KindCheck:
        return lambda lists: self.plain_kind(node, (node.base, node.exponent), (base(lists), exponent(lists)))

    def visit_logarithm(self, node: n.Logarithm, arg: KindCheck) -> KindCheck:
        return lambda lists: self.plain_kind(node, (node.arg,), (arg(lists),))

    def plain_kind(self, node: n.Node, args: tuple[n.Node, ...], kinds: tuple[Kind, ...]) -> Kind:
        """Return the kind of what is computed from plain numbers alone; name each argument that has a unit."""
        for arg, kind in zip(args, kinds, strict=True):
            self.expect(arg, kind, "number")
            self.refuse_open_limit(arg)
            if kind.name == "number" and kind.quantity != DIMENSIONLESS:
                self.fault(arg, f"{node_text(arg)} has a unit ({kind.quantity.units[0]}): {SAY_THE_UNIT}")
        return self.note_kind(node, NUMBER)

    def visit_extreme(self, node: n.Extreme, args: tuple[KindCheck, ...]) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            if len(node.args) == 1:
                self.fault(node, f"`{node.which}` of one value: give two or more, or the records of a list (`of`)")
            return self.common_kind(node, node.args, [arg(lists) for arg in args])

        return run

    def common_kind(self, node: n.Node, values: Sequence[n.Node], kinds: Sequence[Kind]) -> Kind:
        """Return the kind of a value that is one of several: numbers of one unit; bare numbers count in that unit."""
        found: Kind | None = None
        for value, kind in zip(values, kinds, strict=True):
            self.expect(value, kind, "number")
            self.refuse_open_limit(value)
            if kind.name != "number" or isinstance(value, n.Number):
                continue
            kind = self.single_unit_kind(value, kind)
            if found is not None and kind.name == "number" and kind.quantity != found.quantity:
                return self.differ(node, found, kind)
            found = found or kind
        return self.note_kind(node, Kind("number", found.quantity) if found and found.name == "number" else NUMBER)

    def visit_count(self, node: n.Count, where: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            if inner := self.list_of(node, node.records, lists):
                self.expect(node.where, where(inner), "condition")
            return self.note_kind(node, NUMBER)

        return run

    def visit_aggregate(self, node: n.Aggregate, value: KindCheck, where: KindCheck, otherwise: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            inner = self.list_of(node, node.records, lists)
            if inner is None:
                return self.note_kind(node, NUMBER)
            self.expect(node.where, where(inner), "condition")
            return self.common_kind(node, (node.value, node.otherwise), (value(inner), otherwise(lists)))

        return run

    def visit_score(self, node: n.Score, items: tuple[KindCheck, ...]) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            for item, check in zip(node.items, items, strict=True):
                self.expect(item, check(lists), "condition")
            return self.note_kind(node, NUMBER)

        return run

    def visit_case(
        self, node: n.Case, conditions: tuple[KindCheck, ...], values: tuple[KindCheck, ...], otherwise: KindCheck
    ) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            for condition, check in zip(node.conditions, conditions, strict=True):
                self.expect(condition, check(lists), "condition")
            kinds = [value(lists) for value in (*values, otherwise)]
            return self.common_kind(node, (*node.values, node.otherwise), kinds)

        return run

    def list_of(self, node: n.Node, name: str, around: EnclosingList | None) -> EnclosingList | None:
        records = self.schema.records.get(name)
        if records is None:
            self.fault(node, f"unknown list “{name}”{self.hint(name, self.schema.records)}")
            return None
        return EnclosingList(name, records, around)

    def single_unit_kind(self, node: n.Node, kind: Kind) -> Kind:
        """Return the kind of a value to which a bare number is added; refuse it if it has several units."""
        if kind.reported and len(kind.quantity.units) > 1:
            return self.fault(node, f"{node_text(node)} is reported in several units: say in which, with `in`")
        return kind

    def differ(self, node: n.Node, left: Kind, right: Kind) -> Kind:
        units = f"“{left.quantity.units[0]}” and “{right.quantity.units[0]}”"
        return self.fault(node, f"wrong unit: {units} do not go together")

    def visit_in_unit(self, node: n.InUnit, arg: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "number")
            if kind.name == "number" and node.unit not in kind.quantity.units:
                right = ", ".join(kind.quantity.units)
                hint = self.hint(node.unit, kind.quantity.units)
                self.fault(node, f"wrong unit “{node.unit}” for {node_text(node.arg)}: {right}{hint}")
            return self.note_kind(node, NUMBER)

        return run

    def visit_choose(self, node: n.Choose, arg: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kind = arg(lists)
            self.expect(node.arg, kind, "code")
            self.options(node, kind, tuple(code for code, _ in node.cases))
            if lacking := sorted(kind.options - {code for code, _ in node.cases}):
                self.fault(node, f"no number for {node_text(node.arg)}: {', '.join(lacking)}")
            return self.note_kind(node, NUMBER)

        return run

    def visit_lookup(self, node: n.Lookup, keys: tuple[KindCheck, ...]) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kinds = [key(lists) for key in keys]
            table = self.schema.tables.get(node.table)
            if table is None:
                hint = self.hint(node.table, self.schema.tables)
                return self.note_kind(node, self.fault(node, f"unknown table “{node.table}”{hint}"))
            if len(node.keys) != len(table.keys):
                names = ", ".join(key.name for key in table.keys)
                self.fault(node, f"{len(node.keys)} keys: the table “{node.table}” has {len(table.keys)}: {names}")
            for at, (key, kind) in enumerate(zip(node.keys, kinds, strict=True)):
                if at < len(table.keys):
                    self.table_key(key, kind, table, at)
            return self.note_kind(node, Kind("number", quantity_of(table.unit)))

        return run

    def table_key(self, node: n.Node, kind: Kind, table: Table, at: int) -> None:
        """Add a fault where a key is no code with just the codes of the table, or no number in its unit."""
        key = table.keys[at]
        if not key.is_code:
            self.expect(node, kind, "number")
            self.refuse_open_limit(node)
            if kind.name == "number" and self.single_unit_kind(node, kind).name == "number":
                wanted = Kind("number", quantity_of(key.unit))
                if kind.quantity != wanted.quantity and not isinstance(node, n.Number):
                    self.differ(node, kind, wanted)
            return
        self.expect(node, kind, "code")
        codes = table.codes(at)
        for code in sorted(codes - kind.options if kind.options else ()):
            self.fault(
                node, f"“{code}” is in the table, and no code of {node_text(node)}{self.hint(code, kind.options)}"
            )
        for code in sorted(kind.options - codes):
            self.fault(node, f"no row of the table for {node_text(node)} “{code}”")

    def visit_formula(self, node: n.Formula, value: KindCheck) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            kind = value(lists)
            self.expect(node.value, kind, "number")
            if kind.name == "number" and kind.quantity != DIMENSIONLESS and kind.quantity.units[0] != node.unit:
                self.fault(node, f"wrong unit: the value is in “{kind.quantity.units[0]}”, not in “{node.unit}”")
            return self.note_kind(node, Kind("number", quantity_of(node.unit)))

        return run

    def visit_if_known(
        self, node: n.IfKnown, given: tuple[KindCheck, ...], then: KindCheck, otherwise: KindCheck
    ) -> KindCheck:
        def run(lists: EnclosingList | None) -> Kind:
            for fact in given:
                fact(lists)
            kinds = then(lists), otherwise(lists)
            if kinds[0].name != kinds[1].name and NOTHING not in kinds:
                return self.fault(node, f"one branch is a {kinds[0].name}, the other a {kinds[1].name}")
            if kinds[0].name == "number" and not is_interchangeable(kinds[0].quantity, kinds[1].quantity):
                return self.differ(node, *kinds)
            return self.note_kind(node, kinds[0])

        return run

    def options(self, node: n.OneOf | n.Has | n.Choose, kind: Kind, options: tuple[str, ...]) -> None:
        if not options and isinstance(node, n.Choose):
            self.fault(node, f"empty option list for {node_text(node.arg)}")
        for option in options:
            if kind.options and option not in kind.options:
                right = ", ".join(sorted(kind.options))
                hint = self.hint(option, kind.options)
                self.fault(node, f"“{option}” is not a code of {node_text(node.arg)}: {right}{hint}")


def owning_result(path: str) -> str:
    """Return the result to which a fact belongs: a test, or the record at hand by the dots of its path."""
    name = path.lstrip(".")
    if name != path:
        return path[: -len(name)]
    return path.rsplit(".", 1)[0] if path.count(".") > 1 else path


def is_as_reported(value: n.Node) -> bool:
    """Return whether a value is a result as it was reported, so that its family of units is known."""
    match value:
        case n.Formula(value=inner):
            return is_as_reported(inner)
        case n.IfKnown(_, then, otherwise):
            return is_as_reported(then) and is_as_reported(otherwise)
    return isinstance(value, n.Fact)
