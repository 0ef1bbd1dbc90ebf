"""The tests that the definitions of two versions carry, each by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.definition.reader import Edition
from criteria.records import canonical
from criteria.versions.comparison.changes import Difference


def differences_of_tests(old: Edition, new: Edition) -> Iterator[Difference]:
    """Yield the differences in the order of the new version; tests that were removed come last."""
    before, after = ({block["name"]: block for block in edition.data.get("tests") or ()} for edition in (old, new))
    for name in {**after, **before}:
        blocks = before.get(name), after.get(name)
        if blocks[0] != blocks[1]:
            yield Difference(_("Test: %s") % name, *map(block_text, blocks))


def block_text(block: Mapping[str, Any] | None) -> str:
    """Return a test as text, without its name; empty where there is none."""
    if block is None:
        return ""
    return "; ".join(
        f"{key}: {value if isinstance(value, str) else canonical.dump(value)}"
        for key, value in block.items()
        if key != "name"
    )
