"""The vocabularies of two versions: what is asked, and how, each difference with its place in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.definition.blocks import File
from criteria.definition.reader import PLACEHOLDER, DefinitionReader, Edition, length_of
from criteria.evaluation.protocol import Protocol
from criteria.rules.facts import Limit
from criteria.versions.comparison.changes import Difference
from criteria.versions.comparison.things import Key, Labels, Thing, things_of
from criteria.vocabulary.parts import Vocabulary

Things = Mapping[Key, Thing]


class UnfilledReader(DefinitionReader):
    """Leaves the parameters' names in the help: a new value is told with the values, and asks nothing else."""

    def filled(self, text: str, place: str, limits: Mapping[str, Limit]) -> str:
        return text


def vocabulary_of(data: Mapping[str, Any]) -> Vocabulary:
    reader = UnfilledReader(data)
    return reader.vocabulary(reader.read(File, data, ""), {})


def question_differences(old: Edition, new: Edition) -> Iterator[Difference]:
    """In the order of the new version; what was removed stands last."""
    before, after = (dict(things_of(vocabulary_of(edition.data))) for edition in (old, new))
    for difference in vocabulary_differences(before, after):
        yield Difference(
            difference.label, with_values(difference.old, old.protocol), with_values(difference.new, new.protocol)
        )


def with_values(text: str, protocol: Protocol) -> str:
    """A help text as it is shown in that version."""
    limits = protocol.limits
    return PLACEHOLDER.sub(lambda name: length_of(limits[name[1]]) if name[1] in limits else name[0], text)


def vocabulary_differences(before: Things, after: Things) -> Iterator[Difference]:
    for key, thing in after.items():
        if key in before:
            yield from thing_differences(before[key], thing)
        else:
            yield Difference(thing.place, "", thing.summary)
    for key, thing in before.items():
        if key not in after:
            yield Difference(thing.place, thing.summary, "")


def thing_differences(old: Thing, new: Thing) -> Iterator[Difference]:
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
    """Where what both versions have stands in another order."""
    before, after = [code for code in old if code in new], [code for code in new if code in old]
    if before != after:
        yield Difference(label, *(", ".join(new[code] for code in codes) for codes in (before, after)))
