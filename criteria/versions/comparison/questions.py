"""Vocabularies of two versions: what is asked, and how; each difference with its place as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.definition.blocks import DefinitionFile
from criteria.definition.reader import PLACEHOLDER, DefinitionReader, Edition, limit_value_text
from criteria.evaluation.protocol import Protocol
from criteria.rules.facts import Limit
from criteria.versions.comparison.changes import Difference
from criteria.versions.comparison.things import ItemKey, Labels, VocabularyItem, vocabulary_items
from criteria.vocabulary.parts import Vocabulary

VocabularyItems = Mapping[ItemKey, VocabularyItem]


class UnfilledReader(DefinitionReader):
    """A definition reader that leaves the parameters' names in the help.

    A new value is reported with the values, and does not change a question.
    """

    def fill_placeholders(self, text: str, place: str, limits: Mapping[str, Limit]) -> str:
        return text


def vocabulary_of(data: Mapping[str, Any]) -> Vocabulary:
    reader = UnfilledReader(data)
    return reader.vocabulary(reader.read(DefinitionFile, data, ""), {})


def question_differences(old: Edition, new: Edition) -> Iterator[Difference]:
    """Yield the differences in the order of the new version; what was removed comes last."""
    before, after = (dict(vocabulary_items(vocabulary_of(edition.data))) for edition in (old, new))
    for difference in vocabulary_differences(before, after):
        yield Difference(
            difference.label, with_values(difference.old, old.protocol), with_values(difference.new, new.protocol)
        )


def with_values(text: str, protocol: Protocol) -> str:
    """Return a help text as it is shown in that version."""
    limits = protocol.limits
    return PLACEHOLDER.sub(lambda name: limit_value_text(limits[name[1]]) if name[1] in limits else name[0], text)


def vocabulary_differences(before: VocabularyItems, after: VocabularyItems) -> Iterator[Difference]:
    for key, thing in after.items():
        if key in before:
            yield from item_differences(before[key], thing)
        else:
            yield Difference(thing.place, "", thing.summary)
    for key, thing in before.items():
        if key not in after:
            yield Difference(thing.place, thing.summary, "")


def item_differences(old: VocabularyItem, new: VocabularyItem) -> Iterator[Difference]:
    for name in {**new.attributes, **old.attributes}:
        before, after = old.attributes.get(name, ""), new.attributes.get(name, "")
        if before != after:
            yield Difference(f"{new.place}: {name}", before, after)
    for code in {**new.options, **old.options}:
        before, after = old.options.get(code, ""), new.options.get(code, "")
        if before != after:
            yield Difference(_("%(place)s: option %(code)s") % {"place": new.place, "code": code}, before, after)
    yield from order_differences(_("%s: order of options") % new.place, old.options, new.options)
    yield from order_differences(_("%s: order") % new.place, old.within, new.within)


def order_differences(label: str, old: Labels, new: Labels) -> Iterator[Difference]:
    """Yield a difference where the entries that both versions have are in another order."""
    before, after = [code for code in old if code in new], [code for code in new if code in old]
    if before != after:
        yield Difference(label, *(", ".join(new[code] for code in codes) for codes in (before, after)))
