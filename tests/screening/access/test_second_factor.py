"""The second factor: asked of everybody, set up at the first login, its codes good once, its secrets encrypted."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from screening.access.accounts import give_access
from screening.models import AccessEvent, AccountChange
from tests.support.factories import UserFactory

PASSWORD = "a long enough password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.fixture
def person():
    user = UserFactory(username="li.na", role="coordinator")
    user.set_password(PASSWORD)
    user.save()
    return user


def code(secret: str = SECRET, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def log_in(client: Client):
    return client.post(reverse("account_login"), {"login": "li.na", "password": PASSWORD})


def set_up(client: Client) -> str:
    """The secret of the factor that was set up."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    return secret


def changes() -> list[str]:
    return list(AccountChange.objects.order_by("pk").values_list("step", flat=True))


def test_nothing_can_be_done_before_it_is_set_up(person, client):
    log_in(client)
    for address in ("/", "/log/", "/accounts/password/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))
    assert client.post("/subjects/new/", {"trial": "NCT05990231"})["Location"] == reverse("mfa_activate_totp")


def test_it_is_set_up_with_recovery_codes_that_are_shown_once(person, client):
    log_in(client)
    set_up(client)
    shown = client.get(reverse("mfa_view_recovery_codes"))
    assert len(shown.context["unused_codes"]) == 10
    assert set(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == {"****"}
    assert changes() == ["factor", "codes"]
    assert client.get("/").status_code == 200


def test_wrong_code_sets_nothing_up(person, client):
    log_in(client)
    client.get(reverse("mfa_activate_totp"))
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_secrets_are_not_in_the_database_in_clear(person, client):
    log_in(client)
    secret = set_up(client)
    client.get(reverse("mfa_view_recovery_codes"))
    stored = "".join(str(each.data) for each in Authenticator.objects.all())
    assert secret not in stored
    assert "gAAAA" in stored  # what Fernet writes


@pytest.fixture
def known(person) -> Client:
    """A browser in which the password was typed, of somebody whose second factor is set up."""
    first = Client()
    log_in(first)
    first.secret = set_up(first)
    cache.clear()  # the code that set it up is good once, and so is gone
    client = Client()
    client.secret = first.secret
    client.codes = first.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert log_in(client)["Location"] == reverse("mfa_authenticate")
    return client


def enter(client: Client, typed: str):
    return client.post(reverse("mfa_authenticate"), {"code": typed})


def test_password_alone_is_no_login(known):
    response = known.get("/log/")
    assert response["Location"].startswith(reverse("account_login"))
    assert AccessEvent.objects.filter(kind="login").count() == 1  # the one that set it up


def test_code_logs_in_once(known):
    now = code(known.secret)
    assert enter(known, now)["Location"] == "/"
    assert known.get("/").status_code == 200
    again = Client()
    log_in(again)
    assert enter(again, now).status_code == 200
    assert again.get("/").status_code == 302


def test_recovery_code_logs_in_once(known):
    assert enter(known, known.codes[0])["Location"] == "/"
    assert changes()[-1] == "recovery"
    again = Client()
    log_in(again)
    assert enter(again, known.codes[0]).status_code == 200
    assert enter(again, known.codes[1])["Location"] == "/"


def test_guessing_codes_locks_the_account_in_every_browser(known, person):
    for _ in range(5):
        enter(known, "000000")
    locked = enter(known, code(known.secret))
    assert "Too many failed attempts" in str(locked.context["form"].errors)
    response = log_in(Client())
    assert "Too many failed attempts" in str(response.context["form"].non_field_errors())
    events = AccessEvent.objects.filter(created_by=person, kind="code")
    assert events.count() == 5


def test_login_that_waits_for_its_code_ends_when_the_account_is_deactivated(known, person):
    person.is_active = False
    person.save()
    enter(known, code(known.secret))
    assert known.get("/").status_code == 302


def test_access_given_anew_takes_the_factor_away(known, person, superuser):
    give_access(person, "telephone lost", superuser)
    assert not Authenticator.objects.exists()
    enter(known, code(known.secret))
    assert known.get("/").status_code == 302


def test_changing_it_later_asks_for_the_password(known, monkeypatch):
    enter(known, code(known.secret))
    later = time.time() + 600
    monkeypatch.setattr("time.time", lambda: later)
    response = known.get(reverse("mfa_deactivate_totp"))
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    known.post(response["Location"], {"password": PASSWORD})
    known.post(reverse("mfa_deactivate_totp"))
    assert changes()[-1] == "factor_removed"
    assert known.get("/")["Location"] == reverse("mfa_activate_totp")


def test_nobody_is_asked_where_it_is_not_required(person, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    log_in(client)
    assert client.get("/").status_code == 200
