"""Attempts to get in past the second factor."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from screening.access.accounts import give_access, set_account_active
from screening.access.attempts import MOST_BY_NAME
from screening.access.permissions import ADDRESSES, ANYONE
from screening.models import AccessEvent, AccountChange
from tests.screening.hostile.people import (
    CODE,
    LOGIN,
    code_of,
    is_in,
    logged_in,
    recovery_code_of,
    type_code,
    type_password,
    with_password,
    with_second_factor,
)
from tests.support.factories import UserFactory

CLOSED = [name for name, row in ADDRESSES.items() if ANYONE not in row.values()]
SET_UP = {"mfa_index", "mfa_activate_totp", "account_reauthenticate", "screening:session"}


def test_no_page_opens_between_password_and_code(person, address):
    client = Client()
    assert type_password(client)["Location"] == CODE
    for name in CLOSED:
        response = getattr(client, min(ADDRESSES[name]).lower())(address(name))
        assert (name, response.status_code, response["Location"].partition("?")[0]) == (name, 302, LOGIN)
        assert SESSION_KEY not in client.session


def test_nothing_opens_without_a_second_factor_but_its_set_up(required, address):
    client = Client()
    client.force_login(UserFactory(role="coordinator"))
    for name in set(CLOSED) - SET_UP:
        for method in ADDRESSES[name]:
            response = getattr(client, method.lower())(address(name))
            assert (name, response.status_code, response["Location"]) == (name, 302, reverse("mfa_activate_totp"))


def test_whoever_goes_straight_to_the_code_is_sent_to_the_password(person):
    response = type_code(Client(), code_of(person))
    assert (response.status_code, response["Location"]) == (302, LOGIN)


def test_code_of_one_person_does_not_complete_the_login_of_another(person):
    other = with_second_factor(with_password(UserFactory(username="other", role="coordinator")))
    client = Client()
    type_password(client)
    type_code(client, code_of(other))
    assert not is_in(client)


@pytest.mark.parametrize("typed", [{}, {"credential": "{}"}, {"code": ""}, {"code": "\0"}, {"code": "é" * 100_000}])
def test_garbage_for_a_code_is_refused_without_a_fault(person, typed):
    client = Client()
    type_password(client)
    assert client.post(CODE, typed).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("secret_of", [code_of, recovery_code_of])
def test_code_is_taken_once(person, secret_of):
    typed = secret_of(person)
    first, second = Client(), Client()
    type_password(first)
    type_password(second)
    type_code(first, typed)
    type_code(second, f"{typed[:3]} {typed[3:]}")
    assert (is_in(first), is_in(second)) == (True, False)


@pytest.mark.parametrize("secret_of", [code_of, recovery_code_of])
def test_guesses_of_codes_are_counted_over_all_sessions(person, secret_of):
    for _guess in range(MOST_BY_NAME):
        client = Client()
        type_password(client)
        type_code(client, "0000000")
    late = Client()
    type_password(late)
    type_code(late, secret_of(person))
    assert not is_in(late)
    assert AccessEvent.objects.filter(kind="code", created_by=person).count() == MOST_BY_NAME
    assert AccessEvent.objects.filter(kind="locked", created_by=person).count() == 1


def test_wrong_passwords_and_wrong_codes_are_counted_together(person):
    pending = Client()
    type_password(pending)
    for _guess in range(MOST_BY_NAME):
        type_password(Client(), password="wrong")
    type_code(pending, code_of(person))
    assert not is_in(pending)


def test_session_known_before_the_code_is_worth_nothing_after_it(person):
    """Session fixation: whoever planted the cookie does not share what comes of it."""
    victim, thief = Client(), Client()
    type_password(victim)
    thief.cookies.update(victim.cookies)
    type_code(victim, code_of(person))
    assert (is_in(victim), is_in(thief)) == (True, False)


def test_new_password_ends_a_login_that_waits_for_its_code(person):
    pending = Client()
    type_password(pending)
    with_password(person, "another long password")
    type_code(pending, code_of(person))
    assert not is_in(pending)
    assert not AccessEvent.objects.filter(kind="login").exists()


def test_deactivation_ends_a_login_that_waits_for_its_code(person, superuser):
    pending = Client()
    type_password(pending)
    set_account_active(person, False, "left", superuser)
    type_code(pending, code_of(person))
    set_account_active(person, True, "came back", superuser)
    assert not is_in(pending)
    assert not AccessEvent.objects.filter(kind="login").exists()


def test_access_given_anew_ends_a_login_that_waits_for_its_code(person, superuser):
    pending = Client()
    type_password(pending)
    give_access(person, "telephone lost", superuser)
    assert pending.get(CODE)["Location"] == LOGIN
    assert pending.get(LOGIN).status_code == 200


def test_login_does_not_wait_for_its_code_for_ever(person, monkeypatch):
    pending = Client()
    type_password(pending)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 3600)
    type_code(pending, code_of(person))
    assert not is_in(pending)


def test_second_factor_is_not_removed_nor_its_codes_made_anew_without_the_password(person, monkeypatch):
    client = logged_in(person)
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        response = client.post(reverse(name))
        assert response["Location"].startswith(reverse("account_reauthenticate"))
    later = time.time() + 301  # right after a login they are shown, once: whoever sets them up has just typed it
    monkeypatch.setattr("time.time", lambda: later)
    assert client.get(reverse("mfa_view_recovery_codes"))["Location"].startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=person).count() == 2
    assert set(AccountChange.objects.values_list("step", flat=True)) == {"factor", "codes"}  # of setting it up


def test_second_factor_is_not_replaced_by_setting_up_another(person):
    client = logged_in(person)
    before = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert client.post(reverse("mfa_activate_totp"), {"code": "123456"}).status_code == 302
    assert Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data == before.data
