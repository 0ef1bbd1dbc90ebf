"""Interpretations of an unclear wording, each shown where the part of the rule that it is about decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from criteria.evaluation.criterion import Criterion, Finding, Topic
from criteria.evaluation.protocol import Protocol, nodes_of, passing_truth
from criteria.rules import nodes as n
from criteria.rules.decisive import DecisiveLeaf, decisive_leaves
from criteria.rules.facts import EnclosingLists, FactType, Schema, full_path
from criteria.rules.kinds import spelling_hint
from criteria.rules.leaves import LeafExplainer
from criteria.rules.proofs.sentences import ANSWER
from criteria.rules.text import codes_text
from criteria.rules.trace import Trace
from criteria.rules.truth import FALSE, UNKNOWN

DECIDED = ("pass", "fail")
Looked = tuple[str, Any]  # a fact or a parameter that a leaf looked at, with the fact's value


def shown_interpretations(protocol: Protocol, finding: Finding) -> tuple[str, ...]:
    """Return the interpretations that bear on an outcome.

    One that is about the whole criterion bears on every outcome that is decided. One that is about a part bears on an
    outcome where that part decided: also that the criterion does not apply, or that it stays open because a person has
    to judge. What is missing decides nothing.
    """
    found = finding.criterion.interpretations
    looked = list(looked_at(protocol.explainer.leaves, finding)) if any(each.about for each in found) else []
    return tuple(
        each.text
        for each in found
        if (any(is_about(each.about, what) for what in looked) if each.about else finding.outcome in DECIDED)
    )


def is_about(topics: Iterable[Topic], looked: Looked) -> bool:
    path, value = looked
    answers = value if isinstance(value, frozenset) else {value}
    return any(
        f"{path}.".startswith(f"{topic.name}.") and (not topic.codes or not answers.isdisjoint(topic.codes))
        for topic in topics
    )


def looked_at(leaves: LeafExplainer, finding: Finding) -> Iterator[Looked]:
    """Yield what the leaves that decided an outcome looked at."""
    for leaf in deciding_leaves(leaves, finding):
        yield from ((f"${param.name}", None) for param in n.params_in(leaf.trace.node))
        if isinstance(leaf.trace.node, n.Judgement):
            yield full_path(leaf.trace.node.about.path, leaf.lists), None
        for fact, value in leaves.used_facts(leaf.trace):
            yield full_path(fact.path, leaf.lists), value


def deciding_leaves(leaves: LeafExplainer, finding: Finding) -> Iterator[DecisiveLeaf]:
    traces: list[tuple[Trace, Any]] = []
    if finding.applies and finding.applies.truth is not UNKNOWN and finding.outcome != "unknown":
        traces.append((finding.applies, FALSE))
    if finding.outcome != "not_applicable":
        traces.append((finding.condition, passing_truth(finding)))
    for trace, wanted in traces:
        for leaf in decisive_leaves(leaves, trace, wanted):
            if leaf.trace.truth is not UNKNOWN or isinstance(leaf.trace.node, n.Judgement):
                yield leaf


# What an interpretation may be about


def topic_faults(criterion: Criterion, topic: Topic, schema: Schema, limits: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with a part of a rule that an interpretation is said to be about."""
    is_limit = topic.name.startswith("$")
    fact = topic_types(schema).get(topic.name)
    if is_limit and topic.name[1:] not in limits:
        yield f"missing parameter “{topic.name[1:]}”{spelling_hint(topic.name[1:], limits)}"
    elif not is_limit and fact is None and topic.name not in schema.records:
        yield f"unknown fact “{topic.name}”{spelling_hint(topic.name, [*topic_types(schema), *schema.records])}"
    elif not any(f"{name}.".startswith(f"{topic.name}.") for name in names_read(criterion)):
        yield f"the criterion does not look at “{topic.name}”"
    else:
        options = fact.options if fact else {}
        wrong = [code for code in topic.codes if code not in options]
        yield from (f"“{code}” is not a code of “{topic.name}”{spelling_hint(code, options)}" for code in wrong)


def topic_types(schema: Schema) -> Mapping[str, FactType]:
    fields = {f"{name}.{key}": fact for name, kind in schema.records.items() for key, fact in kind.fields.items()}
    return {**schema.facts, **fields}


def names_read(criterion: Criterion) -> frozenset[str]:
    """Return the names of all facts and parameters that a criterion looks at."""
    facts = (name for tree in (criterion.applies, criterion.rule) if tree is not None for name in facts_read(tree, ()))
    return frozenset([*facts, *(f"${node.name}" for node in nodes_of(criterion) if isinstance(node, n.Param))])


def facts_read(node: n.Node, lists: EnclosingLists) -> Iterator[str]:
    if isinstance(node, n.Fact):
        yield full_path(node.path, lists)
    if isinstance(node, n.OnRecords):
        yield node.records
    for child, inner in n.scoped_children(node, lists):
        yield from facts_read(child, inner)


def topic_text(protocol: Protocol, topic: Topic) -> str:
    """Return the part of a rule that an interpretation is about in words."""
    if topic.name.startswith("$"):
        return protocol.limits[topic.name[1:]].title
    fact = topic_types(protocol.schema).get(topic.name)
    if fact is None:
        return protocol.schema.records[topic.name].label
    if not topic.codes:
        return fact.label
    return ANSWER % {"label": fact.label, "answer": codes_text(topic.codes, fact.options)}
