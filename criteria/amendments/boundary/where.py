"""Which condition of a criterion a table is about, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from criteria.amendments.boundary.uses import Use, enters_record
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.describe import Describe
from criteria.rules.facts import RecordsType

Code = n.OneOf | n.Has
STATUS = ".status"  # what every entry of a history has says nothing of which it is


def where_words(use: Use, protocol: Protocol) -> str:
    """`therapy (kind is systemic anti-tumour): end no earlier than 3 weeks before planned first dose`."""
    describe = Describe(protocol.schema, protocol.limits)
    types = tuple(protocol.schema.records[name] for name in use.lists)
    texts = [record_words(describe, kinds, codes) for kinds, codes in records(use, types)]
    return ": ".join([*texts, describe.words(use.leaf, types)])


def record_words(describe: Describe, types: tuple[RecordsType, ...], codes: list[Code]) -> str:
    """Of what is asked twice of one code the nearer says more."""
    telling = {code.arg.path if isinstance(code, n.OneOf) else id(code): code for code in codes}
    said = ", ".join(describe.words(code, types) for code in telling.values())
    return f"{types[0].item} ({said})" if said else types[0].item


def records(use: Use, types: tuple[RecordsType, ...]) -> Iterator[tuple[tuple[RecordsType, ...], list[Code]]]:
    """Each list around the leaf, the outermost first, with the codes by which the record is the one in question."""
    depth, found = 0, dict[int, list[Code]]()
    for node, child in pairwise(use.trail):
        if enters_record(node, child):
            depth += 1
            found[depth] = []
        elif isinstance(node, n.AllOf) and depth:
            found[depth] += [code for arg in node.args if arg is not child for code in codes_in(arg)]
    yield from ((types[len(types) - depth :], codes) for depth, codes in found.items())


def codes_in(node: n.Node) -> Iterator[Code]:
    if isinstance(node, n.AllOf):
        for arg in node.args:
            yield from codes_in(arg)
    elif isinstance(node, Code) and node.arg.path.startswith(".") and node.arg.path != STATUS:
        yield node
