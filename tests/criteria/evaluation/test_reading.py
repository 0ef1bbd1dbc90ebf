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
from tests.criteria.rules.random_rules import TERMS, random_facts, random_rule
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
    explainer, reading, seen = Explainer(SCHEMA, limits()), Reading([node], SCHEMA), {}
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
    reading = Reading([node], SCHEMA)
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
