"""Faults of a document, each named by its path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _


class Fault(NamedTuple):
    path: str
    message: str


class Faulty(ValueError):
    """Something given that must be refused whole; `faults` holds everything that is wrong with it."""

    separator = "; "

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.separator.join(": ".join(filter(None, fault)) for fault in self.faults))


class BadDocument(Faulty):
    """A document that must be refused as a whole; `faults` holds everything that is wrong with it."""


class Repeated:
    """A placeholder for a key that was given twice in one object: neither value may silently win."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __str__(self) -> str:
        return _("the key “%s” stands twice") % self.key
