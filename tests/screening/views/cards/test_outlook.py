from datetime import date
from decimal import Decimal

import pytest

from criteria.evaluation.outlook import outlook
from criteria.evaluation.retests import Retest
from criteria.versions.versions import protocol_of
from screening.views.cards.outlook import failing_criteria, missing_facts, retest_text
from tests.support.documents import ABSENT, amend, changed, history, put, records, result

TUMOUR = {"status": "past", "date": "2025", "type": "other", "cured_by_local_treatment": "no"}
FALSE_OF_EVENT = dict.fromkeys(
    ("alopecia", "irreversible_accepted", "level_permitted", "during_pd1", "immune_related"), "no"
) | {"organ_system": "skin"}


@pytest.fixture
def protocol(version):
    return protocol_of(version)


@pytest.fixture
def prospect(protocol):
    """The only failure of a document, in words."""

    def words_of(document):
        (found,) = failing_criteria(protocol, outlook(protocol, document))
        return found.remedy_text

    return words_of


@pytest.mark.parametrize(
    ("changes", "remedy", "words"),
    [
        (put(subject__birth_date="1930"), "none", "Permanent: neither treatment nor time changes it."),
        (
            records("procedures", {"kind": "major_surgery", "date": "2026-02-20"}),
            "wait",
            "No longer excludes with a planned first dose from 2026-03-23.",
        ),
        (
            history(
                "infection", {"status": "past", "date": "2026-03-01", "severe": "yes", "anti_infective": "systemic"}
            ),
            "wait",
            "Not yet known with a planned first dose from 2026-03-30: what is missing decides then.",
        ),
        (history("other_malignancy", TUMOUR), "wait", "No longer excludes at a visit from 2029-01-01."),
        (
            history("myocardial_infarction", {"status": "past", "date": "2026-03-17"}),
            "wait",
            "Needs a later visit or planned first dose: check the dates.",
        ),
        (put(subject__birth_date="2009-01-01"), "wait", "Met at a visit from 2027-01-01."),
        (put(consent__date="2026-03-10"), "wait", "Met at a visit from 2026-03-10."),
        (
            amend("therapies", ongoing="yes"),
            "act",
            "Therapy 1 (first line): wait until the course has ended; then wait more than 3 weeks until the planned "
            "first dose.",
        ),
        (
            put(consent__willing_to_comply="no"),
            "open",
            "Cannot be waived now; not permanent.",
        ),
        (result("anc", "1.49", "10*9/L"), "act", "Repeat neutrophils."),
        (
            records("supportive_care", {"kind": "blood_component", "date": "2026-03-01"}),
            "act",
            "Repeat neutrophils, platelets, haemoglobin from 2026-03-16.",
        ),
        (put(performance__life_expectancy_months=2), "act", "Investigator to review: life expectancy."),
        (
            put(vitals__systolic_bp=170, vitals__diastolic_bp=105, vitals__on_antihypertensives="yes"),
            "act",
            "Treat the blood pressure, then repeat systolic blood pressure, diastolic blood pressure.",
        ),
        (
            history("infection", {"status": "current", "severe": "yes", "anti_infective": "none"}),
            "act",
            "Treat the infection, then wait until it is over; "
            "then wait more than 4 weeks until the planned first dose.",
        ),
        (
            records("adverse_events", {"term": "rash", "max_grade": 2, "current_grade": 2, **FALSE_OF_EVENT}),
            "act",
            "Wait until the event has settled, then repeat current grade of adverse event 1 (rash).",
        ),
    ],
)
def test_failure_says_what_can_be_done_or_waited_for(prospect, changes, remedy, words):
    found = prospect(changed(changes))
    assert (found.remedy, found.words) == (remedy, words)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (records("procedures", {"kind": "major_surgery", "date": "2026-02-20"}), "Only time is needed."),
        (history("other_malignancy", TUMOUR), "No longer excludes at a visit from 2029-01-01."),
        (
            records(
                "procedures",
                {"kind": "major_surgery", "date": "2026-03-01"},
                {"kind": "major_surgery", "date": "2026-03-10"},
            ),
            "No longer excludes with a planned first dose from 2026-04-10.",  # the proof names a day for each of them
        ),
        (
            records(
                "supportive_care",
                {"kind": "blood_component", "date": "2026-03-01"},
                {"kind": "growth_factor", "date": "2026-03-05"},
            ),
            "Repeat neutrophils, platelets, haemoglobin from 2026-03-20.",
        ),
        (
            records("supportive_care", {"kind": "blood_component", "date": "2026-03-01"}),
            "Repeat neutrophils, platelets, haemoglobin from 2026-03-16.",
        ),
        (
            records(
                "procedures",
                {"kind": "major_surgery", "date": "2026-03-01"},
                {"kind": "major_surgery", "date": "2026-06-20"},
            ),
            "No longer excludes with a planned first dose from 2026-04-01 to 2026-05-20.",  # the proof does not say so
        ),
        (result("anc", "1.49", "10*9/L"), "Repeat neutrophils."),
    ],
)
def test_only_a_day_that_the_proof_names_alone_is_not_said_again_beside_it(prospect, changes, words):
    assert prospect(changed(changes)).beside_proof == words


def test_failure_gives_each_distance_in_the_unit_that_was_typed(prospect):
    found = prospect(changed(result("anc", "1.49", "10*9/L"), result("haemoglobin", "88", "g/L")))
    assert found.distances == ["Neutrophils: 0.01 ×10⁹/L below the limit", "Haemoglobin: 2 g/L below the limit"]


def test_failure_at_a_limit_that_may_not_be_reached_says_so(prospect):
    found = prospect(changed(put(vitals__systolic_bp=160, vitals__on_antihypertensives="yes")))
    assert found.distances == ["Systolic blood pressure: exactly at the limit"]


def test_failures_for_good_come_first(protocol):
    document = changed(put(performance__ecog=2), result("anc", "1.49", "10*9/L"), put(subject__birth_date="1930"))
    found = failing_criteria(protocol, outlook(protocol, document))
    assert [(each.code, each.remedy_text.remedy) for each in found] == [
        ("I02", "none"),
        ("I03", "act"),
        ("I08", "act"),
    ]
    assert found[-1].proof == "Neutrophils 1.49 ×10⁹/L (limit: at least 1.5), 2026-03-08"


def test_what_is_missing_has_a_place_and_a_first_day(protocol):
    document = changed(records("pregnancy_tests"), sex="woman")
    (found,) = missing_facts(protocol.vocabulary, document, outlook(protocol, document).steps)
    assert (found.place.section, found.place.anchor) == ("reproductive", "at-pregnancy_tests")
    assert (found.settles, found.helps, found.not_before) == (("I09",), (), date(2026, 3, 13))
    assert (found.question, found.text) == ("do a urine or serum pregnancy test", "Pregnancy tests")


def test_missing_answer_is_told_as_something_to_enter(protocol):
    document = changed(put(reproductive__pregnant=ABSENT), history("myocarditis"), sex="woman")
    found = missing_facts(protocol.vocabulary, document, outlook(protocol, document).steps)
    assert [each.text for each in found if not each.question] == [
        "Enter: myocarditis?",
        "Enter: pregnant?",
    ]


def test_lasting_failure_names_what_makes_it_last_when_something_else_could_be_treated(protocol):
    stroke = history("cerebrovascular_accident", {"status": "past", "date": "2019"})
    document = changed(stroke, put(vitals__systolic_bp=165, vitals__on_antihypertensives="yes"))
    (found,) = failing_criteria(protocol, outlook(protocol, document))
    assert found.remedy_text.words == (
        "Permanent because of cerebrovascular accident (past): neither treatment nor time changes it."
    )


def test_value_next_to_its_limit_is_told_without_its_digits(protocol):
    document = changed(result("ast", "60.3000000000000000000000001", "U/L", uln="40.2"))
    (found,) = failing_criteria(protocol, outlook(protocol, document))
    assert found.remedy_text.distances == ["AST: just above the limit"]


def test_retest_says_which_result_counts_and_which_would_fail():
    words = "1.6 ×10⁹/L on 2026-03-08", ("1.4 ×10⁹/L on 2026-03-02", "1.2 ×10⁹/L on 2026-03-05")
    assert retest_text(Retest("I08", "labs.anc", "neutrophils", 3, words[1], words[0])) == (
        "3 results of neutrophils. Used: 1.6 ×10⁹/L on 2026-03-08. "
        "Would not satisfy the criterion: 1.4 ×10⁹/L on 2026-03-02, 1.2 ×10⁹/L on 2026-03-05."
    )


def test_number_keeps_the_digits_that_were_typed(protocol):
    document = changed(result("anc", "1.490", "10*9/L"))
    assert document["labs"][-1]["value"] == Decimal("1.490")
    (found,) = failing_criteria(protocol, outlook(protocol, document))
    assert "1.490 ×10⁹/L" in found.proof


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (result("alt", "70", "U/L", uln="50", comparator=">"), "Repeat ALT: exact value needed (recorded > 70 U/L)"),
        (put(subject__birth_date="2008"), "Complete date of birth (recorded 2008)"),
        (amend("therapies", end_date="2026-02"), "Complete therapy 1: last dose (recorded 2026-02)"),
        (
            history("myocardial_infarction", {"status": "past", "date": "2025"}),
            "Complete myocardial infarction: last occurrence (recorded 2025)",
        ),
        (put(consent__signed=ABSENT), "Enter: informed consent signed?"),
    ],
)
def test_what_was_recorded_but_not_exactly_enough_is_told(protocol, change, text):
    document = changed(change)
    (found,) = missing_facts(protocol.vocabulary, document, outlook(protocol, document).steps)
    assert found.text == text


def test_pressure_that_is_not_known_is_asked_for_and_not_treated(protocol):
    document = changed(put(vitals__systolic_bp=ABSENT, vitals__on_antihypertensives="no"))
    found = missing_facts(protocol.vocabulary, document, outlook(protocol, document).steps)
    assert [(each.text, each.question) for each in found] == [("Enter: systolic blood pressure", "")]


def test_retest_of_records_says_what_each_of_them_said():
    tests = "Pregnancy tests", 2, ("serum positive 2026-03-13",), "serum negative 2026-03-14"
    assert retest_text(Retest("I09", "pregnancy_tests", *tests, of_records=True)) == (
        "2 pregnancy tests. Used: serum negative 2026-03-14. Not used: serum positive 2026-03-13."
    )
