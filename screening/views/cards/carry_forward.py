"""The prior answers that are carried forward when a subject is screened again, by the titles of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import AnyPart, Single, Vocabulary
from criteria.vocabulary.carry_forward import VISIT_KEY
from screening.models import Visit
from screening.visits.carry_forward import carry_forward_parts


class Rescreening(NamedTuple):
    """The titles of what is carried over, to be confirmed, and of what is asked again."""

    carried: list[str]
    anew: list[str]


def rescreening(vocabulary: Vocabulary) -> Rescreening:
    parts = [part for part in vocabulary.parts.values() if part.key != VISIT_KEY]
    return Rescreening(
        carried=[part.title for part in parts if not perishes(part)],
        anew=[part.title for part in parts if perishes(part)],
    )


def perishes(part: AnyPart) -> bool:
    return part.perishable or (isinstance(part, Single) and part.field.perishable)


def sections_to_confirm(visit: Visit, vocabulary: Vocabulary, document: Mapping[str, Any]) -> set[str]:
    """Return the codes of the sections in which prior answers still wait to be confirmed."""
    return {code for code, part in carry_forward_parts(visit, vocabulary.sections, document).items() if part}
