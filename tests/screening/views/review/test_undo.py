"""The pages on which a signature is withdrawn and a closed case reopened."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import Refusal, Reopening, SignatureWithdrawal
from screening.review.decide import close_case
from screening.review.enrol import enrol
from screening.views.shared.signer import SIGNED
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, saved_again, sign, standing

pytestmark = pytest.mark.usefixtures("in_time")

WITHDRAW, REOPEN = "Given by mistake: withdraw it", "Reopen the case"


@pytest.fixture
def signature(eligible, signer):
    return sign(eligible, signer, PASSWORD, "eligible")


@pytest.fixture
def closed(eligible, signer):
    close_case(eligible.revision, signer, PASSWORD, "died", "On the ward.")
    return eligible.revision.visit


@pytest.fixture
def colleague(db):
    """Another investigator, who has signed in this session already."""
    user = UserFactory(role="investigator")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.force_login(user)
    session = client.session
    session[SIGNED] = True
    session.save()
    return client


def withdrawing(signature):
    return reverse("screening:signature-withdraw", args=[signature.pk])


def reopening(visit):
    return reverse("screening:visit-reopen", args=[visit.pk])


def shown_at(visit):
    return reverse("screening:visit", args=[visit.pk])


def test_signer_withdraws_and_both_stay_visible(reviewer, signature):
    visit = signature.assessment.revision.visit
    assertContains(reviewer.get(shown_at(visit)), withdrawing(signature))
    response = reviewer.get(withdrawing(signature))
    assertContains(response, signature.meaning)
    assertContains(response, "I withdraw my signature of")
    response = reviewer.post(withdrawing(signature), {"reason": "Another sheet.", "password": PASSWORD})
    assertRedirects(response, f"{shown_at(visit)}#decided")
    withdrawal = SignatureWithdrawal.objects.get()
    review = reverse("screening:review", args=[signature.assessment_id])
    for page in (shown_at(visit), review, reverse("screening:subject", args=[visit.subject_id])):
        response = reviewer.get(page)
        for text in (signature.meaning, withdrawal.meaning, withdrawal.signed_at, "Another sheet.", "withdrawn by"):
            assertContains(response, text)
        assertNotContains(response, withdrawing(signature))
    assertContains(reviewer.get(review), reverse("screening:assessment-sign", args=[signature.assessment_id]))
    assertContains(reviewer.get(withdrawing(signature)), "withdrawn already")


def test_withdrawal_is_offered_to_the_signer_alone_and_before_enrolment(reviewer, client, colleague, signature):
    visit = signature.assessment.revision.visit
    for other in (client, colleague):
        assertNotContains(other.get(shown_at(visit)), WITHDRAW)
    said = {"reason": "Another sheet.", "password": PASSWORD}
    assertContains(colleague.post(withdrawing(signature), said), "Only the signer can withdraw", status_code=422)
    assert client.post(withdrawing(signature), said).status_code == 403
    enrol(signature, signature.created_by)
    assertNotContains(reviewer.get(shown_at(visit)), WITHDRAW)
    assertContains(reviewer.post(withdrawing(signature), said), "This subject is enrolled", status_code=422)
    assert list(Refusal.objects.order_by("pk").values_list("code", flat=True)) == ["signer", "enrolled"]
    assert not SignatureWithdrawal.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"password": "wrong"}, "password"), ({"reason": " "}, "reason"), ({"reason": "x" * 2001}, "reason")],
)
def test_what_was_typed_is_kept_when_it_is_refused(reviewer, signature, typed, field):
    response = reviewer.post(withdrawing(signature), {"reason": "Another sheet.", "password": PASSWORD} | typed)
    assert (response.status_code, list(response.context["typed"].faults)) == (422, [field])
    assertContains(response, typed.get("reason", "Another sheet."), status_code=422)
    assertNotContains(response, PASSWORD, status_code=422)
    assert not SignatureWithdrawal.objects.exists()


def test_first_signature_of_a_session_asks_for_the_user_name(signer, signature):
    client = Client()
    client.force_login(signer)
    said = {"reason": "Another sheet.", "password": PASSWORD}
    assert client.post(withdrawing(signature), said).status_code == 422
    assert client.post(withdrawing(signature), said | {"user_name": signer.username}).status_code == 302


def test_closed_case_is_reopened_by_any_investigator_with_a_reason(reviewer, client, colleague, closed, coordinator):
    revision = saved_again(closed, coordinator)
    for page in (shown_at(closed), reverse("screening:subject", args=[closed.subject_id])):
        response = reviewer.get(page)
        assertContains(response, "Corrected since; the case stays closed:")
        assertContains(response, reverse("screening:revision", args=[closed.pk, revision.number]))
        assertContains(response, reopening(closed))
        assertNotContains(client.get(page), REOPEN)
    said = {"reason": "The wrong person.", "password": PASSWORD}
    assert client.post(reopening(closed), said).status_code == 403
    assertContains(colleague.post(reopening(closed), said | {"reason": ""}), "say why", status_code=422)
    assertRedirects(colleague.post(reopening(closed), said), f"{shown_at(closed)}#decided")
    made = Reopening.objects.get()
    response = reviewer.get(shown_at(closed))
    for text in (made.meaning, made.closure.meaning, "The wrong person.", "reopened"):
        assertContains(response, text)
    assertNotContains(response, reopening(closed))
    assertContains(reviewer.get(reopening(closed)), "This case is not closed.")


def test_closed_case_begins_no_further_attempt(client, reviewer, closed):
    new = reverse("screening:visit-new", args=[closed.subject_id])
    assertNotContains(client.get(reverse("screening:subject", args=[closed.subject_id])), new)
    for response in (client.get(new), client.post(new, {"visit-date": "2026-03-12"})):
        assertRedirects(response, shown_at(closed), fetch_redirect_response=False)
    assertContains(client.get(shown_at(closed)), "stays closed until an investigator reopens it")
    assert closed.subject.visits.count() == 1


def test_review_of_a_closed_case_leads_to_its_reopening(reviewer, closed, eligible):
    response = reviewer.get(reverse("screening:review", args=[eligible.pk]))
    assertContains(response, "stays closed until an investigator reopens it")
    assertContains(response, reopening(closed))
    assertNotContains(response, reverse("screening:assessment-sign", args=[eligible.pk]))


def test_following_a_link_ends_nothing(reviewer, signature, closed):
    reviewer.get(withdrawing(signature), {"reason": "why", "password": PASSWORD})
    reviewer.get(reopening(closed), {"reason": "why", "password": PASSWORD})
    assert standing(signature.assessment).decision == "not_enrolled"
    assert not SignatureWithdrawal.objects.exists()
    assert not Reopening.objects.exists()
