"""What rules read of a visit: nothing else changes what is told of it; what is written otherwise is not the same."""

import random
from decimal import Decimal

from hypothesis import given, settings, strategies as st

from criteria.evaluation.reading import Reading
from criteria.rules.check import check_rule
from criteria.rules.dates import parse_date
from criteria.rules.evaluate import compile_rule
from criteria.rules.explain import Explainer
from criteria.rules.facts import Facts, LaboratoryValue
from criteria.rules.ranges import point
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from tests.criteria.rules.random_rules import DATES, TERMS, random_facts, random_rule
from tests.criteria.rules.small import SCHEMA, decoded, limits

OUTCOMES = {TRUE: "pass", FALSE: "fail", UNKNOWN: "unknown"}


def only_read(reading, facts):
    """Return the facts without those that are not read."""
    if reading.all_days:
        return facts
    return Facts(
        {path: value for path, value in facts.values.items() if path in reading.facts},
        {name: records for name, records in facts.records.items() if name in reading.lists},
        facts.is_reviewed & set(reading.lists),
    )


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_nothing_else_is_read_of_a_visit_when_a_rule_is_explained(seed):
    rng = random.Random(seed)
    node, faults, _ = decoded(random_rule(rng), TERMS)
    assert not faults
    run = compile_rule(node, SCHEMA, limits(), check_rule(node, SCHEMA, limits()).kinds)
    explainer, reading, seen = Explainer(SCHEMA, limits()), Reading([node], SCHEMA, limits()), {}
    for _ in range(25):
        facts = random_facts(rng)
        told = []
        for each in (facts, only_read(reading, facts)):
            trace = run(each, None)
            outcome = OUTCOMES[trace.truth]
            questions = explainer.open_questions(None, trace, outcome)
            told.append((explainer.explain(None, trace, outcome, TRUE), questions))
        assert told[0] == told[1] == seen.setdefault(reading.read(facts), told[0])
        assert reading.read(facts) == reading.read(only_read(reading, facts))


def laboratory(value="9", unit="g/L", comparator="", collected="2026-03-01"):
    return LaboratoryValue(point(Decimal(9)), Decimal(value), unit, 0, comparator, collected)


def test_values_are_different_when_they_are_written_differently():
    node, _, _ = decoded({"all": [{"known": "weight"}, {"known": "note"}]})
    reading = Reading([node], SCHEMA, limits())
    values = [
        *(point(Decimal(number)) for number in ("9", "9.0", "9.00", "8")),
        *(parse_date(text) for text in ("2026", "2026-03", "2026-03-01")),
        *(laboratory(value) for value in ("9", "9.0")),
        laboratory(unit="g/dL"),
        laboratory(comparator="<"),
        laboratory(collected="2026-03-02"),
        None,
    ]
    assert len({reading.read(Facts({"weight": value}, {})) for value in values}) == len(values)
    texts = ("None", "[9, 9]", "")
    assert len({reading.read(Facts({"note": text}, {})) for text in texts}) == len(texts)


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_what_is_told_is_the_same_when_only_days_differ_around_which_no_window_has_an_event(seed):
    rng = random.Random(seed)
    node, faults, _ = decoded(random_rule(rng), TERMS)
    assert not faults
    run = compile_rule(node, SCHEMA, limits(), check_rule(node, SCHEMA, limits()).kinds)
    explainer, reading, seen = Explainer(SCHEMA, limits()), Reading([node], SCHEMA, limits()), {}
    for _ in range(10):
        facts = random_facts(rng)
        for each in (facts, *(on_other_days(facts, rng) for _ in range(4))):
            trace = run(each, None)
            outcomes = {TRUE: OUTCOMES[trace.truth], FALSE: OUTCOMES[~trace.truth]}
            proofs = [explainer.proofs.proof(None, trace, outcome, wanted) for wanted, outcome in outcomes.items()]
            told = (outcomes, proofs, explainer.open_questions(None, trace, outcomes[TRUE]))
            assert told == seen.setdefault(reading.proof_key(each), told)


def on_other_days(facts, rng):
    dates = [path for path in facts.values if SCHEMA.facts[path].kind == "date"]
    values = {**facts.values, **{path: parse_date(rng.choice(DATES)) for path in dates}}
    return Facts(values, facts.records, facts.is_reviewed)


def test_a_day_is_told_when_something_is_known_that_may_lie_before_it():
    window = {"within": {"date": ".date", "period": "$window", "before": "visit.dose"}}
    node, faults, _ = decoded({"some": {"of": "events", "where": window}}, TERMS)
    assert not faults
    reading = Reading([node], SCHEMA, limits())
    days = [parse_date("2026-03-01"), parse_date("2026-03-02")]
    without = [Facts({"visit.dose": day}, {"events": [{"kind": "fit"}]}) for day in days]
    beside = [Facts({"visit.dose": day}, {"events": [{"date": days[0]}]}) for day in days]
    assert len({reading.proof_key(each) for each in (*without, Facts({}, without[0].records))}) == 2
    assert len({reading.proof_key(each) for each in beside}) == 2
