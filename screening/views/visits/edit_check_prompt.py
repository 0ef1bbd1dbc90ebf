"""An edit check between answers as a form asks it back: where the answers stand, and the reason that was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.http import QueryDict

from criteria.vocabulary.edit_checks import EditCheck
from criteria.vocabulary.values import text_fault
from screening.crf import SectionForm
from screening.visits.labels import FormPlace

REASON_PREFIX = "why-"


class EditCheckPrompt(NamedTuple):
    """An edit check between answers: the anchors and labels of the inputs that it concerns, the places of others.

    `reason` is what was typed as the reason to keep it, `fault` why it cannot be one.
    """

    check: EditCheck
    places: tuple[tuple[str, str], ...]
    elsewhere: tuple[FormPlace, ...]
    reason: str
    fault: str


def posted_reasons(data: QueryDict | None) -> dict[str, str]:
    """Return the reasons in a form's data for what the checks ask, by the key of the check."""
    return {
        name.removeprefix(REASON_PREFIX): str(value)
        for name, value in (data or {}).items()
        if name.startswith(REASON_PREFIX)
    }


def edit_check_prompt(
    check: EditCheck, form: SectionForm, reasons: Mapping[str, str], place_of: Callable[[str], FormPlace]
) -> EditCheckPrompt:
    """Return how a form asks an edit check; `place_of` is where a path is asked that the form does not ask."""
    spots = [(path, form.spot(path)) for path in check.all_paths]
    places = {(spot.anchor, spot.label): None for _path, spot in spots if spot}
    elsewhere = {place.label: place for path, spot in spots if not spot for place in [place_of(path)]}
    reason = reasons.get(check.key, "")
    return EditCheckPrompt(check, tuple(places), tuple(elsewhere.values()), reason, text_fault(reason))
