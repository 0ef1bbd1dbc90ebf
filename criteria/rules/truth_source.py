"""Evaluation of rules without a trace: each rule becomes Python functions that stop as soon as the truth is certain.

One walk writes the source of all rules of a protocol, which is compiled once. A condition of parts, or on the records
of a list, is a function; the leaves within it are expressions that call what `leaf_truths` says they mean. The source
is made of the words in this module alone: whatever comes from a definition (paths, codes, limits) is an object in the
namespace of the source, under a name that is given here (`k12`). `evaluate` gives the same truths, with a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.evaluate import EvaluateRule
from criteria.rules.facts import Facts, Limit, RecordScope, Schema
from criteria.rules.fold import Algebra, fold
from criteria.rules.kinds import Kind
from criteria.rules.leaf_truths import (
    COMPARISONS,
    answers_of,
    common_truth,
    days_before,
    known_truth,
    latest_record,
    limit_of_detection,
    proves_absence,
    same_truth,
    undated_records,
)
from criteria.rules.truth import FALSE, NEGATION, TRUE, UNKNOWN, Truth, truth_of

TruthRule = Callable[[Facts, RecordScope], Truth]
CheckedRule = tuple[n.Node, Mapping[int, Kind]]  # with the kinds of its value nodes that the check noted

# The parameters of each function: the two lookups among the facts, the facts, and the records around.
PARAMETERS = "values, lists, facts, scope"
WORDS: Mapping[str, Any] = {
    "TRUE": TRUE,
    "FALSE": FALSE,
    "UNKNOWN": UNKNOWN,
    "negation": NEGATION,
    "proves_absence": proves_absence,
    "latest_record": latest_record,
    "undated_records": undated_records,
}


class Place(NamedTuple):
    """Where an expression stands: the expressions of the scope, and of the records around it, the nearest first."""

    scope: str
    records: tuple[str, ...]

    @property
    def in_function(self) -> Place:
        """The same place within a function that is given the scope."""
        return Place("scope", tuple(f"scope{'[1]' * depth}[0]" for depth in range(len(self.records))))

    @property
    def in_loop(self) -> Place:
        """The place of a condition on `record`, in a function that goes through a list."""
        return Place("(record, scope)", ("record", *self.in_function.records))


Write = Callable[[Place], str]  # the expression of a node at a place


def compile_truths(rules: Iterable[CheckedRule], schema: Schema, limits: Mapping[str, Limit]) -> list[TruthRule]:
    """Return for each checked rule the function that gives its truth."""
    source = Source()
    names = []
    for rule, kinds in rules:
        write: Write = fold(rule, WriteTruth(schema, limits, kinds, source))
        truth = write(Place("scope", ()))
        lines = ("values, lists = facts.values.get, facts.records.get", f"return {truth}")
        names.append(source.function(lines, "facts, scope"))
    return source.compile(names)


class Source:
    """The source that is being written, and the objects to which it refers by name."""

    def __init__(self) -> None:
        self.namespace: dict[str, Any] = dict(WORDS)
        self.lines: list[str] = []

    def name(self, value: object) -> str:
        """Return a new name for an object."""
        name = f"k{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def function(self, lines: Iterable[str], parameters: str = PARAMETERS) -> str:
        """Write a function, and return its name."""
        name = self.name(None)
        self.lines += [f"def {name}({parameters}):", *(f"    {line}" for line in lines)]
        return name

    def compile(self, names: Iterable[str]) -> list[Any]:
        exec(compile("\n".join(self.lines), "<rules without a trace>", "exec"), self.namespace)  # noqa: S102
        return [self.namespace[name] for name in names]


class WriteTruth(Algebra):
    def __init__(self, schema: Schema, limits: Mapping[str, Limit], kinds: Mapping[int, Kind], source: Source) -> None:
        self.schema = schema
        self.traced = EvaluateRule(schema, limits, kinds)
        self.source = source

    # Values: a fact is looked up in place, whatever is computed is read by the reader that `evaluate` has

    def visit_fact(self, node: n.Fact) -> Write:
        name = node.path.lstrip(".")
        depth, key = len(node.path) - len(name), self.source.name(name)

        def write(place: Place) -> str:
            if not depth:
                return f"values({key})"
            return f"{place.records[depth - 1]}.get({key})" if depth <= len(place.records) else "None"

        return write

    def visit_value(self, node: n.Node, **children: Any) -> Write:
        read = fold(node, self.traced)
        reader = self.source.name(self.traced.ratios.get(id(node), read))
        return lambda place: f"{reader}(facts, {place.scope})"

    visit_param = visit_number = visit_by_unit = visit_age = visit_shift = visit_value
    visit_elapsed = visit_half_lives = visit_value
    visit_arithmetic = visit_power = visit_logarithm = visit_extreme = visit_in_unit = visit_value
    visit_choose = visit_lookup = visit_formula = visit_count = visit_aggregate = visit_score = visit_case = visit_value

    def visit_if_known(self, node: n.IfKnown, given: tuple[Write, ...], then: Write, otherwise: Write) -> Write:
        def write(place: Place) -> str:
            known = " and ".join(f"{fact(place)} is not None" for fact in given)
            return f"({then(place)} if {known} else {otherwise(place)})"

        return write

    # Leaves

    def leaf(self, truth: Callable[..., Truth], *sides: Write) -> Write:
        function = self.source.name(truth)
        return lambda place: f"{function}({', '.join(side(place) for side in sides)})"

    def visit_compare(self, node: n.Compare, left: Write, right: Write) -> Write:
        if isinstance(node.right, n.Param | n.ByUnit):
            return self.leaf(self.traced.limit_truth(node), left)
        return self.leaf(COMPARISONS[node.operator], left, right)

    def visit_one_of(self, node: n.OneOf, arg: Write) -> Write:
        return self.leaf(self.traced.code_truths(node).get, arg, lambda place: "FALSE")

    def visit_has(self, node: n.Has, arg: Write) -> Write:
        return self.leaf(self.traced.codes_truth(node), arg)

    def visit_common(self, node: n.Common, left: Write, right: Write) -> Write:
        return self.leaf(common_truth, left, right)

    def visit_same(self, node: n.Same, left: Write, right: Write) -> Write:
        return self.leaf(same_truth, left, right)

    def visit_names(self, node: n.Names, arg: Write) -> Write:
        return self.leaf(self.traced.words_truth(node), arg)

    def visit_miscoded(self, node: n.Miscoded, names: Write, codes: Write) -> Write:
        return self.leaf(self.traced.miscoded_truth(), names, codes)

    def visit_some_day(self, node: n.SomeDay, before: Write) -> Write:
        def truth(limit: Any, facts: Facts) -> Truth:
            return UNKNOWN if limit is None else truth_of(any(True for _ in days_before(limit, facts)))

        return self.leaf(truth, before, lambda place: "facts")

    def visit_known(self, node: n.Known, arg: Write) -> Write:
        name = node.arg.path
        if name in self.schema.records:
            return self.leaf(lambda facts: truth_of(bool(answers_of(name, facts))), lambda place: "facts")
        return self.leaf(known_truth, arg)

    def visit_detected(self, node: n.Detected, result: Write) -> Write:
        return self.leaf(self.traced.detected_truth(), result, self.visit_fact(limit_of_detection(node)))

    def visit_within(self, node: n.Within, event: Write, period: Write, anchor: Write) -> Write:
        return self.leaf(self.traced.window_truth(node), event, anchor)

    def visit_judgement(self, node: n.Judgement, about: Write) -> Write:
        return lambda place: "UNKNOWN"

    # Conditions of parts

    def visit_not(self, node: n.Not, arg: Write) -> Write:
        return lambda place: f"negation[{arg(place)}]"

    def visit_named(self, node: n.Named, arg: Write) -> Write:
        return arg

    def visit_all_of(self, node: n.AllOf, args: tuple[Write, ...]) -> Write:
        return lambda place: self.call(self.junction(args, place.in_function, "FALSE", "TRUE"), place)

    def visit_any_of(self, node: n.AnyOf, args: tuple[Write, ...]) -> Write:
        return lambda place: self.call(self.junction(args, place.in_function, "TRUE", "FALSE"), place)

    def visit_at_least(self, node: n.AtLeast, number: Write, args: tuple[Write, ...]) -> Write:
        needed = self.traced.whole_number(node.number)

        def lines(place: Place) -> list[str]:
            """Return the lines; they stop once enough conditions hold, or too few can."""
            found = [f"missing, open = {needed}, {len(args)}", "if missing <= 0:", "    return TRUE"]
            for arg in args:
                found += [
                    f"truth = {arg(place)}",
                    "if truth is TRUE:",
                    "    missing -= 1",
                    "    if missing == 0:",
                    "        return TRUE",
                    "elif truth is FALSE:",
                    "    open -= 1",
                    f"    if open < {needed}:",
                    "        return FALSE",
                ]
            return [*found, f"return FALSE if open < {needed} else UNKNOWN"]

        return lambda place: self.call(lines(place.in_function), place)

    def call(self, lines: Iterable[str], place: Place) -> str:
        return f"{self.source.function(lines)}(values, lists, facts, {place.scope})"

    def junction(self, args: Sequence[Write], place: Place, deciding: str, other: str) -> list[str]:
        """Return the lines of a conjunction or disjunction: one truth decides, otherwise one unknown spreads."""
        lines = [f"found = {other}"]
        for arg in args:
            lines += [
                f"truth = {arg(place)}",
                f"if truth is not {other}:",
                f"    if truth is {deciding}:",
                f"        return {deciding}",
                "    found = UNKNOWN",
            ]
        return [*lines, "return found"]

    # Conditions on the records of a list

    def visit_some(self, node: n.Some, where: Write) -> Write:
        return lambda place: self.call(self.some(node, where, place), place)

    def some(self, node: n.Some, where: Write, place: Place) -> list[str]:
        name, proof = self.source.name(node.records), self.source.name(self.schema.records[node.records].absence)
        others = f"{self.source.name(self.traced.other_records())}(lists({name}, ()), scope)"
        return [
            "found = FALSE",
            f"for record in {others if node.other else f'lists({name}, ())'}:",
            f"    truth = {where(place.in_loop)}",
            "    if truth is not FALSE:",
            "        if truth is TRUE:",
            "            return TRUE",
            "        found = UNKNOWN",
            f"return found if proves_absence({proof}, {name}, facts) else UNKNOWN",
        ]

    def visit_latest(self, node: n.Latest, where: Write, by: Write, then: Write, otherwise: Write) -> Write:
        name, proof = self.source.name(node.records), self.source.name(self.schema.records[node.records].absence)

        def lines(place: Place) -> list[str]:
            """Return the lines; the truth is unknown as soon as it is not known which record counts."""
            return [
                f"if not proves_absence({proof}, {name}, facts):",
                "    return UNKNOWN",
                "counting = []",
                f"for record in lists({name}, ()):",
                f"    truth = {where(place.in_loop)}",
                "    if truth is UNKNOWN:",
                "        return UNKNOWN",
                "    if truth is TRUE:",
                "        counting.append(record)",
                f"days = [{by(place.in_loop)} for record in counting]",
                "if undated_records(counting, days):",
                "    return UNKNOWN",
                "record = latest_record(counting, days)",
                f"return {otherwise(place.in_function)} if record is None else {then(place.in_loop)}",
            ]

        return lambda place: self.call(lines(place), place)
