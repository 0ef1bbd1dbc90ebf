"""Vocabulary as a list of items, each with its place and its properties as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.versions.comparison.phrases import (
    analyte_texts,
    condition_texts,
    drug_texts,
    drugs_texts,
    field_texts,
    part_texts,
)
from criteria.vocabulary.drugs import Drugs
from criteria.vocabulary.parts import AnyPart, Checklist, Condition, Field, Results, Section, Single, Vocabulary

ItemKey = tuple[str, ...]
Labels = Mapping[str, str]  # by code, in their order


class VocabularyItem(NamedTuple):
    """A section, a part, a field, a test or a condition.

    `within` are the items that it contains, in their order.
    """

    place: str
    attributes: Labels
    options: Labels = {}
    within: Labels = {}

    @property
    def summary(self) -> str:
        """All properties as text, for an item that one version does not have."""
        said = [f"{name}: {text}" for name, text in self.attributes.items() if text not in ("", _("no"))]
        if self.options:
            said.append(f"{_('options')}: {', '.join(self.options.values())}")
        return "; ".join(said)


def vocabulary_items(vocabulary: Vocabulary) -> Iterator[tuple[ItemKey, VocabularyItem]]:
    """Yield every item by a key that stays the same when the wording changes."""
    sections = {section.code: section.title for section in vocabulary.sections}
    yield (), VocabularyItem(_("Sections"), {}, within=sections)
    for section in vocabulary.sections:
        parts = {part.key: part.title for part in section.parts}
        words = {_("title"): section.title, _("help"): section.help}
        yield ("", section.code), VocabularyItem(section.title, words, within=parts)
        for part in section.parts:
            yield from part_items(section, part)
    if vocabulary.drugs:
        yield from drug_items(vocabulary.drugs)


def drug_items(drugs: Drugs) -> Iterator[tuple[ItemKey, VocabularyItem]]:
    """Yield the list of drugs and each drug; the order in which they stand has no meaning."""
    yield ("", "", "drugs"), VocabularyItem(_("Drugs"), drugs_texts(drugs))
    for drug in drugs.listed:
        yield ("", "", "drugs", drug.name), VocabularyItem(f"{_('Drugs')} / {drug.name}", drug_texts(drug))


def part_items(section: Section, part: AnyPart) -> Iterator[tuple[ItemKey, VocabularyItem]]:
    place = f"{section.title} / {part.title}"
    inner = dict(inner_items(part, section.title if len(section.parts) == 1 else place))
    labels = {key[-1]: thing.attributes[_("label")] for key, thing in inner.items() if len(key) == 2}
    words = {_("section"): section.title, **part_texts(part)}
    yield (part.key,), VocabularyItem(place, words, within=labels)
    yield from inner.items()


def inner_items(part: AnyPart, place: str) -> Iterator[tuple[ItemKey, VocabularyItem]]:
    match part:
        case Single():
            yield (part.key, part.key), field_item(part.field, f"{place} / {part.field.label}")
        case Results():
            for name, analyte in part.analytes.items():
                yield (part.key, name), VocabularyItem(f"{place} / {analyte.label}", analyte_texts(analyte))
        case Checklist():
            for name, condition in part.conditions.items():
                yield from condition_items((part.key, name), condition, f"{place} / {condition.label}")
        case _:
            for name, field in part.fields.items():
                yield (part.key, name), field_item(field, f"{place} / {field.label}")


def condition_items(key: ItemKey, condition: Condition, place: str) -> Iterator[tuple[ItemKey, VocabularyItem]]:
    details = {name: field.label for name, field in condition.details.items()}
    words = condition_texts(condition)
    yield key, VocabularyItem(place, words, within=details)
    for name, field in condition.details.items():
        yield (*key, name), field_item(field, f"{place} / {field.label}")


def field_item(field: Field, place: str) -> VocabularyItem:
    return VocabularyItem(place, field_texts(field), {} if field.type == "yn" else dict(field.choices))
