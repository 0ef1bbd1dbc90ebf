"""One criterion of a protocol version, and what it comes out as at a visit: its outcome alone, or with its traces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from criteria.evaluation.reading import Read, Reading
from criteria.records.official_wording import OfficialWording, official_wordings
from criteria.rules import nodes as n
from criteria.rules.evaluate import CompiledRule, compile_rule
from criteria.rules.facts import Facts, Limit, Schema
from criteria.rules.kinds import Kind
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth
from criteria.rules.truth_source import compile_truths

Category = Literal["inclusion", "exclusion"]
Outcome = Literal["pass", "fail", "unknown", "not_applicable"]

OUTCOMES: Mapping[Category, Mapping[Truth, Outcome]] = {
    "inclusion": {TRUE: "pass", FALSE: "fail", UNKNOWN: "unknown"},
    "exclusion": {TRUE: "fail", FALSE: "pass", UNKNOWN: "unknown"},
}


# What is worked out of findings, and of how many visits that differ in what a criterion reads it is kept; whatever is
# kept is dropped then. An explanation takes up to 10 KB, the other two well below 1 KB.
KEPT = {"proof": 256, "questions": 256, "explanation": 64}


class Topic(NamedTuple):
    """A part of a rule by what it looks at: a fact, a list or a field of it, or a parameter (`$min_anc`).

    With `codes`, only where the fact has one of them.
    """

    name: str
    codes: tuple[str, ...] = ()


class Interpretation(NamedTuple):
    """How an unclear wording is interpreted, and the part of the rule that it is `about`; of the whole that is empty.

    `criteria.evaluation.interpretations` says where it is shown.
    """

    text: str
    about: tuple[Topic, ...] = ()


@dataclass(frozen=True, eq=False)
class Criterion:
    """One criterion of a protocol version.

    `applies` is None where it applies to every subject; `kinds` holds the kinds that the check of its rules
    recorded; `source` says where the rule comes from.
    """

    code: str
    category: Category
    statement: str
    interpretations: tuple[Interpretation, ...]
    official_wording: str
    rule: n.Node
    applies: n.Node | None
    kinds: Mapping[int, Kind]
    source: str = ""

    @property
    def official_wordings(self) -> tuple[OfficialWording, ...]:
        return official_wordings(self.official_wording)

    @property
    def reading(self) -> str:
        """All interpretations, a line each."""
        return "\n".join(each.text for each in self.interpretations)


class CompiledCriterion:
    """A criterion that can be evaluated; each of the two ways is compiled when it is first used."""

    def __init__(self, criterion: Criterion, schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.criterion = criterion
        self.code = criterion.code
        self.schema = schema
        self.limits = limits
        self.kept: Mapping[str, dict[Read, Any]] = {name: {} for name in KEPT}

    def compile(self) -> None:
        """Compile both ways at once."""
        _ = self.outcome, self.traced_rules

    @cached_property
    def outcome(self) -> Callable[[Facts], Outcome]:
        """The function that gives the outcome at a visit, and no trace."""
        rules = [rule for rule in (self.criterion.rule, self.criterion.applies) if rule is not None]
        condition, *applies = compile_truths([(rule, self.criterion.kinds) for rule in rules], self.schema, self.limits)
        category, outcomes = self.criterion.category, OUTCOMES[self.criterion.category]
        if not applies:
            return lambda facts: outcomes[condition(facts, None)]

        def outcome(facts: Facts) -> Outcome:
            application = applies[0](facts, None)
            if application is FALSE:
                return "not_applicable"
            return outcome_of(category, application, condition(facts, None))

        return outcome

    @cached_property
    def reading(self) -> Reading:
        """What the criterion reads of a visit, by which a finding is known again (`Finding.recall`)."""
        rules = [rule for rule in (self.criterion.rule, self.criterion.applies) if rule is not None]
        return Reading(rules, self.schema, self.limits)

    @cached_property
    def asks_latest(self) -> bool:
        """Whether the condition is, or has within it, one on the latest record of a list."""
        return any(isinstance(node, n.Latest) for node in n.subtrees(self.criterion.rule))

    @cached_property
    def traced_rules(self) -> tuple[CompiledRule | None, CompiledRule]:
        """The rules that give the traces of whether it applies, and of its condition."""
        applies, rule = self.criterion.applies, self.criterion.rule
        return None if applies is None else self.trace_rule(applies), self.trace_rule(rule)

    def forget(self) -> None:
        """Drop whatever was kept of earlier visits."""
        for kept in self.kept.values():
            kept.clear()

    def trace_rule(self, rule: n.Node) -> CompiledRule:
        return compile_rule(rule, self.schema, self.limits, self.criterion.kinds)


class OutcomesDiffer(Exception):
    """The traces of a criterion say something else than its outcome: neither may be used."""


class Finding:
    """The outcome of one criterion at one visit; the traces are made when they are first looked at."""

    def __init__(self, compiled: CompiledCriterion, facts: Facts) -> None:
        self.criterion = compiled.criterion
        self.outcome = compiled.outcome(facts)
        self.compiled = compiled
        self.facts = facts
        self.made: tuple[Trace | None, Trace] | None = None

    @cached_property
    def read(self) -> Read:
        """What the criterion reads of the visit."""
        return self.compiled.reading.read(self.facts)

    @cached_property
    def proof_key(self) -> Read:
        """What of the visit is told in words."""
        return self.compiled.reading.proof_key(self.facts)

    def recall(self, name: str, work_out: Callable[[Finding], Any]) -> Any:
        """Return what is worked out of a finding under a name, at once where it was of such a visit before.

        Most subjects answer most questions alike, a visit is evaluated again whenever one answer changes, and whatever
        is told of a finding hangs on nothing but what its criterion reads. The result is shared: nobody may change it.
        """
        kept = self.compiled.kept[name]
        read = self.read if name == "explanation" else self.proof_key
        found = kept.get(read)
        if found is None:
            if len(kept) >= KEPT[name]:
                kept.clear()
            found = kept[read] = work_out(self)
        return found

    @property
    def applies(self) -> Trace | None:
        return self.traces[0]

    @property
    def condition(self) -> Trace:
        return self.traces[1]

    @property
    def traces(self) -> tuple[Trace | None, Trace]:
        """The traces of whether the criterion applies, and of its condition."""
        if self.made is None:
            self.made = self.make_traces()
        return self.made

    def make_traces(self) -> tuple[Trace | None, Trace]:
        """Return the traces; OutcomesDiffer where they give another outcome, which no rule and document should do."""
        run_applies, run = self.compiled.traced_rules
        applies, condition = None if run_applies is None else run_applies(self.facts, None), run(self.facts, None)
        traced = outcome_of(self.criterion.category, TRUE if applies is None else applies.truth, condition.truth)
        if traced != self.outcome:
            raise OutcomesDiffer(f"{self.criterion.code}: {self.outcome} without a trace, {traced} with it")
        return applies, condition


def outcome_of(category: Category, applies: Truth, condition: Truth) -> Outcome:
    """Return the outcome of a criterion from whether it applies and whether its condition holds.

    Where it is unknown whether a criterion applies, it passes only when its requirement is known to hold.
    """
    if applies is FALSE:
        return "not_applicable"
    outcome = OUTCOMES[category][condition]
    return "unknown" if applies is UNKNOWN and outcome != "pass" else outcome
