"""One walk over a rule tree for every interpreter: children first, all of them."""

from __future__ import annotations

import re
from typing import Any

from criteria.rules.nodes import CHILD_FIELDS, NODES, Node

NAMES = {kind: "visit_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower() for kind in NODES}


class Algebra:
    """An interpreter: one `visit_…` for each kind of node, given the node and its children's results by field name.

    A subclass that forgets a kind fails when it is defined, not when a protocol first uses it.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        missing = sorted(name for name in NAMES.values() if not hasattr(cls, name))
        if missing:
            raise TypeError(f"{cls.__name__} lacks {', '.join(missing)}")


def fold(node: Node, algebra: Algebra) -> Any:
    results = {name: folded(getattr(node, name), algebra) for name in CHILD_FIELDS[type(node)]}
    return getattr(algebra, NAMES[type(node)])(node, **results)


def folded(inner: Any, algebra: Algebra) -> Any:
    return tuple(fold(node, algebra) for node in inner) if isinstance(inner, tuple) else fold(inner, algebra)
