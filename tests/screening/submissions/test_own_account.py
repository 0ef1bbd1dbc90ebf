"""What people change of their own access, sent twice: it is done once, and leads on both times to the same page."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from screening.models import AccessEvent, AccountChange
from screening.views.accounts.access_link import link_for
from tests.screening.hostile.people import PASSWORD, logged_in, type_password, with_password, with_second_factor
from tests.screening.submissions.test_every_form import said
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db

OTHER = "another long password"
CHANGED = "The password was changed; your sessions elsewhere have ended."
SET = "The password is set. Log in with it now."


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.fixture
def person():
    return with_password(UserFactory(username="li.na", role="coordinator"))


def send_twice(client, name, data, *args):
    """Return both answers; the second must write nothing more, a failed attempt least of all."""
    where, data = reverse(name, args=args), data | {"form_key": "a key"}
    first = client.post(where, data)
    written = AccountChange.objects.count(), AccessEvent.objects.count()
    second = client.post(where, data)
    assert (AccountChange.objects.count(), AccessEvent.objects.count()) == written
    assert first.status_code == second.status_code == 302
    assert (second["Location"], said(second)) == (first["Location"], said(first))
    return first, second


def test_password_is_changed_once_and_no_failed_attempt_counted_when_sent_twice(person):
    client = logged_in(with_second_factor(person))
    typed = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    first, _second = send_twice(client, "account_change_password", typed)
    assert said(first) == [CHANGED]
    assert not AccessEvent.objects.filter(kind="password").exists()


def test_wrong_password_is_counted_and_corrected_when_the_same_form_is_sent_again(person):
    client = logged_in(with_second_factor(person))
    typed = {"oldpassword": "wrong", "password1": OTHER, "password2": OTHER, "form_key": "a key"}
    assert client.post(reverse("account_change_password"), typed).status_code == 200
    assert said(client.post(reverse("account_change_password"), typed | {"oldpassword": PASSWORD})) == [CHANGED]
    assert AccessEvent.objects.filter(kind="password").count() == 1


def test_second_factor_is_set_up_and_its_codes_shown_when_sent_twice(person):
    client = Client()
    type_password(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    first, _second = send_twice(client, "mfa_activate_totp", {"code": code})
    assert first["Location"] == reverse("mfa_view_recovery_codes")
    assert sorted(AccountChange.objects.values_list("step", flat=True)) == ["codes", "factor"]


@pytest.mark.parametrize("name", ["mfa_generate_recovery_codes", "mfa_deactivate_totp"])
def test_codes_are_made_and_the_factor_is_removed_once_when_sent_twice(person, name):
    client = logged_in(with_second_factor(person))
    before = AccountChange.objects.count()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    send_twice(client, name, {})
    assert AccountChange.objects.count() == before + 1


def link_opened(rf, account):
    """A browser in which the link to the first password was opened, and where it leads."""
    client = Client()
    return client, client.get(link_for(rf.get("/"), account))["Location"].split("/")[-3]


def test_first_password_is_set_once_and_leads_to_the_login_when_sent_twice(rf):
    account = UserFactory(username="wang.wu")
    client, number = link_opened(rf, account)
    typed = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    first, _second = send_twice(client, "access-link", typed, number, "set-password")
    assert (first["Location"], said(first)) == (reverse("account_login"), [SET])
    assert client.get(first["Location"]).content.count(SET.encode()) == 1
    assert type_password(client, "wang.wu")["Location"] == "/"


def test_used_link_sets_nothing_in_another_browser(rf):
    account = UserFactory(username="wang.wu")
    client, number = link_opened(rf, account)
    where = reverse("access-link", args=[number, "set-password"])
    client.post(where, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    response = Client().post(where, {"new_password1": OTHER, "new_password2": OTHER})
    assert b"This link is no longer valid" in response.content
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
