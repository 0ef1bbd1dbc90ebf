"""Parameters of two versions: values with the sentences that they change, titles, types, permitted ranges, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Protocol, parameters_of
from criteria.rules.facts import Limit
from criteria.rules.text import amount_text, limit_text, number_text
from criteria.versions.comparison.changes import Difference, SentencePair, TitleChange, ValueChange


def value_changes(old: Protocol, new: Protocol) -> Iterator[ValueChange]:
    """Yield the changes in the order of the new version; parameters that were removed come last."""
    titles = {name: limit.title for name, limit in (*old.limits.items(), *new.limits.items())}
    for name in {**new.limits, **old.limits}:
        before, after = old.limits.get(name), new.limits.get(name)
        if not same_value(before, after):
            sentences = tuple(sentence_pairs(old, new, name))
            yield ValueChange(name, titles[name], optional_limit_text(before), optional_limit_text(after), sentences)


def same_value(old: Limit | None, new: Limit | None) -> bool:
    """Return whether two limits have the same value and unit, and also the same digits as text.

    A change from 9 to 9.0 is not to go unnoticed.
    """
    if old is None or new is None:
        return old is new
    return (old.value, old.unit, optional_limit_text(old)) == (new.value, new.unit, optional_limit_text(new))


def optional_limit_text(limit: Limit | None) -> str:
    return "" if limit is None else limit_text(limit)


def sentence_pairs(old: Protocol, new: Protocol, name: str) -> Iterator[SentencePair]:
    """Yield the sentences of the criteria of both versions that read the parameter in either."""
    before = {criterion.code: criterion for criterion in old.criteria}
    for criterion in new.criteria:
        other = before.get(criterion.code)
        if other and name in (*parameters_of(criterion), *parameters_of(other)):
            yield SentencePair(criterion.code, old.sentence(other), new.sentence(criterion))


def title_changes(old: Protocol, new: Protocol) -> Iterator[TitleChange]:
    for name, limit in new.limits.items():
        if name in old.limits and old.limits[name].title != limit.title:
            yield TitleChange(name, old.limits[name].title, limit.title)


def declared_differences(old: Edition, new: Edition) -> Iterator[Difference]:
    """Yield the differences in what a version declares of a parameter: type, permitted range and source."""
    before, after = (edition.data.get("parameters", {}) for edition in (old, new))
    for name, block in after.items():
        if name not in before:
            continue
        labels = (
            (_("type"), parameter_type_text),
            (_("permitted range"), parameter_range_text),
            (_("source"), parameter_source),
        )
        for label, text in labels:
            if text(before[name]) != text(block):
                yield Difference(f"{block['title']}: {label}", text(before[name]), text(block))


def parameter_type_text(block: Mapping[str, Any]) -> str:
    types = {"number": _("number"), "integer": _("whole number"), "window": _("length of a window")}
    return types.get(block.get("type") or "", "")


def parameter_source(block: Mapping[str, Any]) -> str:
    return block.get("source") or ""


def parameter_range_text(block: Mapping[str, Any]) -> str:
    if not block.get("permitted"):
        return ""
    lowest, highest = block["permitted"]
    bounds = {"lowest": number_text(lowest), "highest": amount_text(highest, block.get("unit", "1"))}
    return _("%(lowest)s to %(highest)s") % bounds
