"""Explanations of a trace: the proof, the missing facts that could change the outcome, the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.decisive import deciding_parts
from criteria.rules.facts import FactType, Limit, Schema
from criteria.rules.leaves import LeafExplainer, LeafPlace, enter_record
from criteria.rules.proofs.proof import ProofWriter
from criteria.rules.text import limit_text, value_text
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, UNKNOWN, Truth

OutcomeCode = str
NUMBER_TYPE = FactType("number", "")
TRUTH_NAMES = {truth: truth.value for truth in Truth}


class Explanation(NamedTuple):
    proof: str
    missing: list[str]
    values: dict[str, str]
    parameters: dict[str, str]
    trace: dict[str, Any]


class Explainer:
    """Explainer of the traces of one protocol's criteria."""

    def __init__(self, schema: Schema, limits: Mapping[str, Limit]) -> None:
        self.schema = schema
        self.limits = limits
        self.leaves = LeafExplainer(schema, limits)
        self.proofs = ProofWriter(self.leaves)
        self.limits_of: dict[int, dict[str, str]] = {}

    def explain(self, applies: Trace | None, condition: Trace, outcome: OutcomeCode, wanted: Truth) -> Explanation:
        """Return the explanation; `wanted` is the truth of the condition that lets a subject take part."""
        proof = self.proofs.proof(applies, condition, outcome, wanted)
        return self.explanation(applies, condition, proof, self.open_facts(applies, condition, outcome))

    def explanation(self, applies: Trace | None, condition: Trace, proof: str, missing: list[str]) -> Explanation:
        """Return the explanation with a proof, and what is missing, that are known already."""
        parameters: dict[str, str] = {}
        whole: dict[str, Any] = {}
        values: dict[str, str] = {}
        for name, trace in (("applies", applies), ("condition", condition)):
            if trace is not None:
                whole[name] = self.serialize_trace(trace, (), values)
                parameters |= self.parameters(trace.node)
        return Explanation(proof, missing, values, parameters, whole)

    # What is missing

    def open_facts(self, applies: Trace | None, condition: Trace, outcome: OutcomeCode) -> list[str]:
        """Return the paths of the facts that could still change the outcome, each once.

        Empty where the outcome is decided.
        """
        return list(self.open_questions(applies, condition, outcome))

    def open_questions(self, applies: Trace | None, condition: Trace, outcome: OutcomeCode) -> dict[str, str]:
        """Return the facts that could still change the outcome, each with the question that a person must answer.

        The question is empty where looking up the fact is enough. Empty where the outcome is decided.
        """
        if outcome != "unknown":
            return {}
        found: dict[str, str] = {}
        for trace in (applies, condition):
            for path, question in self.missing(trace, ()) if trace else ():
                found[path] = found.get(path) or question
        return found

    def missing(self, trace: Trace, place: LeafPlace) -> Iterator[tuple[str, str]]:
        """Yield the facts that could still change an unknown condition, as pairs of path and question.

        Nothing can change a condition that is decided.
        """
        if trace.truth is not UNKNOWN:
            return
        node = trace.node
        if isinstance(node, n.OnRecords):
            kind = self.schema.records[node.records]
            for record, child in zip(trace.operands[0], trace.children, strict=False):
                inner = enter_record(place, node.records, kind, record, trace.operands[0])
                yield from self.missing(child, inner)
                if isinstance(node, n.Aggregate) and child.truth is not FALSE:
                    fields = self.leaves.missing_in_record(node.value, inner)
                    yield from ((self.leaves.path(fact, inner), "") for fact in fields)
            if isinstance(node, n.Aggregate):
                yield from ((path, "") for path in self.leaves.open_facts(trace, place))
            yield from self.missing_of_list(trace, node, place)
        elif isinstance(node, n.Compare) and trace.children:
            found = [
                *self.missing_of_parts(trace, place),
                *((path, "") for path in self.leaves.open_facts(trace, place)),
            ]
            # Everything is known and still nothing can be computed: then any of it may be wrong.
            yield from found or ((path, "") for path in self.facts_looked_at(trace, place))
        elif trace.children:
            yield from self.missing_of_parts(trace, place)
            yield from ((self.leaves.path(fact, place), "") for fact, value in trace.used if value is None)
        else:
            question = node.question if isinstance(node, n.Judgement) else ""
            yield from ((path, question) for path in self.leaves.missing(trace, place))

    def missing_of_parts(self, trace: Trace, place: LeafPlace) -> Iterator[tuple[str, str]]:
        for child in deciding_parts(trace, UNKNOWN):
            yield from self.missing(child, place)

    def facts_looked_at(self, trace: Trace, place: LeafPlace) -> Iterator[str]:
        yield from (self.leaves.path(fact, place) for fact, _ in self.leaves.used_facts(trace))
        for inner, child in self.placed_children(trace, place):
            if isinstance(trace.node, n.Aggregate):
                yield from (self.leaves.path(fact, inner) for fact in n.own_facts(trace.node.value))
            yield from self.facts_looked_at(child, inner)

    def missing_of_list(self, trace: Trace, node: n.OnRecords, place: LeafPlace) -> Iterator[tuple[str, str]]:
        kind = self.schema.records[node.records]
        closed = trace.operands[-1]
        if isinstance(node, n.Latest):
            records, chosen, undated, _closed = trace.operands
            for record in undated:
                yield self.leaves.path(node.by, enter_record(place, node.records, kind, record, records)), ""
            inner = place if chosen is None else enter_record(place, node.records, kind, chosen, records)
            yield from self.missing(trace.children[-1], inner)
        if not closed:
            yield node.records if kind.absence == "asked" else f"reviewed.{node.records.partition('.')[0]}", ""

    # What was used

    def placed_children(self, trace: Trace, place: LeafPlace) -> Iterator[tuple[LeafPlace, Trace]]:
        node = trace.node
        if not isinstance(node, n.OnRecords):
            yield from ((place, child) for child in trace.children)
            return
        records, kind = trace.operands[0], self.schema.records[node.records]
        for record, child in zip(records, trace.children, strict=False):
            yield enter_record(place, node.records, kind, record, records), child
        if isinstance(node, n.Latest):
            chosen = trace.operands[1]
            inner = place if chosen is None else enter_record(place, node.records, kind, chosen, records)
            yield inner, trace.children[-1]

    def parameters(self, node: n.Node) -> dict[str, str]:
        """Return the limits within a rule, by name; the result is cached."""
        if id(node) not in self.limits_of:
            self.limits_of[id(node)] = {param.name: limit_text(self.limits[param.name]) for param in n.params_in(node)}
        return self.limits_of[id(node)]

    # The whole trace, as it is saved

    def serialize_trace(self, trace: Trace, place: LeafPlace, found: dict[str, str]) -> dict[str, Any]:
        """Return a trace as it is saved, and add to `found` every known fact that its conditions looked at.

        It is `{"rule", "truth", "values", "distance", "of", "children"}`, of a value that depends on conditions with
        `value` in place of `truth`; keys without content are left out.
        """
        node, children = trace.node, trace.children
        saved: dict[str, Any] = {"rule": self.leaves.rule_text(node, place)}
        if isinstance(node, n.Conditional):
            saved["value"] = value_text(trace.operands[1], NUMBER_TYPE)
        else:
            saved["truth"] = TRUTH_NAMES[trace.truth]
        if trace.operands or trace.used:
            if values := self.leaves.values(trace, place):
                saved["values"] = values
                found.update(values)
            if isinstance(node, n.Compare) and (distance := self.leaves.distance(trace, place)):
                saved["distance"] = distance
        if not children:
            return saved
        if isinstance(node, n.OnRecords):
            saved["children"] = []
            for inner, child in self.placed_children(trace, place):
                saved["children"].append(self.serialize_trace(child, inner, found))
                if len(inner) > len(place):
                    saved["children"][-1]["of"] = inner[0].label
        else:
            saved["children"] = [self.serialize_trace(child, place, found) for child in children]
        return saved
