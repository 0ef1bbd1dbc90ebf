"""What is posted from the review page, and what is posted past it."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.eligibility.assess import assess
from screening.models import Closure, FailureCause, Refusal, SendBack, Signature, SigningFailure
from screening.review.decide import close_case, send_back
from screening.review.questions import ask_question, record_disagreement
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, assessed, saved_again, sign

pytestmark = pytest.mark.usefixtures("in_time")


def address(name, assessment):
    return reverse(f"screening:{name}", args=[assessment.pk])


@pytest.fixture
def post(reviewer):
    """Signs as the investigator, unless something else is said."""

    def post(assessment, /, **data):
        data = {"decision": "eligible", "password": PASSWORD} | data
        return reviewer.post(address("assessment-sign", assessment), data)

    return post


def nothing_was_decided():
    return not (Signature.objects.exists() or Closure.objects.exists() or SendBack.objects.exists())


# What is decided


def test_eligible_person_is_confirmed_and_the_signature_shown_wherever_the_record_is(post, reviewer, ready):
    response = post(ready)
    assertRedirects(response, f"{address('review', ready)}#decided")
    signature = Signature.objects.get()
    visit = ready.revision.visit
    for shown in (
        address("review", ready),
        address("assessment", ready),
        reverse("screening:visit", args=[visit.pk]),
        reverse("screening:subject", args=[visit.subject_id]),
    ):
        response = reviewer.get(shown)
        for text in ("Signed: confirmed eligible", "Na Li, principal investigator", signature.signed_at, "valid"):
            assertContains(response, text)
        if "subjects" not in shown:
            assertContains(response, signature.meaning)
    assertContains(reviewer.post(address("assessment-replay", ready)), signature.signed_at)


def test_screen_failure_is_confirmed_with_its_primary_reason(post, failed):
    post(failed, decision="failure", primary="I04")
    signature = Signature.objects.get()
    assert (signature.decision, signature.primary_criterion) == ("failure", "I04")
    assert signature.meaning.endswith("by I03, I04; primary reason I04.")


def test_case_is_closed_for_another_reason(reviewer, eligible):
    data = {"reason": "other", "comment": "Moves away.", "password": PASSWORD}
    response = reviewer.post(address("assessment-close", eligible), data, follow=True)
    assertContains(response, "Signed: not enrolled for another reason (other: Moves away.)")
    assert Closure.objects.get().comment == "Moves away."


def test_assessment_is_sent_back_with_a_comment(reviewer, eligible):
    response = reviewer.post(address("assessment-send-back", eligible), {"comment": "Which ECG?"}, follow=True)
    assertContains(response, "Sent back to the coordinator.")
    assertContains(response, "Which ECG?")


def test_void_signature_stays_readable_and_is_marked(reviewer, eligible, signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    saved_again(eligible.revision.visit, coordinator)
    for shown in (address("assessment", eligible), reverse("screening:visit", args=[eligible.revision.visit.pk])):
        response = reviewer.get(shown)
        assertContains(response, "no longer valid: data or version changed since")
        assertContains(response, signature.meaning)


# What must be said or settled first


def test_failure_without_a_main_reason_is_refused_and_none_is_preselected(post, reviewer, failed):
    assertNotContains(reviewer.get(address("review", failed)), " checked>")
    response = post(failed, decision="failure")
    assertContains(response, "Choose the main reason.", status_code=422)
    assert dict(response.context["typed"].faults).keys() == {"primary"}
    assertContains(response, 'id="primary-fault"', status_code=422)
    assert nothing_was_decided()
    post(failed, decision="failure", primary="none")
    assert Signature.objects.get().primary_criterion == "none"


def test_form_is_not_offered_while_a_question_is_open(post, reviewer, ready, signer):
    assertContains(reviewer.get(address("review", ready)), address("assessment-sign", ready))
    question = ask_question(ready.revision.visit, signer, "Which ECG?")  # after the page was opened
    response = post(ready)
    said = "The question “Which ECG?” is open: have it answered first."
    link = f'<a href="{address("review", ready)}#question-{question.pk}">{said}</a>'
    assertContains(response, link, status_code=422, html=True)
    assertNotContains(response, address("assessment-sign", ready), status_code=422)
    assert nothing_was_decided()
    assert Refusal.objects.get().code == "question"


def test_reason_is_asked_where_a_disagreement_excludes(post, reviewer, ready, signer):
    assertNotContains(reviewer.get(address("review", ready)), 'name="despite"')
    record_disagreement(ready.verdicts.get(code="I03"), signer, "I saw 2.", "excludes")
    response = post(ready)
    assert dict(response.context["typed"].faults).keys() == {"despite"}
    assertContains(response, 'id="sign-despite" rows="2" maxlength="2000" aria-invalid="true"', status_code=422)
    assert nothing_was_decided()
    post(ready, despite="I misread the chart.")
    assertContains(reviewer.get(address("review", ready)), "I confirm all the same: I misread the chart.")


# What comes back


def test_wrong_password_is_said_and_what_was_typed_is_kept(post, failed, signer):
    response = post(failed, decision="failure", primary="I04", password="wrong")
    assert response.status_code == 422
    assertContains(response, "Incorrect user name or password. The failed attempt was logged.", status_code=422)
    assert '<input class="form-check-input" type="radio" name="primary" id="primary-2" value="I04"' in (
        response.content.decode()
    )
    assert response.context["typed"].values["primary"] == "I04"
    assertNotContains(response, 'value="wrong"', status_code=422)
    assert SigningFailure.objects.get().created_by == signer
    assert nothing_was_decided()


def test_signing_is_locked_after_five_wrong_passwords(post, eligible):
    for _index in range(5):
        post(eligible, password="wrong")
    assertContains(post(eligible), "signing is locked", status_code=422)
    assert SigningFailure.objects.filter(cause=FailureCause.LOCKED).count() == 1
    assert nothing_was_decided()


def test_expired_findings_must_be_acknowledged(post, failed, on):
    on(date(2028, 3, 18))
    response = post(failed, decision="failure", primary="I03")
    assertContains(response, "The status was valid until 2027-03-17 only.", status_code=422)
    assert nothing_was_decided()
    post(failed, decision="failure", primary="I03", expired_seen="yes")
    assert Signature.objects.get().meaning.endswith("I know that the status was valid until 2027-03-17 only.")


def test_planned_first_dose_that_has_passed_is_said_and_nobody_is_confirmed_eligible(post, reviewer, ready, on):
    on(date(2026, 3, 17))
    page = reviewer.get(reverse("screening:review", args=[ready.pk]))
    assertContains(page, "Plan another first dose: the planned one, 2026-03-16, has passed.")
    assertContains(
        page, "The planned first dose, 2026-03-16, has passed: set a new day, then assess and confirm again."
    )
    assertNotContains(page, address("assessment-sign", ready))
    assertContains(post(ready), "The planned first dose, 2026-03-16, has passed", status_code=422)
    assert nothing_was_decided()
    assertContains(reviewer.get(reverse("screening:review-queue")), "Plan another first dose: the planned one")


def test_faulty_words_stand_at_their_field_with_what_was_typed(reviewer, eligible):
    data = {"reason": "other", "comment": " ", "password": PASSWORD}
    response = reviewer.post(address("assessment-close", eligible), data)
    assert (response.status_code, dict(response.context["typed"].faults)) == (422, {"comment": "say why"})
    assertContains(response, 'value="other" aria-describedby="reason-other-words" checked', status_code=422)
    response = reviewer.post(address("assessment-send-back", eligible), {"comment": ""})
    assertContains(response, "say why", status_code=422)
    response = reviewer.post(address("assessment-close", eligible), {"reason": "bored", "password": PASSWORD})
    assertContains(response, "choose one of the reasons", status_code=422)
    assert nothing_was_decided()


# What skips a step


def test_nobody_signs_before_there_is_an_assessment(reviewer, trial, visit):
    response = reviewer.post(reverse("screening:assessment-sign", args=[1]), {"decision": "eligible"})
    assert response.status_code == 404
    assert nothing_was_decided()


@pytest.mark.parametrize("name", ["assessment-sign", "assessment-close", "assessment-send-back"])
@pytest.mark.parametrize("role", ["coordinator", "administrator", None])
def test_nobody_decides_but_an_investigator(as_role, eligible, name, role):
    data = {"decision": "eligible", "reason": "declined", "comment": "why", "password": PASSWORD}
    assert as_role(role).post(address(name, eligible), data).status_code == 403
    assert nothing_was_decided()
    assert not SigningFailure.objects.exists()


def test_password_of_somebody_else_does_not_sign(post, eligible):
    other = UserFactory(role="coordinator")
    other.set_password("the coordinator's own")
    other.save()
    assert post(eligible, password="the coordinator's own").status_code == 422
    assert nothing_was_decided()


@pytest.mark.parametrize("decision", ["eligible", "failure", ""])
def test_undetermined_finding_is_not_signed(post, trial, coordinator, decision):
    undetermined = assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})
    assertContains(post(undetermined, decision=decision), "The status is undetermined", status_code=422)
    assert nothing_was_decided()


@pytest.mark.parametrize(
    "data", [{"decision": "eligible"}, {"decision": "failure", "primary": "E01"}, {"decision": ""}]
)
def test_decision_that_does_not_fit_is_not_signed(post, failed, data):
    assert post(failed, **data).status_code == 422
    assert nothing_was_decided()


def test_assessment_of_an_older_revision_is_not_signed(post, eligible, coordinator):
    saved_again(eligible.revision.visit, coordinator)
    assertContains(post(eligible), "it must be assessed again", status_code=422)
    assert nothing_was_decided()


def test_older_assessment_of_the_same_revision_is_not_signed(post, eligible, coordinator):
    assess(eligible.revision, coordinator)
    assertContains(post(eligible), "There is a later assessment", status_code=422)
    assert nothing_was_decided()


def test_assessment_is_signed_once(post, ready):
    post(ready)
    assertContains(post(ready), "signed already", status_code=422)
    assert Signature.objects.count() == 1


def test_voided_signature_is_not_signed_again(post, eligible, signer, coordinator):
    sign(eligible, signer, PASSWORD, "eligible")
    saved_again(eligible.revision.visit, coordinator)
    assert post(eligible).status_code == 422
    assert Signature.objects.count() == 1


def test_sent_back_or_closed_assessment_is_not_signed(post, eligible, failed, signer):
    send_back(eligible, signer, "Look again.")
    assertContains(post(eligible), "was sent back", status_code=422)
    close_case(failed.revision, signer, PASSWORD, "died")
    assertContains(post(failed, decision="failure", primary="none"), "stays closed", status_code=422)
    assert not Signature.objects.exists()


def test_fields_that_nobody_asked_for_are_not_taken(post, ready, failed, coordinator, signer):
    extra = {
        "printed_name": "Somebody Else",
        "role": "administrator",
        "meaning": "I was there.",
        "created_by": str(coordinator.pk),
        "assessment": str(failed.pk),
        "created_at": "2020-01-01",
        "seal": "0" * 64,
        "zone": "Asia/Shanghai",
    }
    post(ready, **extra)
    signature = Signature.objects.get()
    assert (signature.assessment, signature.created_by, signature.printed_name) == (ready, signer, "Na Li")
    assert (signature.role, signature.zone, signature.created_at.year > 2020) == ("principal investigator", "UTC", True)
    assert "eligible" in signature.meaning


@pytest.mark.parametrize("name", ["assessment-sign", "assessment-close", "assessment-send-back"])
def test_following_a_link_decides_nothing(reviewer, eligible, name):
    data = {"decision": "eligible", "reason": "declined", "comment": "why", "password": PASSWORD}
    assertRedirects(reviewer.get(address(name, eligible), data), address("review", eligible))
    assert nothing_was_decided()
