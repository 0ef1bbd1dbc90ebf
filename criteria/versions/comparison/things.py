"""A vocabulary as a list of things, each with its place and its properties in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.versions.comparison.phrases import analyte_words, field_words, part_words
from criteria.vocabulary.parts import AnyPart, Checklist, Condition, Field, Results, Section, Single, Vocabulary

Key = tuple[str, ...]
Labels = Mapping[str, str]  # by code, in their order


class Thing(NamedTuple):
    """A section, a part, a field, a test or a condition. `within` are those that it holds, in their order."""

    place: str
    attributes: Labels
    options: Labels = {}
    within: Labels = {}

    @property
    def summary(self) -> str:
        """Everything that is said of it, for a thing that one version does not have."""
        said = [f"{name}: {text}" for name, text in self.attributes.items() if text not in ("", _("no"))]
        if self.options:
            said.append(f"{_('options')}: {', '.join(self.options.values())}")
        return "; ".join(said)


def things_of(vocabulary: Vocabulary) -> Iterator[tuple[Key, Thing]]:
    """Every thing by a key that stays the same when words change."""
    sections = {section.code: section.title for section in vocabulary.sections}
    yield (), Thing(_("Sections"), {}, within=sections)
    for section in vocabulary.sections:
        parts = {part.key: part.title for part in section.parts}
        words = {_("title"): section.title, _("help"): section.help}
        yield ("", section.code), Thing(section.title, words, within=parts)
        for part in section.parts:
            yield from part_things(section, part)


def part_things(section: Section, part: AnyPart) -> Iterator[tuple[Key, Thing]]:
    place = f"{section.title} / {part.title}"
    inner = dict(inner_things(part, section.title if len(section.parts) == 1 else place))
    labels = {key[-1]: thing.attributes[_("label")] for key, thing in inner.items() if len(key) == 2}
    words = {_("section"): section.title, **part_words(part)}
    yield (part.key,), Thing(place, words, within=labels)
    yield from inner.items()


def inner_things(part: AnyPart, place: str) -> Iterator[tuple[Key, Thing]]:
    match part:
        case Single():
            yield (part.key, part.key), field_thing(part.field, f"{place} / {part.field.label}")
        case Results():
            for name, analyte in part.analytes.items():
                yield (part.key, name), Thing(f"{place} / {analyte.label}", analyte_words(analyte))
        case Checklist():
            for name, condition in part.conditions.items():
                yield from condition_things((part.key, name), condition, f"{place} / {condition.label}")
        case _:
            for name, field in part.fields.items():
                yield (part.key, name), field_thing(field, f"{place} / {field.label}")


def condition_things(key: Key, condition: Condition, place: str) -> Iterator[tuple[Key, Thing]]:
    details = {name: field.label for name, field in condition.details.items()}
    words = {_("label"): condition.label, _("help"): condition.help}
    yield key, Thing(place, words, within=details)
    for name, field in condition.details.items():
        yield (*key, name), field_thing(field, f"{place} / {field.label}")


def field_thing(field: Field, place: str) -> Thing:
    return Thing(place, field_words(field), {} if field.type == "yn" else dict(field.choices))
