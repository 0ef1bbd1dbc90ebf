"""What becomes of a signature when something newer stands."""

import pytest

from criteria.records.refusal import Refused
from screening.eligibility.assess import assess
from screening.review.decide import send_back
from screening.review.enrol import enrol
from screening.signatures.seals import is_void, verify_signature
from screening.visits.save import open_visit, save_section
from tests.support.reviewed import PASSWORD, amended, assessed, saved_again, sign, standing

pytestmark = pytest.mark.usefixtures("in_time")


def test_signature_is_void_and_readable_when_something_is_saved_after_it(eligible, signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    assert not is_void(signature)
    saved_again(eligible.revision.visit, coordinator)
    assert is_void(signature)
    assert verify_signature(signature)  # what was signed is as it was
    row = standing(eligible)
    assert (row.signature, row.voided, row.decision, row.awaiting) == (None, True, "", False)
    assert row.next_step == "Signature no longer valid: assess again"


def test_person_is_signed_anew_when_assessed_after_a_change(eligible, signer, coordinator):
    sign(eligible, signer, PASSWORD, "eligible")
    again = assess(saved_again(eligible.revision.visit, coordinator), coordinator)
    assert standing(eligible).awaiting
    second = sign(again, signer, PASSWORD, "eligible")
    row = standing(eligible)
    assert (row.signature, row.voided, row.decision) == (second, False, "eligible")


def test_assessing_a_signed_finding_again_finds_the_signed_assessment(eligible, signer, coordinator):
    """Otherwise one more click would put a signed person back into the queue."""
    signature = sign(eligible, signer, PASSWORD, "eligible")
    assert assess(eligible.revision, coordinator) == eligible
    assert not is_void(signature)


def test_assessment_by_a_later_engine_voids_the_signature(eligible, signer, coordinator, monkeypatch):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    monkeypatch.setattr("screening.eligibility.assess.ENGINE_VERSION", "9.9")
    again = assess(eligible.revision, coordinator)
    assert is_void(signature)
    row = standing(eligible)
    assert (row.assessment, row.voided, row.awaiting, row.next_step) == (
        again,
        True,
        True,
        "Confirmed before, signature no longer valid. Ready for the investigator",
    )


def test_old_attempt_keeps_its_signature_when_there_is_a_new_one(failed, signer, coordinator):
    signature = sign(failed, signer, PASSWORD, "failure", "none")
    open_visit(failed.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    assert not is_void(signature)
    row = standing(failed)
    assert (row.attempts, row.decision, row.voided, row.found, row.failed) == (2, "", False, "", "")


def test_signature_stays_a_valid_record_when_another_version_applies_by_now(eligible, signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    amended()
    assert not is_void(signature)
    assert verify_signature(signature)
    row = standing(eligible)
    assert (row.signature, row.decision, row.next_step) == (signature, "eligible", "Assess")
    again = assess(eligible.revision, coordinator)
    assert again != eligible
    row = standing(eligible)
    assert (row.assessment, row.awaiting, row.voided) == (again, True, True)


def test_confirmed_failure_is_done_with_when_another_version_applies_by_now(failed, signer):
    sign(failed, signer, PASSWORD, "failure", "none")
    amended()
    assert standing(failed).next_step == "Nothing: confirmed screen failure"


def test_nothing_is_void_in_the_log_when_something_newer_was_decided(eligible, signer, coordinator):
    sign(eligible, signer, PASSWORD, "eligible")
    again = assess(saved_again(eligible.revision.visit, coordinator), coordinator)
    assert standing(eligible).voided
    send_back(again, signer, "Look at the ECG once more.")
    row = standing(eligible)
    assert (row.decision, row.voided) == ("returned", False)


def test_enrolled_person_who_fails_later_is_a_deviation_to_report(eligible, signer, coordinator):
    enrol(sign(eligible, signer, PASSWORD, "eligible"), coordinator)
    visit = eligible.revision.visit
    part = {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    revision = save_section(visit, "performance", part, 1, coordinator, reason="read wrongly")
    with pytest.raises(Refused) as refused:
        sign(assess(revision, coordinator), signer, PASSWORD, "failure", "none")
    assert refused.value.code == "enrolled"
    row = standing(eligible)
    assert (row.decision, row.enrolment_number, row.awaiting) == ("", "E-001", True)
    assert row.next_step == "Enrolled: E-001; status ineligible since: report the deviation"


def test_enrolled_person_whose_visit_changed_is_still_enrolled(eligible, signer, coordinator):
    enrol(sign(eligible, signer, PASSWORD, "eligible"), coordinator)
    assert standing(eligible).next_step == "Enrolled: E-001"
    saved_again(eligible.revision.visit, coordinator)
    assert standing(eligible).next_step == "Enrolled: E-001; changed since: assess and sign again"


def test_void_failure_asks_for_a_new_assessment(trial, coordinator, signer, cases):
    failed = assessed(trial, coordinator, cases["E04-anti_ctla4"]["document"])
    assert (
        standing(failed).next_step
        == "Cannot become eligible by waiting (E04). Check the entries, then confirm the screen failure"
    )
    sign(failed, signer, PASSWORD, "failure", "none")
    revision = saved_again(failed.revision.visit, coordinator)
    assert standing(failed).next_step == "Signature no longer valid: assess again"
    assess(revision, coordinator)
    words = "Confirmed before, signature no longer valid. Cannot become eligible by waiting (E04). Check the entries"
    assert standing(failed).awaiting
    assert standing(failed).next_step == f"{words}, then confirm the screen failure"
