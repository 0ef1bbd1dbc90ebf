"""A sample that gave no result: how it is written, and that nothing depends on it."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from criteria.evaluation.checks import CheckContext
from criteria.vocabulary import validate
from criteria.vocabulary.carry_forward import stable_part
from criteria.vocabulary.check_facts import check_records
from criteria.vocabulary.facts import counting_indexes
from tests.support.documents import add, changed
from tests.support.random_documents import random_document

CLOTTED = {"analyte": "platelets", "collected": "2026-03-10", "not_done": "clotted"}
ANC = {"analyte": "anc", "value": 3, "unit": "10*9/L", "collected": "2026-03-08"}


@pytest.mark.parametrize(
    "entry",
    [
        CLOTTED,
        CLOTTED | {"not_done": "1+"},
        CLOTTED | {"not_done": "2nd sample clotted too"},
        CLOTTED | {"not_done": "溶血　重抽", "reported": "溶血（++）"},
        CLOTTED | {"value": None, "unit": "unknown", "comparator": None, "uln": None, "lod": "unknown"},
        ANC | {"not_done": None, "reported": "3.0↓"},
        ANC | {"not_done": "unknown", "reported": "unknown"},
    ],
)
def test_sample_and_result_are_accepted(protocol, entry):
    assert protocol.validate(changed(add("labs", entry))) == ()


@pytest.mark.parametrize(
    ("entry", "name", "message"),
    [
        (CLOTTED | {"value": 90}, "not_done", "“clotted” stands beside value “90”: a sample either has a result or"),
        (CLOTTED | {"unit": "10*9/L", "uln": 3}, "not_done", "stands beside unit “10*9/L”, uln “3”: a sample either"),
        (CLOTTED | {"comparator": "<"}, "not_done", "leave out not_done, or all that was measured"),
        (CLOTTED | {"not_done": " "}, "not_done", "is blank: say it as the laboratory did, such as haemolysed"),
        (CLOTTED | {"not_done": ""}, "not_done", "is blank"),
        (CLOTTED | {"not_done": "clotted\nagain"}, "not_done", "one line of at most 200 characters"),
        (CLOTTED | {"not_done": "x" * 201}, "not_done", "one line of at most 200 characters"),
        (CLOTTED | {"not_done": "x" * 2001}, "not_done", "text of 2001 characters is too long"),
        (CLOTTED | {"not_done": True}, "not_done", "“true” is not text"),
        (CLOTTED | {"not_done": "＜5.2"}, "not_done", "is a number, and no reason why there is none"),
        (CLOTTED | {"not_done": "ask 138-0013-8000"}, "not_done", "looks like a phone number"),
        (CLOTTED | {"collected": None}, "collected", "collection day is required"),
        (CLOTTED | {"collected": "2026-03"}, "collected", "is not a whole date"),
        (CLOTTED | {"analyte": "clots"}, "analyte", "is not one of"),
        (CLOTTED | {"not_done": None}, "value", "value is required"),
        (ANC | {"reported": "a\tb"}, "reported", "one line of at most 200 characters"),
        (ANC | {"reported": 3}, "reported", "is not text"),
    ],
)  # fmt: skip
def test_fault_says_what_is_wrong_and_what_would_be_right(protocol, entry, name, message):
    document = changed(add("labs", entry))
    first = protocol.validate(document)[0]
    assert first.path == f"labs[{len(document['labs']) - 1}].{name}"
    assert message in first.message


def test_sample_without_a_result_never_counts():
    older, newer = ANC, ANC | {"collected": "2026-03-09", "value": 4}
    no_result = {"analyte": "anc", "collected": "2026-03-10", "not_done": "haemolysed"}
    assert counting_indexes([older, no_result, newer]) == {"anc": 2}
    assert counting_indexes([no_result]) == {}


def test_condition_on_any_result_does_not_wait_for_a_sample_without_one(protocol):
    document = changed(add("labs", CLOTTED), add("labs", ANC | {"collected": "2026-03-09"}))
    found = check_records(protocol.vocabulary, document, {})["labs"]
    assert len(found) == len(document["labs"]) - 1
    assert found[-1]["#"] == len(document["labs"]) - 1  # the place in the document stays


def test_sample_without_a_result_is_not_carried_to_another_visit(second):
    """Results are carried where a trial does not declare them perishable."""
    section = next(each for each in second.vocabulary.sections if "blood" in each.keys)
    (test,) = list(second.vocabulary.parts["blood"].analytes)[:1]
    unit = second.vocabulary.parts["blood"].analytes[test].unit_names[0]
    taken = {"analyte": test, "collected": "2026-03-08"}
    result = taken | {"value": 3, "unit": unit}
    assert stable_part(section, {"blood": [result, taken | {"not_done": "lost"}]}) == {"blood": [result]}
    assert stable_part(section, {"blood": [taken | {"not_done": "lost"}]}) == {}


REASONS = st.sampled_from(["haemolysed", "溶血", "clotted", "1+", "not detected", "lost on its way", "-"])
SAMPLES = st.lists(
    st.tuples(st.integers(0, 10), REASONS, st.integers(0, 400), st.integers(0, 20)), min_size=1, max_size=6
)


@given(st.integers(0, 2**32), SAMPLES)
def test_outcomes_proofs_and_checks_are_the_same_whatever_samples_gave_no_result(protocol, seed, samples):
    document = random_document(random.Random(seed))
    context = CheckContext(date(2027, 1, 1))
    sheet, raised = protocol.assess(document), protocol.raised_checks(document, context)
    tests = list(protocol.vocabulary.parts["labs"].analytes)
    labs = list(document["labs"]) if isinstance(document.get("labs"), list) else []
    for test, reason, days, at in samples:
        day = (date(2026, 12, 31) - timedelta(days)).isoformat()
        labs.insert(at, {"analyte": tests[test], "collected": day, "not_done": reason})
    with_samples = document | {"labs": labs}
    assert validate(protocol.vocabulary, with_samples) == ()
    assert protocol.assess(with_samples) == sheet
    assert [each.key for each in protocol.raised_checks(with_samples, context)] == [each.key for each in raised]
