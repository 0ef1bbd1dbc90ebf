"""Merging of two people's entries in one section: the conflicts field by field, and the merged part."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.records import canonical
from criteria.vocabulary import Section, Vocabulary
from screening.views.cards.document import entry_line
from screening.visits.diff_text import label_and_field
from screening.visits.labels import STEP, answer_text
from screening.visits.merge import Conflict, combine_records, conflicts, merge_parts
from screening.visits.sections import replace_section, section_part

SIDE_NAMES = ("theirs", "mine")


class MergeChoice(NamedTuple):
    """One difference as text; `name` is the name of its inputs, `chosen` a side or empty."""

    name: str
    path: str
    label: str
    theirs: str
    mine: str
    proposed: str
    chosen: str


class SectionMerge(NamedTuple):
    """The differences of a section; `part` is the merged part, None while a choice is open."""

    choices: list[MergeChoice]
    part: dict[str, Any] | None

    @property
    def by_both(self) -> list[MergeChoice]:
        return [choice for choice in self.choices if not choice.proposed]

    @property
    def by_one(self) -> list[MergeChoice]:
        """The differences that only one of the two people made, which can be accepted as they are."""
        return [choice for choice in self.choices if choice.proposed]


class MergeSides(NamedTuple):
    """A section's part: the common base, as it was saved meanwhile, and as it was entered."""

    base: dict[str, Any]
    theirs: dict[str, Any]
    mine: dict[str, Any]


def merge_section(
    vocabulary: Vocabulary,
    section: Section,
    shown: Mapping[str, Any],
    seen: Mapping[str, Any],
    typed: Mapping[str, Any],
    given: Mapping[str, str],
) -> SectionMerge:
    """Merge the entered values with what was saved meanwhile.

    `shown` is the document from which the form was made, `seen` the latest one; `given` holds the choices by
    the name of their inputs.
    """
    mine = section_part(replace_section(seen, section, typed), section)
    sides = MergeSides(section_part(shown, section), section_part(seen, section), mine)
    found = conflicts(*sides)
    made = {conflict.path: side for conflict in found if (side := given.get(choice_name(conflict))) in SIDE_NAMES}
    documents = (combine_records(*sides), sides.mine, sides.theirs)
    choices = [merge_choice(vocabulary, conflict, made.get(conflict.path, ""), documents) for conflict in found]
    return SectionMerge(choices, merge_parts(*sides, made) if len(made) == len(found) else None)


def choice_name(conflict: Conflict) -> str:
    """Return the name of a choice's inputs, a hash of the values between which it was made.

    If rows moved since, the name differs, so that the choice is never applied to other values.
    """
    whole = conflict.theirs is None or isinstance(conflict.mine, dict)
    about = [conflict.path, conflict.theirs, conflict.mine if whole else None]
    return f"choice-{sha256(canonical.dump(about).encode()).hexdigest()[:16]}"


def merge_choice(
    vocabulary: Vocabulary, conflict: Conflict, chosen: str, documents: tuple[Mapping[str, Any], ...]
) -> MergeChoice:
    label, field = label_and_field(vocabulary, conflict.path, documents)

    def value_text(value: Any) -> str:
        if value is None and not field:
            return _("no such entry")
        return entry_text(vocabulary, conflict.path, value) if isinstance(value, dict) else answer_text(field, value)

    return MergeChoice(
        choice_name(conflict),
        conflict.path,
        label,
        value_text(conflict.theirs),
        value_text(conflict.mine),
        conflict.proposed,
        chosen or conflict.proposed,
    )


def entry_text(vocabulary: Vocabulary, path: str, entry: Mapping[str, Any]) -> str:
    return entry_line(vocabulary.parts[STEP.findall(path)[0]], entry, 0).words
