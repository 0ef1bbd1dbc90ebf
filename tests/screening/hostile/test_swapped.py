"""Identifiers put where those of something else belong: not found or refused, and nothing changed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from criteria.amendments.state import current_proposal
from screening.eligibility.assess import assess
from screening.models import Draft
from screening.visits.save import open_visit, register_subject
from tests.screening.hostile.counting import counts
from tests.support.amended import PASSWORD as APPROVERS, approver, drafted, proposed
from tests.support.factories import GrantFactory, UserFactory
from tests.support.reviewed import PASSWORD, saved_again, sign
from tests.support.section_requests import inputs


@pytest.fixture
def two(trial, coordinator, cases):
    """Visits of two people; of the first there are two revisions."""
    first, second = (
        open_visit(register_subject(trial, coordinator), coordinator, cases[case]["document"])
        for case in ("base-woman", "base-man")
    )
    saved_again(first, coordinator)
    return first, second


@pytest.fixture
def post(as_role):
    """Posts as a role, and sees that nothing came of it."""

    def send(role, name, args, data, who=None):
        client = who or as_role(role)
        before = counts()
        response = client.post(reverse(f"screening:{name}", args=args), data)
        assert counts() == before
        return response.status_code

    return send


@pytest.mark.parametrize(
    ("role", "name", "more"),
    [
        ("coordinator", "visit-assess", {}),
        ("coordinator", "visit-reassess", {}),
        ("investigator", "visit-close", {"reason": "declined", "password": PASSWORD}),
    ],
)
@pytest.mark.parametrize("revision", ["2", "0", "-1", "", "x", "1.0", "１"])
def test_revision_of_another_visit_is_not_found(post, two, role, name, more, revision):
    assert post(role, name, [two[1].pk], {"revision": revision} | more) == 404


def test_section_of_no_such_revision_or_code_is_not_found(post, two):
    data = inputs(two[1], "performance", performance__ecog="1")
    assert post("coordinator", "section", [two[1].pk, "performance"], data | {"base": "2"}) == 404
    assert post("coordinator", "section", [two[1].pk, "nowhere"], data) == 404
    assert post("coordinator", "section-live", [two[1].pk, "performance"], data | {"base": "2"}) == 404


def test_fields_of_one_section_are_not_saved_by_another(post, two, coordinator):
    """Nor kept as a draft that somebody would save later."""
    client = Client()
    client.force_login(coordinator)
    data = inputs(two[1], "performance") | {"vitals-weight_kg": "1", "visit-date": "2020-01-01"}
    client.post(reverse("screening:section", args=[two[1].pk, "performance"]), data)
    assert two[1].revisions.count() == 1


def test_question_is_not_about_a_field_that_nobody_asks(post, two):
    for path in ("nowhere", "__class__", "visit.date; DROP TABLE x", "performance.ecog\0"):
        assert post("investigator", "visit-ask", [two[0].pk], {"text": "Why?", "path": path}) == 422


def test_question_is_not_about_a_criterion_that_is_none(post, two, coordinator):
    assessment = assess(two[0].latest_revision(), coordinator)
    assert post("investigator", "assessment-ask", [assessment.pk], {"text": "Why?", "criterion": "I99"}) == 422


def test_signature_of_one_person_enrols_no_other(two, coordinator, signer, in_time, as_role):
    """The person comes from the signature, whatever else is said."""
    signature = sign(assess(two[0].latest_revision(), coordinator), signer, PASSWORD, "eligible")
    client = as_role("coordinator")
    names = {"subject": two[1].subject_id, "visit": two[1].pk, "assessment": "1", "number": "E-777"}
    client.post(reverse("screening:enrol", args=[signature.pk]), names)
    assert (two[0].subject.enrolment.number, hasattr(two[1].subject, "enrolment")) == ("E-001", False)


def test_signature_of_a_superseded_visit_enrols_nobody(post, two, coordinator, signer, in_time):
    signature = sign(assess(two[0].latest_revision(), coordinator), signer, PASSWORD, "eligible")
    saved_again(two[0], coordinator, 8)
    assert post("coordinator", "enrol", [signature.pk], {}) == 422


@pytest.mark.parametrize("name", ["amendment-approve", "amendment-reject"])
def test_proposal_of_another_amendment_is_not_decided(post, trial, other_trial, administrator, investigator, name):
    waiting, other = proposed(trial, administrator), drafted(other_trial, administrator, number="2")
    client = Client()
    client.force_login(approver(investigator))
    words = {
        "proposal": current_proposal(waiting).pk,
        "reason": "read and agreed",
        "committee": "Ethics committee",
        "reference": "EC-17",
        "approved_on": "2026-03-05",
        "effective_from": timezone.localdate().isoformat(),
        "password": APPROVERS,
        "user_name": investigator.username,
    }
    assert post("", name, [other.pk], words, client) == 422
    for forged in ("0", "9" * 15, "-1", "1 OR 1=1", ""):
        assert post("", name, [waiting.pk], words | {"proposal": forged}, client) == 422


def test_boundary_cases_of_another_amendment_are_not_seen(post, trial, other_trial, administrator):
    drafted(trial, administrator)
    other = drafted(other_trial, administrator, number="2")
    assert post("administrator", "amendment-boundaries", [other.pk], {"revision": "2"}) == 302


def test_grant_is_revoked_at_its_own_account_only(post, coordinator, investigator):
    right = GrantFactory(account=investigator, role="coordinator")
    assert post("superuser", "account-revoke", [coordinator.pk, right.pk], {"reason": "left"}) == 404


def test_parameter_and_criterion_of_another_trial_are_not_found(post, other_trial, administrator):
    other = drafted(other_trial, administrator, number="2")
    words = {"value": "1000", "title": "x", "reason": "why", "seen": "1", "statement": "x"}
    assert post("administrator", "amendment-parameter", [other.pk, "min_anc"], words) == 404
    assert post("administrator", "amendment-criterion", [other.pk, "E30"], words) == 404


def test_trial_that_is_none_is_not_found(post, trial):
    """A range is the trial's that its address names."""
    assert post("coordinator", "subject-new", [], {"trial": "NOWHERE"}) == 404
    client = Client()
    client.force_login(UserFactory(role="administrator"))
    for name in ("reference-ranges", "amendment-new", "what-if", "open-visits", "former-failures"):
        assert client.get(reverse(f"screening:{name}"), {"trial": "NOWHERE"}).status_code == 404


def test_draft_of_another_is_neither_seen_nor_thrown_away(two, coordinator, as_role):
    own = Client()
    own.force_login(coordinator)
    page = reverse("screening:section", args=[two[1].pk, "performance"])
    data = inputs(two[1], "performance", performance__life_expectancy_months="77")
    own.post(f"{page}live/", data)
    other = as_role("coordinator")
    assert 'value="77"' in own.get(page).content.decode()
    assert 'value="77"' not in other.get(page).content.decode()
    other.post(page, data | {"discard": "1", "author": str(coordinator.pk)})
    assert Draft.objects.filter(author=coordinator).count() == 1
