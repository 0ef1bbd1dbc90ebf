"""A case is closed from the page of the visit, assessed or not."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import Closure, SigningFailure
from screening.review.decide import close_case
from screening.visits.save import open_visit
from tests.support.reviewed import PASSWORD, saved_again, sign, standing

pytestmark = pytest.mark.usefixtures("in_time")

DECLINED = {"reason": "declined", "comment": "Prefers another hospital.", "password": PASSWORD, "revision": "1"}


def page(visit):
    return reverse("screening:visit", args=[visit.pk])


def close(visit):
    return reverse("screening:visit-close", args=[visit.pk])


def test_case_is_closed_when_nobody_assessed_the_visit(reviewer, empty_visit, signer):
    assertContains(reviewer.get(page(empty_visit)), f'action="{close(empty_visit)}#close"')
    response = reviewer.post(close(empty_visit), DECLINED)
    assertRedirects(response, f"{page(empty_visit)}#decided")
    closure = Closure.objects.get()
    assert (closure.reason, closure.created_by, closure.revision) == ("declined", signer, empty_visit.latest_revision())
    response = reviewer.get(page(empty_visit))
    assertContains(response, closure.meaning)
    assertNotContains(response, close(empty_visit))


def test_closing_is_not_offered_when_it_is_decided(reviewer, eligible, failed, signer, coordinator):
    sign(failed, signer, PASSWORD, "failure", "none")
    assertNotContains(reviewer.get(page(failed.revision.visit)), close(failed.revision.visit))
    visit = eligible.revision.visit
    open_visit(visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    assertNotContains(reviewer.get(page(visit)), close(visit))
    response = reviewer.post(close(visit), DECLINED)
    assertContains(response, "There is a later attempt of this subject", status_code=422)
    assert not Closure.objects.exists()


@pytest.mark.parametrize("role", ["coordinator", "administrator", None])
def test_nobody_closes_a_case_but_an_investigator(as_role, empty_visit, role):
    if role:
        assertNotContains(as_role(role).get(page(empty_visit)), close(empty_visit))
    assert as_role(role).post(close(empty_visit), DECLINED).status_code == 403
    assert not Closure.objects.exists()
    assert not SigningFailure.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "wrong"}, "Incorrect user name or password. The failed attempt was logged."),
        ({"reason": "bored"}, "choose one of the reasons"),
        ({"reason": "other", "comment": " "}, "say why"),
    ],
)
def test_what_was_typed_comes_back_when_closing_is_refused(reviewer, empty_visit, typed, said):
    response = reviewer.post(close(empty_visit), DECLINED | typed)
    assertContains(response, said, status_code=422)
    assert response.context["typed"].values["comment"] == (DECLINED | typed)["comment"]
    assertNotContains(response, PASSWORD, status_code=422)
    assert not Closure.objects.exists()


def test_closing_signs_what_was_shown(reviewer, eligible, coordinator):
    visit = eligible.revision.visit
    saved_again(visit, coordinator)
    assertContains(reviewer.post(close(visit), DECLINED), "Something was saved after this", status_code=422)
    assert reviewer.post(close(visit), DECLINED | {"revision": ""}).status_code == 404
    assert not Closure.objects.exists()
    reviewer.post(close(visit), DECLINED | {"revision": "2"})
    assert standing(eligible).next_step == "Nothing: not enrolled (declined)"


def test_closed_case_is_not_closed_again(reviewer, eligible, signer):
    close_case(eligible.revision, signer, PASSWORD, "died")
    assertContains(reviewer.post(close(eligible.revision.visit), DECLINED), "stays closed", status_code=422)
    assert Closure.objects.count() == 1


def test_following_a_link_closes_nothing(reviewer, empty_visit):
    assertRedirects(reviewer.get(close(empty_visit), DECLINED), page(empty_visit))
    assert not Closure.objects.exists()
