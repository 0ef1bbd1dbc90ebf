"""How long an attestation holds."""

import pytest

from screening.eligibility.assess import assess
from screening.signatures.judgements import judgements_of
from screening.visits.save import open_visit, save_section
from tests.support.reviewed import amended, assessed, attested, saved_again

pytestmark = pytest.mark.usefixtures("in_time")

EXPECTANCY = "performance.life_expectancy_months"
EVENT = {"term": "rash", "current_grade": 2, "irreversible_accepted": "yes"}


@pytest.fixture
def attested_man(trial, coordinator, cases, signer):
    return attested(assessed(trial, coordinator, cases["base-man"]["document"]), signer)


def waiting(assessment):
    return [each.judgement.name for each in judgements_of(assessment) if not each.is_attested]


def test_judgements_are_named_with_their_answer(trial, coordinator, cases):
    found = judgements_of(assessed(trial, coordinator, cases["base-man"]["document"]))
    told = {each.judgement.name: (each.place, each.label, each.words) for each in found}
    assert told[EXPECTANCY] == (EXPECTANCY, "Performance status: life expectancy", "6 months")
    assert told["history.nephrotic_syndrome.status"] == ("history.nephrotic_syndrome", "Nephrotic syndrome", "absent")


def test_attestation_holds_for_later_revisions(attested_man, coordinator):
    visit = attested_man.revision.visit
    part = {"performance": {"ecog": 0, "life_expectancy_months": 6}}
    save_section(visit, "performance", part, 1, coordinator, reason="seen again")
    assert waiting(assess(visit.latest_revision(), coordinator)) == []
    assert waiting(assess(saved_again(visit, coordinator), coordinator)) == [EXPECTANCY]


def test_answer_changed_and_changed_back_is_attested_anew(attested_man, coordinator):
    visit = attested_man.revision.visit
    saved_again(visit, coordinator, months=7)
    assert waiting(assess(saved_again(visit, coordinator, months=6), coordinator)) == [EXPECTANCY]


def test_later_attestation_says_nothing_of_an_earlier_assessment(trial, coordinator, cases, signer):
    first = assessed(trial, coordinator, cases["base-man"]["document"])
    again = assess(saved_again(first.revision.visit, coordinator), coordinator)
    attested(again, signer)
    assert waiting(again) == []
    assert len(waiting(first)) == 12


def test_record_that_changed_is_attested_anew(trial, coordinator, cases, signer):
    document = cases["base-man"]["document"] | {"adverse_events": [EVENT]}
    visit = attested(assessed(trial, coordinator, document), signer).revision.visit
    moved = {"adverse_events": [{"term": "cough", "current_grade": 1}, EVENT], "reviewed": ["adverse_events"]}
    save_section(visit, "adverse_events", moved, 1, coordinator, reason="one was missing")
    assert waiting(assess(visit.latest_revision(), coordinator)) == []
    graver = {"adverse_events": [EVENT | {"current_grade": 3}], "reviewed": ["adverse_events"]}
    save_section(visit, "adverse_events", graver, 2, coordinator, reason="seen again")
    assert waiting(assess(visit.latest_revision(), coordinator)) == ["adverse_events.irreversible_accepted"]


def test_another_attempt_is_attested_anew(attested_man, coordinator, cases):
    visit = open_visit(attested_man.revision.visit.subject, coordinator, cases["base-man"]["document"])
    assert len(waiting(assess(visit.latest_revision(), coordinator))) == 12


def test_attestation_holds_under_another_version(attested_man, coordinator):
    amended()
    again = assess(attested_man.revision, coordinator)
    assert again.version != attested_man.version
    assert waiting(again) == []


def test_number_of_queries_does_not_grow(attested_man, coordinator, django_assert_num_queries):
    visit = attested_man.revision.visit
    for months in (7, 8, 9):
        saved_again(visit, coordinator, months)
    latest = assess(visit.latest_revision(), coordinator)
    with django_assert_num_queries(2):
        assert waiting(latest) == [EXPECTANCY]
