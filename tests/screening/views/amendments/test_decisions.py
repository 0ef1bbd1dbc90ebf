"""Seen, proposed, sent back, withdrawn, approved: who may, in which order, and what the page says."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from criteria.amendments.actions import withdraw_amendment
from criteria.amendments.state import AmendmentState, amendment_state, current_proposal
from criteria.models import ProtocolVersion
from criteria.versions.versions import version_on
from screening.models import SigningFailure
from tests.support.amended import PASSWORD, approver

REASON = {"reason": "read and agreed"}


@pytest.fixture
def approval(waiting, signer):
    return REASON | {
        "user_name": signer.username,
        "proposal": str(current_proposal(waiting).pk),
        "committee": "Ethics committee",
        "reference": "EC-17",
        "approved_on": "2026-03-05",
        "effective_from": timezone.localdate().isoformat(),
        "password": PASSWORD,
    }


def test_boundary_cases_show_the_limit_before_and_after(admin_client, changed, at):
    text = admin_client.get(at("amendment-boundaries", changed)).content.decode()
    assert "999 /mm³" in text
    assert "1499 /mm³" in text
    assert "I have looked at these cases" in text


def test_looking_alone_is_not_seeing(admin_client, changed, at):
    admin_client.get(at("amendment-boundaries", changed))
    assert not changed.latest_revision().boundary_reviews.exists()
    admin_client.post(at("amendment-boundaries", changed), {"revision": "2"})
    assert changed.latest_revision().boundary_reviews.count() == 1


@pytest.mark.parametrize("revision", ["1", "9", "", "x"])
def test_cases_of_another_revision_are_not_seen(admin_client, changed, at, revision):
    response = admin_client.post(at("amendment-boundaries", changed), {"revision": revision}, follow=True)
    assert "Look at" in response.content.decode() or "look at" in response.content.decode()
    assert not changed.latest_revision().boundary_reviews.exists()


def test_reader_sees_the_cases_and_records_nothing(client, changed, at):
    text = client.get(at("amendment-boundaries", changed)).content.decode()
    assert "999 /mm³" in text
    assert "I have looked" not in text
    assert client.post(at("amendment-boundaries", changed), {"revision": "2"}).status_code == 403


def test_proposing_waits_for_a_second_person(admin_client, reviewer, ready, at):
    text = admin_client.post(at("amendment-propose", ready), REASON, follow=True).content.decode()
    assert amendment_state(ready) is AmendmentState.PROPOSED
    assert "another user approves it" in text
    assert "Reference of its approval" in reviewer.get(at("amendment", ready)).content.decode()


def test_proposing_what_nobody_looked_at_is_refused_on_the_page(admin_client, changed, at):
    response = admin_client.post(at("amendment-propose", changed), REASON)
    assert response.status_code == 422
    assert amendment_state(changed) is AmendmentState.DRAFT


def test_proposer_cannot_approve_by_a_direct_request(admin_client, administrator, waiting, at, approval):
    approver(administrator)
    admin_client.force_login(administrator)
    response = admin_client.post(at("amendment-approve", waiting), approval)
    assert response.status_code == 422
    assert ProtocolVersion.objects.count() == 1


def test_approval_is_shown_with_name_time_and_meaning(reviewer, signer, waiting, trial, at, approval):
    approver(signer)
    reviewer.force_login(signer)
    text = reviewer.post(at("amendment-approve", waiting), approval, follow=True).content.decode()
    assert "I have reviewed revision 2 of amendment 1 and approve it as version 2.0" in text
    assert "Na Li, principal investigator" in text
    assert version_on(trial, timezone.localdate()).number == "2.0"


def test_wrong_password_comes_back_with_all_but_the_password(reviewer, signer, waiting, at, approval):
    approver(signer)
    reviewer.force_login(signer)
    response = reviewer.post(at("amendment-approve", waiting), approval | {"password": "wrong"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Incorrect user name or password" in text
    assert 'value="EC-17"' in text
    assert "wrong</" not in text
    assert 'value="wrong"' not in text
    assert SigningFailure.objects.filter(amendment=waiting).count() == 1


@pytest.mark.parametrize("name", ["committee", "reference", "approved_on", "effective_from", "reason", "password"])
def test_each_part_of_an_approval_is_needed(reviewer, signer, waiting, at, approval, name):
    approver(signer)
    reviewer.force_login(signer)
    assert reviewer.post(at("amendment-approve", waiting), approval | {name: ""}).status_code == 422
    assert amendment_state(waiting) is AmendmentState.PROPOSED


def test_version_from_tomorrow_is_announced_and_not_in_force(reviewer, signer, waiting, trial, at, approval):
    approver(signer)
    reviewer.force_login(signer)
    tomorrow = (timezone.localdate() + timedelta(1)).isoformat()
    reviewer.post(at("amendment-approve", waiting), approval | {"effective_from": tomorrow})
    assert f"In force from {tomorrow}" in reviewer.get(at("amendment", waiting)).content.decode()
    assert version_on(trial, timezone.localdate()).number != "2.0"


def test_sent_back_it_is_a_draft_with_the_reason_on_the_page(reviewer, waiting, at):
    typed = {"reason": "no letter yet", "proposal": str(current_proposal(waiting).pk)}
    text = reviewer.post(at("amendment-reject", waiting), typed, follow=True).content.decode()
    assert amendment_state(waiting) is AmendmentState.DRAFT
    assert ": no letter yet</p>" in text


@pytest.mark.parametrize("key", ["", "0", str(2**31 - 1), "x", "9" * 30])
@pytest.mark.parametrize("name", ["approve", "reject"])
def test_decision_on_another_proposal_than_was_read_is_refused(reviewer, signer, waiting, at, approval, name, key):
    approver(signer)
    reviewer.force_login(signer)
    response = reviewer.post(at(f"amendment-{name}", waiting), approval | {"proposal": key})
    assert response.status_code == 422
    assert "Read what is proposed before you decide" in response.content.decode()
    assert amendment_state(waiting) is AmendmentState.PROPOSED


def test_approval_form_says_what_it_is_about(reviewer, waiting, at):
    text = reviewer.get(at("amendment", waiting)).content.decode()
    assert f'name="proposal" value="{current_proposal(waiting).pk}"' in text
    assert "you have reviewed revision 2 of the amendment" in text


def test_withdrawn_it_is_closed(admin_client, draft, at):
    text = admin_client.post(at("amendment-withdraw", draft), {"reason": "not needed"}, follow=True).content.decode()
    assert amendment_state(draft) is AmendmentState.WITHDRAWN
    assert "not needed" in text
    assert "Choose what is to change" not in text


@pytest.mark.parametrize("name", ["propose", "reject", "withdraw", "approve"])
def test_decision_without_a_reason_comes_back(admin_client, reviewer, waiting, at, name):
    client = reviewer if name in ("reject", "approve") else admin_client
    response = client.post(at(f"amendment-{name}", waiting), {"reason": " "})
    assert response.status_code == 422


@pytest.mark.parametrize("name", ["propose", "withdraw"])
def test_button_leads_to_the_page_when_a_login_came_in_between(admin_client, draft, at, name):
    assert admin_client.get(at(f"amendment-{name}", draft))["Location"] == at("amendment", draft)


@pytest.mark.parametrize("name", ["subjects", "review-queue"])
def test_what_waits_is_told_where_the_approver_begins(reviewer, client, waiting, name):
    words = "Amendment 1 of NCT05990231 waits for a second user"
    assert words in reviewer.get(reverse(f"screening:{name}")).content.decode()
    assert "waits for a second" not in client.get(reverse(f"screening:{name}")).content.decode()
    withdraw_amendment(waiting, waiting.created_by, "no longer needed")
    assert "waits for a second" not in reviewer.get(reverse(f"screening:{name}")).content.decode()
