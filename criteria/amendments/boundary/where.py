"""The condition of a criterion that a table is about, as text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from criteria.amendments.uses import ParameterUse, enters_record
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import RecordsType

CodeCondition = n.OneOf | n.Has
STATUS_PATH = ".status"  # what every entry of a history has says nothing of which it is


def condition_text(use: ParameterUse, protocol: Protocol) -> str:
    """Return the text of the condition and of the lists around it.

    For example `therapy (kind is systemic anti-tumour): end no earlier than 3 weeks before planned first dose`.
    """
    describe = DescribeRule(protocol.schema, protocol.limits)
    types = tuple(protocol.schema.records[name] for name in use.lists)
    texts = [enclosing_record_text(describe, kinds, codes) for kinds, codes in enclosing_records(use, types)]
    return ": ".join([*texts, describe.rule_text(use.leaf, types)])


def enclosing_record_text(describe: DescribeRule, types: tuple[RecordsType, ...], codes: list[CodeCondition]) -> str:
    """Return the text of a record and the codes that it must have.

    Of two conditions on the same code the nearer one is used: it says more.
    """
    telling = {code.arg.path if isinstance(code, n.OneOf) else id(code): code for code in codes}
    said = ", ".join(describe.rule_text(code, types) for code in telling.values())
    return f"{types[0].item} ({said})" if said else types[0].item


def enclosing_records(
    use: ParameterUse, types: tuple[RecordsType, ...]
) -> Iterator[tuple[tuple[RecordsType, ...], list[CodeCondition]]]:
    """Yield each list around the leaf, the outermost first, with the codes that identify the record in question."""
    depth, found = 0, dict[int, list[CodeCondition]]()
    for node, child in pairwise(use.node_path):
        if enters_record(node, child):
            depth += 1
            found[depth] = []
        elif isinstance(node, n.AllOf) and depth:
            found[depth] += [code for arg in node.args if arg is not child for code in codes_in(arg)]
    yield from ((types[len(types) - depth :], codes) for depth, codes in found.items())


def codes_in(node: n.Node) -> Iterator[CodeCondition]:
    if isinstance(node, n.AllOf):
        for arg in node.args:
            yield from codes_in(arg)
    elif isinstance(node, CodeCondition) and node.arg.path.startswith(".") and node.arg.path != STATUS_PATH:
        yield node
