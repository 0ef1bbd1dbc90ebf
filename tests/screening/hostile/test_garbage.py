"""Every address with rubbish in everything that it takes: answered, never with a fault, never past the matrix."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse

from screening.access.permissions import ACCOUNT, ADDRESSES, ANYONE, ROLES, VERBS
from tests.screening.hostile.inputs import names
from tests.screening.views.test_access import CELLS, START
from tests.support.factories import UserFactory
from tests.support.section_requests import inputs, vocabulary_of
from tests.support.world import rollback_after

RUBBISH = {
    "text": "🧬‮'\"><{{7*7}}%s{0}../../etc/passwd\r\nX-Injected: yes" * 50,
    "nul": "\0",
    "digits": "9" * 5000,
    "number": "1e400",
    "day": "9999-12-31",
    "cursor": "after~0001-01-01T00:00:00+14:00~0~1",
}
NAMES = [name for name in names() if name != "author"]  # a form of somebody else is looked at no further


def test_names_that_views_read_are_found_in_the_code():
    """Or nothing would be attacked."""
    assert {"page", "password", "revision", "path", "reason", "search", "seen", "proposal", "like", "from"} <= set(
        NAMES
    )


def send(client, address, name, method, data):
    return getattr(client, method.lower())(address(name), data)


def test_rubbish_is_answered_by_every_page_that_is_open(address):
    clients = {}
    for name, method, verb in CELLS:
        role = "coordinator" if verb in (ANYONE, ACCOUNT) else min(VERBS[verb])
        client = clients.setdefault(role, Client())
        where = address(name)
        for kind, rubbish in RUBBISH.items():
            if "_auth_user_id" not in client.session:  # nobody yet, or logged out by the page before
                client.force_login(UserFactory(role=role))
            with rollback_after():
                response = getattr(client, method.lower())(where, dict.fromkeys(NAMES, rubbish))
                text = b"".join(response.streaming_content) if response.streaming else response.content
            asked = (name, method, kind, response.status_code)
            assert response.status_code in (200, 302, 400, 404, 409, 422), asked
            assert b"Traceback" not in text, asked
            assert "X-Injected" not in response.headers, asked
            if method == "GET" and kind == "nul" and "GET" not in vars(response.wsgi_request):
                break  # its query was never parsed; the raw text of it was sent first


@pytest.mark.parametrize("role", [*ROLES, None])
def test_rubbish_opens_nothing_to_who_may_not(address, trial, role):
    client = Client()
    client.force_login(UserFactory(role=role))
    for name, method, verb in CELLS:
        if verb not in (ANYONE, ACCOUNT) and role not in VERBS[verb]:
            data = dict(zip(NAMES, itertools.cycle(RUBBISH.values()), strict=False))
            response = send(client, address, name, method, data)
            assert (name, response.status_code) == (name, 302 if name == START else 403)


def test_rubbish_opens_nothing_to_an_outsider(address):
    data = dict.fromkeys(NAMES, "1")  # the address of the login has room for no more
    for name, method, verb in CELLS:
        response = send(Client(), address, name, method, data)
        if verb == ANYONE:
            assert response.status_code in (200, 302), (name, method, response.status_code)
        else:
            assert (name, response.status_code, response.content) == (name, 302, b"")


@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_in_every_field_of_a_section_saves_nothing(coordinator, visit, rubbish):
    client = Client()
    client.force_login(coordinator)
    for section in vocabulary_of(visit).sections:
        code = section.code
        data = dict.fromkeys([*inputs(visit, code), "cause", "reason", "ancestor", "draft"], rubbish)
        for name, more in (
            ("screening:section", {"base": "1"}),
            ("screening:section", {"base": rubbish, "add": rubbish}),
            ("screening:section-live", {"base": "1"}),
        ):
            response = client.post(reverse(name, args=[visit.pk, code]), data | more)
            assert response.status_code in (200, 400, 404, 409, 422), (code, name)
    assert visit.revisions.count() == 1


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "PROPFIND", "get", "GeT"])
def test_other_methods_open_nothing(address, method):
    """Nor does a header or a field that asks for another one."""
    client = Client()
    client.force_login(UserFactory(role=None))
    tricks = {"HTTP_X_HTTP_METHOD_OVERRIDE": "GET", "HTTP_HX_REQUEST": "true", "HTTP_X_REWRITE_URL": "/accounts/own/"}
    for name, row in ADDRESSES.items():
        if row.get("GET") not in (None, ANYONE, ACCOUNT) and name != START:
            response = client.generic(method, f"{address(name)}?_method=GET", **tricks)
            assert (name, response.status_code) in {(name, 403), (name, 405)}
            assert Client().generic(method, address(name)).status_code == 302


@pytest.mark.parametrize("path", ["/trail", "/trail//", "/TRAIL/", "/trail/;x", "/trail/%00", "/./trail/"])
def test_other_spellings_of_an_address_open_nothing(db, path):
    client = Client()
    client.force_login(UserFactory(role="coordinator"))
    assert client.get(path, follow=True).status_code in (403, 404)
    response = Client().get(path, follow=True)
    assert response.status_code == 404 or response.request["PATH_INFO"] == "/accounts/login/"
