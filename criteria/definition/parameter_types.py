"""Type of the value of a parameter: as its version declares it, or else as its rules use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import add
from typing import NamedTuple

from criteria.evaluation.protocol import Criterion, nodes_of
from criteria.rules import nodes as n
from criteria.rules.check_values import LONGEST_PERIOD
from criteria.rules.facts import Limit
from criteria.rules.text import amount_text, trim_zeros
from criteria.rules.units import PERIOD_UNITS
from criteria.vocabulary.faults import Fault

NUMBER, INTEGER, WINDOW = "number", "integer", "window"


class ParameterUses(NamedTuple):
    """The number of times the rules use one parameter, by kind of use."""

    windows: int  # as a period that may be open
    shifts: int  # as a period from which a day is counted
    values: int

    @property
    def counts_time(self) -> bool:
        return self.windows + self.shifts > 0


NOT_USED = ParameterUses(0, 0, 0)


def uses_of(name: str, criteria: Iterable[Criterion]) -> ParameterUses:
    return uses_in(tuple(criteria)).get(name, NOT_USED)


@lru_cache(maxsize=16)  # a page asks for every parameter of a version, one after the other
def uses_in(criteria: tuple[Criterion, ...]) -> Mapping[str, ParameterUses]:
    """Count the uses of each parameter, in one walk over all rules."""
    found: dict[str, ParameterUses] = {}
    for node in (node for criterion in criteria for node in nodes_of(criterion)):
        match node:
            case n.Within(period=n.Param(name)):
                added = ParameterUses(1, 0, -1)  # the walk meets the period itself, too
            case n.Shift(period=n.Param(name)):
                added = ParameterUses(0, 1, -1)
            case n.Param(name):
                added = ParameterUses(0, 0, 1)
            case _:
                continue
        found[name] = ParameterUses(*map(add, found.get(name, NOT_USED), added))
    return found


def type_of(limit: Limit, criteria: Iterable[Criterion]) -> str:
    """Return the type of a parameter: `number`, `integer` or `window`."""
    return limit.type or (WINDOW if uses_of(limit.name, criteria).counts_time else NUMBER)


def may_be_open(name: str, criteria: Iterable[Criterion]) -> bool:
    """Return whether the parameter is the length of windows and of nothing else.

    No day can be counted from “any time”.
    """
    uses = uses_of(name, criteria)
    return uses.windows > 0 and uses.shifts == uses.values == 0


def is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def limit_faults(limit: Limit, place: str) -> Iterator[Fault]:
    """Yield the faults of a declared type and range in themselves."""
    if limit.permitted is not None and limit.permitted[0] > limit.permitted[1]:
        low, high = limit.permitted
        yield Fault(f"{place}.permitted", f"{low} to {high} is no range: the lower end stands first")
    elif message := permitted_range_message(limit, limit.value) or sign_message(limit):
        yield Fault(f"{place}.value", message)
    if limit.type in (INTEGER, WINDOW):
        yield from fraction_faults(limit, place)


def sign_message(limit: Limit) -> str:
    """Return the message for a value below zero that no permitted range allows for; else blank."""
    if limit.value is None or limit.value >= 0 or limit.permitted is not None:
        return ""
    return f"{amount_text(limit.value, limit.unit)} is below zero: say by `permitted: [lowest, highest]` that it may be"


def may_be_negative(limit: Limit) -> bool:
    """Return whether an amendment may set a value below zero: where its permitted range begins there."""
    return limit.permitted is not None and limit.permitted[0] < 0


def permitted_range_message(limit: Limit, value: Decimal | None) -> str:
    """Return the message for a value that the declared range does not permit; else blank.

    An open window lies in every range.
    """
    if value is None or limit.permitted is None or limit.permitted[0] <= value <= limit.permitted[1]:
        return ""
    return f"{amount_text(value, limit.unit)} lies outside what is permitted: {limit_range_text(limit)}"


def limit_range_text(limit: Limit) -> str:
    """Return the permitted range with its unit; blank where none is declared."""
    if limit.permitted is None:
        return ""
    low, high = limit.permitted
    return f"{trim_zeros(low)} to {amount_text(high, limit.unit)}"


def fraction_faults(limit: Limit, place: str) -> Iterator[Fault]:
    if limit.value is not None and not is_whole(limit.value):
        yield Fault(f"{place}.value", f"{limit.value} is not whole; {whole_value_text(limit.type, limit.unit)}")
    for at, end in enumerate(limit.permitted or ()):
        if not is_whole(end):
            yield Fault(f"{place}.permitted[{at}]", f"{end} is not whole; {whole_value_text(limit.type, limit.unit)}")


def whole_value_text(kind: str, unit: str) -> str:
    return f"a window is counted in whole {unit}" if kind == WINDOW else "the type is `integer`"


def type_faults(limits: Iterable[Limit], criteria: Sequence[Criterion]) -> Iterator[Fault]:
    """Yield a fault where a declared type or range does not agree with how the rules use it.

    The rules must be free of faults.
    """
    for limit in limits:
        uses, place = uses_of(limit.name, criteria), f"parameters.{limit.name}"
        if uses.counts_time:
            yield from period_faults(limit, place)
        elif limit.type == WINDOW and (uses.values or limit.unit not in PERIOD_UNITS):
            used = "the rules compare with it" if uses.values else f"“{limit.unit}” counts no time"
            yield Fault(f"{place}.type", f"wrong type `window`: {used}")


def period_faults(limit: Limit, place: str) -> Iterator[Fault]:
    if limit.type in (NUMBER, INTEGER):
        yield Fault(f"{place}.type", f"wrong type `{limit.type}`: a rule counts time with it, which is a `window`")
    if not limit.type:
        yield from fraction_faults(limit._replace(type=WINDOW), place)
    if may_be_negative(limit):
        yield Fault(f"{place}.permitted[0]", "a window is no shorter than 0")
    if limit.permitted is not None and limit.permitted[1] > LONGEST_PERIOD:
        yield Fault(f"{place}.permitted[1]", f"{limit.permitted[1]} {limit.unit}: at most {LONGEST_PERIOD}")
