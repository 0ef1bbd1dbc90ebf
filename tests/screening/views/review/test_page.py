from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.versions.versions import protocol_of
from screening.eligibility.assess import assess
from screening.exceptions import Unanswered
from screening.models import Draft, ReviewFlag
from screening.review.decide import send_back
from screening.review.questions import answer_question, ask_question, record_disagreement
from screening.visits.applicable_version import version_for_new_visit
from screening.visits.drafts import keep_draft
from screening.visits.save import open_visit, save_section
from screening.visits.sections import section_part
from tests.support.factories import ReferenceRangeFactory, UserFactory
from tests.support.reviewed import PASSWORD, amended, assessed, attested, saved_again, sign

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


def test_failures_and_what_is_unknown_come_first_and_what_is_satisfied_is_folded(reviewer, waiting):
    response = reviewer.get(page_of(waiting("I03-ecog-2", infections={})))
    groups = response.context["groups"]
    shown, folded = ([group.name for group in groups if group.folded is each] for each in (False, True))
    assert (shown, folded) == (["fail", "unknown"], ["judged", "inclusion", "exclusion", "not_applicable"])
    assert [each.text.verdict.code for each in groups[0].verdicts] == ["I03"]
    text = response.content.decode()
    order = ('id="summary"', 'id="group-fail"', 'id="group-unknown"', 'id="judgements"', 'id="questions"')
    assert (places := [text.index(each) for each in (*order, '<details class="verdict-group satisfied"')]) == sorted(
        places
    )
    assert sum(len(group.verdicts) for group in response.context["groups"]) == 42
    judgements = [used for used in verdict_in(response, "I04").text.values if used.judged]
    assert [used.path for used in judgements] == ["performance.life_expectancy_months"]


def test_every_failure_is_said_in_one_line_on_top(reviewer, waiting):
    response = reviewer.get(page_of(waiting("I03-ecog-2")))
    assertContains(response, '<li><a href="#I03">I03</a> ECOG performance status 2 (limit: at most 1)</li>', html=True)


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
    assert since.changed_outcomes == [("I03", "met", "not met")]
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
    reasons = {check.key: "measured twice" for check in asked.value.edit_checks if check.needs_reason}
    save_section(visit, "vitals", part, 1, coordinator, "reread", confirmed=keys, reasons=reasons)
    response = reviewer.get(page_of(assess(visit.latest_revision(), coordinator)))
    assert set(response.context["flags"]) == {ReviewFlag.RETEST, ReviewFlag.IMPLAUSIBLE, ReviewFlag.CORRECTED}
    for text in (
        "Would not satisfy the criterion: 1.4 ×10⁹/L on 2026-03-02.",
        f"Confirmed by {coordinator}",
        "Corrected after the first assessment",
        "reread",
    ):
        assertContains(response, text)


def test_page_says_which_finding_ends_and_when(reviewer, waiting):
    response = reviewer.get(page_of(waiting("base-woman")))
    assertContains(response, "Status valid for a planned first dose until 2026-03-17. After that: I09 not yet known.")


def test_questions_answers_and_disagreements_stand_on_the_page(reviewer, waiting, signer, coordinator):
    assessment = waiting("I03-ecog-2")
    visit = assessment.revision.visit
    answer_question(
        ask_question(visit, signer, "Who saw her?", criterion="I03", assessment=assessment), coordinator, "Dr. Wu."
    )
    record_disagreement(assessment.verdicts.get(code="I03"), signer, "It was 1.", "allows")
    response = reviewer.get(page_of(assessment))
    for text in ("Who saw her?", "Dr. Wu.", "Question, answered", "It was 1."):
        assertContains(response, text)
    assertContains(reviewer.get(reverse("screening:assessment", args=[assessment.pk])), "It was 1.")


def test_expired_findings_are_said_plainly(reviewer, waiting, on):
    assessment = waiting("base-woman", performance={"ecog": 2, "life_expectancy_months": 6})
    assertNotContains(reviewer.get(page_of(assessment)), "have expired")
    on(date(2026, 3, 18))
    response = reviewer.get(page_of(assessment))
    assertContains(response, "The status has expired.")
    assertContains(response, "I know that the status was valid until 2026-03-17 only.")


# What is offered


def test_eligible_person_can_be_confirmed_closed_or_sent_back(reviewer, waiting, signer):
    assessment = attested(waiting("base-woman"), signer)
    response = reviewer.get(page_of(assessment))
    assert forms_on(response, assessment)[:3] == list(FORMS[:3])
    (meaning,) = response.context["available"].meanings
    assertContains(response, meaning.words)
    assert meaning.words.endswith("S-0001 is eligible for NCT05990231.")
    assertContains(response, "A screen failure cannot be confirmed")
    assertContains(response, 'autocomplete="current-password"')
    assertContains(response, "signing as <strong>Na Li</strong>")


def test_failure_is_confirmed_with_one_of_its_criteria_as_the_reason(reviewer, waiting):
    assessment = waiting("base-man", performance={"ecog": 2, "life_expectancy_months": 2})
    available = reviewer.get(page_of(assessment)).context["available"]
    assert [(meaning.value, meaning.words.partition(" by ")[2]) for meaning in available.meanings] == [
        ("I03", "I03, I04; primary reason I03."),
        ("I04", "I03, I04; primary reason I04."),
        ("none", "I03, I04; no single main reason."),
    ]


def test_undetermined_finding_is_not_offered_for_signing_and_says_why(reviewer, waiting):
    assessment = waiting("nothing-known")
    response = reviewer.get(page_of(assessment))
    assert "assessment-sign" not in forms_on(response, assessment)
    assertContains(response, "The status is undetermined: nobody can sign it.")


def test_nothing_is_offered_twice(reviewer, waiting, signer):
    failed = waiting("I03-ecog-2")
    sign(failed, signer, PASSWORD, "failure", "none")
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
    assertContains(response, "Not the current assessment.")
    assertContains(response, f'<a href="{reverse("screening:visit", args=[visit.pk])}">To the latest visit</a>')
    latest = assess(visit.latest_revision(), coordinator)
    response = reviewer.get(page_of(first))
    assert forms_on(response, first) == []
    assertContains(response, f'<a href="{page_of(latest)}">To the latest assessment</a>')


def test_earlier_attempt_offers_to_confirm_a_failure_and_nothing_else(reviewer, waiting, coordinator):
    first = waiting("I03-ecog-2")
    open_visit(first.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    response = reviewer.get(page_of(first))
    assert forms_on(response, first) == ["assessment-sign", "assessment-ask"]
    assertContains(response, "This is attempt 1.")
    assertContains(response, " This is attempt 1; there is a later one of this subject.")


def test_earlier_attempt_that_was_found_eligible_offers_nothing(reviewer, waiting, coordinator):
    first = waiting("base-man")
    open_visit(first.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    response = reviewer.get(page_of(first))
    assert forms_on(response, first) == []
    assertContains(response, "There is a later attempt of this subject")


def test_finding_by_a_version_no_longer_in_force_offers_nothing_but_to_assess_anew(reviewer, waiting, signer):
    assessment = attested(waiting("base-woman"), signer)
    visit = assessment.revision.visit
    amended()
    response = reviewer.get(page_of(assessment))
    assert forms_on(response, assessment) == []
    assertContains(response, "Another protocol version applies by now: assess again.")
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


# What was saved or typed beside the assessment


def test_nothing_is_said_when_the_assessment_contains_all_that_was_entered(reviewer, waiting):
    assertNotContains(reviewer.get(page_of(waiting("base-man"))), "Not in this assessment")


def test_page_says_who_saved_since_the_assessment(reviewer, waiting, coordinator):
    assessment = waiting("base-man")
    saved = saved_again(assessment.revision.visit, coordinator)
    response = reviewer.get(page_of(assessment))
    words = f"saved since, revision 2 by {coordinator.username}, {saved.created_at:%Y-%m-%d %H:%M}"
    assertContains(response, f"Performance: {words}")


def test_page_says_who_typed_since_the_assessment_and_who_had_typed_before(reviewer, waiting, coordinator):
    assessment = waiting("base-man")
    visit = assessment.revision.visit
    keep_draft(visit, "vitals", coordinator, 1, "vitals-weight_kg=58")
    early = keep_draft(visit, "performance", UserFactory(username="wei"), 1, "performance-ecog=2")
    Draft.objects.filter(pk=early.pk).update(updated_at=assessment.created_at)
    response = reviewer.get(page_of(assessment))
    assertContains(response, f"Vital signs: {coordinator.username} has typed since and not saved")
    assertContains(response, "Performance: wei had typed something before it was assessed")


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
        record_disagreement(assessment.verdicts.get(code="I03"), signer, "No.", "allows")
    reviewer.get(page_of(assessment))
    reviewer.get(page_of(assessment))  # the first view of the day is put on record
    with django_assert_num_queries(50):
        reviewer.get(page_of(assessment))


def test_doubtful_limit_is_said_above_the_decision_and_beside_each_outcome_that_rests_on_it(
    reviewer, trial, administrator, waiting, cases
):
    """As after a range was marked wrong, or the sex corrected; a result that does not count rests on nothing."""
    for sex, uln in (("male", 111), ("female", 81)):
        ReferenceRangeFactory(trial=trial, created_by=administrator, sex=sex, uln=uln)
    results = [each for each in cases["base-woman"]["document"]["labs"] if each["analyte"] != "creatinine"]
    limit = {"analyte": "creatinine", "value": 70, "unit": "umol/L", "collected": "2026-03-08", "uln": 111}
    response = reviewer.get(page_of(waiting("base-woman", labs=[*results, limit])))
    told = "the limit 111 µmol/L is that of another day or sex: the range of 2026-03-08 for female is 81 µmol/L"
    assertContains(response, f"<strong>Doubtful limit</strong> Creatinine: upper limit of normal: {told}", count=3)
    assertContains(response, 'Criteria: <a href="#I08">I08</a>.')
    older = [limit | {"collected": "2026-03-07"}, limit | {"uln": 81}]
    response = reviewer.get(page_of(waiting("base-woman", labs=[*results, *older])))
    assertContains(response, "Doubtful limit", count=2)
    right = waiting("base-woman", labs=[*results, limit | {"uln": 81}])
    assertNotContains(reviewer.get(page_of(right)), "Doubtful limit")


def test_summary_says_the_key_facts_of_the_assessed_revision(reviewer, waiting):
    response = reviewer.get(page_of(waiting("base-man")))
    assert [line.label for line in response.context["summary"]] == [
        "Diagnosis",
        "Earlier therapy",
        "Performance",
        "Blood count",
        "Kidney and liver",
    ]
    assertContains(response, "oesophageal squamous cell carcinoma")
    assertContains(reviewer.get(page_of(waiting("nothing-known"))), "not known</span>")


def test_failure_by_judgement_stands_among_the_failures(reviewer, waiting):
    short = {"performance": {"date": "2026-03-09", "ecog": 1, "life_expectancy_months": 2}}
    response = reviewer.get(page_of(waiting("base-man", **short)))
    assert [each.text.verdict.code for each in response.context["groups"][0].verdicts] == ["I04"]


def test_next_in_queue_is_offered_to_who_decides(reviewer, client, waiting):
    first, second = waiting("base-woman"), waiting("base-man")
    assert "Next in queue" not in client.get(page_of(first)).content.decode()
    assertContains(reviewer.get(page_of(first)), f'href="{page_of(second)}">Next in queue: S-0002')
    assertContains(reviewer.get(page_of(second)), f'href="{page_of(first)}">Next in queue: S-0001')


def test_order_of_the_queue_is_kept_from_page_to_page_when_it_is_another(reviewer, waiting):
    """A man's findings hold for good: by what expires soonest he comes last."""
    man, woman, third = waiting("base-man"), waiting("base-woman"), waiting("base-man")
    by_age = "?sort=assessed_at"
    queue = reviewer.get(reverse("screening:review-queue") + by_age)
    assertContains(queue, f'href="{page_of(man)}{by_age}"')
    assertContains(reviewer.get(page_of(man) + by_age), f'href="{page_of(woman)}{by_age}">Next in queue: S-0002')
    address = reverse("screening:assessment-send-back", args=[woman.pk])
    response = reviewer.post(address + by_age, {"comment": "Look again."})
    assert response.url == f"{page_of(woman)}{by_age}#decided"
    assertContains(reviewer.get(response.url), f'<a href="{page_of(third)}{by_age}">Next in queue: S-0003</a>')


def test_decision_offers_the_next_in_queue(reviewer, waiting):
    first, second = waiting("base-woman"), waiting("base-man")
    address = reverse("screening:assessment-send-back", args=[first.pk])
    response = reviewer.post(address, {"comment": "Look again."}, follow=True)
    link = f'<a href="{page_of(second)}">Next in queue: S-0002</a>'
    assertContains(response, f"Sent back to the coordinator. {link}")
    address = reverse("screening:assessment-send-back", args=[second.pk])
    response = reviewer.post(address, {"comment": "Look again."}, follow=True)
    assertContains(response, "Sent back to the coordinator.</p>")


# Nothing that decides is cut or left without its name


def look_of(response):
    return response.content.decode().partition('id="look"')[2].partition("</section>")[0]


def test_box_on_top_names_what_is_not_yet_known_and_shows_the_whole_proof(reviewer, waiting, cases):
    infection = {"condition": "infection", "status": "past", "date": "2026-03-10", "anti_infective": "none"}
    rest = [row for row in cases["base-man"]["document"]["history"] if row["condition"] != "infection"]
    history = [*rest, *(infection | {"severe": "yes"} for _count in range(4))]
    response = reviewer.get(page_of(waiting("base-man", history=history, infections={})))
    box = response.content.decode().partition('aria-labelledby="finding"')[2].partition("</section>")[0]
    for code in ("E18", "E19", "E20", "E21"):
        assert f'<a href="#{code}"' in box
    (proof,) = [text.verdict.proof for text in response.context["failing"]]
    assert len(proof) > 200
    assert response.content.decode().count(proof) >= 3  # on top, beside the criterion, and where it is signed


def test_status_that_nothing_can_end_has_no_validity(reviewer, waiting, cases):
    parts = {"history": cases["E16-haemoptysis"]["document"]["history"]}
    assert reviewer.get(page_of(waiting("base-man", **parts))).context["turn"]
    myocarditis = {"condition": "myocarditis", "status": "past"}
    history = [row for row in parts["history"] if row["condition"] != "myocarditis"]
    response = reviewer.get(page_of(waiting("base-man", history=[*history, myocarditis])))
    assert response.context["turn"] is None
    assertNotContains(response, "valid for a planned first dose until")


def test_failure_is_signed_with_judgements_that_are_not_attested_and_says_so(reviewer, waiting):
    response = reviewer.get(page_of(waiting("I03-ecog-2")))
    number = response.context["unattested"]
    assert number > 1
    assertContains(response, f"{number} judgements are not attested. A screen failure can be confirmed all the same")
    assertNotContains(reviewer.get(page_of(waiting("base-man"))), "A screen failure can be confirmed all the same")


def test_value_beside_its_limit_is_to_be_looked_at(reviewer, waiting, cases):
    vitals = cases["base-man"]["document"]["vitals"] | {"weight_kg": 41}
    look = look_of(reviewer.get(page_of(waiting("base-man", vitals=vitals))))
    assert "Beside its limit" in look
    assert "creatinine clearance (Cockcroft-Gault) ≈ 49 mL/min (limit: at least 60), from sex male" in look


def test_result_without_its_day_is_to_be_looked_at(reviewer, client, waiting, cases):
    dated = {key: cases["base-man"]["document"][key] | {"date": "2026-03-08"} for key in ("performance", "imaging")}
    assessment = waiting("base-man", **dated)
    pages = [
        reviewer.get(page_of(assessment)),
        client.get(reverse("screening:visit", args=[assessment.revision.visit_id])),
    ]
    for page in pages:
        told = page.content.decode().partition("Day not recorded")[2].partition("nobody can tell")[0]
        assert "Central nervous system" in told
        assert "(E09, E10)" in told
        assert "Imaging" not in told
