"""Every address: who may, by which method, and what becomes of the rest."""

from functools import cache

import pytest
from django.test import Client
from django.urls import reverse

from screening.assess import assess
from screening.models import Question
from tests.amended import drafted
from tests.factories import SignatureFactory, waiting_simulation

ALL = {"coordinator", "investigator", "administrator"}
ENTER = {"coordinator"}
ASSESS = {"coordinator", "investigator"}
REVIEW = {"investigator"}
AMEND = {"administrator"}
APPROVE = {"administrator", "investigator"}

PAGES = [
    ("subjects", (), "get", ALL),
    ("reference-ranges", (), "get", ALL),
    ("reference-ranges", (), "post", {"administrator"}),
    ("log", (), "get", ALL),
    ("log-export", ("csv",), "get", ALL),
    ("deidentified-export", (), "get", ALL),
    ("protocol", (), "get", ALL),
    ("compare", (), "get", ALL),
    ("parameter", ("min_anc",), "get", ALL),
    ("version", ("version",), "get", ALL),
    ("version-definition", ("version",), "get", ALL),
    ("version-pdf", ("version",), "get", ALL),
    ("subject", ("subject",), "get", ALL),
    ("visit", ("visit",), "get", ALL),
    ("field-history", ("visit",), "get", ALL),
    ("revisions", ("visit",), "get", ALL),
    ("revision", ("visit", 1), "get", ALL),
    ("assessment", ("assessment",), "get", ALL),
    ("assessment-replay", ("assessment",), "post", ALL),
    ("subject-new", (), "post", ENTER),
    ("visit-new", ("subject",), "get", ENTER),
    ("visit-new", ("subject",), "post", ENTER),
    ("section", ("visit", "laboratory"), "get", ENTER),
    ("section", ("visit", "laboratory"), "post", ENTER),
    ("section-live", ("visit", "laboratory"), "post", ENTER),
    ("visit-assess", ("visit",), "post", ASSESS),
    ("visit-reassess", ("visit",), "post", ASSESS),
    ("open-visits", (), "get", ALL),
    ("review-queue", (), "get", ALL),
    ("review", ("assessment",), "get", ALL),
    ("assessment-sign", ("assessment",), "post", REVIEW),
    ("assessment-close", ("assessment",), "post", REVIEW),
    ("assessment-send-back", ("assessment",), "post", REVIEW),
    ("assessment-ask", ("assessment",), "post", REVIEW),
    ("visit-ask", ("visit",), "post", REVIEW),
    ("verdict-disagree", ("verdict",), "post", REVIEW),
    ("question-answer", ("question",), "get", ASSESS),
    ("question-answer", ("question",), "post", ASSESS),
    ("enrol", ("signature",), "get", ASSESS),
    ("enrol", ("signature",), "post", ASSESS),
    ("amendment", ("amendment",), "get", ALL),
    ("amendment-definition", ("amendment",), "get", ALL),
    ("amendment-new", (), "get", AMEND),
    ("amendment-new", (), "post", AMEND),
    ("amendment-plan", ("amendment",), "get", AMEND),
    ("amendment-plan", ("amendment",), "post", AMEND),
    ("amendment-file", ("amendment",), "get", AMEND),
    ("amendment-file", ("amendment",), "post", AMEND),
    ("amendment-parameter", ("amendment", "min_anc"), "get", AMEND),
    ("amendment-parameter", ("amendment", "min_anc"), "post", AMEND),
    ("amendment-criterion", ("amendment", "I03"), "get", AMEND),
    ("amendment-criterion", ("amendment", "I03"), "post", AMEND),
    ("amendment-boundaries", ("amendment",), "get", ALL),
    ("amendment-boundaries", ("amendment",), "post", AMEND),
    ("amendment-propose", ("amendment",), "post", AMEND),
    ("amendment-withdraw", ("amendment",), "post", AMEND),
    ("dry-run", ("amendment",), "post", AMEND),
    ("what-if", (), "get", APPROVE),
    ("what-if", (), "post", APPROVE),
    ("simulation", ("simulation",), "get", APPROVE),
    ("simulation-progress", ("simulation",), "get", APPROVE),
    ("simulation-cancel", ("simulation",), "post", APPROVE),
    ("amendment-reject", ("amendment",), "post", APPROVE),
    ("amendment-approve", ("amendment",), "post", APPROVE),
]
TWO_METHODS = {page[0] for page in PAGES if page[2] == "get"} & {page[0] for page in PAGES if page[2] == "post"}
ONE_METHOD = [page for page in PAGES if page[0] not in TWO_METHODS]
BUTTONS = {  # and the page that each stands on
    "subject-new": ("subjects", ()),
    "visit-assess": ("visit", ("visit",)),
    "visit-reassess": ("visit", ("visit",)),
    "visit-ask": ("visit", ("visit",)),
    "assessment-replay": ("assessment", ("assessment",)),
    **dict.fromkeys(
        ("assessment-sign", "assessment-close", "assessment-send-back", "assessment-ask", "verdict-disagree"),
        ("review", ("assessment",)),
    ),
    **dict.fromkeys(
        ("amendment-propose", "amendment-withdraw", "amendment-reject", "amendment-approve", "dry-run"),
        ("amendment", ("amendment",)),
    ),
    "simulation-cancel": ("simulation", ("simulation",)),
}


@pytest.fixture
def address(visit, coordinator):
    """Of a page by its name; what its arguments name is made when it is first asked for."""
    rows = {
        "subject": lambda: visit.subject,
        "visit": lambda: visit,
        "version": lambda: row("assessment").version,
        "assessment": lambda: assess(visit.latest_revision(), coordinator),
        "verdict": lambda: row("assessment").verdicts.first(),
        "question": lambda: Question.objects.create(visit=visit, text="Why?", created_by=coordinator),
        "signature": lambda: SignatureFactory(assessment=row("assessment")),
        "amendment": lambda: drafted(visit.subject.trial, coordinator),
        "simulation": lambda: waiting_simulation(row("assessment").version, coordinator),
    }
    row = cache(lambda name: rows[name]())
    return lambda name, args: reverse(f"screening:{name}", args=[row(arg).pk if arg in rows else arg for arg in args])


@pytest.mark.parametrize("role", [*sorted(ALL), None])
@pytest.mark.parametrize(("name", "args", "method", "allowed"), PAGES)
def test_page_is_for_those_who_may(address, as_role, trial, name, args, method, allowed, role):
    data = {"trial": trial.code, "base": 1, "revision": 1, "path": "visit.date"}
    response = getattr(as_role(role), method)(address(name, args), data)
    assert (response.status_code != 403) is (role in allowed)


@pytest.mark.parametrize(("name", "args", "method", "allowed"), PAGES)
def test_nobody_sees_anything_without_logging_in(address, name, args, method, allowed):
    response = getattr(Client(), method)(address(name, args))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(("name", "args", "method", "allowed"), ONE_METHOD)
def test_other_methods_are_refused(address, client, name, args, method, allowed):
    for other in {"get", "post", "put", "delete"} - {method} - ({"get"} if name in BUTTONS else set()):
        assert getattr(client, other)(address(name, args)).status_code == 405


@pytest.mark.parametrize(("name", "args", "method", "allowed"), [page for page in PAGES if page[0] in BUTTONS])
def test_button_leads_to_its_page_when_a_login_came_in_between(address, as_role, name, args, method, allowed):
    """A login leads on by GET, which must change nothing."""
    response = as_role(min(allowed)).get(address(name, args))
    assert (response.status_code, response["Location"]) == (302, address(*BUTTONS[name]))


@pytest.mark.parametrize(("name", "args", "method", "allowed"), [page for page in PAGES if page[1]])
@pytest.mark.parametrize("key", [0, 999, 10**30])
def test_number_that_does_not_exist_is_not_found(address, as_role, name, args, method, allowed, key):
    response = getattr(as_role(min(allowed)), method)(address(name, (key, *args[1:])), {"base": 1, "revision": 1})
    assert response.status_code == 404
    assert b"Not found" in response.content
