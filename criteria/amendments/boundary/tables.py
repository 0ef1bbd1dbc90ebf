"""Boundary cases of everything that one edition changes in another: documents at the limits, under both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _, gettext_lazy

from criteria.amendments.boundary.ages import age_cases
from criteria.amendments.boundary.days import day_cases
from criteria.amendments.boundary.numbers import BoundaryCase, number_cases
from criteria.amendments.boundary.setup import Setup, setups
from criteria.amendments.boundary.where import condition_text
from criteria.amendments.uses import ParameterUse, changed_parameters, parameter_uses
from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Outcome, Protocol, parameters_of
from criteria.rules import nodes as n
from criteria.rules.facts import Limit
from criteria.rules.text import limit_text

MOST_ROWS = 40
CONVENTION = gettext_lazy(
    "Each document says only what this limit needs. Other conditions that it leaves open are taken so that this limit "
    "decides; what the limit itself looks at stays unknown where it is not known."
)


class BoundaryRow(NamedTuple):
    """One document, and the outcome of the criterion under both editions.

    An outcome is None where the old edition had no such criterion or parameter, or could not read the document.
    """

    case: str
    document: Mapping[str, Any]
    before: Outcome | None
    after: Outcome | None

    @property
    def flips(self) -> bool:
        return self.before != self.after


class BoundaryTable(NamedTuple):
    """One use of a changed parameter.

    Where there are no rows, or none with a changed outcome, the note says why.
    """

    parameter: str
    title: str
    old: str
    new: str
    code: str
    category: str
    where: str
    rows: tuple[BoundaryRow, ...]
    note: str


def boundary_tables(old: Edition, new: Edition) -> tuple[BoundaryTable, ...]:
    """Return a table for each use of each parameter that is new or has another value or unit.

    The tables are in the order of the new edition.
    """
    before, limits = old.protocol.limits, new.protocol.limits
    differs = changed_parameters(before, limits)
    changed = [limit for name, limit in limits.items() if name not in before or name in differs]
    return tuple(table for limit in changed for table in tables_of(old.protocol, new, limit))


def tables_of(old: Protocol, new: Edition, limit: Limit) -> list[BoundaryTable]:
    kept: dict[tuple[str, ...], BoundaryTable] = {}
    for criterion in new.protocol.criteria:
        for use in parameter_uses(criterion, limit.name):
            key = use_key(use, new.protocol)
            if key not in kept or kept[key].note:  # the first place in which it decides something
                kept[key] = better_table(kept.get(key), table_of(old, new.protocol, limit, use))
    return list(kept.values()) or [empty_table(old, limit)._replace(note=idle_note(new, limit))]


def use_key(use: ParameterUse, protocol: Protocol) -> tuple[str, ...]:
    """Return a key that tells uses apart.

    A named condition that occurs in several places of a criterion is tested in one of them.
    """
    name = next((node.label for node in reversed(use.node_path) if isinstance(node, n.Named)), "")
    return use.criterion.code, name, "" if name else condition_text(use, protocol), repr(use.leaf)


def better_table(one: BoundaryTable | None, other: BoundaryTable) -> BoundaryTable:
    return other if one is None or not other.note or not one.rows else one


def table_of(old: Protocol, new: Protocol, limit: Limit, use: ParameterUse) -> BoundaryTable:
    table = empty_table(old, limit)._replace(
        code=use.criterion.code, category=use.criterion.category, where=condition_text(use, new)
    )
    found = (boundary_rows(setup, old, new) for setup in setups(old, new, use))
    rows = next(filter(None, found), ())
    return table._replace(rows=rows, note=table_note(rows))


def table_note(rows: tuple[BoundaryRow, ...]) -> str:
    if not rows:
        return _("No documents could be made for this limit: try it on real visits in the dry run.")
    if not any(row.flips for row in rows):
        return _("None of these cases comes out otherwise: here other conditions decide, or the limit is the same.")
    return ""


def empty_table(old: Protocol, limit: Limit) -> BoundaryTable:
    before = old.limits.get(limit.name)
    text = limit_text(before) if before else _("not there")
    return BoundaryTable(limit.name, limit.title, text, limit_text(limit), "", "", "", (), "")


def idle_note(new: Edition, limit: Limit) -> str:
    if any(limit.name in parameters_of(criterion) for criterion in new.protocol.criteria):
        return table_note(())
    if f"{{{limit.name}}}" in str(new.data.get("sections")):
        return _("It decides no criterion: it stands only in the help of a field.")
    return _("It decides no criterion.")


def boundary_rows(setup: Setup, old: Protocol, new: Protocol) -> tuple[BoundaryRow, ...]:
    """Return the rows whose document can be saved, each document once."""
    found: list[BoundaryRow] = []
    for case in boundary_cases(setup):
        document = case.draft.document()
        if all(row.document != document for row in found) and not new.validate(document):
            found.append(
                BoundaryRow(case.words, document, old_outcome(setup, old, document), setup.now.outcome(document))
            )
    return tuple(found if len(found) <= MOST_ROWS else [*found[: MOST_ROWS - 1], found[-1]])


def old_outcome(setup: Setup, old: Protocol, document: Mapping[str, Any]) -> Outcome | None:
    return None if setup.then is None or old.validate(document) else setup.then.outcome(document)


def boundary_cases(setup: Setup) -> list[BoundaryCase]:
    """Return the cases by the kind of the limit: an age, a number or a day.

    They end with those in which a fact that is compared with the free one is unknown.
    """
    found = list(age_cases(setup)) or list(number_cases(setup)) or list(day_cases(setup))
    return [*found, *missing_fact_cases(setup)] if found else []


def missing_fact_cases(setup: Setup) -> Iterator[BoundaryCase]:
    for place in setup.facts:
        if place != setup.free:
            label = setup.draft.type_at(place).label
            yield BoundaryCase(_("%s not known") % label, setup.draft.without_value(place))
