import random
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from criteria.evaluation.retests import Retest, retests
from criteria.rules.text import value_text
from criteria.vocabulary.facts import read_result
from tests.support.documents import add, changed, outcomes, put, records, result
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
        Retest("I08", "labs.anc", "neutrophils", 2, ("1 ×10⁹/L on 2026-03-02",), "2 ×10⁹/L on 2026-03-08"),
    )


def test_every_result_counts_as_an_attempt_and_every_failing_one_is_named(protocol):
    results = (sample(1, "2026-03-01"), sample(3, "2026-03-03"), sample("1.2", "2026-03-05"), sample(2, "2026-03-08"))
    (retest,) = found(protocol, result("anc", None), add("labs", *map(exact, results)))
    assert (retest.attempts, retest.failed) == (4, ("1 ×10⁹/L on 2026-03-01", "1.2 ×10⁹/L on 2026-03-05"))


def exact(row):
    return row | {"value": Decimal(row["value"])}


def test_the_earlier_of_one_day_is_a_retest_too(protocol):
    (retest,) = found(protocol, result("anc", None), add("labs", sample(1, "2026-03-08"), sample(2, "2026-03-08")))
    assert retest.counted == "2 ×10⁹/L on 2026-03-08"


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
    assert (retest.code, retest.failed) == ("I08", ("3 ×10⁹/L on 2026-03-01",))


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


def test_only_what_missed_its_own_limit_is_named_of_a_day_with_several_results(protocol):
    """A clotted sample counted its platelets wrong, and nothing else."""
    first = [sample(value, "2026-03-02", test, unit, **rest) for test, value, unit, rest in FIRST_DAY]
    later = [sample(value, "2026-03-08", test, unit, **rest) for test, value, unit, rest in LATER_DAY]
    (retest,) = found(protocol, put(labs=[*first, *later]))
    assert (retest.path, retest.failed) == ("labs.platelets", ("52 ×10⁹/L on 2026-03-02",))


FIRST_DAY = (
    ("anc", Decimal("3.02"), "10*9/L", {}),
    ("platelets", 52, "10*9/L", {}),
    ("haemoglobin", 110, "g/L", {}),
    ("creatinine", 55, "umol/L", {"uln": 73}),
    ("bilirubin_total", 11, "umol/L", {"uln": 23}),
    ("ast", 27, "U/L", {"uln": 40}),
    ("alt", 46, "U/L", {"uln": 40}),
)
LATER_DAY = tuple((test, 186 if test == "platelets" else value, unit, rest) for test, value, unit, rest in FIRST_DAY)

# What each test of I08 must reach or not exceed; creatinine and its clearance are enough each for the other.
GOOD = {
    "anc": lambda value: value >= Decimal("1.5"),
    "platelets": lambda value: value >= 100,
    "haemoglobin": lambda value: value >= 90,
    "bilirubin_total": lambda value: value <= Decimal("1.5") * 20,
    "ast": lambda value: value <= Decimal("1.5") * 40,
    "alt": lambda value: value <= Decimal("1.5") * 40,
    "creatinine": lambda value: value <= 133,
    "creatinine_clearance": lambda value: value >= 60,
}
UNITS = {"anc": "10*9/L", "platelets": "10*9/L", "haemoglobin": "g/L", "creatinine_clearance": "mL/min"}
LIMITS = {"creatinine": 111, "bilirubin_total": 20, "ast": 40, "alt": 40}
VALUES = {
    "anc": [Decimal("0.9"), Decimal("1.5"), Decimal("3.02")],
    "platelets": [52, 100, 186],
    "haemoglobin": [80, 90, 113],
    "bilirubin_total": [11, 30, 31],
    "ast": [27, 60, 61],
    "alt": [46, 60, 90],
    "creatinine": [55, 132, 300],
    "creatinine_clearance": [30, 60, 90],
}


def row(test, value, day):
    unit = UNITS.get(test, "U/L" if test in ("ast", "alt") else "umol/L")
    return sample(value, day, test, unit, **({"uln": LIMITS[test]} if test in LIMITS else {}))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({test: st.sampled_from(each) for test, each in VALUES.items()}), min_size=2, max_size=3
    )
)
def test_a_retest_names_exactly_the_earlier_results_that_missed_their_own_limit(protocol, days):
    days[-1] = {test: next(value for value in VALUES[test] if GOOD[test](value)) for test in VALUES}
    dates = [f"2026-03-0{at}" for at in range(1, len(days) + 1)]
    labs = [row(test, value, date) for date, values in zip(dates, days, strict=True) for test, value in values.items()]
    named = {(each.path, words) for each in found(protocol, put(labs=labs)) for words in each.failed}
    assert named == {
        (f"labs.{test}", protocol_text(protocol, row(test, value, date)))
        for date, values in zip(dates[:-1], days[:-1], strict=True)
        for test, value in values.items()
        if not GOOD[test](value) and not (test in KIDNEY and any(GOOD[each](values[each]) for each in KIDNEY))
    }


KIDNEY = ("creatinine", "creatinine_clearance")


def protocol_text(protocol, result):
    path = f"labs.{result['analyte']}"
    fact = protocol.schema.facts[path]
    analyte = protocol.vocabulary.parts["labs"].analytes[result["analyte"]]
    return value_text(dict(read_result(path, analyte, result))[path], fact)


def pregnancy_tests(*rows):
    written = [{"specimen": specimen, "result": result, "date": day} for specimen, result, day in rows]
    return records("pregnancy_tests", *written)


def test_a_negative_pregnancy_test_after_a_positive_one_is_a_retest(protocol):
    tests = pregnancy_tests(("serum", "positive", "2026-03-13"), ("serum", "negative", "2026-03-14"))
    document = changed(tests, sex="woman")
    marked = retests(protocol, document, protocol.evaluate(document))
    failed, counted = ("serum positive 2026-03-13",), "serum negative 2026-03-14"
    assert marked == (Retest("I09", "pregnancy_tests", "Pregnancy tests", 2, failed, counted, of_records=True),)


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
            assert alone.count("fail") <= len(retest.failed)
        else:  # of two tests of one day, the first stood before the second
            rows = sorted(document[part], key=lambda each: each[day_key(part)])
            alone = [outcomes(protocol, document | {part: rows[:end]})[retest.code] for end in range(1, len(rows))]
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
