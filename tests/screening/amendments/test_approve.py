"""A version needs two people, an ethics committee and a day; then it comes into force by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from criteria.amendments.actions import begin_amendment, reject_proposal, save_boundary_review, set_plan
from criteria.amendments.state import AmendmentState, amendment_state, current_proposal
from criteria.definition.reader import BadDefinition
from criteria.models import Approval, ProtocolVersion
from criteria.records.refusal import Refused
from criteria.versions.versions import edition_of, load_definition, protocol_of, version_on
from screening.amendments.approve import approve, propose
from screening.models import SigningFailure
from screening.signatures.seals import seal_fits
from tests.conftest import PROTOCOL
from tests.support.amended import ETHICS, PASSWORD, REASON, approved, approver, drafted, looked_at, with_value
from tests.support.factories import UserFactory


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def amendment(kept_proposed):
    return kept_proposed


@pytest.fixture
def proposal(amendment):
    return current_proposal(amendment)


def test_proposing_needs_a_dry_run_of_this_very_revision(trial, administrator):
    amendment = looked_at(with_value(drafted(trial, administrator), administrator), administrator)
    with_value(amendment, administrator, value="1200")
    save_boundary_review(amendment.latest_revision(), administrator)
    with pytest.raises(Refused, match="Run the draft over the subjects"):
        propose(amendment, administrator, "ready")


def test_same_person_cannot_propose_and_approve(proposal, administrator, today):
    with pytest.raises(Refused, match="another user must approve") as refused:
        approve(proposal, approver(administrator), PASSWORD, "agreed", ETHICS, today)
    assert refused.value.code == "same_person"
    assert ProtocolVersion.objects.count() == 1


def test_author_of_any_change_cannot_approve_what_another_proposed(trial, administrator, today):
    author = UserFactory(role="administrator")
    amendment = with_value(drafted(trial, administrator), author)
    proposal = propose(looked_at(amendment, administrator), administrator, "ready")
    with pytest.raises(Refused, match="another user must approve"):
        approve(proposal, approver(author), PASSWORD, "agreed", ETHICS, today)


def test_coordinator_cannot_approve(proposal, coordinator, today):
    with pytest.raises(PermissionDenied):
        approve(proposal, approver(coordinator), PASSWORD, "agreed", ETHICS, today)


def test_wrong_password_approves_nothing_and_is_recorded(amendment, proposal, investigator, today):
    with pytest.raises(Refused, match="Incorrect user name or password"):
        approve(proposal, approver(investigator), "wrong", "agreed", ETHICS, today)
    assert SigningFailure.objects.get().amendment == amendment
    assert amendment_state(amendment) is AmendmentState.PROPOSED


def test_approval_makes_a_version_of_what_was_proposed(amendment, proposal, version, investigator, today):
    made = approve(proposal, approver(investigator), PASSWORD, "read and agreed", ETHICS, today)
    assert amendment_state(amendment) is AmendmentState.APPROVED
    assert protocol_of(made).limits["min_anc"].value == 1000
    assert protocol_of(version).limits["min_anc"].value == 1500
    proposed_data = amendment.latest_revision().definition
    assert edition_of(made).data["criteria"] == proposed_data["criteria"]
    assert edition_of(made).data["parameters"] == proposed_data["parameters"]


def test_approval_says_who_when_and_on_what_it_rests(proposal, investigator, today):
    made = approve(proposal, approver(investigator), PASSWORD, "read and agreed", ETHICS, today)
    approval = Approval.objects.get(version=made)
    assert approval.printed_name == investigator.username
    assert "EC-2026-017 of Ethics committee of the hospital of 2026-03-05" in approval.meaning
    assert f"in force from {today}" in approval.meaning
    assert seal_fits(approval)
    approval.ethics_reference = "EC-2026-018"
    assert not seal_fits(approval)


def test_version_in_force_from_tomorrow_is_not_used_today(trial, version, administrator, investigator, today):
    made = approved(trial, administrator, investigator, today + timedelta(1))
    assert version_on(trial, today) == version
    assert version_on(trial, today + timedelta(1)) == made


@pytest.mark.parametrize(
    ("change", "day", "words"),
    [
        ({"committee": " "}, 0, "committee: is missing"),
        ({"reference": ""}, 0, "reference: is missing"),
        ({"approved_on": 1}, 2, "still to come"),
        ({}, -1, "too early"),
        ({}, 367, "more than a year ahead"),
        ({"committee": "x" * 201}, 0, "more than 200 characters"),
        ({"reference": "x" * 101}, 0, "more than 100 characters"),
    ],
)
def test_approval_without_ethics_or_with_an_impossible_day_is_refused(
    proposal, investigator, today, change, day, words
):
    change = {name: today + timedelta(value) if name == "approved_on" else value for name, value in change.items()}
    with pytest.raises(BadDefinition, match=words):
        approve(proposal, approver(investigator), PASSWORD, "agreed", ETHICS._replace(**change), today + timedelta(day))


def test_version_is_not_in_force_before_the_ethics_committee_approved_it(proposal, investigator, today):
    late = ETHICS._replace(approved_on=today)
    with pytest.raises(BadDefinition, match="before the ethics committee approved it"):
        approve(proposal, approver(investigator), PASSWORD, "agreed", late, today - timedelta(1))


def test_proposal_that_was_sent_back_is_not_approved(proposal, investigator, today):
    reject_proposal(proposal, investigator, "not yet")
    with pytest.raises(Refused, match="not proposed"):
        approve(proposal, approver(investigator), PASSWORD, "agreed", ETHICS, today)


def test_what_was_not_read_is_not_approved(amendment, proposal, administrator, investigator, today):
    """The approver has 1000 before them; meanwhile it was sent back, set to 200, and proposed again."""
    reject_proposal(proposal, UserFactory(role="investigator"), "too high")
    with_value(amendment, administrator, value="200")
    propose(looked_at(amendment, administrator), administrator, "ready")
    with pytest.raises(Refused, match="Something else was proposed") as refused:
        approve(proposal, approver(investigator), PASSWORD, "read 1000", ETHICS, today)
    assert refused.value.code == "stale"
    assert ProtocolVersion.objects.count() == 1


def test_who_proposed_it_before_cannot_approve_what_another_proposes_again(trial, administrator, investigator, today):
    first = UserFactory(role="administrator")
    amendment = with_value(drafted(trial, administrator), administrator)
    reject_proposal(propose(looked_at(amendment, first), first, "ready"), investigator, "say why")
    again = propose(looked_at(amendment, administrator), administrator, "as the sponsor asks")
    with pytest.raises(Refused, match="another user must approve"):
        approve(again, approver(first), PASSWORD, "agreed", ETHICS, today)


def test_who_may_not_amend_cannot_propose(trial, administrator, investigator):
    amendment = looked_at(with_value(drafted(trial, administrator), administrator), investigator)
    with pytest.raises(PermissionDenied):
        propose(amendment, investigator, "ready")


def test_amendment_is_approved_once(proposal, investigator, today):
    approve(proposal, approver(investigator), PASSWORD, "agreed", ETHICS, today)
    with pytest.raises(Refused, match="not proposed"):
        approve(proposal, investigator, PASSWORD, "agreed", ETHICS, today)


def test_amendment_of_a_version_that_another_one_followed_meanwhile_is_refused(proposal, version, investigator, today):
    text = PROTOCOL.read_text().replace(f'number: "{version.number}"', 'number: "9"')
    load_definition(text)
    with pytest.raises(Refused, match="must be drafted again"):
        approve(proposal, approver(investigator), PASSWORD, "agreed", ETHICS, today)


def test_next_amendment_begins_from_a_version_that_is_still_to_come(trial, administrator, investigator, today):
    made = approved(trial, administrator, investigator, today + timedelta(30))
    following = begin_amendment(trial, administrator, "3.0", today + timedelta(60), "", REASON)
    assert following.base == made
    with pytest.raises(BadDefinition, match="too early"):
        set_plan(following, administrator, "3.0", today + timedelta(29), "", REASON, seen=1)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE criteria_parameter SET value = '1' WHERE name = 'min_anc'",
        "UPDATE criteria_criterion SET rule = '{}'",
        "UPDATE criteria_protocolversion SET effective_from = '2020-01-01'",
        "DELETE FROM criteria_approval",
        "UPDATE criteria_amendmentrevision SET definition = '{}'",
    ],
)
def test_published_version_is_not_changed_by_raw_sql(trial, administrator, investigator, sql):
    made = approved(trial, administrator, investigator)
    before = edition_of(made).data
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(sql)
    assert edition_of(ProtocolVersion.objects.get(pk=made.pk)).data == before
