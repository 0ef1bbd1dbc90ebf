"""What an answer serves: the criteria that read it, with the windows in which they count its day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import answer_of, full_path
from criteria.rules.text import DATE_RELATIONS, list_text


class Served(NamedTuple):
    """Criteria that read an answer in the same way; `window` is blank where none of them counts days from it."""

    codes: tuple[str, ...]
    window: str


class Window(NamedTuple):
    """The window in which a day counts, in words: `within`, `6 months`, `before`, `planned first dose`."""

    bound: str
    period: str
    direction: str
    anchor: str


Reading = tuple[str, Window | None]  # the path of a fact or a list, and the window in which its day counts


@lru_cache(maxsize=32)
def criteria_served(protocol: Protocol) -> Mapping[str, tuple[Served, ...]]:
    """Return what each fact and each list serves, by the path that rules give it, in the order of the criteria."""
    reader = ServedReader(protocol)
    found: dict[str, dict[str, list[Window]]] = {}
    for criterion in protocol.criteria:
        for tree in (criterion.applies, criterion.rule):
            for path, window in reader.readings(tree, ()) if tree is not None else ():
                windows = found.setdefault(path, {}).setdefault(criterion.code, [])
                if window is not None and window not in windows:
                    windows.append(window)
    return {path: served_by_window(windows) for path, windows in found.items()}


def served_by_window(windows: Mapping[str, Iterable[Window]]) -> tuple[Served, ...]:
    codes: dict[str, list[str]] = {}
    for code, each in windows.items():
        codes.setdefault(windows_text(each), []).append(code)
    return tuple(Served(tuple(each), text) for text, each in codes.items())


def windows_text(windows: Iterable[Window]) -> str:
    """Return windows in words, those that differ in one thing together: within 30 or 3 days before the first dose."""
    periods: dict[tuple[str, str, str], list[str]] = {}
    for bound, period, direction, anchor in windows:
        periods.setdefault((bound, direction, anchor), []).append(period)
    anchors: dict[tuple[str, str, str], list[str]] = {}
    for (bound, direction, anchor), found in periods.items():
        anchors.setdefault((bound, list_text(found), direction), []).append(anchor)
    return "; ".join(" ".join((*start, list_text(found))) for start, found in anchors.items())


class ServedReader:
    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.describe = DescribeRule(protocol.schema, protocol.limits)

    def readings(self, node: n.Node, lists: tuple[str, ...]) -> Iterator[Reading]:
        """Yield what a rule reads; an open window reads nothing."""
        match node:
            case n.Within(_, n.Param(name)) if self.protocol.limits[name].value is None:
                return
            case n.Within(n.Fact(path), period, anchor, direction):
                bound, side = ("looks back", "from") if direction == "since" else ("within", direction)
                yield from self.day_readings(path, (bound, period, side, anchor), lists)
            case n.Compare(n.Fact(path), operator, n.Shift(anchor, period, direction)):
                yield from self.day_readings(path, (DATE_RELATIONS[operator], period, direction, anchor), lists)
            case n.Fact(path):
                yield full_path(path, lists), None
                if test := self.test_of(path):
                    yield test, None
            case n.Some(records) | n.Latest(records) | n.Count(records) | n.Aggregate(records=records):
                yield answer_of(records), None
        for child, inner in n.scoped_children(node, lists):
            yield from self.readings(child, inner)

    def day_readings(
        self, path: str, window: tuple[str, n.Node, str, n.Node], lists: tuple[str, ...]
    ) -> Iterator[Reading]:
        """Yield a day that is read in a window, and the list of whose records it is, or the test of whose result."""
        bound, period, direction, anchor = window
        types = tuple(self.protocol.schema.records[name] for name in lists)
        words = [self.describe.rule_text(node, types) for node in (period, anchor)]
        found = Window(bound, words[0], direction, words[1])
        yield full_path(path, lists), found
        if of := answer_of(lists[0]) if path.startswith(".") else self.test_of(path):
            yield of, found

    def test_of(self, path: str) -> str:
        """Return the path of the test of whose result a fact says the day or a limit; blank for any other fact."""
        test = path.rpartition(".")[0]
        fact = self.protocol.schema.facts.get(test)
        return test if fact and fact.result else ""
