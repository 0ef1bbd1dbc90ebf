from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.versions.versions import protocol_of
from screening.eligibility.assess import assess
from screening.exceptions import Unanswered
from screening.models import ReviewFlag
from screening.review.decide import send_back, sign
from screening.review.questions import answer_question, ask_question, record_disagreement
from screening.visits.applicable_version import version_for_new_visit
from screening.visits.save import open_visit, save_section
from screening.visits.sections import section_part
from tests.support.reviewed import PASSWORD, amended, assessed, saved_again

pytestmark = pytest.mark.usefixtures("in_time")

FORMS = ("assessment-sign", "assessment-close", "assessment-send-back", "assessment-ask")


def page_of(assessment):
    return reverse("screening:review", args=[assessment.pk])


@pytest.fixture
def waiting(trial, coordinator, cases):
    return lambda case, **parts: assessed(trial, coordinator, cases[case]["document"] | parts)


def forms_on(response, assessment) -> list[str]:
    text = response.content.decode()
    return [name for name in FORMS if f'action="{reverse(f"screening:{name}", args=[assessment.pk])}' in text]


def verdict_in(response, code):
    return next(
        each for group in response.context["groups"] for each in group.verdicts if each.text.verdict.code == code
    )


# What is shown


def test_what_is_doubtful_comes_first(reviewer, waiting):
    response = reviewer.get(page_of(waiting("I03-ecog-2", infections={})))
    names = [group.name for group in response.context["groups"]]
    assert names == ["unknown", "judged", "fail", "pass", "not_applicable"]
    assert [each.text.verdict.code for each in response.context["groups"][2].verdicts] == ["I03"]
    assert sum(len(group.verdicts) for group in response.context["groups"]) == 42
    judgements = [used for used in verdict_in(response, "I04").text.values if used.judged]
    assert [used.path for used in judgements] == ["performance.life_expectancy_months"]


def test_every_failure_is_said_in_one_line_on_top(reviewer, waiting):
    response = reviewer.get(page_of(waiting("I03-ecog-2")))
    assertContains(response, '<li><a href="#I03">I03</a> ECOG performance status 2, at most 1 required</li>', html=True)


def test_each_value_says_who_entered_it_when_and_why(reviewer, waiting, coordinator, investigator):
    assessment = waiting("base-man")
    part = {"performance": {"ecog": 0, "life_expectancy_months": 6}}
    save_section(assessment.revision.visit, "performance", part, 1, investigator, reason="ward round")
    again = assess(assessment.revision.visit.latest_revision(), coordinator)
    response = reviewer.get(page_of(again))
    sources = {used.path: used.source for used in verdict_in(response, "I03").text.values}
    assert (sources["performance.ecog"].number, sources["performance.ecog"].created_by) == (2, investigator)
    sources = {used.path: used.source for used in verdict_in(response, "I04").text.values}
    assert (sources["performance.life_expectancy_months"].number) == 1
    results = {used.path: used.source for used in verdict_in(response, "I08").text.values}
    assert results["labs.anc"].created_by == coordinator
    assert all(results.values())
    assertContains(response, "ward round")


def test_source_is_of_what_was_assessed_and_not_of_what_came_later(reviewer, waiting, coordinator):
    assessment = waiting("base-man")
    saved_again(assessment.revision.visit, coordinator)
    response = reviewer.get(page_of(assessment))
    assert {used.source.number for used in verdict_in(response, "I04").text.values} == {1}


def test_changes_since_the_assessment_before_are_told(reviewer, waiting, coordinator):
    first = waiting("base-man")
    visit = first.revision.visit
    assert reviewer.get(page_of(first)).context["since"] is None
    part = {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    save_section(visit, "performance", part, 1, coordinator, reason="seen again")
    since = reviewer.get(page_of(assess(visit.latest_revision(), coordinator))).context["since"]
    assert since.previous == first
    assert since.changed_outcomes == [("I03", "pass", "fail")]
    assert since.differences == [("Performance status: ECOG performance status", "1", "2")]


def test_marks_and_what_they_stand_for_are_shown(reviewer, waiting, coordinator, cases):
    labs = cases["base-man"]["document"]["labs"]
    earlier = {"analyte": "anc", "value": Decimal("1.4"), "unit": "10*9/L", "collected": "2026-03-02"}
    visit = waiting("base-man", labs=[earlier, *labs]).revision.visit
    section = protocol_of(version_for_new_visit(visit.subject.trial, {})).vocabulary.section("vitals")
    part = section_part(visit.latest_revision().document, section)
    part["vitals"] = part["vitals"] | {"height_cm": 17}
    with pytest.raises(Unanswered) as asked:
        save_section(visit, "vitals", part, 1, coordinator, "reread")
    keys = [check.key for check in asked.value.edit_checks]
    save_section(visit, "vitals", part, 1, coordinator, "reread", confirmed=keys)
    response = reviewer.get(page_of(assess(visit.latest_revision(), coordinator)))
    assert set(response.context["flags"]) == {ReviewFlag.RETEST, ReviewFlag.IMPLAUSIBLE, ReviewFlag.CORRECTED}
    for text in (
        "of 2 attempts; by 1.4 10*9/L on 2026-03-02 it would fail",
        f"Confirmed by {coordinator}",
        "Corrected after the first assessment",
        "reread",
    ):
        assertContains(response, text)


def test_page_says_which_finding_ends_and_when(reviewer, waiting):
    response = reviewer.get(page_of(waiting("base-woman")))
    assertContains(response, "Findings hold for a first dose until <strong>2026-03-17</strong>")
    assertContains(response, "I09 becomes unknown (now pass)")


def test_questions_answers_and_disagreements_stand_on_the_page(reviewer, waiting, signer, coordinator):
    assessment = waiting("I03-ecog-2")
    visit = assessment.revision.visit
    answer_question(
        ask_question(visit, signer, "Who saw her?", criterion="I03", assessment=assessment), coordinator, "Dr. Wu."
    )
    record_disagreement(assessment.verdicts.get(code="I03"), signer, "It was 1.")
    response = reviewer.get(page_of(assessment))
    for text in ("Who saw her?", "Dr. Wu.", "Question, answered", "It was 1."):
        assertContains(response, text)
    assertContains(reviewer.get(reverse("screening:assessment", args=[assessment.pk])), "It was 1.")


def test_expired_findings_are_said_plainly(reviewer, waiting, on):
    assessment = waiting("base-woman")
    assertNotContains(reviewer.get(page_of(assessment)), "have expired")
    on(date(2026, 3, 18))
    response = reviewer.get(page_of(assessment))
    assertContains(response, "The findings have expired.")
    assertContains(response, "I know that the findings held until 2026-03-17 only.")


# What is offered


def test_eligible_person_can_be_confirmed_closed_or_sent_back(reviewer, waiting):
    assessment = waiting("base-woman")
    response = reviewer.get(page_of(assessment))
    assert forms_on(response, assessment)[:3] == list(FORMS[:3])
    (meaning,) = response.context["offers"].meanings
    assertContains(response, meaning.words)
    assert meaning.words.endswith("S-0001 is eligible for NCT05990231.")
    assertContains(response, "A screen failure cannot be confirmed")
    assertContains(response, 'autocomplete="current-password"')
    assertContains(response, "signing as <strong>Na Li</strong>")


def test_failure_is_confirmed_with_one_of_its_criteria_as_the_reason(reviewer, waiting):
    assessment = waiting("base-man", performance={"ecog": 2, "life_expectancy_months": 2})
    offers = reviewer.get(page_of(assessment)).context["offers"]
    assert [(meaning.value, meaning.words.partition(" by ")[2]) for meaning in offers.meanings] == [
        ("", "I03, I04."),
        ("I03", "I03, I04; primary reason I03."),
        ("I04", "I03, I04; primary reason I04."),
    ]


def test_undetermined_finding_is_not_offered_for_signing_and_says_why(reviewer, waiting):
    assessment = waiting("nothing-known")
    response = reviewer.get(page_of(assessment))
    assert "assessment-sign" not in forms_on(response, assessment)
    assertContains(response, "The finding is undetermined: nobody can sign it.")


def test_nothing_is_offered_twice(reviewer, waiting, signer):
    failed = waiting("I03-ecog-2")
    sign(failed, signer, PASSWORD, "failure")
    response = reviewer.get(page_of(failed))
    assert forms_on(response, failed) == ["assessment-ask"]
    assertContains(response, "This assessment is signed already.")
    returned = waiting("base-man")
    send_back(returned, signer, "Look again.")
    response = reviewer.get(page_of(returned))
    assert forms_on(response, returned) == ["assessment-close", "assessment-ask"]
    assertContains(response, "Look again.")


def test_superseded_assessment_offers_nothing_but_the_way_to_the_latest(reviewer, waiting, coordinator):
    first = waiting("base-man")
    visit = first.revision.visit
    saved_again(visit, coordinator)
    response = reviewer.get(page_of(first))
    assert forms_on(response, first) == []
    assertContains(response, "This is not what stands now.")
    assertContains(response, f'<a href="{reverse("screening:visit", args=[visit.pk])}">To the latest visit</a>')
    latest = assess(visit.latest_revision(), coordinator)
    response = reviewer.get(page_of(first))
    assert forms_on(response, first) == []
    assertContains(response, f'<a href="{page_of(latest)}">To the latest assessment</a>')


def test_earlier_attempt_offers_nothing(reviewer, waiting, coordinator):
    first = waiting("I03-ecog-2")
    open_visit(first.revision.visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    response = reviewer.get(page_of(first))
    assert forms_on(response, first) == []
    assertContains(response, "There is a later attempt of this person")


def test_finding_by_a_version_no_longer_in_force_offers_nothing_but_to_assess_anew(reviewer, waiting):
    assessment = waiting("base-woman")
    visit = assessment.revision.visit
    amended()
    response = reviewer.get(page_of(assessment))
    assert forms_on(response, assessment) == []
    assertContains(response, "Another protocol version applies by now: assess anew.")
    assertContains(response, f'action="{reverse("screening:visit-assess", args=[visit.pk])}"')
    assertContains(reviewer.get(reverse("screening:visit", args=[visit.pk])), "</strong> Assess</p>")
    assertNotContains(reviewer.get(reverse("screening:review-queue")), visit.subject.screening_number)
    anew = reviewer.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": "1"})
    assert anew.status_code == 302
    again = visit.latest_revision().assessments.latest("pk")
    assert forms_on(reviewer.get(page_of(again)), again) == list(FORMS)
    assertNotContains(reviewer.get(page_of(assessment)), reverse("screening:visit-assess", args=[visit.pk]))


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_who_may_only_read_sees_the_page_without_forms_of_decision(as_role, waiting, role):
    assessment = waiting("I03-ecog-2")
    response = as_role(role).get(page_of(assessment))
    assertContains(response, "The principal investigator decides.")
    assert forms_on(response, assessment) == []
    assertNotContains(response, "password")


@pytest.mark.parametrize("times", [0, 3])
def test_page_asks_the_database_a_constant_number_of_times(
    reviewer, waiting, signer, coordinator, times, django_assert_num_queries
):
    assessment = waiting("base-man")
    visit = assessment.revision.visit
    for months in range(7, 9 + times):
        sign(assessment, signer, PASSWORD, "eligible")
        saved_again(visit, coordinator, months)
        assessment = assess(visit.latest_revision(), coordinator)
        answer_question(ask_question(visit, signer, "Why?", criterion="I03"), coordinator, "Because.")
        record_disagreement(assessment.verdicts.get(code="I03"), signer, "No.")
    reviewer.get(page_of(assessment))
    with django_assert_num_queries(43):
        reviewer.get(page_of(assessment))
