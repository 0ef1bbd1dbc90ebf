"""The complete matrix: every address by every method as every role, as nobody in particular, and as an outsider."""

from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from screening.access.permissions import ACCOUNT, ADDRESSES, ANYONE, ROLES, VERBS
from screening.eligibility.assess import assess
from screening.models import AccessEvent, Question
from tests.support.amended import drafted
from tests.support.factories import (
    GrantFactory,
    ReferenceRangeFactory,
    SignatureFactory,
    UserFactory,
    waiting_simulation,
)
from tests.support.world import layer_fixture, rollback_after

# What an address takes, where it takes something; names of rows stand for their keys.
ARGUMENTS = {
    "screening:log-export": ("csv",),
    "screening:version": ("version",),
    "screening:version-definition": ("version",),
    "screening:version-standard": ("version", "usdm"),
    "screening:version-pdf": ("version",),
    "screening:parameter": ("min_anc",),
    "screening:reference-range": ("range",),
    "screening:reference-range-confirm": ("range",),
    "screening:reference-range-end": ("range",),
    "screening:reference-range-wrong": ("range",),
    "screening:subject": ("subject",),
    "screening:subject-in-error": ("subject",),
    "screening:subject-reference": ("subject",),
    "screening:visit-new": ("subject",),
    "screening:visit": ("visit",),
    "screening:section": ("visit", "laboratory"),
    "screening:section-live": ("visit", "laboratory"),
    "screening:field-history": ("visit",),
    "screening:visit-in-error": ("visit",),
    "screening:visit-answer-check": ("visit",),
    "screening:visit-ask": ("visit",),
    "screening:visit-assess": ("visit",),
    "screening:visit-reassess": ("visit",),
    "screening:failure-dismiss": ("visit",),
    "screening:visit-close": ("visit",),
    "screening:visit-reopen": ("visit",),
    "screening:revisions": ("visit",),
    "screening:revision": ("visit", 1),
    "screening:assessment": ("assessment",),
    "screening:assessment-replay": ("assessment",),
    "screening:review": ("assessment",),
    "screening:assessment-sign": ("assessment",),
    "screening:assessment-close": ("assessment",),
    "screening:assessment-send-back": ("assessment",),
    "screening:assessment-attest": ("assessment",),
    "screening:assessment-ask": ("assessment",),
    "screening:verdict-disagree": ("verdict",),
    "screening:question-answer": ("question",),
    "screening:enrol": ("signature",),
    "screening:signature-withdraw": ("signature",),
    "screening:amendment": ("amendment",),
    "screening:amendment-definition": ("amendment",),
    "screening:amendment-plan": ("amendment",),
    "screening:amendment-file": ("amendment",),
    "screening:amendment-parameter": ("amendment", "min_anc"),
    "screening:amendment-criterion": ("amendment", "I03"),
    "screening:amendment-boundaries": ("amendment",),
    "screening:amendment-propose": ("amendment",),
    "screening:amendment-reject": ("amendment",),
    "screening:amendment-withdraw": ("amendment",),
    "screening:amendment-approve": ("amendment",),
    "screening:dry-run": ("amendment",),
    "screening:simulation": ("simulation",),
    "screening:simulation-progress": ("simulation",),
    "screening:simulation-cancel": ("simulation",),
    "screening:account": ("account",),
    "screening:account-grant": ("account",),
    "screening:account-revoke": ("account", "grant"),
    "screening:account-rename": ("account",),
    "screening:account-activity": ("account",),
    "screening:account-access": ("account",),
    "screening:account-confirm": ("account",),
    "access-link": ("MQ", "set-password"),
}
CELLS = [(name, method, verb) for name, row in ADDRESSES.items() for method, verb in row.items()]
KEYED = [cell for cell in CELLS if ARGUMENTS.get(cell[0], ("MQ",))[0] not in ("MQ", "csv", "min_anc")]
START = "screening:subjects"  # leads whoever may not read to where they may go


BUTTONS = {  # and the page that each stands on
    "screening:visit-close": ("screening:visit",),
    "screening:visit-assess": ("screening:visit",),
    "screening:visit-reassess": ("screening:visit",),
    "screening:visit-ask": ("screening:visit",),
    "screening:reference-range-confirm": ("screening:reference-range",),
    "screening:reference-range-end": ("screening:reference-range",),
    "screening:reference-range-wrong": ("screening:reference-range",),
    "screening:assessment-replay": ("screening:assessment",),
    "screening:assessment-sign": ("screening:review",),
    "screening:assessment-close": ("screening:review",),
    "screening:assessment-send-back": ("screening:review",),
    "screening:assessment-attest": ("screening:review",),
    "screening:assessment-ask": ("screening:review",),
    "screening:verdict-disagree": ("screening:review",),
    "screening:amendment-propose": ("screening:amendment",),
    "screening:amendment-withdraw": ("screening:amendment",),
    "screening:amendment-reject": ("screening:amendment",),
    "screening:amendment-approve": ("screening:amendment",),
    "screening:dry-run": ("screening:amendment",),
    "screening:simulation-cancel": ("screening:simulation",),
}


@layer_fixture
def kept_sessions() -> dict[str | None, str]:
    """Somebody of each role, logged in: to log in takes longer than most answers."""
    clients = {role: Client() for role in (*ROLES, None)}
    for role, client in clients.items():
        client.force_login(UserFactory(role=role))
    return {role: client.cookies[settings.SESSION_COOKIE_NAME].value for role, client in clients.items()}


@pytest.fixture
def kept_as_role(kept_sessions):
    """As `as_role`, but one person of each role for all tests."""

    def of(role):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = kept_sessions[role]
        return client

    return of


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
        "range": lambda: ReferenceRangeFactory(
            trial=visit.subject.trial, created_by=coordinator, needs_confirmation=True
        ),
        "account": lambda: UserFactory(),
        "grant": lambda: GrantFactory(account=row("account"), role="coordinator"),
        "simulation": lambda: waiting_simulation(row("assessment").version, coordinator),
    }
    row = cache(lambda name: rows[name]())

    def of(name, args=None):
        taken = ARGUMENTS.get(name, ()) if args is None else args
        return reverse(name, args=[row(arg).pk if arg in rows else arg for arg in taken])

    return of


def addresses(patterns, prefix="") -> Iterator[str]:
    """The names of every address that the application answers."""
    for each in patterns:
        if isinstance(each, URLResolver):
            space = f"{each.namespace}:" if each.namespace else ""
            yield from addresses(each.url_patterns, prefix + space)
        elif isinstance(each, URLPattern):
            yield f"{prefix}{each.name}"


def test_matrix_has_every_address_and_no_other():
    assert sorted(addresses(get_resolver().url_patterns)) == sorted(ADDRESSES)


@pytest.mark.parametrize(("name", "method", "verb"), CELLS)
def test_address_is_for_those_who_may(address, kept_as_role, trial, name, method, verb):
    data = {"trial": trial.code, "base": 1, "revision": 1, "path": "visit.date"}
    where = address(name)
    for role in (*ROLES, None):
        with rollback_after():
            response = getattr(kept_as_role(role), method.lower())(where, data)
            asked = f"{method} {name} as {role}"
            if verb in (ANYONE, ACCOUNT) or role in VERBS[verb]:
                assert response.status_code != 403, asked
            elif name == START:
                own = "screening:accounts" if role == "superuser" else "mfa_index"
                assert (response.status_code, response["Location"]) == (302, reverse(own)), asked
            else:
                assert response.status_code == 403, asked
                assert AccessEvent.objects.get(kind="denied").place.split()[0] == name, asked


@pytest.mark.parametrize(("name", "method", "verb"), [cell for cell in CELLS if cell[2] != ANYONE])
def test_outsider_gets_nothing(address, name, method, verb):
    response = getattr(Client(), method.lower())(address(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert response.content == b""


@pytest.mark.parametrize("name", ADDRESSES)
def test_method_that_the_matrix_lacks_is_refused(address, kept_as_role, name):
    where = address(name)
    for method in ("get", "post", "put", "patch", "delete", "options", "trace"):
        if method.upper() not in ADDRESSES[name]:
            with rollback_after():
                assert getattr(kept_as_role("superuser"), method)(where).status_code == 405, f"{method} {name}"


def test_address_that_the_matrix_lacks_is_refused(client, superuser, monkeypatch):
    """Whoever adds an address and forgets the matrix must find it shut."""
    client.force_login(superuser)
    assert client.get("/accounts/").status_code == 200
    monkeypatch.delitem(ADDRESSES, "screening:accounts")
    assert client.get("/accounts/").status_code == 403


def test_head_is_answered_as_get_is(client, superuser, coordinator):
    client.force_login(superuser)
    assert client.head("/accounts/").status_code == 200
    client.force_login(coordinator)
    assert client.head("/accounts/").status_code == 403


@pytest.mark.parametrize("name", BUTTONS)
def test_button_leads_to_its_page_when_a_login_came_in_between(address, kept_as_role, name):
    """A login leads on by GET, which must change nothing."""
    role = min(VERBS[ADDRESSES[name]["GET"]])
    response = kept_as_role(role).get(address(name))
    assert (response.status_code, response["Location"]) == (302, address(*BUTTONS[name]))


@pytest.mark.parametrize(("name", "method", "verb"), KEYED)
def test_number_that_does_not_exist_is_not_found(address, kept_as_role, name, method, verb):
    taken = ARGUMENTS[name]
    places = {key: address(name, (key, *taken[1:])) for key in (0, 2**31 - 1, 10**30)}
    for key, where in places.items():
        with rollback_after():
            response = getattr(kept_as_role(min(VERBS[verb])), method.lower())(where, {"base": 1, "revision": 1})
            assert response.status_code == 404, f"{method} {name} of {key}"
            assert b"Not found" in response.content, f"{method} {name} of {key}"
