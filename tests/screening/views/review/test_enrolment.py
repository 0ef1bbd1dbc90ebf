from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.audit import append_only
from screening.models import Enrolment, Signature
from screening.review.decide import close_case
from screening.visits.save import open_visit
from tests.support.factories import ReferenceRangeFactory
from tests.support.reviewed import PASSWORD, amended, assessed, saved_again, sign

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def confirmed(trial, coordinator, signer, cases):
    def signed(case="base-woman", decision="eligible", primary=""):
        return sign(assessed(trial, coordinator, cases[case]["document"]), signer, PASSWORD, decision, primary)

    return signed


def page(signature):
    return reverse("screening:enrol", args=[signature.pk])


def pages_of(signature):
    """Where a person who may be enrolled is shown."""
    visit = signature.assessment.revision.visit
    return [
        reverse("screening:assessment", args=[signature.assessment_id]),
        reverse("screening:review", args=[signature.assessment_id]),
        reverse("screening:visit", args=[visit.pk]),
        reverse("screening:subject", args=[visit.subject_id]),
    ]


def refusal(client, signature):
    response = client.post(page(signature))
    assert response.status_code == 422
    assert not Enrolment.objects.filter(signature=signature).exists()
    return response


def test_confirmed_person_is_enrolled_and_shown_with_the_number(client, confirmed):
    signature = confirmed()
    for shown in pages_of(signature):
        assertContains(client.get(shown), page(signature))
        assertContains(client.get(shown), "0 of 35 places taken, 35 left")
    assertContains(client.get(page(signature)), "gets its next enrolment number")
    response = client.post(page(signature), {"number": "E-999", "subject": "7"})
    assertRedirects(response, pages_of(signature)[2])
    assert Enrolment.objects.get().number == "E-001"
    for shown in pages_of(signature):
        response = client.get(shown)
        assertContains(response, "Enrolled: E-001")
        assertNotContains(response, page(signature))
    assertContains(client.get(reverse("screening:subjects")), "Enrolled: E-001")
    assertContains(client.get(reverse("screening:review-queue")), "1 of 35 places taken, 34 left")


def test_following_the_link_enrols_nobody(client, confirmed):
    client.get(page(confirmed()))
    assert not Enrolment.objects.exists()


def test_nobody_is_enrolled_without_a_signature(client, trial, coordinator, cases):
    assessment = assessed(trial, coordinator, cases["base-woman"]["document"])
    assert client.post(reverse("screening:enrol", args=[assessment.pk])).status_code == 404
    assert not Enrolment.objects.exists()


def test_administrator_enrols_nobody(as_role, confirmed):
    signature = confirmed()
    assert as_role("administrator").post(page(signature)).status_code == 403
    assertNotContains(as_role("administrator").get(pages_of(signature)[0]), page(signature))
    assert not Enrolment.objects.exists()


def test_screen_failure_is_neither_offered_nor_enrolled(client, confirmed):
    signature = confirmed("I03-ecog-2", "failure", "I03")
    assertNotContains(client.get(pages_of(signature)[0]), page(signature))
    assertContains(refusal(client, signature), "Only a subject who was confirmed eligible", status_code=422)


def test_void_signature_is_neither_offered_nor_enrols(client, confirmed, coordinator):
    signature = confirmed()
    saved_again(signature.assessment.revision.visit, coordinator)
    for shown in pages_of(signature):
        assertNotContains(client.get(shown), page(signature))
    assertContains(refusal(client, signature), "The signature is no longer valid", status_code=422)


def test_person_who_declined_after_all_is_neither_offered_nor_enrolled(client, confirmed, signer):
    signature = confirmed()
    close_case(signature.assessment.revision, signer, PASSWORD, "declined")
    assertNotContains(client.get(pages_of(signature)[0]), page(signature))
    refusal(client, signature)


def test_signature_of_an_earlier_attempt_is_neither_offered_nor_enrols(client, confirmed, coordinator):
    signature = confirmed()
    open_visit(signature.assessment.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    for shown in pages_of(signature):
        response = client.get(shown)
        assertNotContains(response, page(signature))
        assertContains(response, "valid, of an earlier attempt")
    assertContains(refusal(client, signature), "There is a later attempt of this subject", status_code=422)


def test_signature_by_a_version_no_longer_in_force_is_neither_offered_nor_enrols(client, confirmed):
    signature = confirmed()
    amended()
    for shown in pages_of(signature):
        response = client.get(shown)
        assertNotContains(response, page(signature))
        assertContains(response, "valid")
    assertContains(refusal(client, signature), "Another protocol version applies by now", status_code=422)


def test_planned_first_dose_that_has_passed_is_said_before_and_refused(client, confirmed, on):
    signature = confirmed()
    on(date(2026, 3, 18))
    assertContains(client.get(page(signature)), "The planned first dose, 2026-03-16, has passed: set a new day")
    assertContains(refusal(client, signature), "The planned first dose, 2026-03-16, has passed", status_code=422)


def test_check_that_arose_since_the_signature_is_named_before_and_refused(client, confirmed, trial, administrator):
    signature = confirmed()
    assertNotContains(client.get(page(signature)), "Check C12")
    ReferenceRangeFactory(trial=trial, created_by=administrator, uln=60, valid_from="2026-01-01")
    ReferenceRangeFactory(trial=trial, created_by=administrator, uln=111, valid_from="2026-03-12")
    response = client.get(page(signature))
    assertContains(response, "<strong>Not enrolled.</strong> Check C12, not answered:")
    assertContains(response, "<strong>Check C12</strong>")
    assertContains(response, f"{reverse('screening:visit', args=[signature.assessment.revision.visit_id])}#checks")
    assertContains(response, "<strong>Doubtful limit</strong> Creatinine: upper limit of normal")
    assertContains(refusal(client, signature), "Check C12, not answered:", status_code=422)


def test_signature_of_another_person_enrols_nobody_and_is_shown_as_broken(client, confirmed, trial, coordinator, cases):
    signature = confirmed("base-man")
    twin = assessed(trial, coordinator, cases["base-man"]["document"])
    append_only.remove(connection)
    Signature.objects.update(assessment=twin)
    signature.refresh_from_db()
    response = client.get(reverse("screening:assessment", args=[twin.pk]))
    assertContains(response, "does not fit the record that it stands on")
    assertNotContains(response, page(signature))
    assertContains(refusal(client, signature), "does not fit the record", status_code=422)


def test_person_is_enrolled_once(client, confirmed):
    signature = confirmed()
    client.post(page(signature))
    assert client.post(page(signature)).status_code == 422
    assert Enrolment.objects.count() == 1
