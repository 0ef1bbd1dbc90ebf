"""The lines of the summary of two versions, each with the labels of its values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Protocol
from criteria.evaluation.summary import SummaryEntry, value_type
from criteria.versions.comparison.changes import Difference
from criteria.versions.comparison.structure import rule_shape


def summary_differences(old: Protocol, new: Protocol) -> Iterator[Difference]:
    """Yield the differences in the order of the new version; lines that were removed come last."""
    before, after = ({entry.label: entry for entry in side.summarizer.entries} for side in (old, new))
    for label in {**after, **before}:
        if entry_shape(before.get(label)) != entry_shape(after.get(label)):
            texts = (entry_text(side, entries.get(label)) for side, entries in ((old, before), (new, after)))
            yield Difference(_("Summary: %s") % label, *texts)
    both = [[label for label in before if label in after], [label for label in after if label in before]]
    if both[0] != both[1]:
        yield Difference(_("Summary: order"), *(", ".join(labels) for labels in both))


def entry_shape(entry: SummaryEntry | None) -> Any:
    return entry and (entry.of, *map(rule_shape, entry.values))


def entry_text(protocol: Protocol, entry: SummaryEntry | None) -> str:
    if entry is None:
        return ""
    labels = ", ".join(value_type(protocol.schema, value, entry.of).label for value in entry.values)
    return f"{protocol.schema.records[entry.of].label}: {labels}" if entry.of else labels
