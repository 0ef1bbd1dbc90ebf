"""No advice suggests another answer: held against random people, under this version and under earlier ones."""

import random
import re
from itertools import chain

import pytest
from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.evaluation.needed import flat
from criteria.evaluation.outlook import outlook
from criteria.vocabulary.actions import actionable_names, declared_action, field_of
from screening.views.cards.outlook import failing_criteria
from screening.worklist.next_action import next_step
from tests.conftest import PROTOCOL, ROOT
from tests.support.random_documents import random_document

COACHING = re.compile(
    r"\b(ask(ed)? again|answer|correct|change|instead|otherwise|could|might|may come right|would|should|"
    r"turns? out|wrong|say|enter|tick|agree|willing|consent|reconsider)\b",
    re.IGNORECASE,
)
DEFINITIONS = [PROTOCOL, *sorted((ROOT / "tests/data/released").glob("*/NCT05990231-*.yaml"))]


@pytest.fixture(scope="module", params=DEFINITIONS, ids=lambda path: path.stem)
def protocol(request):
    return parse_definition(request.param.read_text(encoding="utf-8"))[1]


def labels_not_to_be_named(protocol):
    """Of fields about which nothing is to be done; not those that are also the label of something else."""
    vocabulary = protocol.vocabulary
    fields = [(name, field) for name in actionable_names(vocabulary) if (field := field_of(vocabulary, name))]
    done = {field.label for name, field in fields if declared_action(vocabulary, name).action not in (None, "none")}
    return {field.label for name, field in fields if declared_action(vocabulary, name).action == "none"} - done


def advised(protocol, document):
    """Every text of advice about what fails."""
    found = outlook(protocol, document)
    failing = failing_criteria(protocol, found)
    texts = [each.remedy_text.words for each in failing]
    if failing:
        texts += [next_step(protocol, document, found, assessed=assessed).text for assessed in (False, True)]
    return texts, [distance for each in failing for distance in each.remedy_text.distances]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_advice_names_no_fact_about_which_nothing_is_to_be_done(protocol, seed):
    texts, distances = advised(protocol, random_document(random.Random(seed)))
    unnamed = labels_not_to_be_named(protocol)
    for text in (*texts, *distances):
        assert not [label for label in unnamed if re.search(rf"(^|[ :,]){re.escape(label)}($|[,.;:( ])", text)], text
        assert not COACHING.search(re.sub(r"(?<=investigator to review: )[^;]*", "", text, flags=re.IGNORECASE)), text


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_advice_is_made_of_what_is_declared(protocol, seed):
    """Each piece has a declared action behind it or, where none is declared, a laboratory result to be repeated."""
    vocabulary = protocol.vocabulary
    declared = [declared_action(vocabulary, name).action for name in actionable_names(vocabulary)]
    courses = {(each.do, each.wait) for each in declared if each not in (None, "repeat", "review", "none")}
    found = outlook(protocol, random_document(random.Random(seed)))
    for each in chain.from_iterable(flat(remedy.advice) for remedy in found.remedies.values()):
        assert (each.do, each.wait) in {*courses, ("", "")}
        assert each.do or each.wait or each.repeat or each.review
        if not (each.do or each.wait):
            action = declared_action(vocabulary, each.path).action
            assert action == ("review" if each.review else "repeat") or (action is None and each.path[:5] == "labs.")
