"""Two editions compared as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Criterion, Protocol, nodes_of, parameters_of
from criteria.records.official_wording import sponsor_protocol_text
from criteria.rules import nodes as n
from criteria.versions.comparison.changes import Comparison, Difference, ValueChange
from criteria.versions.comparison.checks import check_differences
from criteria.versions.comparison.criteria import by_code, criterion_changes
from criteria.versions.comparison.protocol_tests import differences_of_tests
from criteria.versions.comparison.questions import question_differences
from criteria.versions.comparison.reading import differing_paths
from criteria.versions.comparison.structure import criterion_paths, rule_shape
from criteria.versions.comparison.summary import summary_differences
from criteria.versions.comparison.tables import table_differences, tables_changed
from criteria.versions.comparison.values import declared_differences, title_changes, value_changes


def compare(old: Edition, new: Edition) -> Comparison:
    """Return what differs, as text; the versions' numbers, days and notes are left out."""
    values = tuple(value_changes(old.protocol, new.protocol))
    paths = differing_paths(old.protocol.vocabulary, new.protocol.vocabulary)
    return Comparison(
        values=values,
        titles=tuple(title_changes(old.protocol, new.protocol)),
        criteria=tuple(criterion_changes(old.protocol, new.protocol)),
        questions=tuple(question_differences(old, new)),
        rest=(
            *declared_differences(old, new),
            *table_differences(old.protocol, new.protocol),
            *check_differences(old.protocol, new.protocol),
            *summary_differences(old.protocol, new.protocol),
            *differences_of_tests(old, new),
            *head_differences(old, new),
        ),
        changed_codes=frozenset(changed_codes(old.protocol, new.protocol, values, paths)),
        same_questions=not paths,
    )


def changed_codes(old: Protocol, new: Protocol, values: Iterable[ValueChange], paths: frozenset[str]) -> Iterator[str]:
    """Yield the criteria of which some document might have another outcome.

    Their rule differs, a limit in it, or how what they look at is read.
    """
    before, after = by_code(old), by_code(new)
    names = {change.name for change in values}
    tables = frozenset(tables_changed(old, new))
    for code in {**before, **after}:
        pair = [side[code] for side in (before, after) if code in side]
        asked = {rule_structure(criterion) for criterion in pair}
        reread = old.format != new.format and any(map(depends_on_format, pair))
        limited = any(names.intersection(parameters_of(criterion)) for criterion in pair)
        if (
            len(pair) == 1
            or len(asked) == 2
            or limited
            or reread
            or any(isinstance(node, n.Lookup) and node.table in tables for each in pair for node in nodes_of(each))
            or any(looks_at(criterion, paths) for criterion in pair)
        ):
            yield code


def rules_changed(old: Protocol, new: Protocol) -> tuple[str, ...]:
    """Return the criteria whose rule differs by more than limits.

    These are the criteria that only one version has, or whose category, rule or “applies” differs by more than
    limits; in the order of the new version, removed ones last.
    """
    before, after = ({each.code: rule_structure(each) for each in protocol.criteria} for protocol in (old, new))
    return tuple(code for code in {**after, **before} if before.get(code) != after.get(code))


def depends_on_format(criterion: Criterion) -> bool:
    """Return whether a criterion holds a node whose meaning changed with the format of the definition."""
    return any(isinstance(node, n.Detected) for node in nodes_of(criterion))


def looks_at(criterion: Criterion, paths: frozenset[str]) -> bool:
    """Return whether a criterion looks at one of these paths, or at something within it."""
    return any(f"{read}.".startswith(f"{path}.") for read in criterion_paths(criterion) for path in paths)


def rule_structure(criterion: Criterion) -> tuple[object, ...]:
    return criterion.category, rule_shape(criterion.applies), rule_shape(criterion.rule)


def head_differences(old: Edition, new: Edition) -> Iterator[Difference]:
    """Yield the differences of the trial's own entries.

    A version's note is its own, as its number is, and is not compared.
    """
    labels = {
        "code": _("trial"),
        "title": _("title of the trial"),
        "registry_url": _("registry record"),
        "planned_enrolment": _("planned enrolment"),
    }
    for key, label in labels.items():
        before, after = (str(edition.data["trial"].get(key) or "") for edition in (old, new))
        if before != after:
            yield Difference(label, before, after)
    sponsored = [sponsor_protocol_text(edition.data.get("sponsor_protocol")) for edition in (old, new)]
    if sponsored[0] != sponsored[1]:
        yield Difference(_("sponsor's protocol"), *sponsored)
    before, after = (numbers_text(edition.data.get("numbers")) for edition in (old, new))
    if before != after:
        yield Difference(_("screening numbers"), before, after)


def numbers_text(block: Mapping[str, Any] | None) -> str:
    """Return the first number that a block would give, as an example; empty without a block."""
    return f"{block['prefix']}{1:0{block.get('width', 4)}}" if block else ""
