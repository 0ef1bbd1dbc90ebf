from datetime import date
from decimal import Decimal

import pytest

from criteria.evaluation.outlook import outlook
from criteria.evaluation.retests import Retest
from criteria.versions.versions import protocol_of
from screening.views.cards.outlook import failing_criteria, missing_facts, retest_text
from tests.support.documents import changed, put, records, result


@pytest.fixture
def protocol(version):
    return protocol_of(version)


@pytest.fixture
def prospect(protocol):
    """The only failure of a document, in words."""

    def words_of(document):
        (found,) = failing_criteria(protocol, document, outlook(protocol, document))
        return found.remedy_text

    return words_of


@pytest.mark.parametrize(
    ("changes", "remedy", "words"),
    [
        (put(subject__birth_date="1930"), "none", "For good: nothing that is done or waited for changes it."),
        (
            records("procedures", {"kind": "major_surgery", "date": "2026-02-20"}),
            "wait",
            "Waiting helps: with a first dose from 2026-03-23 it no longer fails.",
        ),
        (result("anc", "1.49", "10*9/L"), "repeat", "May come right. Repeat: neutrophils (I08)"),
        (
            records("supportive_care", {"kind": "blood_component", "date": "2026-03-01"}),
            "repeat",
            "May come right. Repeat: neutrophils, platelets, haemoglobin, collected from 2026-03-16 (I08)",
        ),
    ],
)
def test_failure_says_whether_it_could_come_right(prospect, changes, remedy, words):
    found = prospect(changed(changes))
    assert (found.remedy, found.words) == (remedy, words)


def test_failure_gives_each_distance_in_the_unit_that_was_typed(prospect):
    found = prospect(changed(result("anc", "1.49", "10*9/L"), result("haemoglobin", "88", "g/L")))
    assert found.distances == ["neutrophils: 0.01 10*9/L from the limit", "haemoglobin: 2 g/L from the limit"]


def test_failure_at_a_limit_that_may_not_be_reached_says_so(prospect):
    found = prospect(changed(put(vitals__systolic_bp=160, vitals__on_antihypertensives="yes")))
    assert found.distances == ["systolic blood pressure: exactly at the limit"]


def test_failures_for_good_come_first(protocol):
    document = changed(put(performance__ecog=2), result("anc", "1.49", "10*9/L"), put(subject__birth_date="1930"))
    found = failing_criteria(protocol, document, outlook(protocol, document))
    assert [(each.code, each.remedy_text.remedy) for each in found] == [
        ("I02", "none"),
        ("I03", "repeat"),
        ("I08", "repeat"),
    ]
    assert found[-1].proof == "neutrophils 1.49 10*9/L on 2026-03-08, at least 1.5 10*9/L required"


def test_what_is_missing_has_a_place_and_a_first_day(protocol):
    document = changed(records("pregnancy_tests"), sex="woman")
    (found,) = missing_facts(protocol.vocabulary, document, outlook(protocol, document).steps)
    assert (found.place.section, found.place.anchor) == ("reproductive", "at-pregnancy_tests")
    assert (found.settles, found.helps, found.not_before) == (("I09",), (), date(2026, 3, 13))
    assert found.question


def test_retest_says_which_result_counts_and_which_would_fail():
    words = "1.6 10*9/L on 2026-03-08", ("1.4 10*9/L on 2026-03-02", "1.2 10*9/L on 2026-03-05")
    assert retest_text(Retest("I08", "labs.anc", "neutrophils", 3, words[1], words[0])) == (
        "neutrophils 1.6 10*9/L on 2026-03-08 counts, of 3 attempts; "
        "by 1.4 10*9/L on 2026-03-02, 1.2 10*9/L on 2026-03-05 it would fail."
    )


def test_number_keeps_the_digits_that_were_typed(protocol):
    document = changed(result("anc", "1.490", "10*9/L"))
    assert document["labs"][-1]["value"] == Decimal("1.490")
    (found,) = failing_criteria(protocol, document, outlook(protocol, document))
    assert "1.490 10*9/L" in found.proof
