"""Cases closed for another reason than the findings, and assessments sent back."""

import pytest
from django.core.exceptions import PermissionDenied

from criteria.vocabulary import BadDocument
from screening.eligibility.assess import assess
from screening.models import Closure, SendBack
from screening.review.decide import close_case, send_back
from screening.signatures.seals import verify_signature
from screening.visits.save import save_section
from tests.support.reviewed import PASSWORD, refusal, saved_again, sign, standing

pytestmark = pytest.mark.usefixtures("in_time")


# Closed for another reason


def test_case_is_closed_while_nothing_is_determined(undetermined, signer):
    closure = close_case(undetermined.revision, signer, PASSWORD, "declined", "Moves away.")
    assert closure.meaning == "I have decided that S-0001 is not enrolled in NCT05990231: declined."
    assert verify_signature(closure)
    row = standing(undetermined)
    assert (row.decision, row.primary_reason, row.closure, row.awaiting) == ("not_enrolled", "declined", closure, False)
    assert row.next_step == "Nothing: not enrolled (declined)"


def test_case_of_somebody_confirmed_eligible_may_still_be_closed(eligible, signer):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    close_case(eligible.revision, signer, PASSWORD, "died")
    row = standing(eligible)
    assert (row.decision, row.signature, row.voided) == ("not_enrolled", signature, False)


def test_closed_case_and_confirmed_failure_stay_decided(eligible, failed, signer):
    close_case(eligible.revision, signer, PASSWORD, "lost")
    assert refusal(close_case, eligible.revision, signer, PASSWORD, "died") == "closed"
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "closed"
    sign(failed, signer, PASSWORD, "failure", "none")
    assert refusal(close_case, failed.revision, signer, PASSWORD, "declined") == "decided"


def test_case_may_be_closed_when_the_confirmed_failure_is_void(failed, signer, coordinator, monkeypatch):
    sign(failed, signer, PASSWORD, "failure", "none")
    monkeypatch.setattr("screening.eligibility.assess.ENGINE_VERSION", "9.9")
    assess(failed.revision, coordinator)
    assert close_case(failed.revision, signer, PASSWORD, "declined")


def test_who_may_not_sign_is_told_so_whatever_the_words_are(eligible, coordinator):
    with pytest.raises(PermissionDenied):
        close_case(eligible.revision, coordinator, PASSWORD, "bored")


def test_closing_signs_the_latest_revision_only(eligible, signer, coordinator):
    first = eligible.revision
    latest = saved_again(first.visit, coordinator)
    assert refusal(close_case, first, signer, PASSWORD, "declined") == "superseded"
    assert close_case(latest, signer, PASSWORD, "declined").revision == latest


def test_closing_asks_for_the_password_too(eligible, signer):
    assert refusal(close_case, eligible.revision, signer, "wrong", "declined") == "password"


@pytest.mark.parametrize(("reason", "comment"), [("", ""), ("bored", ""), ("other", " "), ("died", "a\0b")])
def test_closing_without_a_proper_reason_is_refused(eligible, signer, reason, comment):
    with pytest.raises(BadDocument):
        close_case(eligible.revision, signer, PASSWORD, reason, comment)
    assert not Closure.objects.exists()


# Sent back


def test_assessment_goes_back_with_a_comment(eligible, signer, coordinator):
    send_back(eligible, signer, " The source of the ECG is missing. ")
    assert SendBack.objects.get().comment == "The source of the ECG is missing."
    row = standing(eligible)
    assert (row.decision, row.awaiting, row.next_step) == ("returned", False, "Sent back by the investigator")
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "decided"
    assert refusal(send_back, eligible, signer, "once more") == "decided"


def test_assessment_waits_again_when_assessed_after_it_was_sent_back(eligible, signer, coordinator):
    send_back(eligible, signer, "Look at the ECG once more.")
    again = assess(eligible.revision, coordinator)
    row = standing(eligible)
    assert (row.decision, row.awaiting, row.next_step) == ("", True, "Ready for the investigator")
    assert sign(again, signer, PASSWORD, "eligible")


def test_sending_back_needs_words(eligible, signer):
    with pytest.raises(BadDocument):
        send_back(eligible, signer, "  ")


def test_old_assessment_is_not_sent_back(eligible, signer, coordinator):
    save_section(eligible.revision.visit, "performance", {}, 1, coordinator, reason="wrong person")
    assert refusal(send_back, eligible, signer, "why") == "superseded"
