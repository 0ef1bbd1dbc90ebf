"""Numbers around a limit: at it, one step to each side, zero, not known, in every unit that is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.amendments.boundary.draft import Draft, Place
from criteria.amendments.boundary.probe import Probe
from criteria.amendments.boundary.roots import root
from criteria.amendments.boundary.setup import Setup
from criteria.amendments.boundary.steps import step, tried
from criteria.rules import nodes as n
from criteria.rules.facts import Limit
from criteria.rules.text import amount, number, trimmed
from criteria.rules.units import Quantity, written


class Case(NamedTuple):
    """One document to try, and what is tried in words."""

    words: str
    draft: Draft


class Roots(NamedTuple):
    """Where the limit lies, in one unit, under the new and the old edition."""

    new: Fraction | None
    old: Fraction | None

    @property
    def known(self) -> tuple[Fraction, ...]:
        return tuple(each for each in dict.fromkeys((self.new, self.old)) if each is not None)


def number_cases(setup: Setup) -> Iterator[Case]:
    """Empty where the limit cannot be reached by moving the free fact alone."""
    place = setup.free
    if place is None or setup.draft.type_at(place).kind != "number":
        return
    drafts = {unit: setup.draft.in_unit(place, unit) for unit in units(setup, place)}
    found = {unit: roots(setup, draft, place) for unit, draft in drafts.items()}
    first = next((at for at in found.values() if at.known), None)
    if first is None:
        return
    for unit, at in found.items():
        if at.known:
            yield from in_unit(setup, drafts[unit], place, at, first)
    yield from in_other_families(setup, place)
    yield Case(_("not known"), setup.draft.leaving_open(place))


def roots(setup: Setup, draft: Draft, place: Place) -> Roots:
    def of(probe: Probe | None) -> Fraction | None:
        return None if probe is None else root(probe, draft, place)

    return Roots(of(setup.now), of(setup.then))


def units(setup: Setup, place: Place) -> list[str]:
    """The units in which the value may be typed and is held against this limit, that of the limit first."""
    fact = setup.draft.type_at(place)
    if not fact.reported:
        return [fact.unit]
    limits = [limit.unit for limit in (setup.limit, setup.old_limit) if limit]
    own = [unit for unit in dict.fromkeys(limits) if unit in fact.quantity.units]
    return list(dict.fromkeys([*own, *families(fact.quantity, own)]))


def families(quantity: Quantity, own: list[str]) -> Iterator[str]:
    """The units of the families of the limit; of all, where the limit is a ratio."""
    wanted = {quantity.family(unit) for unit in own}
    for index, family in enumerate(quantity.families):
        if index in wanted or not wanted:
            yield from family


def in_other_families(setup: Setup, place: Place) -> Iterator[Case]:
    """Around the limits that stand beside this one for units that it does not convert to, and that stayed as they were:
    the two may say different things from now on. A limit that is changed too has a table of its own."""
    quantity = setup.draft.type_at(place).quantity
    for limit in beside(setup):
        family = quantity.families[quantity.family(limit.unit)]
        for unit in dict.fromkeys([limit.unit, *family]):
            yield from at_other_limit(setup, setup.draft.in_unit(place, unit), place, limit)


def beside(setup: Setup) -> Iterator[Limit]:
    """The unchanged limits of the other families of units."""
    named = (node for node in n.subtrees(setup.use.leaf) if isinstance(node, n.ByUnit))
    for name in dict.fromkeys(param.name for node in named for param in node.limits if param.name != setup.use.name):
        limit = setup.now.protocol.limits[name]
        before = setup.then and setup.then.protocol.limits.get(name)
        if before and (before.value, before.unit) == (limit.value, limit.unit):
            yield limit


def at_other_limit(setup: Setup, draft: Draft, place: Place, limit: Limit) -> Iterator[Case]:
    at = root(setup.now, draft, place)
    own = root(setup.now, draft.in_unit(place, limit.unit), place)
    if at is None or limit.value is None:
        return
    which = _("the limit in %s") % written(limit.unit)
    for value in tried(at, spread_of([limit.value], at, own)):
        said = draft.saying(place, value)
        yield Case(f"{words(setup, said, place)}, {relation(setup.now, said) % which}", said)


def in_unit(setup: Setup, draft: Draft, place: Place, at: Roots, first: Roots) -> Iterator[Case]:
    """Zero, and the numbers around both limits in ascending order."""
    found: dict[Decimal, list[str]] = {Decimal(0): []}
    values = [each.value for each in (setup.limit, setup.old_limit) if each and each.value is not None]
    for limit, own, asked, which in (
        (at.new, first.new, setup.now, _("the new limit")),
        (at.old, first.old, setup.then, _("the old limit")),
    ):
        if limit is not None and asked is not None:
            spread = spread_of(values, limit, own)
            for value in tried(limit, spread, whole=draft.is_whole(place)):
                found.setdefault(value, []).append(relation(asked, draft.saying(place, value)) % which)
    for value in sorted(found):
        said = draft.saying(place, value)
        yield Case(", ".join([words(setup, said, place), *found[value]]), said)


def spread_of(values: Iterable[Decimal], limit: Fraction, own: Fraction | None) -> Fraction | None:
    """One step of one of these limits as it is written, in the unit at hand; None where it is not simply converted.

    `own` is where the limit lies in the first unit: where that is its own, it lies at its own number.
    """
    same = next((value for value in values if own == Fraction(value)), None)
    return Fraction(step(same)) * limit / own if own and same is not None else None


def relation(probe: Probe, draft: Draft) -> str:
    """Where what is compared lies, which need not be where what is typed lies."""
    gap = probe.gap(draft.document())
    if not gap:
        return _("at %s")
    return _("just above %s") if gap > 0 else _("just below %s")


def words(setup: Setup, draft: Draft, place: Place) -> str:
    """`1500 /mm3`; a result that is held against another with that other one, and of a computed value what it is
    computed from."""
    left = setup.use.leaf.left if isinstance(setup.use.leaf, n.Compare) else None
    text = said_amount(draft, place)
    others = [each for each in setup.facts if each != place and draft.type_at(each).kind == "number"]
    if not isinstance(left, n.Fact | n.IfKnown):
        text = f"{draft.type_at(place).label} {text}"
    if others:
        said = (f"{draft.type_at(each).label} {said_amount(draft, each)}" for each in others)
        text = f"{text} ({', '.join(said)})"
    return f"{text}{computed(setup, draft, left)}"


def said_amount(draft: Draft, place: Place) -> str:
    return amount(trimmed(draft.plain(place)), draft.unit_at(place))


def computed(setup: Setup, draft: Draft, left: n.Node | None) -> str:
    """What a formula makes of it."""
    if not isinstance(left, n.Formula):
        return ""
    leaf = setup.now.leaf(draft.document())
    if leaf is None or not all(side is not None and side.is_point for side in leaf.operands):
        return ""
    value, limit = leaf.operands
    return f": {left.label} {amount(number(value.low, limit.low), left.unit)}"
