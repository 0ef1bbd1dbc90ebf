import random
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from criteria.evaluation.missing import next_steps, paths_before
from tests.support.documents import (
    ABSENT,
    BASE,
    amend,
    changed,
    history,
    no_first_dose,
    put,
    records,
    result,
    unreviewed,
)
from tests.support.random_documents import random_document

EMPTY = {"visit": {"date": "2026-03-09"}}


def steps(protocol, document):
    assert not protocol.validate(document)
    return next_steps(protocol, document, protocol.evaluate(document))


def step(protocol, path, document):
    (found,) = [each for each in steps(protocol, document) if each.path == path]
    return found


def test_a_person_who_is_eligible_needs_nothing(protocol):
    assert all(steps(protocol, document) == [] for document in BASE.values())


def test_the_first_step_settles_most_criteria(protocol):
    found = steps(protocol, EMPTY)
    assert found[0].path == "reviewed.therapies"
    assert found[0].settles == ("I06", "E03", "E04")
    ranks = [(-len(each.settles), -len(each.helps)) for each in found]
    assert ranks == sorted(ranks)


def test_steps_that_settle_as_much_stand_as_they_are_asked(protocol):
    single = [each.path for each in steps(protocol, EMPTY) if len(each.settles) == 1 and not each.helps]
    assert single.index("performance.ecog") < single.index("reviewed.lesions") < single.index("history.infection")
    assert single.index("history.infection") < single.index("concurrent_study")


def test_one_missing_fact_settles_what_waits_for_it_alone(protocol):
    found = steps(protocol, changed(put(performance__ecog=ABSENT), unreviewed("vaccinations")))
    assert [(each.path, each.settles, each.helps) for each in found] == [
        ("performance.ecog", ("I03",), ()),
        ("reviewed.vaccinations", ("E26",), ()),
    ]


def test_a_fact_helps_where_others_are_missing_too(protocol):
    found = steps(protocol, changed(result("anc", None), result("ast", None)))
    assert [(each.path, each.settles, each.helps) for each in found] == [
        ("labs.anc", (), ("I08",)),
        ("labs.ast", (), ("I08",)),
    ]


def test_what_is_asked_only_after_another_answer_is_no_step_before_it(protocol):
    """Without any answer on the brain, the size of lesions in it is not asked."""
    paths = [each.path for each in steps(protocol, changed(put(cns=ABSENT)))]
    assert paths == [
        "cns.brainstem_metastasis",
        "cns.meningeal_metastasis",
        "cns.spinal_cord_metastasis_or_compression",
        "cns.brain_metastases",
    ]
    untreated = changed(put(cns__brain_metastases="untreated"))
    assert "cns.largest_mm" in [each.path for each in steps(protocol, untreated)]


def test_follow_up_of_a_record_waits_for_the_answer_beside_it(protocol):
    entry = {"status": "past", "date": "2026-03-10", "severe": "no"}
    paths = [each.path for each in steps(protocol, changed(history("infection", entry)))]
    assert paths == ["history.infection.anti_infective"]
    second = changed(history("infection", entry | {"anti_infective": "none"}, entry))
    assert [each.path for each in steps(protocol, second)] == ["history.infection[1].anti_infective"]


def test_a_missing_result_brings_its_day_and_its_limit(protocol):
    document = changed(result("ast", None), records("supportive_care", {"kind": "growth_factor", "date": "2026-01-01"}))
    assert [each.path for each in steps(protocol, document)] == ["labs.ast"]
    document = changed(result("anc", None), records("supportive_care", {"kind": "growth_factor", "date": "2026-02-28"}))
    assert "labs.anc.collected" not in [each.path for each in steps(protocol, document)]


def test_a_result_without_its_limit_asks_for_the_limit(protocol):
    found = step(protocol, "labs.ast.uln", changed(result("ast", "28", "U/L")))
    assert found.settles == ("I08",)


def test_a_pregnancy_test_counts_from_three_days_before_the_first_dose(protocol):
    found = step(protocol, "pregnancy_tests", changed(records("pregnancy_tests"), sex="woman"))
    assert (found.settles, found.not_before) == (("I09",), date(2026, 3, 13))
    assert found.question == "do a urine or serum pregnancy test"


def test_without_a_first_dose_no_day_is_named(protocol):
    found = steps(protocol, changed(records("pregnancy_tests"), no_first_dose(), sex="woman"))
    assert {each.not_before for each in found} == {None}


def test_a_result_counts_from_the_day_that_a_limit_to_its_age_sets(with_parameter):
    limited = with_parameter("lab_max_age", "10")
    assert step(limited, "labs.anc", changed(result("anc", None))).not_before == date(2026, 3, 6)


def test_a_condition_of_the_history_counts_whenever_it_is_asked(protocol):
    found = step(protocol, "history.myocardial_infarction", changed(history("myocardial_infarction")))
    assert (found.not_before, found.question) == (None, "")


@pytest.mark.parametrize(
    ("path", "change", "question"),
    [
        (
            "vitals.systolic_bp",
            put(vitals__systolic_bp=165, vitals__on_antihypertensives="no"),
            "treat the blood pressure, and measure it again",
        ),
        ("infections.tuberculosis", put(infections__tuberculosis="suspected"), "rule out active tuberculosis"),
    ],
)
def test_what_a_person_has_to_do_is_told_in_the_words_of_the_criterion(protocol, path, change, question):
    assert step(protocol, path, changed(change)).question == question


def test_a_fact_that_can_be_looked_up_comes_without_a_question(protocol):
    document = changed(put(vitals__systolic_bp=165, vitals__on_antihypertensives=ABSENT))
    assert [(each.path, each.question) for each in steps(protocol, document)] == [("vitals.on_antihypertensives", "")]


def test_records_are_named_by_their_place(protocol):
    found = step(protocol, "therapies[0].end_date", changed(amend("therapies", end_date=ABSENT)))
    assert "E03" in found.settles


@settings(max_examples=80)
@given(st.integers(0, 2**32))
def test_every_missing_fact_is_one_step_and_each_unknown_criterion_waits_for_one(protocol, seed):
    document = random_document(random.Random(seed))
    findings = protocol.evaluate(document)
    found = next_steps(protocol, document, findings)
    paths = [each.path for each in found]
    assert len(paths) == len(set(paths))
    missing = {path for finding in findings for path in protocol.missing(finding)}
    assert set(paths) <= missing
    listed = {path for path in missing if path in paths or path.rpartition(".")[0] in paths}
    assert all(not paths_before(protocol.vocabulary, path).isdisjoint(missing) for path in missing - listed)
    unknown = {finding.criterion.code for finding in findings if finding.outcome == "unknown"}
    assert {code for each in found for code in (*each.settles, *each.helps)} == unknown


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_what_settles_a_criterion_is_all_that_it_waits_for(protocol, seed):
    document = random_document(random.Random(seed))
    findings = {finding.criterion.code: finding for finding in protocol.evaluate(document)}
    for each in next_steps(protocol, document, findings.values()):
        for code in each.settles:
            assert {path.removesuffix(".collected") for path in protocol.missing(findings[code])} <= {
                each.path,
                f"{each.path}.uln",
                f"{each.path}.lod",
            }
