"""Fold of a rule tree, shared by every interpreter: all children first, then the node."""

from __future__ import annotations

import re
from typing import Any

from criteria.rules.nodes import CHILD_FIELDS, NODES, Node

VISIT_NAMES = {kind: "visit_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower() for kind in NODES}


class Algebra:
    """An interpreter: one `visit_…` method for each kind of node.

    It is given the node and the results of its children by field name. A subclass that lacks a kind fails when
    it is defined, not when a protocol first uses it.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        missing = sorted(name for name in VISIT_NAMES.values() if not hasattr(cls, name))
        if missing:
            raise TypeError(f"{cls.__name__} lacks {', '.join(missing)}")


def fold(node: Node, algebra: Algebra) -> Any:
    results = {name: fold_field(getattr(node, name), algebra) for name in CHILD_FIELDS[type(node)]}
    return getattr(algebra, VISIT_NAMES[type(node)])(node, **results)


def fold_field(inner: Any, algebra: Algebra) -> Any:
    return tuple(fold(node, algebra) for node in inner) if isinstance(inner, tuple) else fold(inner, algebra)
