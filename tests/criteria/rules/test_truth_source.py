"""Without a trace the same truths: of random rules of every kind of node, and of the trial's criteria."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from criteria.rules import nodes as n
from criteria.rules.check import check_rule
from criteria.rules.evaluate import compile_rule
from criteria.rules.facts import Facts
from criteria.rules.truth import TRUE, UNKNOWN
from criteria.rules.truth_source import Source, compile_truths
from tests.criteria.rules.random_rules import TERMS, NamedDrugs, random_facts, random_rule
from tests.criteria.rules.small import SCHEMA, checked, decoded, limits

FACTS_PER_RULE = 25
SCHEMAS = [
    replace(SCHEMA, drugs=drugs, format=number) for drugs, number in ((NamedDrugs(), 2), (None, 1), (NamedDrugs(), 3))
]


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_truth_is_the_same_with_a_trace_and_without(seed):
    rng = random.Random(seed)
    schema = rng.choice(SCHEMAS)
    node, faults, _ = decoded(random_rule(rng), TERMS)
    assert not faults
    kinds = check_rule(node, schema, limits()).kinds
    traced, (plain,) = compile_rule(node, schema, limits(), kinds), compile_truths([(node, kinds)], schema, limits())
    for _ in range(FACTS_PER_RULE):
        facts = random_facts(rng)
        assert plain(facts, None) is traced(facts, None).truth


def test_random_rules_have_every_kind_of_node_and_every_truth():
    kinds, truths, rng = set(), set(), random.Random(5990231)
    for _ in range(300):
        node, _, _ = decoded(random_rule(rng), TERMS)
        kinds |= {type(each) for each in n.subtrees(node)}
        found = check_rule(node, SCHEMAS[0], limits())
        assert not found.faults
        truths.add(compile_rule(node, SCHEMAS[0], limits(), found.kinds)(random_facts(rng), None).truth)
    assert kinds == set(n.NODES)
    assert len(truths) == 3


def test_many_parts_within_one_another_can_be_compiled():
    tree = {"is": {"smoker": "yes"}}
    for _ in range(40):
        tree = {"all": [{"not": {"some": {"of": "tests", "where": {"not": {"any": [tree]}}}}}]}
    node, _, _ = decoded(tree)
    kinds = check_rule(node, SCHEMA, limits()).kinds
    (plain,) = compile_truths([(node, kinds)], SCHEMA, limits())
    assert plain(Facts({}, {}), None) is TRUE


def test_an_early_exit_never_takes_unknown_for_no():
    smokes, drinks = {"is": {"smoker": "yes"}}, {"is": {"sex": "male"}}
    for word in ("all", "any"):
        node, found = checked({word: [smokes, drinks]})
        (plain,) = compile_truths([(node, found.kinds)], SCHEMA, limits())
        known = {"all": ("yes", "male"), "any": ("no", "female")}[word]
        assert plain(Facts({"smoker": known[0]}, {}), None) is UNKNOWN
        assert plain(Facts({"sex": known[1]}, {}), None) is UNKNOWN


@pytest.mark.parametrize("text", ['"); raise SystemExit #', "x\n    return TRUE", "'''", "{0}", "\\"])
def test_text_of_a_definition_never_becomes_part_of_the_source(text, monkeypatch):
    sources = []
    compiled = Source.compile
    monkeypatch.setattr(Source, "compile", lambda source, names: sources.append(source) or compiled(source, names))
    schema = replace(
        SCHEMA,
        facts={**SCHEMA.facts, text: SCHEMA.facts["smoker"]},
        records={**SCHEMA.records, text: SCHEMA.records["events"]},
    )
    inner = n.AllOf(
        (n.OneOf(n.Fact(text), (text,)), n.Names(n.Fact("note"), (text,)), n.OneOf(n.Fact(f".{text}"), (text,)))
    )
    node = n.AnyOf((n.Named(text, n.Some(text, inner)), n.Judgement(text, n.Fact(text)), n.Known(n.Fact("smoker"))))
    (plain,) = compile_truths([(node, {})], schema, limits())
    assert plain(Facts({text: text, "smoker": "yes"}, {}), None) is TRUE
    (source,) = sources
    assert text not in "\n".join(source.lines)
