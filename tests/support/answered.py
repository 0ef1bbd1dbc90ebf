"""Entries that raise edit checks, kept all the same."""

from collections.abc import Callable
from typing import Any, TypeVar

from screening.exceptions import Unanswered

WHY = "as in the source document"
Kept = TypeVar("Kept")


def answered(write: Callable[..., Kept], *entries: Any) -> Kept:
    """What `write` returns once every edit check that the entries raise is answered with a reason."""
    try:
        return write(*entries)
    except Unanswered as error:
        return write(*entries, reasons={check.key: WHY for check in error.edit_checks})
