"""Decoding of values: numbers, dates, and what is computed from them; `codec` decodes conditions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, get_args

from criteria.rules import nodes as n
from criteria.rules.decoder import Decoder, OperationReader, tree_excerpt

PRESENT_STATUSES = ("past", "current")  # a condition of the history that the person has, or had


def read_by_unit(d: Decoder, content: Any, place: str) -> n.Node:
    names = content if isinstance(content, list) else []
    if not names:
        return d.add_fault(place, "needs a list of parameters, one for each family of units")
    return n.ByUnit(tuple(d.param(name, f"{place}[{index}]") for index, name in enumerate(names)))


def read_age(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `age: {born:, on:, unit:}`; `unit` is `a` (years) unless it is `mo`."""
    parts = d.keys(content, place, ("born", "on"), ("unit",))
    unit: Any = parts["unit"] or "a"
    if unit not in get_args(n.AgeUnit):
        return d.add_fault(f"{place}.unit", f"{tree_excerpt(unit)} is not one of: {', '.join(get_args(n.AgeUnit))}")
    return n.Age(d.decode(parts["born"], f"{place}.born"), d.decode(parts["on"], f"{place}.on"), unit)


def read_shift(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `day: {after: date, period: $name}`: the day that long after, or `before`, a date."""
    parts = d.keys(content, place, ("period",), ("before", "after"))
    if (parts["before"] is None) == (parts["after"] is None):
        return d.add_fault(place, "needs `before` or `after`, and not both")
    direction: Any = "after" if parts["before"] is None else "before"
    return n.Shift(
        day=d.decode(parts[direction], f"{place}.{direction}"),
        period=d.param(parts["period"], f"{place}.period"),
        direction=direction,
    )


def read_elapsed(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `days: {from: date, to: date}`."""
    parts = d.keys(content, place, ("from", "to"))
    return n.Elapsed(d.decode(parts["from"], f"{place}.from"), d.decode(parts["to"], f"{place}.to"))


def read_half_lives(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `half_lives: {of: fact, times: $name}`."""
    parts = d.keys(content, place, ("of", "times"))
    return n.HalfLives(d.fact(parts["of"], f"{place}.of"), d.param(parts["times"], f"{place}.times"))


def arithmetic_reader(sign: n.Sign) -> OperationReader:
    return lambda d, content, place: n.Arithmetic(sign, *d.two_values(content, place))


def read_power(d: Decoder, content: Any, place: str) -> n.Node:
    return n.Power(*d.two_values(content, place))


def logarithm_reader(base: Literal["e", "10"]) -> OperationReader:
    return lambda d, content, place: n.Logarithm(d.decode(content, place), base)


def extreme_reader(which: Literal["min", "max"]) -> OperationReader:
    """Return the reader of `min: [values]` and of `min: {of: list, value:, where:, otherwise:}`."""

    def read(d: Decoder, content: Any, place: str) -> n.Node:
        if isinstance(content, dict):
            return read_aggregate(d, content, place, which)
        return n.Extreme(which, d.decode_list(content, place))

    return read


def read_in(d: Decoder, content: Any, place: str) -> n.Node:
    if not isinstance(content, list) or len(content) != 2:
        return d.add_fault(place, "needs a value and a unit: [labs.creatinine, mg/dL]")
    return n.InUnit(d.decode(content[0], f"{place}[0]"), d.text(content[1], f"{place}[1]"))


def read_choose(d: Decoder, content: Any, place: str) -> n.Node:
    if not isinstance(content, dict) or len(content) != 1 or not isinstance(next(iter(content.values())), dict):
        return d.add_fault(place, "needs a mapping from one fact to a number for each of its codes")
    ((path, cases),) = content.items()
    for code, number in cases.items():
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            d.add_fault(f"{place}.{path}.{code}", f"{tree_excerpt(number)} is not a number")
            return n.Number(Decimal(0))
    return n.Choose(d.fact(path, f"{place}.{path}"), tuple((code, Decimal(value)) for code, value in cases.items()))


def read_lookup(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `lookup: {table: name, by: [keys]}`."""
    parts = d.keys(content, place, ("table", "by"))
    if not isinstance(parts["by"], list) or not parts["by"]:
        return d.add_fault(f"{place}.by", "needs a list: what stands for each key of the table")
    return n.Lookup(d.text(parts["table"], f"{place}.table"), d.decode_list(parts["by"], f"{place}.by"))


def read_formula(d: Decoder, content: Any, place: str) -> n.Node:
    parts = d.keys(content, place, ("label", "unit", "value"), ("negative",))
    return n.Formula(
        label=d.text(parts["label"], f"{place}.label"),
        unit=d.text(parts["unit"], f"{place}.unit"),
        value=d.decode(parts["value"], f"{place}.value"),
        negative=d.text(parts["negative"], f"{place}.negative") if "negative" in content else "",
    )


def where_of(d: Decoder, name: str, tree: Any, place: str) -> n.Node:
    where = None if tree is None else d.decode(tree, f"{place}.where")
    if not is_condition(name):
        return where or d.add_fault(f"{place}.where", "is missing")
    present = n.OneOf(d.fact(".status", place), PRESENT_STATUSES)
    d.places[id(present)] = place
    return present if where is None else n.AllOf((present, where))


def read_count(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `count: {of: list, where: rule}`; without a `where`, every record counts."""
    parts = d.keys(content, place, ("of",), ("where",))
    name = d.text(parts["of"], f"{place}.of")
    return n.Count(name, counted_where(d, name, parts["where"], place))


def counted_where(d: Decoder, name: str, tree: Any, place: str) -> n.Node:
    return n.AllOf(()) if tree is None and not is_condition(name) else where_of(d, name, tree, place)


def read_aggregate(d: Decoder, content: Any, place: str, function: n.Statistic) -> n.Node:
    """Read `sum: {of: list, value: value, where: rule}`; of all but a sum, `otherwise` is given too."""
    needed = ("of", "value") if function == "sum" else ("of", "value", "otherwise")
    parts = d.keys(content, place, needed, ("where",))
    name, otherwise = d.text(parts["of"], f"{place}.of"), parts.get("otherwise", 0)
    return n.Aggregate(
        function=function,
        records=name,
        value=d.decode(parts["value"], f"{place}.value"),
        where=counted_where(d, name, parts["where"], place),
        otherwise=d.decode(otherwise, f"{place}.otherwise"),
    )


def aggregate_reader(function: n.Statistic) -> OperationReader:
    return lambda d, content, place: read_aggregate(d, content, place, function)


def read_score(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `score: [[points, rule], …]`."""
    pairs = d.pairs(content, place, "points and a rule: [2, {is: {subject.sex: male}}]")
    points = [d.number(number, f"{place}[{index}][0]") for index, (number, _) in enumerate(pairs)]
    rules = [d.decode(rule, f"{place}[{index}][1]") for index, (_, rule) in enumerate(pairs)]
    return n.Score(tuple(points), tuple(rules))


def read_case(d: Decoder, content: Any, place: str) -> n.Node:
    """Read `case: [[rule, value], …, value]`; the last value holds where no rule does."""
    if not isinstance(content, list) or len(content) < 2:
        return d.add_fault(place, "needs a list of pairs of a rule and a value, and a last value: [[rule, 1], 0]")
    *rows, otherwise = content
    pairs = d.pairs(rows, place, "a rule and a value: [{is: {subject.sex: male}}, 1]")
    return n.Case(
        conditions=tuple(d.decode(rule, f"{place}[{index}][0]") for index, (rule, _) in enumerate(pairs)),
        values=tuple(d.decode(value, f"{place}[{index}][1]") for index, (_, value) in enumerate(pairs)),
        otherwise=d.decode(otherwise, f"{place}[{len(rows)}]"),
    )


def is_condition(name: str) -> bool:
    """Return whether a list is one condition of a history: `history.stroke`."""
    return "." in name and not name.endswith("[]")


VALUE_READERS: Mapping[str, OperationReader] = {
    "by_unit": read_by_unit,
    "age": read_age,
    "day": read_shift,
    "days": read_elapsed,
    "half_lives": read_half_lives,
    "plus": arithmetic_reader("plus"),
    "minus": arithmetic_reader("minus"),
    "times": arithmetic_reader("times"),
    "over": arithmetic_reader("over"),
    "power": read_power,
    "log": logarithm_reader("e"),
    "log10": logarithm_reader("10"),
    "min": extreme_reader("min"),
    "max": extreme_reader("max"),
    "in": read_in,
    "choose": read_choose,
    "lookup": read_lookup,
    "formula": read_formula,
    "count": read_count,
    "sum": aggregate_reader("sum"),
    "mean": aggregate_reader("mean"),
    "score": read_score,
    "case": read_case,
}
