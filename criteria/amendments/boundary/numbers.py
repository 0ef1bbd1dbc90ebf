"""Numbers around a limit: at it, one step to each side, zero and unknown, in every accepted unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.amendments.boundary.draft import DocumentDraft, FactPlace
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.boundary.roots import limit_root
from criteria.amendments.boundary.setup import Setup
from criteria.amendments.boundary.steps import numbers_to_try, step_size
from criteria.rules import nodes as n
from criteria.rules.facts import Limit, test_of
from criteria.rules.text import amount_text, number_text, trim_zeros
from criteria.rules.units import Quantity, unit_text


class BoundaryCase(NamedTuple):
    """One document to test, with a text that says what is tested."""

    words: str
    draft: DocumentDraft


class LimitRoots(NamedTuple):
    """The position of the limit in one unit, under the new and the old edition."""

    new: Fraction | None
    old: Fraction | None

    @property
    def distinct_values(self) -> tuple[Fraction, ...]:
        return tuple(each for each in dict.fromkeys((self.new, self.old)) if each is not None)


def number_cases(setup: Setup) -> Iterator[BoundaryCase]:
    """Yield the cases for a numeric limit.

    There are none where the limit cannot be reached by moving the free fact alone.
    """
    place = setup.free
    if place is None or setup.draft.type_at(place).kind != "number":
        return
    drafts = {unit: setup.draft.in_unit(place, unit) for unit in accepted_units(setup, place)}
    found = {unit: limit_roots(setup, draft, place) for unit, draft in drafts.items()}
    first = next((at for at in found.values() if at.distinct_values), None)
    if first is None:
        return
    for unit, at in found.items():
        if at.distinct_values:
            yield from unit_cases(setup, drafts[unit], place, at, first)
    yield from other_family_cases(setup, place)
    if place[0] is None or not test_of(place[0].list):  # a result in a list has a value, or there is none
        yield BoundaryCase(_("not known"), setup.draft.without_value(place))


def limit_roots(setup: Setup, draft: DocumentDraft, place: FactPlace) -> LimitRoots:
    def root_by(probe: Probe | None) -> Fraction | None:
        return None if probe is None else limit_root(probe, draft, place)

    return LimitRoots(root_by(setup.now), root_by(setup.then))


def accepted_units(setup: Setup, place: FactPlace) -> list[str]:
    """Return the units in which the value may be entered and is compared with this limit.

    The unit of the limit comes first.
    """
    fact = setup.draft.type_at(place)
    if not fact.reported:
        return [fact.unit]
    limits = [limit.unit for limit in (setup.limit, setup.old_limit) if limit]
    own = [unit for unit in dict.fromkeys(limits) if unit in fact.quantity.units]
    return list(dict.fromkeys([*own, *family_units(fact.quantity, own)]))


def family_units(quantity: Quantity, own: list[str]) -> Iterator[str]:
    """Yield the units of the families to which the units of the limit belong.

    Where the limit is a ratio, these are the units of all families.
    """
    wanted = {quantity.family(unit) for unit in own}
    for index, family in enumerate(quantity.families):
        if index in wanted or not wanted:
            yield from family


def other_family_cases(setup: Setup, place: FactPlace) -> Iterator[BoundaryCase]:
    """Yield the cases around the unchanged limits that apply to units of other families.

    This limit does not convert to those units, and the two limits may disagree from now on. A limit that is
    changed too has a table of its own.
    """
    quantity = setup.draft.type_at(place).quantity
    for limit in unchanged_limits(setup):
        family = quantity.families[quantity.family(limit.unit)]
        for unit in dict.fromkeys([limit.unit, *family]):
            yield from other_limit_cases(setup, setup.draft.in_unit(place, unit), place, limit)


def unchanged_limits(setup: Setup) -> Iterator[Limit]:
    """Yield the unchanged limits of the other families of units."""
    named = (node for node in n.subtrees(setup.use.leaf) if isinstance(node, n.ByUnit))
    for name in dict.fromkeys(param.name for node in named for param in node.limits if param.name != setup.use.name):
        limit = setup.now.protocol.limits[name]
        before = setup.then and setup.then.protocol.limits.get(name)
        if before and (before.value, before.unit) == (limit.value, limit.unit):
            yield limit


def other_limit_cases(setup: Setup, draft: DocumentDraft, place: FactPlace, limit: Limit) -> Iterator[BoundaryCase]:
    at = limit_root(setup.now, draft, place)
    own = limit_root(setup.now, draft.in_unit(place, limit.unit), place)
    if at is None or limit.value is None:
        return
    which = _("the limit in %s") % unit_text(limit.unit)
    for value in numbers_to_try(at, spread_of([limit.value], at, own)):
        said = draft.with_value(place, value)
        yield BoundaryCase(f"{case_text(setup, said, place)}, {relation_text(setup.now, said) % which}", said)


def unit_cases(
    setup: Setup, draft: DocumentDraft, place: FactPlace, at: LimitRoots, first: LimitRoots
) -> Iterator[BoundaryCase]:
    """Yield the cases in one unit: zero, and the numbers around both limits in ascending order."""
    found: dict[Decimal, list[str]] = {Decimal(0): []}
    values = [each.value for each in (setup.limit, setup.old_limit) if each and each.value is not None]
    for limit, own, asked, which in (
        (at.new, first.new, setup.now, _("the new limit")),
        (at.old, first.old, setup.then, _("the old limit")),
    ):
        if limit is not None and asked is not None:
            spread = spread_of(values, limit, own)
            for value in numbers_to_try(limit, spread, whole=draft.is_whole(place)):
                found.setdefault(value, []).append(relation_text(asked, draft.with_value(place, value)) % which)
    for value in sorted(found):
        said = draft.with_value(place, value)
        yield BoundaryCase(", ".join([case_text(setup, said, place), *found[value]]), said)


def spread_of(values: Iterable[Decimal], limit: Fraction, own: Fraction | None) -> Fraction | None:
    """Return one step of one of these limits as it is written, in the unit at hand.

    `own` is the position of the limit in the first unit; where that is the unit of the limit, it equals the
    limit's own number. None where the limit is not simply converted.
    """
    same = next((value for value in values if own == Fraction(value)), None)
    return Fraction(step_size(same)) * limit / own if own and same is not None else None


def relation_text(probe: Probe, draft: DocumentDraft) -> str:
    """Return whether the compared value lies at, just above or just below the limit, as text.

    The compared value need not be the one that is entered.
    """
    gap = probe.gap(draft.document())
    if not gap:
        return _("at %s")
    return _("just above %s") if gap > 0 else _("just below %s")


def case_text(setup: Setup, draft: DocumentDraft, place: FactPlace) -> str:
    """Return the text of a case, such as `1500 /mm3`.

    A result that is compared with another result is given with that one, and a computed value with the values
    that it is computed from.
    """
    left = setup.use.leaf.left if isinstance(setup.use.leaf, n.Compare) else None
    text = place_amount_text(draft, place)
    others = [each for each in setup.facts if each != place and draft.type_at(each).kind == "number"]
    if not isinstance(left, n.Fact | n.IfKnown):
        text = f"{draft.type_at(place).label} {text}"
    if others:
        said = (f"{draft.type_at(each).label} {place_amount_text(draft, each)}" for each in others)
        text = f"{text} ({', '.join(said)})"
    return f"{text}{formula_text(setup, draft, left)}"


def place_amount_text(draft: DocumentDraft, place: FactPlace) -> str:
    return amount_text(trim_zeros(draft.value_or_usual(place)), draft.unit_at(place))


def formula_text(setup: Setup, draft: DocumentDraft, left: n.Node | None) -> str:
    """Return the value that a formula computes, as text; empty where there is no formula or it is not known."""
    if not isinstance(left, n.Formula):
        return ""
    leaf = setup.now.leaf(draft.document())
    if leaf is None or not all(side is not None and side.is_point for side in leaf.operands):
        return ""
    value, limit = leaf.operands
    return f": {left.label} {amount_text(number_text(value.low, limit.low), left.unit)}"
