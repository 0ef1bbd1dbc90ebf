"""The first signature of a session takes user name and password, later ones the password; what the signer entered is
said in what is signed (21 CFR 11.200; ICH E6(R3)).
"""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.eligibility.assess import assess
from screening.models import Assessment, Signature, SigningFailure
from screening.visits.save import open_visit, register_subject
from tests.support.factories import GrantFactory
from tests.support.reviewed import PASSWORD, attested

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def newcomer(signer) -> Client:
    """The client of an investigator who has signed nothing in this session."""
    client = Client()
    client.force_login(signer)
    return client


def post(client: Client, assessment: Assessment, **data: str):
    typed = {"decision": "eligible", "password": PASSWORD} | data
    return client.post(reverse("screening:assessment-sign", args=[assessment.pk]), typed)


@pytest.mark.parametrize("name", ["", "somebody", "USER"])
def test_first_signature_is_refused_and_recorded_without_the_own_user_name(newcomer, eligible, name):
    assertContains(post(newcomer, eligible, user_name=name), "Incorrect user name or password", status_code=422)
    assert not Signature.objects.exists()
    assert SigningFailure.objects.count() == 1


def test_later_signatures_take_the_password_alone(newcomer, ready, failed, signer):
    page = reverse("screening:review", args=[ready.pk])
    assertContains(newcomer.get(page), 'name="user_name"')
    assert post(newcomer, ready, user_name=signer.username).status_code == 302
    assert post(newcomer, failed, decision="failure", primary="none").status_code == 302
    assertNotContains(newcomer.get(page), 'name="user_name"')


def test_both_are_asked_again_in_the_next_session(newcomer, ready, failed, signer):
    post(newcomer, ready, user_name=signer.username)
    newcomer.post(reverse("account_logout"))
    newcomer.force_login(signer)
    assert post(newcomer, failed, decision="failure", primary="none").status_code == 422


@pytest.fixture
def own(signer, trial, cases) -> Assessment:
    """An eligible person whose data the investigator entered, as a coordinator too."""
    GrantFactory(account=signer, role="coordinator")
    visit = open_visit(register_subject(trial, signer), signer, cases["base-man"]["document"])
    return assess(visit.latest_revision(), signer)


def test_investigator_who_entered_the_data_signs_that_too(newcomer, own, signer):
    words = "I entered data of this visit myself: revision 1."
    page = newcomer.get(reverse("screening:review", args=[own.pk]))
    assertContains(page, "You entered some of this yourself")
    assertContains(page, words)
    post(newcomer, attested(own, signer), user_name=signer.username)
    assert Signature.objects.get().meaning.endswith(words)
    assertContains(newcomer.get(reverse("screening:assessment", args=[own.pk])), words)


def test_nothing_is_said_where_others_entered_it(newcomer, ready, signer):
    post(newcomer, ready, user_name=signer.username)
    assert "myself" not in Signature.objects.get().meaning
