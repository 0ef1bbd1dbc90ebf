"""Two people in one section: what the second to save is shown, field by field, and what the two of them come to."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.records import canonical
from criteria.vocabulary import Section, Vocabulary
from screening.views.cards.document import entry_line
from screening.visits.diff_text import named
from screening.visits.labels import STEP, in_words
from screening.visits.merge import Conflict, conflicts, merged, together
from screening.visits.sections import replaced, section_part

SIDES = ("theirs", "mine")


class Choice(NamedTuple):
    """One difference in words; `name` is that of its inputs, `chosen` a side or empty."""

    name: str
    path: str
    label: str
    theirs: str
    mine: str
    proposed: str
    chosen: str


class Merge(NamedTuple):
    """`part` is what both come to, None while a choice is open."""

    choices: list[Choice]
    part: dict[str, Any] | None

    @property
    def by_both(self) -> list[Choice]:
        return [choice for choice in self.choices if not choice.proposed]

    @property
    def by_one(self) -> list[Choice]:
        """What only one of the two changed, and so can be taken as it is."""
        return [choice for choice in self.choices if choice.proposed]


class Sides(NamedTuple):
    """A section's part as both began with it, as it was saved meanwhile, and as it was typed."""

    base: dict[str, Any]
    theirs: dict[str, Any]
    mine: dict[str, Any]


def merge(
    vocabulary: Vocabulary,
    section: Section,
    shown: Mapping[str, Any],
    seen: Mapping[str, Any],
    typed: Mapping[str, Any],
    given: Mapping[str, str],
) -> Merge:
    """`shown` is the document that the form was made from, `seen` the one that stands now; `given` are the choices."""
    mine = section_part(replaced(seen, section, typed), section)
    sides = Sides(section_part(shown, section), section_part(seen, section), mine)
    found = conflicts(*sides)
    made = {conflict.path: side for conflict in found if (side := given.get(name_of(conflict))) in SIDES}
    documents = (together(*sides), sides.mine, sides.theirs)
    choices = [in_text(vocabulary, conflict, made.get(conflict.path, ""), documents) for conflict in found]
    return Merge(choices, merged(*sides, made) if len(made) == len(found) else None)


def name_of(conflict: Conflict) -> str:
    """Holds what the choice was between: where rows moved since, it is no choice between others."""
    whole = conflict.theirs is None or isinstance(conflict.mine, dict)
    about = [conflict.path, conflict.theirs, conflict.mine if whole else None]
    return f"choice-{sha256(canonical.dump(about).encode()).hexdigest()[:16]}"


def in_text(
    vocabulary: Vocabulary, conflict: Conflict, chosen: str, documents: tuple[Mapping[str, Any], ...]
) -> Choice:
    label, field = named(vocabulary, conflict.path, documents)

    def words(value: Any) -> str:
        if value is None and not field:
            return _("no such entry")
        return entry_words(vocabulary, conflict.path, value) if isinstance(value, dict) else in_words(field, value)

    return Choice(
        name_of(conflict),
        conflict.path,
        label,
        words(conflict.theirs),
        words(conflict.mine),
        conflict.proposed,
        chosen or conflict.proposed,
    )


def entry_words(vocabulary: Vocabulary, path: str, entry: Mapping[str, Any]) -> str:
    return entry_line(vocabulary.parts[STEP.findall(path)[0]], entry, 0).words
