import random
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from criteria.evaluation.retests import Retest, retests
from tests.support.documents import add, changed, outcomes, records, result
from tests.support.random_documents import random_document


def sample(value, day, analyte="anc", unit="10*9/L", **rest):
    return {"analyte": analyte, "value": value, "unit": unit, "collected": day, **rest}


def found(protocol, *changes):
    document = changed(*changes)
    assert not protocol.validate(document)
    return retests(protocol, document, protocol.evaluate(document))


def test_a_pass_by_a_later_sample_is_marked_with_the_attempts(protocol):
    document = (result("anc", None), add("labs", sample(1, "2026-03-02"), sample(2, "2026-03-08")))
    assert found(protocol, *document) == (
        Retest("I08", "labs.anc", "neutrophils", 2, ("1 10*9/L on 2026-03-02",), "2 10*9/L on 2026-03-08"),
    )


def test_every_result_counts_as_an_attempt_and_every_failing_one_is_named(protocol):
    results = (sample(1, "2026-03-01"), sample(3, "2026-03-03"), sample("1.2", "2026-03-05"), sample(2, "2026-03-08"))
    (retest,) = found(protocol, result("anc", None), add("labs", *map(exact, results)))
    assert (retest.attempts, retest.failed) == (4, ("1 10*9/L on 2026-03-01", "1.2 10*9/L on 2026-03-05"))


def exact(row):
    return row | {"value": Decimal(row["value"])}


def test_the_earlier_of_one_day_is_a_retest_too(protocol):
    (retest,) = found(protocol, result("anc", None), add("labs", sample(1, "2026-03-08"), sample(2, "2026-03-08")))
    assert retest.counted == "2 10*9/L on 2026-03-08"


@pytest.mark.parametrize(
    "results",
    [
        (sample(2, "2026-03-08"),),
        (sample(2, "2026-03-02"), sample(2, "2026-03-08")),
        (sample(2, "2026-03-02"), sample(1, "2026-03-08")),
        (sample(2, "2026-03-02", comparator="<"), sample(2, "2026-03-08")),
    ],
    ids=["one result", "both good", "the later fails", "the earlier says nothing"],
)
def test_only_a_pass_after_a_failure_is_a_retest(protocol, results):
    assert found(protocol, result("anc", None), add("labs", *results)) == ()


def test_an_earlier_sample_under_support_is_a_retest(protocol):
    changes = (
        records("supportive_care", {"kind": "growth_factor", "date": "2026-02-20"}),
        result("anc", None),
        result("platelets", "210", "10*9/L", collected="2026-03-08"),
        add("labs", sample(3, "2026-03-01"), sample(3, "2026-03-08")),
    )
    (retest,) = found(protocol, *changes)
    assert (retest.code, retest.failed) == ("I08", ("3 10*9/L on 2026-03-01",))


def test_a_result_is_held_against_the_limit_that_came_with_it(protocol):
    earlier, later = (sample(70, day, "ast", "U/L", uln=uln) for day, uln in (("2026-03-01", 40), ("2026-03-08", 60)))
    (retest,) = found(protocol, result("ast", None), add("labs", earlier, later))
    assert retest.path == "labs.ast"


def test_retests_are_told_of_an_exclusion_too(protocol):
    earlier, later = sample(25, "2026-03-01", "wbc"), sample(15, "2026-03-08", "wbc")
    assert [each.code for each in found(protocol, result("wbc", None), add("labs", earlier, later))] == ["E30"]


def test_results_that_failed_together_are_a_retest_of_each(protocol):
    """Neither of the earlier results would fail alone: creatinine or its clearance is enough."""
    earlier = (
        sample(300, "2026-03-02", "creatinine", "umol/L", uln=111),
        sample(30, "2026-03-02", "creatinine_clearance", "mL/min"),
    )
    later = (
        sample(80, "2026-03-08", "creatinine", "umol/L", uln=111),
        sample(90, "2026-03-08", "creatinine_clearance", "mL/min"),
    )
    marked = found(protocol, result("creatinine", None), add("labs", *earlier, *later))
    assert [(each.code, each.path, each.attempts) for each in marked] == [
        ("I08", "labs.creatinine", 2),
        ("I08", "labs.creatinine_clearance", 2),
    ]
    assert found(protocol, result("creatinine", None), add("labs", earlier[0], *later)) == ()


def pregnancy_tests(*rows):
    written = [{"specimen": specimen, "result": result, "date": day} for specimen, result, day in rows]
    return records("pregnancy_tests", *written)


def test_a_negative_pregnancy_test_after_a_positive_one_is_a_retest(protocol):
    tests = pregnancy_tests(("serum", "positive", "2026-03-13"), ("serum", "negative", "2026-03-14"))
    document = changed(tests, sex="woman")
    marked = retests(protocol, document, protocol.evaluate(document))
    assert marked == (Retest("I09", "pregnancy_tests", "pregnancy test", 2, ("1 of 2026-03-13",), "2 of 2026-03-14"),)


@pytest.mark.parametrize(
    "rows",
    [
        [("serum", "negative", "2026-03-14")],
        [("serum", "negative", "2026-03-13"), ("serum", "negative", "2026-03-14")],
        [("serum", "positive", "2026-01-02"), ("serum", "negative", "2026-03-14")],
    ],
    ids=["one test", "both negative", "the positive one outside the window"],
)
def test_only_a_pregnancy_test_that_would_fail_makes_a_retest(protocol, rows):
    document = changed(pregnancy_tests(*rows), sex="woman")
    assert retests(protocol, document, protocol.evaluate(document)) == ()


def test_without_results_there_is_no_retest(protocol):
    document = {"visit": {"date": "2026-03-09"}, "labs": None}
    assert retests(protocol, document, protocol.evaluate(document)) == ()


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_without_the_counting_result_a_retest_fails_or_never_passed(protocol, seed):
    """A marked criterion passes as it is; with one of its failing samples put last it fails."""
    document = random_document(random.Random(seed))
    now = outcomes(protocol, document)
    for retest in retests(protocol, document, protocol.evaluate(document)):
        assert now[retest.code] == "pass"
        part, _dot, analyte = retest.path.partition(".")
        if part == "labs":
            same = [each for each in document["labs"] if each["analyte"] == analyte]
            assert retest.attempts == len(same) > len(retest.failed)
            rest = [each for each in document["labs"] if each["analyte"] != analyte]
            alone = [outcomes(protocol, document | {"labs": [*rest, each]})[retest.code] for each in same]
            assert alone.count("fail") in (len(retest.failed), 0)
        before = [as_it_stood(document, part, day) for day in days_of(document, part)]
        assert "fail" in {outcomes(protocol, each)[retest.code] for each in before} or "fail" in alone


def days_of(document, part):
    return {each[day_key(part)] for each in document[part]}


def day_key(part):
    return "collected" if part == "labs" else "date"


def as_it_stood(document, part, day):
    """The document without what is of a later day, but for the results of tests that had none by then."""
    rows, key = document[part], day_key(part)
    there = {each.get("analyte") for each in rows if each[key] <= day}
    kept = [each for each in rows if each[key] <= day or (part == "labs" and each["analyte"] not in there)]
    return document | {part: kept}
