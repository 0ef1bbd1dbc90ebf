from datetime import date
from types import SimpleNamespace

import pytest

from criteria.evaluation.dose_dates import OutcomeChange
from criteria.versions.versions import protocol_of
from screening.views.cards.visit_status import changes_text, visit_status
from tests.support.documents import amend, changed, no_first_dose, put

PLANNED = date(2026, 3, 16)


@pytest.fixture
def standing(version):
    protocol = protocol_of(version)
    return lambda document, today=PLANNED, assessed=False: visit_status(
        protocol, document, assessed=assessed, asked=None, today=today
    )


def test_counts_are_those_of_all_criteria(standing):
    found = standing(changed())
    assert [(count.number, count.words) for count in found.counts] == [
        (0, "not satisfied"),
        (0, "not yet known"),
        (39, "satisfied"),
        (3, "not applicable"),
    ]


@pytest.mark.parametrize(("assessed", "words"), [(False, "Assess"), (True, "Ready for the investigator")])
def test_next_is_the_assessment_when_nothing_is_missing(standing, assessed, words):
    assert standing(changed(), assessed=assessed).next.text == words


def test_turn_says_until_when_the_findings_hold_and_what_changes_then(standing):
    turn = standing(changed(sex="woman")).turn
    assert turn.until == date(2026, 3, 17)
    assert turn.words == "Status valid for a planned first dose until 2026-03-17. After that: I09 not yet known."


def test_turn_of_a_subject_who_is_not_eligible_promises_no_validity(standing):
    turn = standing(changed(amend("therapies", end_date="2026-02-23"))).turn
    words = "Stays ineligible with a planned first dose up to 2026-03-16. From 2026-03-17: E03 absent."
    assert (turn.until, turn.words) == (date(2026, 3, 16), words)


def test_many_changes_of_one_day_are_told_together():
    codes = ["I03", "I04", "I07", "E06"]
    changes = [OutcomeChange(code, "pass", "unknown") for code in codes]
    assert changes_text(changes, dict.fromkeys(codes, SimpleNamespace(category="inclusion"))) == (
        "4 criteria (I03, I04, I07, E06) not yet known"
    )


def test_there_is_no_turn_when_no_first_dose_is_planned(standing):
    found = standing(changed(no_first_dose()))
    assert (found.turn, found.planned, found.has_passed) == (None, None, False)


@pytest.mark.parametrize(("today", "passed"), [(PLANNED, False), (date(2026, 3, 17), True)])
def test_planned_first_dose_has_passed_only_the_day_after(standing, today, passed):
    assert standing(changed(), today).has_passed is passed


def test_finding_is_said_in_words(standing):
    assert standing(changed(put(performance__ecog=2))).finding == "ineligible"
