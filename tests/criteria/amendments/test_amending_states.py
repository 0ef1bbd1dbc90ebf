"""An amendment is proposed once it was looked at, and from then on nobody changes it."""

import pytest
from django.utils import timezone

from criteria.amendments.actions import propose, put_file, reject, see_boundaries, set_plan, set_words, withdraw
from criteria.amendments.state import AmendmentState, standing_proposal, state_of
from criteria.definition.writer import definition_text
from criteria.models import Amendment
from criteria.records.refusal import Refused
from tests.support.amended import REASON, WORDS, looked_at
from tests.support.factories import UserFactory


def test_proposing_needs_the_boundary_cases_of_this_very_revision_seen_by_the_proposer(draft, change, administrator):
    see_boundaries(draft.latest_revision(), administrator)
    revision = change("min_anc", "1000")
    other = UserFactory(role="administrator")
    see_boundaries(revision, other)
    with pytest.raises(Refused, match="boundary cases"):
        propose(draft, administrator, "ready")
    see_boundaries(revision, administrator)
    propose(draft, administrator, "ready")
    assert state_of(draft) is AmendmentState.PROPOSED


def test_draft_that_changes_nothing_is_not_proposed(draft, administrator):
    see_boundaries(draft.latest_revision(), administrator)
    with pytest.raises(Refused, match="changes nothing"):
        propose(draft, administrator, "ready")


def test_boundary_cases_of_an_older_revision_do_not_count(draft, change, administrator):
    old = draft.latest_revision()
    change("min_anc", "1000")
    with pytest.raises(Refused, match="changed meanwhile"):
        see_boundaries(old, administrator)


def test_only_a_draft_changes(draft, change, administrator):
    change("min_anc", "1000")
    propose(looked_at(draft, administrator), administrator, "ready")
    for verb in (
        lambda: change("max_ecog", "2"),
        lambda: set_words(draft, administrator, "I03", WORDS, REASON, seen=2),
        lambda: set_plan(draft, administrator, "2.1", timezone.localdate(), "", REASON, seen=2),
        lambda: put_file(draft, administrator, definition_text(draft.latest_revision().definition), REASON, seen=2),
        lambda: propose(draft, administrator, "again"),
    ):
        with pytest.raises(Refused, match="Only a draft"):
            verb()


def test_rejected_proposal_is_a_draft_again(draft, change, administrator, investigator):
    change("min_anc", "1000")
    propose(looked_at(draft, administrator), administrator, "ready")
    proposal = standing_proposal(draft)
    reject(proposal, investigator, "the committee has not met")
    assert state_of(draft) is AmendmentState.DRAFT
    change("max_ecog", "2")
    with pytest.raises(Refused, match="not proposed"):
        reject(proposal, investigator, "once more")


def test_withdrawn_amendment_stays_on_record_and_is_closed(draft, change, administrator):
    withdraw(draft, administrator, "no longer wanted")
    assert state_of(draft) is AmendmentState.WITHDRAWN
    assert Amendment.objects.get().withdrawal.reason == "no longer wanted"
    with pytest.raises(Refused, match="Only a draft"):
        change("min_anc", "1000")
    with pytest.raises(Refused, match="closed already"):
        withdraw(draft, administrator, "again")
