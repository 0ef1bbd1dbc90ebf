"""Exceptions that more than one room raises or handles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from criteria.vocabulary.edit_checks import Doubt
from screening.models import Revision

if TYPE_CHECKING:  # visits raises what is defined here
    from screening.visits.diff import Change


class Stale(Exception):
    """Somebody saved the same section in between; `latest` is the revision that now stands."""

    def __init__(self, latest: Revision) -> None:
        self.latest = latest
        super().__init__(f"revision {latest.number} was saved in between")


class Unanswered(Exception):
    """Nothing is wrong, but somebody must answer first, and nothing was saved.

    `doubts` are implausible values that nobody confirmed yet, `changes` what was known before and would change without
    a reason. At least one of the two holds something.
    """

    def __init__(self, doubts: Iterable[Doubt], corrections: Iterable[Change]) -> None:
        self.doubts = tuple(doubts)
        self.changes = tuple(corrections)
        super().__init__(", ".join([doubt.path for doubt in self.doubts] + [change.path for change in self.changes]))


class Superseded(Exception):
    """Only the latest revision of a visit can be assessed; `latest` is the one that now stands."""

    def __init__(self, latest: Revision) -> None:
        self.latest = latest
        super().__init__(f"revision {latest.number} is the latest")
