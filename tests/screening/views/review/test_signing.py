"""What is posted from the review page, and what is posted past it."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.eligibility.assess import assess
from screening.models import Closure, FailureCause, SendBack, Signature, SigningFailure
from screening.review.decide import close_case, send_back, sign
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, assessed, saved_again

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


def test_eligible_person_is_confirmed_and_the_signature_shown_wherever_the_record_is(post, reviewer, eligible):
    response = post(eligible)
    assertRedirects(response, f"{address('review', eligible)}#decided")
    signature = Signature.objects.get()
    visit = eligible.revision.visit
    for shown in (
        address("review", eligible),
        address("assessment", eligible),
        reverse("screening:visit", args=[visit.pk]),
        reverse("screening:subject", args=[visit.subject_id]),
    ):
        response = reviewer.get(shown)
        for text in ("Signed: confirmed eligible", "Na Li, principal investigator", signature.signed_at, "valid"):
            assertContains(response, text)
        if "subjects" not in shown:
            assertContains(response, signature.meaning)
    assertContains(reviewer.post(address("assessment-replay", eligible)), signature.signed_at)


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
        assertContains(response, "void: something newer stands")
        assertContains(response, signature.meaning)


# What comes back


def test_wrong_password_is_said_and_what_was_typed_is_kept(post, failed, signer):
    response = post(failed, decision="failure", primary="I04", password="wrong")
    assert response.status_code == 422
    assertContains(response, "The user name or the password is wrong. The attempt was recorded.", status_code=422)
    assert '<input class="form-check-input" type="radio" name="primary" id="primary-3" value="I04"' in (
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


def test_expired_findings_must_be_acknowledged(post, eligible, on):
    on(date(2026, 3, 18))
    response = post(eligible)
    assertContains(response, "The findings held until 2026-03-17 only.", status_code=422)
    assert nothing_was_decided()
    post(eligible, expired_seen="yes")
    assert Signature.objects.get().meaning.endswith("I know that the findings held until 2026-03-17 only.")


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
    assertContains(post(undetermined, decision=decision), "The finding is undetermined", status_code=422)
    assert nothing_was_decided()


@pytest.mark.parametrize(
    "data", [{"decision": "eligible"}, {"decision": "failure", "primary": "E01"}, {"decision": ""}]
)
def test_decision_that_does_not_fit_is_not_signed(post, failed, data):
    assert post(failed, **data).status_code == 422
    assert nothing_was_decided()


def test_assessment_of_an_older_revision_is_not_signed(post, eligible, coordinator):
    saved_again(eligible.revision.visit, coordinator)
    assertContains(post(eligible), "it must be assessed anew", status_code=422)
    assert nothing_was_decided()


def test_older_assessment_of_the_same_revision_is_not_signed(post, eligible, coordinator):
    assess(eligible.revision, coordinator)
    assertContains(post(eligible), "There is a later assessment", status_code=422)
    assert nothing_was_decided()


def test_assessment_is_signed_once(post, eligible):
    post(eligible)
    assertContains(post(eligible), "signed already", status_code=422)
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
    assertContains(post(failed, decision="failure"), "closed already", status_code=422)
    assert not Signature.objects.exists()


def test_fields_that_nobody_asked_for_are_not_taken(post, eligible, failed, coordinator, signer):
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
    post(eligible, **extra)
    signature = Signature.objects.get()
    assert (signature.assessment, signature.created_by, signature.printed_name) == (eligible, signer, "Na Li")
    assert (signature.role, signature.zone, signature.created_at.year > 2020) == ("principal investigator", "UTC", True)
    assert "eligible" in signature.meaning


@pytest.mark.parametrize("name", ["assessment-sign", "assessment-close", "assessment-send-back"])
def test_following_a_link_decides_nothing(reviewer, eligible, name):
    data = {"decision": "eligible", "reason": "declined", "comment": "why", "password": PASSWORD}
    assertRedirects(reviewer.get(address(name, eligible), data), address("review", eligible))
    assert nothing_was_decided()
