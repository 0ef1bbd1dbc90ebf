"""Scripts and stylesheets run by the answer's own nonce and by nothing else."""

import re

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, server_error

from screening.visits.save import open_visit, register_subject
from tests.conftest import ROOT
from tests.trialsite.pages import Guarded

POLICY = {
    "default-src 'none'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
TAG = re.compile(r"{[%#].*?[%#]}")

pytestmark = pytest.mark.django_db


def policy(response: HttpResponse) -> set[str]:
    return set(response.headers["Content-Security-Policy"].split("; "))


def nonces(response: HttpResponse) -> set[str]:
    """What the page's scripts and stylesheets carry; the policy must name exactly that."""
    found = Guarded(response.content.decode())
    assert found.inline == []
    (nonce,) = set(found.nonces)
    assert policy(response) == POLICY | {f"script-src 'nonce-{nonce}'", f"style-src 'nonce-{nonce}'"}
    return {nonce}


def test_each_answer_has_a_nonce_of_its_own(client):
    seen = [nonces(client.get(reverse("account_login"))) for _ in range(3)]
    assert len(set.union(*seen)) == 3
    assert all(len(nonce) >= 22 for each in seen for nonce in each)  # 128 bits


def test_answer_without_a_page_lets_nothing_run(client):
    assert policy(client.get("/")) == POLICY | {"script-src", "style-src"}  # on to the login


def test_pages_carry_the_nonce_when_somebody_is_logged_in(client, trial, coordinator):
    client.force_login(coordinator)
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    section = reverse("screening:section", args=[visit.pk, "laboratory"])
    for address in (reverse("screening:subjects"), reverse("screening:visit", args=[visit.pk]), section):
        nonces(client.get(address))
    assert len(Guarded(client.get(section).content.decode()).nonces) >= 7  # htmx and three scripts among them


def test_pages_of_what_went_wrong_carry_the_nonce(trial, coordinator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    new = reverse("screening:amendment-new")
    answers = (client.get("/no-such-page/"), client.get(new), client.post(new))
    assert [answer.status_code for answer in answers] == [404, 403, 403]
    for answer in answers:
        nonces(answer)


@pytest.mark.parametrize(("view", "words"), [(bad_request, "Not understood"), (server_error, "Something went wrong")])
def test_page_made_without_a_request_needs_no_script_and_no_style(view, words):
    request = RequestFactory().get("/")
    html = (view(request, ValueError()) if view is bad_request else view(request)).content.decode()
    assert f"<h1>{words}</h1>" in html
    assert (Guarded(html).nonces, Guarded(html).inline) == ([], [])


def test_templates_hold_nothing_inline_and_name_the_nonce():
    wrong = {}
    for path in (ROOT / "templates").rglob("*.html"):
        found = Guarded(TAG.sub("", path.read_text()))
        if found.inline or not set(found.nonces) <= {"{{ csp_nonce }}"}:
            wrong[path.name] = (found.inline, found.nonces)
    assert wrong == {}


def test_htmx_carries_the_nonce():
    html = engines["django"].from_string("{% include 'htmx.html' %}").render({"csp_nonce": "abc"})
    assert set(Guarded(html).nonces) == {"abc"}
