"""Checks of how the list of drugs refers to the parts of a vocabulary, and of its names to each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from criteria.rules.kinds import spelling_hint
from criteria.vocabulary.drugs import CONNECTING, Drug, Words, name_words
from criteria.vocabulary.faults import Fault
from criteria.vocabulary.parts import Field, Records, Vocabulary

CONNECTING_WORDS = frozenset(map(name_words, CONNECTING))


def drug_faults(vocabulary: Vocabulary, listed: Mapping[int, Drug], broken: Collection[str]) -> Iterator[Fault]:
    """Yield the faults of a list of drugs, which are given by their place in it.

    A reference to a part that is `broken` is skipped: it was reported with the part's own faults.
    """
    yield from name_faults(listed)
    if vocabulary.drugs is None:
        return
    paths = {"names": vocabulary.drugs.names, "codes": vocabulary.drugs.codes}
    part_keys = {path.split(".")[0] for path in paths.values()}
    if part_keys & set(broken):
        return
    fields = {key: record_field(vocabulary, path) for key, path in paths.items()}
    for key, wanted in (("names", "text"), ("codes", "codes")):
        field = fields[key]
        if field is None:
            names = [f"{part.key}.{name}" for part in record_lists(vocabulary) for name in part.fields]
            hint = spelling_hint(paths[key], names)
            yield Fault(f"drugs.{key}", f"unknown field “{paths[key]}”: name a field of a list of records{hint}")
        elif field.type != wanted:
            yield Fault(f"drugs.{key}", f"wrong type: “{paths[key]}” is of type {field.type}, not {wanted}")
    if len(part_keys) > 1 and all(fields.values()):
        yield Fault("drugs.codes", f"“{paths['codes']}” stands in another list than “{paths['names']}”")
    if fields["codes"] and fields["codes"].choices:
        yield from code_faults(listed, fields["codes"])


def record_lists(vocabulary: Vocabulary) -> list[Records]:
    return [part for part in vocabulary.parts.values() if isinstance(part, Records)]


def record_field(vocabulary: Vocabulary, path: str) -> Field | None:
    key, _dot, name = path.partition(".")
    part = vocabulary.parts.get(key)
    return part.fields.get(name) if isinstance(part, Records) else None


def code_faults(listed: Mapping[int, Drug], field: Field) -> Iterator[Fault]:
    for at, drug in listed.items():
        for code in drug.codes:
            if code not in field.choices:
                hint = spelling_hint(code, field.choices)
                yield Fault(f"drugs.listed[{at}].codes", f"“{code}” is not a code of “{field.name}”{hint}")


def name_faults(listed: Mapping[int, Drug]) -> Iterator[Fault]:
    """Yield the names that name nothing, and those that could not be told from another."""
    known: dict[Words, str] = {}
    for at, drug in listed.items():
        for place, name in placed_names(drug, f"drugs.listed[{at}]"):
            words = name_words(name)
            if not any(each.isalpha() for word in words for each in word):
                yield Fault(place, f"“{name}” names nothing: a name has a letter")
            elif words in CONNECTING_WORDS:
                yield Fault(place, f"“{name}” names nothing: it connects the names of drugs")
            elif words in known:
                yield Fault(place, f"“{name}” is read like “{known[words]}”, which stands before it")
            else:
                known[words] = name


def placed_names(drug: Drug, place: str) -> Iterator[tuple[str, str]]:
    yield f"{place}.name", drug.name
    for index, name in enumerate(drug.other_names):
        yield f"{place}.other_names[{index}]", name
