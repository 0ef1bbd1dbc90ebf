"""What becomes of an earlier attempt's answers when a person is screened again, by the titles of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from criteria.vocabulary import AnyPart, Single, Vocabulary
from criteria.vocabulary.carry_forward import VISIT
from screening.models import Visit
from screening.visits.carry_forward import carried_parts


class Rescreening(NamedTuple):
    """Titles of what is carried over, to be confirmed, and of what is asked anew."""

    carried: list[str]
    anew: list[str]


def rescreening(vocabulary: Vocabulary) -> Rescreening:
    parts = [part for part in vocabulary.parts.values() if part.key != VISIT]
    return Rescreening(
        carried=[part.title for part in parts if not perishes(part)],
        anew=[part.title for part in parts if perishes(part)],
    )


def perishes(part: AnyPart) -> bool:
    return part.perishable or (isinstance(part, Single) and part.field.perishable)


def sections_to_confirm(visit: Visit, vocabulary: Vocabulary, document: Mapping[str, Any]) -> set[str]:
    """The codes of the sections in which something of an earlier attempt still waits to be confirmed."""
    return {code for code, part in carried_parts(visit, vocabulary.sections, document).items() if part}
