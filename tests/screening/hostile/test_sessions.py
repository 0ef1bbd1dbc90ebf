"""Cookies that were kept, clocks, polling pages, and where a login leads."""

import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from screening.access.accounts import give_access, set_account_active
from screening.access.sessions import BEGUN_AT, SEEN_AT, UNATTENDED_PAGES
from screening.models import AccessEvent
from tests.screening.hostile.people import CODE, LOGIN, PASSWORD, is_in, logged_in, type_password, with_password

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    " https://evil.example",
    "https://testserver@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
]


def later(monkeypatch, seconds):
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + seconds)


def test_kept_cookie_is_dead_after_logging_out(person):
    client, kept = logged_in(person), Client()
    kept.cookies.update(client.cookies)
    client.post(reverse("account_logout"))
    assert not is_in(kept)


def test_kept_cookie_does_not_come_alive_again_with_its_account(person, superuser):
    kept = logged_in(person)
    set_account_active(person, False, "on leave", superuser)
    set_account_active(person, True, "came back", superuser)
    assert not is_in(kept)


@pytest.mark.parametrize("change", ["password", "access"])
def test_other_sessions_end_with_the_password(person, superuser, change):
    kept = logged_in(person)
    if change == "password":
        with_password(person, "another long password")
    else:
        give_access(person, "telephone lost", superuser)
    assert not is_in(kept)


def test_session_key_changes_at_the_login(person):
    client = Client()
    type_password(client)
    before = client.session.session_key
    client.post(CODE, {"code": "000000"})
    assert client.session.session_key == before
    assert logged_in(person).session.session_key != before


def test_pages_that_ask_by_themselves_do_not_prolong_a_session(person, monkeypatch, address):
    client = logged_in(person)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS - 10)
    for name in UNATTENDED_PAGES:
        client.get(address(name))
    later(monkeypatch, 20)
    assert not is_in(client)
    assert AccessEvent.objects.filter(kind="expired", created_by=person).exists()


def test_nothing_prolongs_a_session_past_its_longest(person, monkeypatch):
    client = logged_in(person)
    for _half_hour in range(settings.SESSION_LONGEST_SECONDS // 1000 + 1):
        later(monkeypatch, 1000)
        client.post(reverse("screening:session"))
    assert not is_in(client)


@pytest.mark.parametrize("missing", [BEGUN_AT, SEEN_AT])
def test_session_that_does_not_say_when_it_began_has_ended(person, missing):
    client = logged_in(person)
    session = client.session
    del session[missing]
    session.save()
    assert not is_in(client)


def test_wish_to_be_remembered_is_not_granted(person):
    client = Client()
    client.post(LOGIN, {"login": "li.na", "password": PASSWORD, "remember": "on"})
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
    assert Session.objects.get().expire_date.timestamp() <= time.time() + settings.SESSION_LONGEST_SECONDS + 5


@pytest.mark.parametrize("where", ELSEWHERE)
def test_login_and_logout_lead_to_no_other_site(person, settings, where):
    settings.SECOND_FACTOR_REQUIRED = False
    person.authenticator_set.all().delete()
    client = Client()
    response = client.post(f"{LOGIN}?next={where}", {"login": "li.na", "password": PASSWORD, "next": where})
    assert response["Location"] == "/"
    again = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": where})
    assert (again["Location"][:1], "evil" in again["Location"]) == ("/", False)
    assert client.get(LOGIN, {"next": where})["Location"] == "/"
    assert client.post(reverse("account_logout"), {"next": where})["Location"] == LOGIN
    assert client.get(reverse("account_logout"), {"next": where})["Location"] == LOGIN


def test_answer_to_a_script_does_not_send_the_password_back(person):
    for header in ({"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}, {"HTTP_ACCEPT": "application/json"}):
        response = type_password(Client(), password="my-wrong-secret", **header)
        assert b"my-wrong-secret" not in response.content


def test_what_a_page_says_once_stays_on_the_server(person):
    """In a cookie it would outlast the session, and the browser shows it to whoever logs in next."""
    client = logged_in(person)
    client.post(reverse("screening:visit-close", args=[1]))
    assert settings.MESSAGE_STORAGE.endswith("SessionStorage")
    assert set(client.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
