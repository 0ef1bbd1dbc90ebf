"""Exceptions that more than one room raises or handles."""

from __future__ import annotations

from collections.abc import Iterable

from criteria.records.refusal import Refused
from criteria.vocabulary.edit_checks import EditCheck
from screening.models import Draft, Revision
from screening.shared.diff import Change


class Stale(Exception):
    """Another user saved the same section in between; `latest` is now the latest revision."""

    def __init__(self, latest: Revision) -> None:
        self.latest = latest
        super().__init__(f"revision {latest.number} was saved in between")


class Unanswered(Exception):
    """Nothing is invalid, but the author must respond first; nothing was saved.

    `edit_checks` are those on implausible values that nobody has confirmed yet, `changes` the corrections of
    values known here or at an earlier attempt that lack a reason. At least one of the two is not empty.
    """

    def __init__(self, edit_checks: Iterable[EditCheck], corrections: Iterable[Change]) -> None:
        self.edit_checks = tuple(edit_checks)
        self.changes = tuple(corrections)
        super().__init__(
            ", ".join([check.path for check in self.edit_checks] + [change.path for change in self.changes])
        )


class UnsavedDrafts(Refused):
    """A visit is not assessed: `drafts`, the latest first, hold what somebody has typed in it and not saved."""

    def __init__(self, drafts: Iterable[Draft], message: str) -> None:
        self.drafts = tuple(drafts)
        super().__init__("drafts", message)


class Superseded(Exception):
    """The revision is not the latest of its visit, which alone can be assessed; `latest` is the latest one."""

    def __init__(self, latest: Revision) -> None:
        self.latest = latest
        super().__init__(f"revision {latest.number} is the latest")
