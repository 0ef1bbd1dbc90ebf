"""A closed case stays closed until it is reopened; a signature given by mistake is withdrawn by its signer."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.amendments.transition import reassess, valid_signature
from screening.audit import append_only
from screening.eligibility.assess import assess
from screening.models import ClosureReason, Question, Reopening, SignatureWithdrawal, SigningFailure, SubjectStatus
from screening.review.decide import close_case, send_back
from screening.review.enrol import enrol
from screening.review.entered_in_error import mark_visit
from screening.review.questions import answer_question, ask_question
from screening.review.queue import awaiting_statuses
from screening.review.undo import reopen_case, withdraw_signature
from screening.signatures.seals import seal_fits
from screening.visits.closure import closure_of
from screening.visits.save import open_visit
from screening.worklist.status import refresh_status
from tests.screening.audit.told import only
from tests.support.answered import answered
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, refusal, saved_again, sign, standing

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def other_signer(db):
    user = UserFactory(role="investigator")
    user.set_password(PASSWORD)
    user.save()
    return user


# Closed


@pytest.mark.parametrize("reason", ClosureReason.values)
def test_closed_case_stays_closed_whatever_comes_later(eligible, signer, coordinator, reason):
    visit = eligible.revision.visit
    question = ask_question(visit, signer, "Which ECG?")
    closure = close_case(eligible.revision, signer, PASSWORD, reason, "as told")
    label = closure.get_reason_display()
    assert standing(eligible).next_step == f"Nothing: not enrolled ({label})"
    answer_question(question, coordinator, "That of 2026-03-08.")
    assess(eligible.revision, coordinator)
    again = assess(saved_again(visit, coordinator), coordinator)
    assert refusal(sign, again, signer, PASSWORD, "eligible") == "closed"
    assert refusal(send_back, again, signer, "why") == "closed"
    assert refusal(close_case, again.revision, signer, PASSWORD, "other", "why") == "closed"
    row = standing(eligible)
    assert (row.decision, row.closure, row.primary_reason) == ("not_enrolled", closure, reason)
    assert (row.awaiting, row.voided, row.assessment) == (False, False, again)
    assert row.next_step == f"Nothing: not enrolled ({label}); corrected since, stays closed"


def test_nobody_is_enrolled_or_screened_again_while_the_case_is_closed(eligible, signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    visit = eligible.revision.visit
    close_case(eligible.revision, signer, PASSWORD, "declined")
    for act in (
        lambda: enrol(signature, coordinator),
        lambda: reassess(eligible.revision, coordinator),
        lambda: open_visit(visit.subject, coordinator, {"visit": {"date": "2026-03-12"}}),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "closed"
        assert "until an investigator reopens it" in refused.value.message
    assert visit.subject.visits.count() == 1


def test_attempt_entered_in_error_neither_opens_a_closed_case_nor_keeps_it_closed(eligible, signer, coordinator):
    visit, later = eligible.revision.visit, {"visit": {"date": "2026-03-12"}}
    mark_visit(open_visit(visit.subject, coordinator, later), coordinator, "opened twice")
    close_case(eligible.revision, signer, PASSWORD, "died")
    with pytest.raises(Refused) as refused:
        open_visit(visit.subject, coordinator, later)
    assert refused.value.code == "closed"
    reopen_case(visit, signer, PASSWORD, "It was another person who died.")
    assert open_visit(visit.subject, coordinator, later).number == 3


def test_reopened_case_is_decided_anew_and_may_be_closed_once_more(eligible, signer, other_signer, coordinator):
    visit = eligible.revision.visit
    closure = close_case(eligible.revision, signer, PASSWORD, "lost")
    reopening = reopen_case(visit, other_signer, PASSWORD, " She came back. ")
    assert (reopening.closure, reopening.reason, reopening.created_by) == (closure, "She came back.", other_signer)
    assert reopening.meaning.startswith("I reopen the case of S-0001 in NCT05990231, closed ")
    assert (closure_of(visit), seal_fits(reopening)) == (None, True)
    row = standing(eligible)
    assert (row.closure, row.decision, row.awaiting, row.voided) == (None, "", True, True)
    assert row.next_step == "Ready for the investigator"
    assert only("case reopened").reason == "She came back."
    again = close_case(eligible.revision, signer, PASSWORD, "declined")
    assert (standing(eligible).closure, closure_of(visit)) == (again, again)


def test_case_is_reopened_once_and_only_while_it_is_closed(eligible, signer):
    visit = eligible.revision.visit
    assert refusal(reopen_case, visit, signer, PASSWORD, "why") == "open"
    close_case(eligible.revision, signer, PASSWORD, "lost")
    reopen_case(visit, signer, PASSWORD, "came back")
    assert refusal(reopen_case, visit, signer, PASSWORD, "came back") == "open"
    assert Reopening.objects.count() == 1


def test_reopening_is_signed_by_an_investigator_with_a_reason(eligible, signer, coordinator):
    visit = eligible.revision.visit
    close_case(eligible.revision, signer, PASSWORD, "lost")
    with pytest.raises(PermissionDenied):
        reopen_case(visit, coordinator, PASSWORD, "came back")
    for reason in (" ", "a\0b"):
        with pytest.raises(BadDocument) as bad:
            reopen_case(visit, signer, PASSWORD, reason)
        assert [fault.path for fault in bad.value.faults] == ["reason"]
    assert refusal(reopen_case, visit, signer, "wrong", "came back") == "password"
    assert SigningFailure.objects.count() == 1
    assert not Reopening.objects.exists()
    assert standing(eligible).decision == "not_enrolled"


# Withdrawn


def test_withdrawn_signature_counts_for_nothing_and_stays(eligible, signer):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    withdrawal = withdraw_signature(signature, signer, PASSWORD, " Another person's sheet. ")
    assert (withdrawal.reason, withdrawal.printed_name, withdrawal.role) == (
        "Another person's sheet.",
        "Na Li",
        "principal investigator",
    )
    what = "(S-0001, NCT05990231: confirmed eligible), given by mistake: it is no longer valid."
    assert withdrawal.meaning == f"I withdraw my signature of {signature.signed_at} {what}"
    assert seal_fits(withdrawal)
    row = standing(eligible)
    assert (row.signature, row.decision, row.awaiting, row.voided) == (None, "", True, True)
    assert row.next_step == "Signature withdrawn. Ready for the investigator"
    assert [waiting.assessment for waiting in awaiting_statuses()] == [eligible]
    entry = only("signature withdrawn")
    assert (entry.words, entry.reason, entry.person) == (withdrawal.meaning, "Another person's sheet.", signer)
    columns = [field.attname for field in SubjectStatus._meta.concrete_fields if not field.primary_key]
    before = SubjectStatus.objects.values(*columns).get()
    SubjectStatus.objects.all().delete()
    refresh_status(eligible.revision.visit.subject)
    assert SubjectStatus.objects.values(*columns).get() == before


def test_same_finding_is_signed_anew_after_a_withdrawal(failed, signer):
    withdraw_signature(sign(failed, signer, PASSWORD, "failure", "I03"), signer, PASSWORD, "the other one")
    second = sign(failed, signer, PASSWORD, "failure", "I04")
    row = standing(failed)
    assert (row.signature, row.primary_reason, row.voided) == (second, "I04", False)


def test_withdrawn_signature_is_assessed_anew_as_one_that_was_never_given(eligible, signer, coordinator):
    withdraw_signature(sign(eligible, signer, PASSWORD, "eligible"), signer, PASSWORD, "the wrong sheet")
    assert assess(eligible.revision, coordinator) != eligible
    assert standing(eligible).awaiting


def test_signature_given_anew_becomes_void_only_knowingly(eligible, signer, coordinator):
    withdraw_signature(sign(eligible, signer, PASSWORD, "eligible"), signer, PASSWORD, "the wrong sheet")
    signature = sign(eligible, signer, PASSWORD, "eligible")
    assert valid_signature(eligible.revision) == signature


def test_case_is_closed_after_a_failure_was_withdrawn(failed, signer):
    withdraw_signature(sign(failed, signer, PASSWORD, "failure", "I03"), signer, PASSWORD, "she declined before")
    assert close_case(failed.revision, signer, PASSWORD, "declined")


def test_nobody_is_enrolled_by_a_withdrawn_signature(eligible, signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    withdraw_signature(signature, signer, PASSWORD, "too early")
    with pytest.raises(Refused) as refused:
        enrol(signature, coordinator)
    assert refused.value.code == "withdrawn"


def test_nobody_withdraws_but_the_signer(eligible, signer, other_signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    assert refusal(withdraw_signature, signature, other_signer, PASSWORD, "why") == "signer"
    with pytest.raises(PermissionDenied):
        withdraw_signature(signature, coordinator, PASSWORD, "why")
    assert not SignatureWithdrawal.objects.exists()


def test_withdrawal_needs_password_and_reason(eligible, signer):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    assert refusal(withdraw_signature, signature, signer, "wrong", "why") == "password"
    for reason in ("", "a\0b"):
        with pytest.raises(BadDocument) as bad:
            withdraw_signature(signature, signer, PASSWORD, reason)
        assert [fault.path for fault in bad.value.faults] == ["reason"]
    assert standing(eligible).decision == "eligible"


def test_signature_is_withdrawn_once_before_enrolment_and_while_it_counts(eligible, failed, signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    enrol(signature, coordinator)
    assert refusal(withdraw_signature, signature, signer, PASSWORD, "why") == "enrolled"
    withdrawn = sign(failed, signer, PASSWORD, "failure", "I03")
    withdraw_signature(withdrawn, signer, PASSWORD, "why")
    assert refusal(withdraw_signature, withdrawn, signer, PASSWORD, "why") == "withdrawn"
    void = sign(failed, signer, PASSWORD, "failure", "I03")
    saved_again(failed.revision.visit, coordinator)
    assert refusal(withdraw_signature, void, signer, PASSWORD, "why") == "void"
    assert SignatureWithdrawal.objects.count() == 1


@pytest.mark.parametrize("change", [{"reason": "none"}, {"meaning": "Nothing."}, {"printed_name": "Somebody Else"}])
def test_seal_of_a_withdrawal_and_of_a_reopening_fails_when_anything_is_changed(eligible, failed, signer, change):
    withdraw_signature(sign(eligible, signer, PASSWORD, "eligible"), signer, PASSWORD, "why")
    close_case(failed.revision, signer, PASSWORD, "lost")
    reopen_case(failed.revision.visit, signer, PASSWORD, "why")
    append_only.remove(connection)
    for model in (SignatureWithdrawal, Reopening):
        assert seal_fits(model.objects.get())
        model.objects.update(**change)
        assert not seal_fits(model.objects.get())


# Sent back, and answered


def test_answer_brings_what_was_sent_back_into_the_queue_again(eligible, signer, coordinator):
    visit = eligible.revision.visit
    first, second = (ask_question(visit, signer, text) for text in ("Which ECG?", "Which scan?"))
    send_back(eligible, signer, "Please answer.")
    answer_question(first, coordinator, "That of 2026-03-08.")
    assert (standing(eligible).decision, standing(eligible).awaiting) == ("returned", False)
    given = answer_question(second, coordinator, "That of March.")
    row = standing(eligible)
    assert (row.decision, row.awaiting, row.assessment, row.answered_at) == ("", True, eligible, given.created_at)
    assert row.next_step == "Ready for the investigator"
    assert send_back(eligible, signer, "Once more.")
    assert (standing(eligible).decision, standing(eligible).awaiting) == ("returned", False)
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "decided"
    answer_question(second, coordinator, "Here it is.")
    assert sign(eligible, signer, PASSWORD, "eligible")


def test_answer_before_it_was_sent_back_brings_nothing_back(eligible, signer, coordinator):
    answer_question(ask_question(eligible.revision.visit, signer, "Which ECG?"), coordinator, "That of 2026-03-08.")
    send_back(eligible, signer, "Not that one.")
    assert (standing(eligible).decision, standing(eligible).awaiting) == ("returned", False)


def test_answer_brings_nothing_back_where_a_value_changed_before_it_is_assessed(eligible, signer, coordinator):
    question = ask_question(eligible.revision.visit, signer, "Which ECG?")
    send_back(eligible, signer, "Please answer.")
    revision = saved_again(eligible.revision.visit, coordinator)
    answer_question(question, coordinator, "Another one.")
    assert not standing(eligible).awaiting
    assess(revision, coordinator)
    row = standing(eligible)
    assert (row.awaiting, row.answered_at) == (True, Question.objects.get().answers.get().created_at)


def test_signature_of_an_earlier_attempt_is_not_withdrawn_once_the_later_one_is_enrolled(eligible, signer, coordinator):
    first, visit = sign(eligible, signer, PASSWORD, "eligible"), eligible.revision.visit
    second = answered(open_visit, visit.subject, coordinator, eligible.revision.document)
    enrol(sign(assess(second.latest_revision(), coordinator), signer, PASSWORD, "eligible"), coordinator)
    assert refusal(withdraw_signature, first, signer, PASSWORD, "why") == "enrolled"
