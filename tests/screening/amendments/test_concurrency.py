"""Amendments, approvals and re-assessments by several people at once, each with a connection of their own."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from django.utils import timezone

from criteria.amendments.actions import begin_amendment, reject_proposal, set_parameter, withdraw_amendment
from criteria.amendments.state import amendment_state, current_proposal
from criteria.models import Amendment, Approval, Proposal, ProtocolVersion, Rejection, Withdrawal
from criteria.records.refusal import Refused
from screening.amendments import approve as approving
from screening.amendments.approve import approve, propose
from screening.amendments.transition import reassess
from screening.models import Assessment, Enrolment, VersionTransition
from screening.review import enrol as enrolling
from screening.review.enrol import enrol
from screening.signatures.seals import is_void
from screening.simulations import has_complete_dry_run
from screening.visits.applicable_version import applicable_version
from tests.screening.visits.test_concurrency import HELD, PEOPLE, at_once, codes
from tests.support.amended import ETHICS, PASSWORD, REASON, approver, drafted, looked_at, proposed, with_value
from tests.support.reviewed import PASSWORD as SIGNING, assessed, later_version, saved_again, sign, standing

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 3, 9)  # of the visits of the cases, and after the ethics committee's approval


@pytest.fixture
def approval(investigator) -> Callable[[Proposal], ProtocolVersion]:
    approver(investigator)
    return lambda proposal: approve(proposal, investigator, PASSWORD, "read and agreed", ETHICS, timezone.localdate())


def each(*acts: Callable[[], Any]) -> list[Any]:
    """What became of some acts at the same moment, in their order."""
    return at_once(lambda person: acts[person]() if person < len(acts) else None)[: len(acts)]


def test_one_amendment_is_begun_when_several_begin_one(trial, administrator):
    results = at_once(lambda person: begin_amendment(trial, administrator, "2.0", timezone.localdate(), "", REASON))
    assert codes(results) == ["Amendment"] + ["open"] * (PEOPLE - 1)
    assert Amendment.objects.count() == 1


def test_one_value_is_set_when_several_set_the_same_parameter(trial, administrator):
    """Each of them looked at the same revision: whoever comes second has not seen the first one's value."""
    amendment = drafted(trial, administrator)
    seen, title = amendment.latest_revision().number, "Neutrophils, at least"

    def act(person: int) -> Any:
        return set_parameter(amendment, administrator, "min_anc", Decimal(1000 + person), title, REASON, seen)

    results = at_once(act)
    assert codes(results) == ["AmendmentRevision"] + ["stale"] * (PEOPLE - 1)
    (revision,) = (result for result in results if not isinstance(result, Refused))
    assert amendment.latest_revision() == revision


def test_what_is_proposed_is_what_was_looked_at_when_the_draft_is_changed_at_once(trial, administrator, monkeypatch):
    """Whoever changes the draft while it is being proposed waits, and then may not."""
    amendment = looked_at(with_value(drafted(trial, administrator), administrator), administrator)
    asked = Event()

    def slowly(revision: Any) -> bool:
        found = has_complete_dry_run(revision)
        asked.set()
        Event().wait(HELD)
        return found

    def change() -> Any:
        asked.wait(timeout=10)
        return with_value(amendment, administrator, value="300")

    monkeypatch.setattr(approving, "has_complete_dry_run", slowly)
    results = each(lambda: propose(amendment, administrator, "decided"), change)
    assert codes(results) == ["Proposal", "closed"]
    proposal = current_proposal(amendment)
    assert proposal.revision == amendment.latest_revision()
    assert has_complete_dry_run(proposal.revision)


def test_one_version_is_published_when_several_approve(trial, administrator, approval):
    proposal = current_proposal(proposed(trial, administrator))
    results = at_once(lambda person: approval(proposal))
    assert codes(results) == ["ProtocolVersion"] + ["closed"] * (PEOPLE - 1)
    assert (ProtocolVersion.objects.count(), Approval.objects.count()) == (2, 1)


def test_proposal_has_one_end_when_it_is_approved_rejected_and_withdrawn_at_once(
    trial, administrator, investigator, approval
):
    amendment = proposed(trial, administrator)
    proposal = current_proposal(amendment)
    each(
        lambda: approval(proposal),
        lambda: reject_proposal(proposal, investigator, "not yet"),
        lambda: withdraw_amendment(amendment, administrator, "given up"),
    )
    approvals, rejections = Approval.objects.count(), Rejection.objects.count()
    withdrawals = Withdrawal.objects.count()
    # A draft that was rejected may be withdrawn then; nothing else goes together.
    assert (approvals, rejections, withdrawals) in {(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 1)}
    assert amendment_state(amendment) == ("approved" if approvals else "withdrawn" if withdrawals else "draft")
    assert ProtocolVersion.objects.count() == 1 + approvals


@pytest.fixture
def later(trial, on):
    on(date(2026, 3, 16))
    return later_version("2026-03-12")


def test_visit_is_re_assessed_once_when_several_do_it(trial, later, coordinator, cases):
    assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    results = at_once(lambda person: reassess(assessment.revision, coordinator))
    assert codes(results) == ["Assessment"] + ["current"] * (PEOPLE - 1)
    assert (VersionTransition.objects.count(), Assessment.objects.count()) == (1, 2)
    assert (standing(assessment).version, standing(assessment).found) == (later, "eligible")


def test_standing_is_under_the_version_that_applies_when_saved_and_re_assessed_at_once(
    trial, later, coordinator, cases
):
    assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    visit = assessment.revision.visit
    results = each(lambda: reassess(assessment.revision, coordinator), lambda: saved_again(visit, coordinator))
    latest = visit.latest_revision()
    assert codes(results) in (["Assessment", "Revision"], ["Revision", "Superseded"])
    assert standing(assessment).revision == latest
    assert standing(assessment).version == applicable_version(visit, latest.document)


def test_no_signature_on_what_was_re_assessed_meanwhile(trial, later, coordinator, signer, cases):
    """One of the two is refused: what was signed is never made void by somebody who saw no signature."""
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    results = each(
        lambda: reassess(assessment.revision, coordinator),
        lambda: sign(assessment, signer, SIGNING, "eligible"),
    )
    assert codes(results) in (["Assessment", "superseded"], ["Signature", "signed"])


def test_nobody_is_enrolled_by_a_signature_that_becomes_void_at_once(trial, later, coordinator, signer, cases):
    signature = sign(assessed(trial, coordinator, cases["base-man"]["document"]), signer, SIGNING, "eligible")
    results = each(
        lambda: reassess(signature.assessment.revision, coordinator, void_seen=True),
        lambda: enrol(signature, coordinator),
    )
    assert codes(results) in (["Assessment", "void"], ["Enrolment", "decided"])
    assert is_void(signature) is not Enrolment.objects.exists()


@pytest.mark.parametrize("first", ["enrol", "approve"])
def test_one_waits_for_the_other_when_a_version_is_approved_and_somebody_enrolled(
    trial, administrator, coordinator, signer, cases, approval, on, monkeypatch, first
):
    """The version touches the very person: each needs the trial and the person, and takes them in the same order."""
    on(DAY)
    signature = sign(assessed(trial, coordinator, cases["base-man"]["document"]), signer, SIGNING, "eligible")
    proposal = current_proposal(proposed(trial, administrator))
    module, name = (enrolling, "enrolment_places") if first == "enrol" else (approving, "publish_proposal")
    verbs = {"enrol": lambda: enrol(signature, coordinator), "approve": lambda: approval(proposal)}
    real, begun = getattr(module, name), Event()

    def slowly(*args: Any) -> Any:
        found = real(*args)
        begun.set()
        Event().wait(HELD)
        return found

    def second() -> Any:
        begun.wait(timeout=10)
        return verbs["approve" if first == "enrol" else "enrol"]()

    monkeypatch.setattr(module, name, slowly)
    expected = ["Enrolment", "ProtocolVersion"] if first == "enrol" else ["ProtocolVersion", "superseded"]
    assert codes(each(verbs[first], second)) == expected
    assert ProtocolVersion.objects.count() == 2
    assert standing(signature.assessment).enrolment_number == ("E-001" if first == "enrol" else "")
