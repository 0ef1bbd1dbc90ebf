"""What rules read of a visit, as it was written: where that is the same, so are outcome, proof and trace."""

from __future__ import annotations

from collections.abc import Iterable

from criteria.rules import nodes as n
from criteria.rules.facts import Facts, Schema
from criteria.rules.leaf_truths import limit_of_detection

Read = tuple[str, ...]


class Reading:
    """The facts, the lists of records and, where a rule looks at every day, the days that rules read."""

    def __init__(self, rules: Iterable[n.Node], schema: Schema) -> None:
        nodes = [node for rule in rules for node in n.subtrees(rule)]
        limits = [limit_of_detection(node) for node in nodes if isinstance(node, n.Detected)]
        paths = {node.path for node in (*nodes, *limits) if isinstance(node, n.Fact)}
        lists = {node.records for node in nodes if isinstance(node, n.OnRecords)}
        self.facts = tuple(sorted(path for path in paths if path[0] != "." and path not in schema.records))
        self.lists = tuple(sorted(lists | (paths & schema.records.keys())))
        self.all_days = any(isinstance(node, n.SomeDay) for node in nodes)

    def read(self, facts: Facts) -> Read:
        """Return everything that is read of one visit, as a key: 9 and 9.0 are two of them."""
        value, records, reviewed = facts.values.get, facts.records.get, facts.is_reviewed
        found = [one if (one := value(path)).__class__ is str else repr(one) for path in self.facts]
        lists = [f"{name in reviewed}{records(name, ())!r}" for name in self.lists]
        days = [f"{path} {day.text}" for path, day in facts.days()] if self.all_days else ()
        return (*found, *lists, *days)
