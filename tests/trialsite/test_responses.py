"""What every answer carries, whichever page it is."""

import pytest
from django.test import override_settings
from django.utils import formats, timezone

from trialsite import context

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}

pytestmark = pytest.mark.django_db


def test_security_headers_are_set(client):
    headers = client.get("/admin/login/").headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_kept_out_of_caches_when_somebody_is_logged_in(client, coordinator):
    client.force_login(coordinator)
    assert "no-store" in client.get("/accounts/login/").headers["Cache-Control"]
    assert "no-store" in client.get("/no-such-page/").headers["Cache-Control"]


def test_login_page_comes_first_when_nobody_is_logged_in(client):
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_login_answers_alike_when_the_name_or_the_password_is_wrong(client, coordinator):
    coordinator.set_password("right horse battery")
    coordinator.save()
    attempts = ({"username": coordinator.username}, {"username": "nobody"})
    messages = [
        list(client.post("/accounts/login/", attempt | {"password": "wrong"}).context["form"].non_field_errors())
        for attempt in attempts
    ]
    assert messages[0] == messages[1] != []


def test_dates_are_shown_as_iso():
    moment = timezone.datetime(2026, 3, 9, 14, 5)
    assert formats.date_format(moment) == "2026-03-09"
    assert formats.date_format(moment, "DATETIME_FORMAT") == "2026-03-09 14:05"


def test_accounts_are_not_shown_when_this_is_no_demonstration(rf):
    assert context.site(rf.get("/")) == {"demonstration": False}


@override_settings(DEMONSTRATION=True, DEMONSTRATION_ACCOUNTS=(("ann", "secret", "coordinator"),))
def test_accounts_are_shown_when_this_is_the_demonstration(rf):
    shown = context.site(rf.get("/"))
    assert shown == {"demonstration": True, "demonstration_accounts": [("ann", "secret", "study coordinator")]}
