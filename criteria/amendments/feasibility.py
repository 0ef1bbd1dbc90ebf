"""Feasibility of the values of a changed definition: limits that nobody can meet, or miss, any more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from django.utils.translation import gettext_lazy as _

from criteria.amendments.stale_wording import find_stale_wording
from criteria.amendments.uses import LimitsByName, RuleLeaf, changed_parameters, leaves_of, parameter_names
from criteria.definition.domains import domains_of, plausible_domains_of
from criteria.definition.parameter_units import in_unit_of
from criteria.definition.reader import Edition
from criteria.evaluation.protocol import Criterion, parameters_of
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import EnclosingLists, Limit
from criteria.rules.fold import fold
from criteria.rules.possible.conditions import Possibilities, PossibleTruths, intersect_boxes, possible_truths
from criteria.rules.possible.values import Domains, ValueKey
from criteria.rules.text import limit_text, list_text


class FeasibilityIssue(NamedTuple):
    """One feasibility issue: `code` is that of the criterion, blank where the parameter itself is meant."""

    code: str
    parameter: str
    kind: Literal["refused", "warning"]
    text: str


class PossibleOutcomes(NamedTuple):
    """The possible outcomes of a criterion: whether anybody can pass it, fail it, or fall under it."""

    passed: bool
    failed: bool
    applies: bool


def feasibility_issues(old: Edition, new: Edition) -> tuple[FeasibilityIssue, ...]:
    """Return the issues that the changed values of parameters cause.

    Issues that existed before the change are left out.
    """
    names = changed_parameters(old.protocol.limits, new.protocol.limits)
    review = FeasibilityCheck(old, new, names)
    found = [one for criterion in new.protocol.criteria for one in review.impossible(criterion)]
    left = find_stale_wording(old.protocol, new.protocol, names)
    found += [FeasibilityIssue(one.code, one.parameter, "warning", one.text) for one in left]
    return tuple(dict.fromkeys(found))


INFEASIBLE_MESSAGES = {
    ("passed", True): _("%(title)s %(value)s: no subject can satisfy %(code)s any more"),
    ("failed", True): _("%(title)s %(value)s: %(code)s can exclude no subject any more"),
    ("applies", True): _("%(title)s %(value)s: %(code)s applies to no subject any more"),
    ("passed", False): _("%(title)s %(value)s: no plausible value satisfies %(code)s any more"),
    ("failed", False): _("%(title)s %(value)s: %(code)s excludes at no plausible value any more"),
    ("applies", False): _("%(title)s %(value)s: %(code)s applies to no plausible value any more"),
}
# Of a comparison that comes out the same for everybody: which it can no longer be, and whether surely.
IDLE_MESSAGES = {
    ("true", True): _("%(code)s: “%(leaf)s” can hold for no subject: %(title)s decides nothing any more"),
    ("false", True): _("%(code)s: “%(leaf)s” holds for every subject: %(title)s decides nothing any more"),
    ("true", False): _("%(code)s: “%(leaf)s” holds for no plausible value of it"),
    ("false", False): _("%(code)s: “%(leaf)s” holds for every plausible value of it"),
}


class FeasibilityCheck:
    """Evaluates the possibilities of the new rules twice: with the new values and with the old ones."""

    def __init__(self, old: Edition, new: Edition, names: tuple[str, ...]) -> None:
        self.protocol = new.protocol
        self.names = names
        self.now: LimitsByName = new.protocol.limits
        self.before = dict(self.comparable(old.protocol.limits))

    def comparable(self, old: LimitsByName) -> Iterator[tuple[str, Limit]]:
        """Yield the old values in the units of the new definition.

        A value whose unit does not convert is left out, and so compared with nothing.
        """
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

    def impossible(self, criterion: Criterion) -> Iterator[FeasibilityIssue]:
        names = [name for name in self.names if name in parameters_of(criterion)]
        told: set[str] = set()
        for domains in (self.hard, self.plausible):
            for aspect in ("applies", "passed", "failed"):
                for name in self.responsible_parameters(criterion, names, domains, aspect):
                    if name not in told:
                        told.add(name)
                        yield self.issue_about(criterion, name, aspect, surely=domains is self.hard)
        for leaf in leaves_of(criterion):
            for name in names:
                reads = name not in told and name in parameter_names(leaf.node)
                if reads and (text := self.idle_text(criterion, leaf, name)):
                    yield FeasibilityIssue(criterion.code, name, "warning", text)

    def responsible_parameters(
        self, criterion: Criterion, names: list[str], domains: Domains, aspect: str
    ) -> list[str]:
        """Return the changed parameters that removed a possible outcome.

        These are the parameters that remove it alone or whose old value restores it; all changed parameters
        where no single one does.
        """

        def possible_with(old: list[str]) -> bool:
            return bool(getattr(self.possible_outcomes(criterion, self.limits(old), domains), aspect))

        if not names or possible_with([]) or (set(names) <= set(self.before) and not possible_with(names)):
            return []
        others = {name: [other for other in names if other != name] for name in names}
        alone = [name for name in names if possible_with([name]) or not possible_with(others[name])]
        return alone or names

    def limits(self, old: list[str]) -> LimitsByName:
        """Return the new limits, with the old value of the parameters in `old`."""
        return {**self.now, **{name: self.before[name] for name in old if name in self.before}}

    def possible_outcomes(self, criterion: Criterion, limits: LimitsByName, domains: Domains) -> PossibleOutcomes:
        rule = self.possible(criterion, criterion.rule, limits, domains)
        met, unmet = rule if criterion.category == "inclusion" else (rule.false, rule.true)
        if criterion.applies is None:
            return PossibleOutcomes(met is not None, unmet is not None, applies=True)
        applies = self.possible(criterion, criterion.applies, limits, domains).true
        return PossibleOutcomes(met is not None, intersect_boxes((applies, unmet)) is not None, applies is not None)

    def possible(
        self, criterion: Criterion, node: n.Node, limits: LimitsByName, domains: Domains, lists: EnclosingLists = ()
    ) -> PossibleTruths:
        return possible_truths(node, self.protocol.schema, limits, criterion.kinds, domains, lists)

    def issue_about(self, criterion: Criterion, name: str, aspect: str, *, surely: bool) -> FeasibilityIssue:
        limit = self.now[name]
        words = {"title": limit.title, "value": limit_text(limit), "code": criterion.code}
        text = str(INFEASIBLE_MESSAGES[aspect, surely]) % words + self.reason(criterion, name)
        return FeasibilityIssue(criterion.code, name, "refused" if surely and aspect == "passed" else "warning", text)

    def reason(self, criterion: Criterion, name: str) -> str:
        """Return the comparisons that conflict, as text.

        They are those of every value that is compared with the parameter, including the comparisons with other
        limits.
        """
        leaves = leaves_of(criterion)
        keys = {self.key(criterion, leaf) for leaf in leaves if name in parameter_names(leaf.node)}
        texts = [self.leaf_text(leaf) for leaf in leaves if self.key(criterion, leaf) in keys]
        return f" ({list_text((f'“{text}”' for text in dict.fromkeys(texts)), 'and')})" if texts else ""

    def key(self, criterion: Criterion, leaf: RuleLeaf) -> ValueKey:
        node = leaf.node.left if isinstance(leaf.node, n.Compare) else leaf.node.event
        algebra = Possibilities(self.protocol.schema, self.now, criterion.kinds, self.hard)
        key: ValueKey = fold(node, algebra)(leaf.lists).key
        return key

    def leaf_text(self, leaf: RuleLeaf) -> str:
        schema = self.protocol.schema
        return DescribeRule(schema, self.now).rule_text(leaf.node, tuple(schema.records[name] for name in leaf.lists))

    def idle_text(self, criterion: Criterion, leaf: RuleLeaf, name: str) -> str:
        """Return the message about a comparison that has become the same for everybody.

        Empty where it is not, or was so before, or where the window is open.
        """
        if self.now[name].value is None:
            return ""  # a window set open holds for every event: that is what it is for
        for domains in (self.hard, self.plausible):
            now = self.possible(criterion, leaf.node, self.now, domains, leaf.lists)
            before = self.possible(criterion, leaf.node, self.limits([name]), domains, leaf.lists)
            for truth in ("true", "false"):
                if getattr(now, truth) is None and (name not in self.before or getattr(before, truth) is not None):
                    words = {"code": criterion.code, "leaf": self.leaf_text(leaf), "title": self.now[name].title}
                    return str(IDLE_MESSAGES[truth, domains is self.hard]) % words
        return ""
