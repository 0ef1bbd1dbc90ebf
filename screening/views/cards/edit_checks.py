"""The edit checks that a revision raises, in words, each with the answer that accepted it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol
from criteria.vocabulary.edit_checks import EditCheck
from screening.models import Confirmation, Revision
from screening.visits.consent import ConsentForms
from screening.visits.edit_checks import edit_check_states
from screening.visits.labels import FormPlace, form_place
from screening.visits.reference_ranges import Ranges


class EditCheckText(NamedTuple):
    """An edit check that a revision raises, in words, with the places of the answers that it concerns.

    `confirmation` is None where nobody has answered it, as for what was saved before the check was there.
    """

    check: EditCheck
    places: tuple[FormPlace, ...]
    confirmation: Confirmation | None

    @property
    def label(self) -> str:
        return "; ".join(dict.fromkeys(place.label for place in self.places))

    @property
    def is_between_answers(self) -> bool:
        return self.check.needs_reason

    @property
    def question(self) -> str:
        if self.is_between_answers:
            return self.check.text
        return f"{self.label}, {self.check.value}: {self.check.message}"

    @property
    def answer(self) -> str:
        if self.confirmation is None:
            return _("not answered")
        day = timezone.localtime(self.confirmation.created_at).date().isoformat()
        words = {"reason": self.confirmation.reason, "who": self.confirmation.created_by.get_username(), "day": day}
        if not self.confirmation.reason:
            return _("confirmed (%(who)s, %(day)s)") % words
        return _("“%(reason)s” (%(who)s, %(day)s)") % words


def edit_check_texts(
    protocol: Protocol, revision: Revision, ranges: Ranges | None = None, forms: ConsentForms | None = None
) -> list[EditCheckText]:
    """Return the edit checks that a revision raises; `ranges` and `forms` as in `raised_checks`."""
    vocabulary, document = protocol.vocabulary, revision.document
    return [
        EditCheckText(
            state.check,
            tuple(form_place(vocabulary, path, document) for path in state.check.all_paths if path),
            state.confirmation,
        )
        for state in edit_check_states(protocol, revision, ranges, forms)
    ]


def by_criterion(checks: Collection[EditCheckText]) -> dict[str, list[EditCheckText]]:
    """Return the checks between answers by the code of each criterion that they touch."""
    found: dict[str, list[EditCheckText]] = {}
    for each in checks:
        for code in each.check.criteria:
            found.setdefault(code, []).append(each)
    return found


def open_ones(checks: Iterable[EditCheckText]) -> list[EditCheck]:
    """Return the edit checks that nobody has answered."""
    return [each.check for each in checks if each.confirmation is None]
