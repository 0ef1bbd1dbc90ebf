"""An amendment is proposed once it was looked at, and from then on nobody changes it."""

import pytest
from django.utils import timezone

from criteria.amendments.actions import (
    propose_revision,
    reject_proposal,
    replace_definition,
    save_boundary_review,
    set_criterion_texts,
    set_plan,
    withdraw_amendment,
)
from criteria.amendments.state import AmendmentState, amendment_state, current_proposal
from criteria.definition.writer import definition_text
from criteria.models import Amendment
from criteria.records.refusal import Refused
from tests.support.amended import REASON, WORDS, looked_at
from tests.support.factories import UserFactory


def test_proposing_needs_the_boundary_cases_of_this_very_revision_seen_by_the_proposer(draft, change, administrator):
    save_boundary_review(draft.latest_revision(), administrator)
    revision = change("min_anc", "1000")
    other = UserFactory(role="administrator")
    save_boundary_review(revision, other)
    with pytest.raises(Refused, match="boundary cases"):
        propose_revision(draft, administrator, "ready")
    save_boundary_review(revision, administrator)
    propose_revision(draft, administrator, "ready")
    assert amendment_state(draft) is AmendmentState.PROPOSED


def test_draft_that_changes_nothing_is_not_proposed(draft, administrator):
    save_boundary_review(draft.latest_revision(), administrator)
    with pytest.raises(Refused, match="changes nothing"):
        propose_revision(draft, administrator, "ready")


def test_boundary_cases_of_an_older_revision_do_not_count(draft, change, administrator):
    old = draft.latest_revision()
    change("min_anc", "1000")
    with pytest.raises(Refused, match="changed meanwhile"):
        save_boundary_review(old, administrator)


def test_only_a_draft_changes(draft, change, administrator):
    change("min_anc", "1000")
    propose_revision(looked_at(draft, administrator), administrator, "ready")
    for verb in (
        lambda: change("max_ecog", "2"),
        lambda: set_criterion_texts(draft, administrator, "I03", WORDS, REASON, seen=2),
        lambda: set_plan(draft, administrator, "2.1", timezone.localdate(), "", REASON, seen=2),
        lambda: replace_definition(
            draft, administrator, definition_text(draft.latest_revision().definition), REASON, seen=2
        ),
        lambda: propose_revision(draft, administrator, "again"),
    ):
        with pytest.raises(Refused, match="Only a draft"):
            verb()


def test_rejected_proposal_is_a_draft_again(draft, change, administrator, investigator):
    change("min_anc", "1000")
    propose_revision(looked_at(draft, administrator), administrator, "ready")
    proposal = current_proposal(draft)
    reject_proposal(proposal, investigator, "the committee has not met")
    assert amendment_state(draft) is AmendmentState.DRAFT
    change("max_ecog", "2")
    with pytest.raises(Refused, match="not proposed"):
        reject_proposal(proposal, investigator, "once more")


def test_withdrawn_amendment_stays_on_record_and_is_closed(draft, change, administrator):
    withdraw_amendment(draft, administrator, "no longer wanted")
    assert amendment_state(draft) is AmendmentState.WITHDRAWN
    assert Amendment.objects.get().withdrawal.reason == "no longer wanted"
    with pytest.raises(Refused, match="Only a draft"):
        change("min_anc", "1000")
    with pytest.raises(Refused, match="closed already"):
        withdraw_amendment(draft, administrator, "again")
