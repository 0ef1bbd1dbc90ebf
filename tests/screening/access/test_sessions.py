"""A session ends: after a while without anything done in it, after a day's work, and with the account or password."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from screening.access.sessions import BEGUN_AT, SEEN_AT
from screening.models import AccessEvent

PASSWORD = "a long enough password"

pytestmark = pytest.mark.django_db


@pytest.fixture
def session_of(coordinator, client):
    """The client of a coordinator whose session began and was last used so many seconds ago."""

    def of(begun: int, seen: int) -> Client:
        client.force_login(coordinator)
        session, now = client.session, int(time.time())
        session[BEGUN_AT], session[SEEN_AT] = now - begun, now - seen
        session.save()
        return client

    return of


def test_session_goes_on_while_something_is_done(session_of):
    client = session_of(begun=6 * 3600, seen=1700)
    assert client.get("/").status_code == 200
    assert time.time() - client.session[SEEN_AT] < 5


@pytest.mark.parametrize(("begun", "seen"), [(3600, 1800), (12 * 3600, 5)])
def test_session_ends_when_it_is_idle_or_old(session_of, begun, seen):
    client = session_of(begun, seen)
    response = client.get("/log/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/log/")
    assert AccessEvent.objects.order_by("pk").last().kind == "expired"
    assert client.get("/").status_code == 302


def test_script_is_told_that_the_session_ended(session_of):
    client = session_of(3600, 1800)
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401


def test_asking_how_long_it_lasts_does_not_make_it_last(session_of):
    client = session_of(3600, 1700)
    assert client.get(reverse("screening:session")).json() == {"seconds": 100, "extendable": True}
    assert time.time() - client.session[SEEN_AT] >= 1700
    left = client.post(reverse("screening:session")).json()
    assert (left["seconds"], left["extendable"]) == (1800, True)


def test_old_session_cannot_be_made_to_last(session_of):
    client = session_of(12 * 3600 - 100, 5)
    assert client.post(reverse("screening:session")).json() == {"seconds": 100, "extendable": False}


def test_session_that_does_not_say_when_it_began_has_ended(coordinator, client):
    """Of an older release, say: it must not go on for ever."""
    client.force_login(coordinator)
    session = client.session
    del session[BEGUN_AT]
    session.save()
    assert client.get("/").status_code == 302


def test_old_cookie_is_dead_after_logging_out(coordinator, client):
    client.force_login(coordinator)
    cookie = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get("/").status_code == 302


def test_every_session_ends_when_the_account_is_deactivated(coordinator, client):
    client.force_login(coordinator)
    coordinator.is_active = False
    coordinator.save()
    assert client.get("/").status_code == 302


def test_other_sessions_end_when_the_password_is_changed(coordinator, client):
    coordinator.set_password(PASSWORD)
    coordinator.save()
    other = Client()
    for each in (client, other):
        each.force_login(coordinator)
    new = "another long password"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data)["Location"] == reverse("mfa_index")
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


@pytest.mark.parametrize(
    ("password", "accepted"),
    [("short12", False), ("password1234", False), ("violet kettle", True), ("x" * 64 + " €长", True)],
)
def test_password_is_judged_by_length_and_by_being_common_alone(coordinator, client, password, accepted):
    coordinator.set_password(PASSWORD)
    coordinator.save()
    client.force_login(coordinator)
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    response = client.post(reverse("account_change_password"), data)
    coordinator.refresh_from_db()
    assert coordinator.check_password(password) is accepted
    assert response.status_code == (302 if accepted else 200)
