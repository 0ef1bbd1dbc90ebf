"""What rules read of a visit, as it was written: where that is the same, so are outcome, proof and trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from criteria.rules import nodes as n
from criteria.rules.facts import Facts, Limit, Schema, full_path
from criteria.rules.leaf_truths import limit_of_detection

Read = tuple[str, ...]


class Reading:
    """The facts, the lists of records and, where a rule looks at every day, the days that rules read.

    `facts` are all that a trace shows. What is told in words shows less: of a day around which windows lie, `anchors`,
    it is only told whether it is known, as long as no event of such a window is; an open window has no such day.
    """

    def __init__(self, rules: Iterable[n.Node], schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.limits = limits
        self.told_paths: set[str] = set()
        self.lists_read: set[str] = set()
        self.windows: dict[str, set[str]] = {}  # the events of windows, by the day around which they lie
        self.all_days = False
        for rule in rules:
            self.look(rule, ())
        paths = {path for path in self.told_paths | self.windows.keys() if path[0] != "."}
        self.lists = tuple(sorted(self.lists_read | (paths & schema.records.keys())))
        self.facts = tuple(sorted(paths - schema.records.keys()))
        self.told_facts = tuple(path for path in self.facts if path in self.told_paths)
        self.anchors = tuple(
            (path, tuple(sorted(self.windows[path]))) for path in self.facts if path not in self.told_paths
        )

    def look(self, node: n.Node, lists: tuple[str, ...]) -> None:
        """Note what a node reads; `lists` are those of the records around it, the nearest first."""
        match node:
            case n.Within(n.Fact(event), n.Param(period), n.Fact(anchor)) if anchor[0] != ".":
                self.told_paths.add(event)
                events = self.windows.setdefault(anchor, set())
                if self.limits[period].value is not None:
                    events.add(full_path(event, lists))
                return
            case n.Fact(path):
                self.told_paths.add(path)
            case n.Detected():
                self.told_paths.add(limit_of_detection(node).path)
            case n.SomeDay():
                self.all_days = True
        if isinstance(node, n.OnRecords):
            self.lists_read.add(node.records)
        for child, inner in n.scoped_children(node, lists):
            self.look(child, inner)

    def read(self, facts: Facts) -> Read:
        """Return everything that is read of one visit, as a key: 9 and 9.0 are two of them."""
        texts = facts.texts
        return (*[texts.get(path, "None") for path in self.facts], *self.read_lists(facts))

    def proof_key(self, facts: Facts) -> Read:
        """Return everything on which an outcome, its proof and what is missing may depend, as a key."""
        texts = facts.texts
        found = [texts.get(path, "None") for path in self.told_facts]
        days = [
            texts.get(path, "None") if any(is_known(event, facts) for event in events) else str(path in texts)
            for path, events in self.anchors
        ]
        return (*found, *days, *self.read_lists(facts))

    def read_lists(self, facts: Facts) -> list[str]:
        records, reviewed = facts.records.get, facts.is_reviewed
        lists = [f"{name in reviewed}{records(name, ())!r}" for name in self.lists]
        return lists + [f"{path} {day.text}" for path, day in facts.days()] if self.all_days else lists


def is_known(path: str, facts: Facts) -> bool:
    """Return whether a fact of the visit is known, or of some record of a list (`events.date`)."""
    if path in facts.texts:
        return True
    name, _dot, field = path.rpartition(".")
    return any(record.get(field) is not None for record in facts.records.get(name, ()))
