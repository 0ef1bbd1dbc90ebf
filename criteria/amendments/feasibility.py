"""What speaks against the values of a changed definition: limits that nobody can meet, or miss, any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from criteria.amendments.stale_wording import left_behind
from criteria.definition.parameter_units import in_unit_of
from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Criterion, parameters_of
from criteria.rules import nodes as n
from criteria.rules.describe import Describe
from criteria.rules.facts import Limit
from criteria.rules.fold import fold
from criteria.rules.possible.conditions import Possibilities, Possible, both, possible
from criteria.rules.possible.values import Domains, Key, Lists, met
from criteria.rules.ranges import Range
from criteria.rules.text import limit_text, listed
from criteria.vocabulary.edit_checks import plausible_in
from criteria.vocabulary.parts import Analyte, Field, Results, Vocabulary, paths_of

Limits = Mapping[str, Limit]


class Objection(NamedTuple):
    """`code` is that of the criterion, blank where the parameter itself is meant."""

    code: str
    parameter: str
    kind: Literal["refused", "warning"]
    text: str


class Able(NamedTuple):
    """Whether anybody can pass a criterion, fail it, or fall under it."""

    passed: bool
    failed: bool
    applies: bool


class Leaf(NamedTuple):
    """A comparison or window, within its lists of records."""

    node: n.Compare | n.Within
    lists: Lists


def objections(old: Edition, new: Edition) -> tuple[Objection, ...]:
    """All that the changed values of parameters brought about; what was so before is not said again."""
    names = changed(old.protocol.limits, new.protocol.limits)
    review = Review(old, new, names)
    found = [one for criterion in new.protocol.criteria for one in review.impossible(criterion)]
    left = left_behind(old.protocol, new.protocol, names)
    found += [Objection(one.code, one.parameter, "warning", one.text) for one in left]
    return tuple(dict.fromkeys(found))


def changed(old: Limits, new: Limits) -> tuple[str, ...]:
    """The parameters of both whose value differs."""
    both_have = [name for name in new if name in old]
    return tuple(name for name in both_have if (old[name].value, old[name].unit) != (new[name].value, new[name].unit))


MESSAGES = {
    ("passed", True): _("%(title)s %(value)s: nobody can pass %(code)s any more"),
    ("failed", True): _("%(title)s %(value)s: nobody can fail %(code)s any more"),
    ("applies", True): _("%(title)s %(value)s: %(code)s applies to nobody any more"),
    ("passed", False): _("%(title)s %(value)s: no plausible value passes %(code)s any more"),
    ("failed", False): _("%(title)s %(value)s: no plausible value fails %(code)s any more"),
    ("applies", False): _("%(title)s %(value)s: %(code)s applies to no plausible value any more"),
}
# Of a comparison that comes out the same for everybody: which it can no longer be, and whether surely.
IDLE = {
    ("true", True): _("%(code)s: “%(leaf)s” can hold for nobody: %(title)s decides nothing any more"),
    ("false", True): _("%(code)s: “%(leaf)s” holds for everybody: %(title)s decides nothing any more"),
    ("true", False): _("%(code)s: “%(leaf)s” holds for no plausible value of it"),
    ("false", False): _("%(code)s: “%(leaf)s” holds for every plausible value of it"),
}


class Review:
    """Looks at the new rules twice: with the new values, and with the old."""

    def __init__(self, old: Edition, new: Edition, names: tuple[str, ...]) -> None:
        self.protocol = new.protocol
        self.names = names
        self.now: Limits = new.protocol.limits
        self.before = dict(self.comparable(old.protocol.limits))

    def comparable(self, old: Limits) -> Iterator[tuple[str, Limit]]:
        """The old values in the unit of now; a value whose unit does not convert is compared with nothing."""
        for name in self.names:
            was, limit = old[name], self.now[name]
            value = was.value if was.unit == limit.unit else in_unit_of(self.protocol, limit, was)
            if was.value is None or value is not None:
                yield name, limit._replace(value=value)

    @cached_property
    def hard(self) -> Domains:
        return domains_of(self.protocol.vocabulary)

    @cached_property
    def plausible(self) -> Domains:
        return plausible_domains_of(self.protocol.vocabulary)

    def impossible(self, criterion: Criterion) -> Iterator[Objection]:
        names = [name for name in self.names if name in parameters_of(criterion)]
        told: set[str] = set()
        for domains in (self.hard, self.plausible):
            for aspect in ("applies", "passed", "failed"):
                for name in self.blamed(criterion, names, domains, aspect):
                    if name not in told:
                        told.add(name)
                        yield self.objection(criterion, name, aspect, surely=domains is self.hard)
        for leaf in leaves_of(criterion):
            for name in names:
                if name not in told and name in parameters_in(leaf.node) and (text := self.idle(criterion, leaf, name)):
                    yield Objection(criterion.code, name, "warning", text)

    def blamed(self, criterion: Criterion, names: list[str], domains: Domains, aspect: str) -> list[str]:
        """The changed parameters that took away what was possible before: each alone, or each that brings it back."""
        if not names or getattr(self.able(criterion, self.now, domains), aspect):
            return []
        if set(names) <= set(self.before) and not getattr(self.able(criterion, self.limits(names), domains), aspect):
            return []
        alone = []
        for name in names:
            without = self.able(criterion, self.limits([name]), domains)
            only = self.able(criterion, self.limits([other for other in names if other != name]), domains)
            if getattr(without, aspect) or not getattr(only, aspect):
                alone.append(name)
        return alone or names

    def limits(self, old: list[str]) -> Limits:
        """The new limits, some of them with their old value."""
        return {**self.now, **{name: self.before[name] for name in old if name in self.before}}

    def able(self, criterion: Criterion, limits: Limits, domains: Domains) -> Able:
        rule = self.possible(criterion, criterion.rule, limits, domains)
        met, unmet = rule if criterion.category == "inclusion" else (rule.false, rule.true)
        if criterion.applies is None:
            return Able(met is not None, unmet is not None, applies=True)
        applies = self.possible(criterion, criterion.applies, limits, domains).true
        return Able(met is not None, both((applies, unmet)) is not None, applies is not None)

    def possible(
        self, criterion: Criterion, node: n.Node, limits: Limits, domains: Domains, lists: Lists = ()
    ) -> Possible:
        return possible(node, self.protocol.schema, limits, criterion.kinds, domains, lists)

    def objection(self, criterion: Criterion, name: str, aspect: str, *, surely: bool) -> Objection:
        limit = self.now[name]
        words = {"title": limit.title, "value": limit_text(limit), "code": criterion.code}
        text = str(MESSAGES[aspect, surely]) % words + self.reason(criterion, name)
        return Objection(criterion.code, name, "refused" if surely and aspect == "passed" else "warning", text)

    def reason(self, criterion: Criterion, name: str) -> str:
        """Every comparison with the value that is compared with the parameter, the others' limits too."""
        leaves = leaves_of(criterion)
        keys = {self.key(criterion, leaf) for leaf in leaves if name in parameters_in(leaf.node)}
        texts = [self.words(leaf) for leaf in leaves if self.key(criterion, leaf) in keys]
        return f" ({listed((f'“{text}”' for text in dict.fromkeys(texts)), 'and')})" if texts else ""

    def key(self, criterion: Criterion, leaf: Leaf) -> Key:
        node = leaf.node.left if isinstance(leaf.node, n.Compare) else leaf.node.event
        algebra = Possibilities(self.protocol.schema, self.now, criterion.kinds, self.hard)
        key: Key = fold(node, algebra)(leaf.lists).key
        return key

    def words(self, leaf: Leaf) -> str:
        schema = self.protocol.schema
        return Describe(schema, self.now).words(leaf.node, tuple(schema.records[name] for name in leaf.lists))

    def idle(self, criterion: Criterion, leaf: Leaf, name: str) -> str:
        """Where a comparison comes out the same for everybody now, and did not before."""
        if self.now[name].value is None:
            return ""  # a window set open holds for every event: that is what it is for
        for domains in (self.hard, self.plausible):
            now = self.possible(criterion, leaf.node, self.now, domains, leaf.lists)
            before = self.possible(criterion, leaf.node, self.limits([name]), domains, leaf.lists)
            for truth in ("true", "false"):
                if getattr(now, truth) is None and (name not in self.before or getattr(before, truth) is not None):
                    words = {"code": criterion.code, "leaf": self.words(leaf), "title": self.now[name].title}
                    return str(IDLE[truth, domains is self.hard]) % words
        return ""


def parameters_in(node: n.Node) -> frozenset[str]:
    return frozenset(inner.name for inner in n.subtrees(node) if isinstance(inner, n.Param))


def leaves_of(criterion: Criterion) -> list[Leaf]:
    """Every comparison and window of a criterion, in the order in which they stand."""
    trees = (tree for tree in (criterion.applies, criterion.rule) if tree is not None)
    return [leaf for tree in trees for leaf in leaves(tree, ())]


def leaves(node: n.Node, lists: Lists) -> Iterator[Leaf]:
    if isinstance(node, n.Compare | n.Within):
        yield Leaf(node, lists)
        return
    if isinstance(node, n.Some | n.Latest):
        inner = (node.records, *lists)
        yield from leaves(node.where, inner)
        if isinstance(node, n.Latest):
            yield from leaves(node.then, inner)
            yield from leaves(node.otherwise, lists)
        return
    for child in n.children(node):
        yield from leaves(child, lists)


FROM_ZERO = Range(Decimal(0), None)  # no result is below zero


def domains_of(vocabulary: Vocabulary) -> Domains:
    """What a document may say: whatever lies outside is refused."""
    found: dict[str, tuple[Range, ...]] = {path: (range_of(field),) for path, field in numbers(vocabulary)}
    for path, analyte in analytes(vocabulary):
        found |= dict.fromkeys((path, f"{path}.uln", f"{path}.lod"), (FROM_ZERO,) * len(analyte.units))
    return found


def plausible_domains_of(vocabulary: Vocabulary) -> Domains:
    """Likewise of what is not asked back. Whatever has no plausible range may be all that it can."""
    found = dict(domains_of(vocabulary))
    for path, field in numbers(vocabulary):
        if field.plausible is not None:
            found[path] = (met(range_of(field), Range(*field.plausible)) or range_of(field),)
    for path, analyte in analytes(vocabulary):
        ends = (plausible_in(analyte, next(iter(family))) for family in analyte.units)
        found[path] = tuple(FROM_ZERO if one is None else Range(*one) for one in ends)
    return found


def range_of(field: Field) -> Range:
    return Range(Decimal(field.minimum), None if field.maximum is None else Decimal(field.maximum))


def numbers(vocabulary: Vocabulary) -> Iterator[tuple[str, Field]]:
    for part in vocabulary.parts.values():
        yield from ((path, field) for path, field in paths_of(part) if field.type in ("number", "integer"))


def analytes(vocabulary: Vocabulary) -> Iterator[tuple[str, Analyte]]:
    for part in vocabulary.parts.values():
        if isinstance(part, Results):
            yield from ((f"{part.key}.{code}", analyte) for code, analyte in part.analytes.items())
