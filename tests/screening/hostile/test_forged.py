"""Requests sent from elsewhere, sent twice, or with a form that somebody else opened."""

import re
from functools import partial

from django.test import Client
from django.urls import reverse

from criteria.amendments.state import current_proposal
from criteria.models import Approval
from screening.access.permissions import ACCOUNT, ANYONE, VERBS
from screening.models import Closure, Enrolment, Grant, SendBack, Signature
from tests.screening.hostile.counting import counts
from tests.screening.hostile.people import LOGIN, with_password
from tests.screening.views.test_access import CELLS
from tests.support.amended import PASSWORD as APPROVERS, approver, proposed
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD
from tests.support.section_requests import inputs

POSTED = [(name, verb) for name, method, verb in CELLS if method == "POST"]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def strict(role):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(role=role))
    return client


def test_every_form_is_refused_without_its_token_or_with_one_of_another_session(address, trial):
    """Also to log in and to log out: nobody is put into another's account, or out of the own one, by a foreign page."""
    foreign = token_on(strict("coordinator"), reverse("mfa_index"))
    for name, verb in POSTED:
        client = strict("coordinator" if verb in (ANYONE, ACCOUNT) else min(VERBS[verb]))
        client.get(reverse("mfa_index"))  # the browser has a token of its own
        where, before = address(name), counts()
        for data in ({}, {"csrfmiddlewaretoken": foreign}, {"csrfmiddlewaretoken": ""}):
            for header in ({}, {"HTTP_X_CSRFTOKEN": foreign}, {"HTTP_HX_REQUEST": "true"}):
                data = data | {"trial": trial.code, "base": "1", "revision": "1", "reason": "forged", "text": "forged"}
                assert (name, client.post(where, data, **header).status_code) == (name, 403)
        assert counts() == before
        assert client.get(reverse("mfa_index")).status_code == 200


def test_form_opened_by_somebody_who_was_here_before_is_refused(visit, coordinator):
    """Two people at one computer: a login renews the token."""
    with_password(coordinator)
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(role="coordinator"))
    page = reverse("screening:section", args=[visit.pk, "performance"])
    token = token_on(client, page)
    assert client.post(reverse("account_logout"), {"csrfmiddlewaretoken": token}).status_code == 302
    words = {"login": coordinator.username, "password": PASSWORD, "csrfmiddlewaretoken": token_on(client, LOGIN)}
    assert client.post(LOGIN, words).status_code == 302
    data = inputs(visit, "performance", performance__life_expectancy_months="9") | {"reason": "read wrongly"}
    assert client.post(page, data | {"csrfmiddlewaretoken": token}).status_code == 403
    assert visit.revisions.count() == 1
    assert client.post(page, data | {"csrfmiddlewaretoken": token_on(client, page)}).status_code == 302


def token_on(client, page):
    return TOKEN.search(client.get(page).content.decode())[1]


def twice(client, address, data):
    return [client.post(address, data).status_code for _time in range(2)]


def test_what_is_decided_twice_is_done_once(reviewer, ready, coordinator, in_time):
    at = partial(reverse, args=[ready.pk])
    words = {"decision": "eligible", "password": PASSWORD}
    assert twice(reviewer, at("screening:assessment-sign"), words) == [302, 422]
    assert Signature.objects.count() == 1
    own = Client()
    own.force_login(coordinator)
    enrolling = reverse("screening:enrol", args=[Signature.objects.get().pk])
    assert twice(own, enrolling, {}) == [302, 422]
    assert Enrolment.objects.count() == 1
    assert twice(reviewer, at("screening:assessment-close"), {"reason": "declined", "password": PASSWORD})[1] == 422
    assert Closure.objects.count() <= 1


def test_what_is_sent_back_or_closed_twice_is_so_once(reviewer, eligible, failed, in_time):
    back = reverse("screening:assessment-send-back", args=[eligible.pk])
    assert twice(reviewer, back, {"comment": "Which ECG?"}) == [302, 422]
    assert SendBack.objects.count() == 1
    close = reverse("screening:visit-close", args=[failed.revision.visit_id])
    words = {"revision": "1", "reason": "declined", "password": PASSWORD}
    assert twice(reviewer, close, words) == [302, 422]
    assert Closure.objects.count() == 1


def test_section_saved_twice_is_one_revision(coordinator, visit):
    client = Client()
    client.force_login(coordinator)
    page = reverse("screening:section", args=[visit.pk, "performance"])
    data = inputs(visit, "performance", performance__life_expectancy_months="9") | {"reason": "read wrongly"}
    twice(client, page, data)
    assert visit.revisions.count() == 2


def test_amendment_approved_twice_is_one_version(trial, administrator, investigator):
    waiting = proposed(trial, administrator)
    client = Client()
    client.force_login(approver(investigator))
    words = {
        "proposal": current_proposal(waiting).pk,
        "reason": "read and agreed",
        "committee": "Ethics committee",
        "reference": "EC-17",
        "approved_on": "2026-03-05",
        "effective_from": waiting.latest_revision().definition["version"]["effective_from"],
        "password": APPROVERS,
        "user_name": investigator.username,
    }
    assert twice(client, reverse("screening:amendment-approve", args=[waiting.pk]), words) == [302, 422]
    assert (Approval.objects.count(), trial.versions.count()) == (1, 2)


def test_right_granted_or_revoked_twice_is_so_once(superuser, db):
    client, account = Client(), UserFactory()
    client.force_login(superuser)
    words = {"role": "monitor", "holds_from": "2999-01-01", "reason": "inspection"}
    assert twice(client, reverse("screening:account-grant", args=[account.pk]), words) == [302, 422]
    right = Grant.objects.get(account=account)
    revoking = reverse("screening:account-revoke", args=[account.pk, right.pk])
    assert twice(client, revoking, {"reason": "over"}) == [302, 422]
