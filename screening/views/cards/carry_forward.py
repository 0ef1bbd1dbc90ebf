"""The prior answers that are carried forward when a subject is screened again, by the titles of the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import ngettext

from criteria.vocabulary import AnyPart, Checklist, Single, Vocabulary
from criteria.vocabulary.carry_forward import VISIT_KEY
from screening.models import Visit
from screening.visits.carry_forward import carry_forward_parts


class Rescreening(NamedTuple):
    """The titles of what is carried over, to be confirmed, and of what is asked again.

    `conditions` are those of the history that are asked again, each by itself.
    """

    carried: list[str]
    anew: list[str]
    conditions: list[str]


def rescreening(vocabulary: Vocabulary) -> Rescreening:
    parts = [part for part in vocabulary.parts.values() if part.key != VISIT_KEY]
    return Rescreening(
        carried=[part.title for part in parts if not perishes(part)],
        anew=[part.title for part in parts if perishes(part)],
        conditions=[
            condition.label
            for part in parts
            if isinstance(part, Checklist) and not part.perishable
            for condition in part.conditions.values()
            if condition.perishable
        ],
    )


def perishes(part: AnyPart) -> bool:
    return part.perishable or (isinstance(part, Single) and part.field.perishable)


def sections_to_confirm(visit: Visit, vocabulary: Vocabulary, document: Mapping[str, Any]) -> dict[str, str]:
    """Return from which visits prior answers still wait to be confirmed, by the code of their section."""
    found = carry_forward_parts(visit, vocabulary.sections, document)
    return {code: visits_text(prior.visits) for code, prior in found.items() if prior.visits}


def visits_text(numbers: Sequence[int]) -> str:
    text = ngettext("to be confirmed, from visit %(numbers)s", "to be confirmed, from visits %(numbers)s", len(numbers))
    return text % {"numbers": ", ".join(map(str, numbers))}
