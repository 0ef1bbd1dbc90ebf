"""Every form that writes carries a key, and every address that takes one is used up by it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.messages import get_messages

from screening.access.permissions import ADDRESSES, VERBS
from screening.models import FormKey, Refusal
from screening.submissions.keys import Submission
from screening.submissions.middleware import TakenOnce
from tests.conftest import ROOT
from tests.screening.hostile.counting import counts
from tests.support.factories import UserFactory

FORM = re.compile(r"<form\b[^>]*method=[\"']post[\"'][^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
# To log in and out, and to choose the trial that is shown, which done twice is done once.
CHOICES = {"screening/shared/choose_trial.html", "screening/shared/trial_switcher.html"}
KEYLESS = {"account/login.html", "base.html"} | CHOICES
WITHOUT_RECORD = {
    "screening:assessment-replay",
    "screening:definition-preview",
    "screening:section-live",
    "screening:session",
    "screening:trial",
}
POSTED = [name for name, row in ADDRESSES.items() if row.get("POST") in VERBS and name not in WITHOUT_RECORD]
# As the application is gone through; that they are taken once, the tests of their pages say.
ONLY_REFUSED = {"screening:amendment-file", "screening:visit-reassess", "screening:failure-dismiss"}


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_every_form_of_every_page_carries_a_key():
    forms = [
        (str(path.relative_to(ROOT / "templates")), form)
        for path in (ROOT / "templates").rglob("*.html")
        for form in FORM.findall(path.read_text())
    ]
    assert len(forms) > 25
    assert {name for name, form in forms if "{% form_key %}" not in form} == KEYLESS


def test_key_is_rendered_with_each_token():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        if str(path.relative_to(ROOT / "templates")) not in KEYLESS:
            assert text.count("{% csrf_token %}") == text.count("{% csrf_token %}{% form_key %}"), path


def test_forms_are_taken_once_outside_of_the_sessions():
    order = settings.MIDDLEWARE
    once = f"{TakenOnce.__module__}.{TakenOnce.__name__}"
    assert order.index(once) < order.index("django.contrib.sessions.middleware.SessionMiddleware")


@pytest.mark.django_db
def test_every_form_of_the_application_is_taken_once(application, trial, cases):
    """Everything that people do, once with each form sent twice: the second time writes nothing and says the same."""
    send, taken = application.post, set()

    def send_twice(role, name, /, *args, ok=302, **data):
        if f"screening:{name}" in taken:
            return send(role, name, *args, ok=ok, **data)
        before = FormKey.objects.count()
        first = send(role, name, *args, ok=ok, form_key="a key", **data)
        if FormKey.objects.count() > before:
            rows, refused = counts(), Refusal.objects.count()
            second = send(role, name, *args, form_key="a key", **data)
            assert (second["Location"], said(second)) == (first["Location"], said(first)), name
            assert (counts(), Refusal.objects.count()) == (rows, refused), name
            taken.add(f"screening:{name}")
        return first

    application.post = send_twice
    application.whole(trial, cases["base-man"]["document"])
    assert application.posted - taken == WITHOUT_RECORD | ONLY_REFUSED


@pytest.mark.django_db
@pytest.mark.parametrize("name", POSTED)
def test_form_taken_before_is_answered_as_it_was_then_whatever_stands_in_its_way(address, client, rf, trial, name):
    """As it stands, none of these forms would be taken, or each would be taken again."""
    user, where = UserFactory(role=min(VERBS[ADDRESSES[name]["POST"]])), address(name)
    data = {"form_key": "a key", "trial": trial.code, "base": 1, "revision": 1, "path": "visit.date"}
    request = rf.post(where, data)
    request.user = user
    taken = {"answer": "/log/", "messages": [[25, "It is done."]]}
    FormKey.objects.create(key=Submission(request).key, created_by=user, address=where, **taken)
    rows, refused = counts(), Refusal.objects.count()
    client.force_login(user)
    response = client.post(where, data)
    assert (response.status_code, response["Location"], said(response)) == (302, "/log/", ["It is done."])
    assert (counts(), Refusal.objects.count()) == (rows, refused)
