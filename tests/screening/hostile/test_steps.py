"""Steps skipped by a direct request: nothing comes of it, and the refusal is on record."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from criteria.amendments.state import AmendmentState, amendment_state
from screening.models import Enrolment, Refusal, Signature
from tests.support.amended import PASSWORD as APPROVERS, approver, drafted, looked_at, with_value
from tests.support.factories import SignatureFactory
from tests.support.reviewed import PASSWORD, sign


def refused(client, name, pk, data=None):
    response = client.post(reverse(f"screening:{name}", args=[pk]), data or {})
    return response.status_code, list(Refusal.objects.order_by("pk").values_list("code", flat=True))[-1:]


@pytest.mark.usefixtures("in_time")
def test_nobody_is_enrolled_without_the_signature_for_it(as_role, failed, eligible, signer):
    client = as_role("coordinator")
    assert client.post(reverse("screening:enrol", args=[1])).status_code == 404
    confirmed_failure = sign(failed, signer, PASSWORD, "failure", primary="I04")
    assert refused(client, "enrol", confirmed_failure.pk) == (422, ["unfit"])
    never_sealed = SignatureFactory(assessment=eligible)
    assert refused(client, "enrol", never_sealed.pk) == (422, ["broken"])
    assert not Enrolment.objects.exists()


@pytest.mark.usefixtures("in_time")
def test_nobody_signs_for_the_first_time_in_a_session_by_the_password_alone(signer, ready):
    client = Client()
    client.force_login(signer)
    page = reverse("screening:assessment-sign", args=[ready.pk])
    for name in ({}, {"user_name": ""}, {"user_name": signer.username.upper()}, {"user_name": "somebody"}):
        assert client.post(page, {"decision": "eligible", "password": PASSWORD} | name).status_code == 422
    assert not Signature.objects.exists()
    words = {"decision": "eligible", "password": PASSWORD, "user_name": signer.username}
    assert client.post(page, words).status_code == 302


@pytest.mark.parametrize(
    ("before", "name"),
    [
        (lambda draft, author: draft, "amendment-propose"),
        (lambda draft, author: with_value(draft, author), "amendment-propose"),
        (
            lambda draft, author: with_value(looked_at(with_value(draft, author), author), author, value="900"),
            "amendment-propose",
        ),
    ],
    ids=["unchanged", "not looked at", "changed after it was looked at"],
)
def test_amendment_is_not_proposed_before_it_was_looked_at(trial, administrator, before, name):
    amendment = before(drafted(trial, administrator), administrator)
    client = Client()
    client.force_login(administrator)
    status, code = refused(client, name, amendment.pk, {"reason": "as decided"})
    assert (status, len(code), amendment_state(amendment)) == (422, 1, AmendmentState.DRAFT)


def test_amendment_is_not_approved_before_it_was_proposed(trial, administrator, investigator):
    amendment = looked_at(with_value(drafted(trial, administrator), administrator), administrator)
    client = Client()
    client.force_login(approver(investigator))
    words = {
        "proposal": "1",
        "reason": "read and agreed",
        "committee": "Ethics committee",
        "reference": "EC-17",
        "approved_on": "2026-03-05",
        "effective_from": timezone.localdate().isoformat(),
        "password": APPROVERS,
        "user_name": investigator.username,
    }
    assert refused(client, "amendment-approve", amendment.pk, words) == (422, ["stale"])
    assert trial.versions.count() == 1
