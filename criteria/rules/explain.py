"""Explanations of a trace: the proof in one line, the missing facts that could change the outcome, the trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from criteria.rules import nodes as n
from criteria.rules.facts import Limit, RecordsType, Schema
from criteria.rules.leaves import LeafExplainer, LeafPlace, enter_record
from criteria.rules.text import limit_text
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, TRUE, UNKNOWN, Truth

OutcomeCode = str


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
        self.limits_of: dict[int, dict[str, str]] = {}

    def explain(self, applies: Trace | None, condition: Trace, outcome: OutcomeCode, wanted: Truth) -> Explanation:
        """Return the explanation; `wanted` is the truth of the condition that lets a subject take part."""
        traces = [trace for trace in (applies, condition) if trace]
        return Explanation(
            proof=self.proof(applies, condition, outcome, wanted),
            missing=self.open_facts(applies, condition, outcome),
            values=dict(pair for trace in traces for pair in self.values(trace, ())),
            parameters={name: text for trace in traces for name, text in self.parameters(trace.node).items()},
            trace=self.serialize_traces(applies, condition),
        )

    # The proof

    def proof(self, applies: Trace | None, condition: Trace, outcome: OutcomeCode, wanted: Truth) -> str:
        if outcome == "not_applicable" and applies:
            return join_phrases("does not apply", self.phrases(applies, FALSE, ()))
        if outcome == "unknown" and applies and applies.truth is UNKNOWN:
            doubt = join_phrases("not known whether it applies", self.phrases(applies, FALSE, ()))
            return "; if so: ".join(
                [doubt, *filter(None, ["; ".join(merge_phrases(self.phrases(condition, wanted, ())))])]
            )
        return "; ".join(merge_phrases(self.phrases(condition, wanted, ())))

    def phrases(self, trace: Trace, wanted: Truth, place: LeafPlace) -> list[str]:
        """Return the reasons for the truth of a condition: those of its parts that decided it."""
        match trace.node:
            case n.Not():
                return self.phrases(trace.children[0], ~wanted, place)
            case n.Named(label) if trace.truth is TRUE:
                return [f"{label} ({'; '.join(merge_phrases(self.phrases(trace.children[0], wanted, place)))})"]
            case n.AllOf() | n.AnyOf() | n.Named() | n.IfKnown():
                chosen = deciding_parts(trace, wanted)
                return [phrase for child in chosen for phrase in self.phrases(child, wanted, place)]
            case n.Some() as node:
                return list(self.some_phrases(node, trace, wanted, place))
            case n.Latest() as node:
                return self.latest_phrases(node, trace, wanted, place)
            case _:
                return self.leaves.phrases(trace, wanted, place)

    def some_phrases(self, node: n.Some, trace: Trace, wanted: Truth, place: LeafPlace) -> Iterator[str]:
        """Yield a phrase for each record that decided, and what proves the absence of records.

        A list without a deciding record: whether it was confirmed complete. A condition of the history: whether
        it was asked.
        """
        records = trace.operands[0]
        kind = self.schema.records[node.records]
        if kind.absence == "asked" and not records:
            yield f"{kind.label} not asked"
            return
        chosen = [
            (record, child) for record, child in zip(records, trace.children, strict=True) if child.truth is trace.truth
        ]
        if isinstance(node.where, n.Named) and trace.truth is FALSE is wanted and records:
            yield f"none is {node.where.label}"
            chosen = []
        elif trace.truth is wanted is TRUE:
            chosen = chosen[:1]
        for record, child in chosen:
            yield self.record_phrase(child, wanted, enter_record(place, node.records, kind, record, records))
        yield from self.absence_phrases(trace, node, kind)

    def record_phrase(self, trace: Trace, wanted: Truth, place: LeafPlace) -> str:
        phrases = self.phrases(trace, wanted, place)
        return join_phrases(place[0].label, phrases) if phrases else f"{place[0].label} {place[0].day}".rstrip()

    def absence_phrases(self, trace: Trace, node: n.Some, kind: RecordsType) -> Iterator[str]:
        """Yield what proves, or does not yet prove, that there is no such record.

        An inner list leaves this to the outer one.
        """
        records, complete = trace.operands
        if kind.absence == "asked" or (node.other and records):
            return
        if node.other:
            yield f"no other {kind.item} recorded"
        elif trace.truth is UNKNOWN and not complete:
            yield f"list not confirmed complete: {kind.label}"
        elif trace.truth is FALSE:
            found = f"no {kind.item} recorded" if not records else f"{len(records)} recorded"
            yield f"{found}{', list confirmed complete' if kind.absence == 'reviewed' else ''}"

    def latest_phrases(self, node: n.Latest, trace: Trace, wanted: Truth, place: LeafPlace) -> list[str]:
        records, chosen, undated, closed = trace.operands
        kind = self.schema.records[node.records]
        *candidates, outcome = trace.children
        if not closed:
            return [f"list not confirmed complete: {kind.label}"]
        for record, child in zip(records, candidates, strict=True):
            if child.truth is UNKNOWN:
                inner = enter_record(place, node.records, kind, record, records)
                return [join_phrases(inner[0].label, self.phrases(child, TRUE, inner))]
        if undated:
            places = [enter_record(place, node.records, kind, record, records) for record in undated]
            return [join_phrases(inner[0].label, [self.leaves.field_text(node.by, inner)]) for inner in places]
        inner = place if chosen is None else enter_record(place, node.records, kind, chosen, records)
        phrases = self.phrases(outcome, wanted, inner)
        return phrases if chosen is None else [join_phrases(inner[0].label, phrases)]

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
        if isinstance(node, n.Some | n.Latest):
            kind = self.schema.records[node.records]
            for record, child in zip(trace.operands[0], trace.children, strict=False):
                yield from self.missing(child, enter_record(place, node.records, kind, record, trace.operands[0]))
            yield from self.missing_of_list(trace, node, place)
        elif trace.children:
            for child in deciding_parts(trace, UNKNOWN):
                yield from self.missing(child, place)
            yield from ((self.leaves.path(fact, place), "") for fact, value in trace.used if value is None)
        else:
            question = node.question if isinstance(node, n.Judgement) else ""
            yield from ((path, question) for path in self.leaves.missing(trace, place))

    def missing_of_list(self, trace: Trace, node: n.Some | n.Latest, place: LeafPlace) -> Iterator[tuple[str, str]]:
        kind = self.schema.records[node.records]
        closed = trace.operands[-1]
        if isinstance(node, n.Latest):
            records, chosen, undated, _closed = trace.operands
            for record in undated:
                yield self.leaves.path(node.by, enter_record(place, node.records, kind, record, records)), ""
            inner = place if chosen is None else enter_record(place, node.records, kind, chosen, records)
            yield from self.missing(trace.children[-1], inner)
        if not closed:
            yield node.records if kind.absence == "asked" else f"reviewed.{node.records}", ""

    # What was used

    def values(self, trace: Trace, place: LeafPlace) -> Iterator[tuple[str, str]]:
        """Yield every known fact that the condition looked at, by path, as it was reported."""
        yield from self.leaves.values(trace, place)
        for inner, child in self.placed_children(trace, place):
            yield from self.values(child, inner)

    def placed_children(self, trace: Trace, place: LeafPlace) -> Iterator[tuple[LeafPlace, Trace]]:
        node = trace.node
        if not isinstance(node, n.Some | n.Latest):
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

    def serialize_traces(self, applies: Trace | None, condition: Trace) -> dict[str, Any]:
        """Return the whole trace as it is saved.

        `{"applies", "condition"}`, each `{"rule", "truth", "values", "distance", "of", "children"}`; keys
        without content are left out.
        """
        whole = {"condition": self.serialize_trace(condition, ())}
        return whole if applies is None else {"applies": self.serialize_trace(applies, ()), **whole}

    def serialize_trace(self, trace: Trace, place: LeafPlace) -> dict[str, Any]:
        saved: dict[str, Any] = {"rule": self.leaves.rule_text(trace.node, place), "truth": trace.truth.value}
        if values := dict(self.leaves.values(trace, place)):
            saved["values"] = values
        if distance := self.leaves.distance(trace, place):
            saved["distance"] = distance
        if trace.children:
            saved["children"] = [
                self.serialize_trace(child, inner) | ({"of": inner[0].label} if len(inner) > len(place) else {})
                for inner, child in self.placed_children(trace, place)
            ]
        return saved


def join_phrases(label: str, phrases: list[str]) -> str:
    text = "; ".join(merge_phrases(phrases))
    return f"{label}: {text}" if text else label


def merge_phrases(phrases: list[str]) -> list[str]:
    """Return the phrases without repetitions.

    Phrases that begin with the same value become one phrase: the value, then each different remark on it.
    """
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        head, _, tail = phrase.partition(", ") if ": " not in phrase else (phrase, "", "")
        tails = found.setdefault(head, [])
        if tail and tail not in tails:
            tails.append(tail)
    return [", ".join((head, *tails)) for head, tails in found.items()]


def deciding_parts(trace: Trace, wanted: Truth) -> list[Trace]:
    """Return the parts that made a condition true, false or unknown; where one is enough and wanted, the first.

    A judgement that a person has to make is listed only once everything that can be looked up is known, and
    then together with the other parts.
    """
    spread = trace.truth is TRUE if isinstance(trace.node, n.AllOf) else trace.truth is FALSE
    if spread:
        return list(trace.children)
    same = [child for child in trace.children if child.truth is trace.truth]
    if trace.truth is UNKNOWN:
        known = [child for child in same if not isinstance(child.node, n.Judgement)]
        if known and not (isinstance(trace.node, n.AllOf) and all(map(awaits_judgement, known))):
            return known
        return list(trace.children)
    return same[:1] if trace.truth is wanted else same


def awaits_judgement(trace: Trace) -> bool:
    """Return whether an unknown condition waits only for the judgement of a person."""
    if isinstance(trace.node, n.Judgement):
        return True
    unknown = [child for child in trace.children if child.truth is UNKNOWN]
    return bool(unknown) and all(map(awaits_judgement, unknown))
