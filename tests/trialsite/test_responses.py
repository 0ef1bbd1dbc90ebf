"""What every answer carries, whichever page it is."""

import json
import re
from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import formats, timezone
from pytest_django.asserts import assertContains

from trialsite import context

pytestmark = pytest.mark.django_db


def test_security_headers_are_set(client):
    headers = client.get("/accounts/login/").headers
    assert "Content-Security-Policy" in headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no-such-page/", "/static/css/trialsite.css"])
def test_no_device_is_asked_for_and_no_other_site_embeds_what_is_sent(client, path):
    response = client.get(path)
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    closed = {"camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()"}
    assert set(response.headers["Permissions-Policy"].split(", ")) == closed
    response.close()


def test_answer_to_a_host_that_is_not_ours_has_the_headers_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/", headers={"host": "other.example"})
    assert response.status_code == 400
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_pages_are_kept_out_of_caches_when_somebody_is_logged_in(client, coordinator):
    client.force_login(coordinator)
    assert "no-store" in client.get("/accounts/login/").headers["Cache-Control"]
    assert "no-store" in client.get("/no-such-page/").headers["Cache-Control"]


def test_login_page_comes_first_when_nobody_is_logged_in(client):
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_script_is_told_that_nobody_is_logged_in_and_gets_no_login_page(client):
    response = client.get("/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert "Location" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]


def test_expired_form_is_explained_with_a_way_back(coordinator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    response = client.post("/subjects/new/", {"trial": "NCT05990231"})
    assertContains(response, "This form has expired", status_code=403)
    assertContains(response, "kept as a draft", status_code=403)
    assertContains(response, 'href="/subjects/new/"', status_code=403)


def test_htmx_runs_no_code_and_writes_no_styles_of_its_own():
    """What the content security policy forbids, and what would leave data of a person in the browser."""
    config = json.loads(re.search("content='({.*})'", render_to_string("htmx.html"))[1])
    off = ("includeIndicatorStyles", "allowEval", "allowScriptTags", "historyEnabled")
    assert [config[name] for name in off] == [False] * len(off)
    assert config["selfRequestsOnly"] is True


def test_cookies_are_kept_from_scripts_and_other_sites(client, coordinator):
    coordinator.set_password("violet kettle sings")
    coordinator.save()
    client.post("/accounts/login/", {"login": coordinator.username, "password": "violet kettle sings"})
    client.get("/")
    session, token = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], session["domain"]) == (True, "Lax", "")
    assert (token["samesite"], token["domain"]) == ("Lax", "")


def test_addresses_carry_numbers_and_codes_alone():
    """No name, no value, nothing of a person's health: addresses stand in logs and histories."""
    slugs = {"code", "name", "file_format", "standard"}  # of a section or criterion, of a parameter, of a kind of file
    texts = {"uidb64", "token"}  # of the link to a first password, which works once
    for pattern in patterns(get_resolver().url_patterns):
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__
            assert kind == "IntConverter" or name in {"SlugConverter": slugs, "StringConverter": texts}[kind]


def patterns(found) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each


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
