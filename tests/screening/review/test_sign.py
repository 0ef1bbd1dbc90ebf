from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from criteria.vocabulary import BadDocument
from screening.audit import append_only
from screening.eligibility.assess import assess
from screening.models import Signature, SigningFailure
from screening.review.decide import close_case, send_back
from screening.review.enrol import enrol
from screening.signatures.seals import verify_signature
from screening.visits.save import open_visit
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, amended, assessed, refusal, saved_again, sign, standing

pytestmark = pytest.mark.usefixtures("in_time")


# What a signature says


def test_signature_shows_who_signed_what_as_whom_and_when(eligible, signer, settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    signature = sign(eligible, signer, PASSWORD, "eligible")
    signature.refresh_from_db()
    assert (signature.printed_name, signature.role) == ("Na Li", "principal investigator")
    assert (signature.created_by, signature.zone) == (signer, "Asia/Shanghai")
    assert signature.signed_at.endswith(" (UTC+8)")
    assert signature.meaning == ("I have reviewed this assessment and confirm that S-0001 is eligible for NCT05990231.")
    assert verify_signature(signature)


@pytest.mark.parametrize("zone", ["Nowhere/X", "", "../etc", "Asia", "a\n"])
def test_time_is_shown_in_utc_when_somebody_tampered_with_the_zone(eligible, signer, zone):
    sign(eligible, signer, PASSWORD, "eligible")
    append_only.remove(connection)
    Signature.objects.update(zone=zone)
    signature = Signature.objects.get()
    assert signature.signed_at.endswith(" (UTC)")
    assert not verify_signature(signature)


def test_user_name_is_printed_when_the_account_has_no_other(eligible, signer):
    signer.first_name = signer.last_name = ""
    assert sign(eligible, signer, PASSWORD, "eligible").printed_name == signer.username


def test_screen_failure_names_what_failed_and_the_primary_reason(failed, signer):
    signature = sign(failed, signer, PASSWORD, "failure", primary="I03")
    assert signature.meaning.endswith("is a screen failure for NCT05990231 by I03, I04; primary reason I03.")
    row = standing(failed)
    assert (row.decision, row.primary_reason, row.failed_codes) == ("failure", "I03", ["I03", "I04"])


def test_main_reason_must_be_chosen(failed, signer):
    assert refusal(sign, failed, signer, PASSWORD, "failure", primary="") == "primary"


def test_no_single_main_reason_is_a_choice(failed, signer):
    assert sign(failed, signer, PASSWORD, "failure", "none").meaning.endswith("by I03, I04; no single main reason.")
    assert standing(failed).primary_reason == ""


def test_only_failed_criterion_is_the_reason_when_it_was_signed_before_one_was_asked_for(
    trial, coordinator, signer, cases, monkeypatch
):
    monkeypatch.setattr("screening.review.decide.refuse_unchosen", lambda *said: None)
    first, second = (assessed(trial, coordinator, cases["I03-ecog-2"]["document"]) for _person in range(2))
    sign(first, signer, PASSWORD, "failure", primary="")
    sign(second, signer, PASSWORD, "failure", "none")
    assert (standing(first).primary_reason, standing(second).primary_reason) == ("I03", "")


# What is refused


@pytest.mark.parametrize("role", ["coordinator", "administrator", None])
def test_nobody_signs_but_an_investigator(eligible, role):
    other = UserFactory(role=role, is_superuser=role is None)
    other.set_password(PASSWORD)
    other.save()
    with pytest.raises(PermissionDenied):
        sign(eligible, other, PASSWORD, "eligible")
    with pytest.raises(PermissionDenied):
        close_case(eligible.revision, other, PASSWORD, "declined")
    with pytest.raises(PermissionDenied):
        send_back(eligible, other, "again")
    assert not SigningFailure.objects.exists()


def test_deactivated_investigator_cannot_sign(eligible, signer):
    signer.is_active = False
    signer.save()
    with pytest.raises(PermissionDenied):
        sign(eligible, signer, PASSWORD, "eligible")


def test_wrong_password_is_refused_and_recorded(eligible, signer):
    assert refusal(sign, eligible, signer, "wrong", "eligible") == "password"
    failure = SigningFailure.objects.get()
    assert (failure.visit, failure.cause, failure.created_by) == (eligible.revision.visit, "password", signer)


def test_undetermined_finding_is_never_signed(undetermined, signer):
    assert refusal(sign, undetermined, signer, PASSWORD, "eligible") == "undetermined"
    assert refusal(sign, undetermined, signer, PASSWORD, "failure", "none") == "undetermined"


@pytest.mark.parametrize("decision", ["failure", "not_enrolled", "", "returned"])
def test_decision_that_does_not_fit_an_eligible_finding_is_refused(eligible, signer, decision):
    assert refusal(sign, eligible, signer, PASSWORD, decision) == "unfit"


def test_decision_that_does_not_fit_a_failed_finding_is_refused(failed, signer):
    assert refusal(sign, failed, signer, PASSWORD, "eligible") == "unfit"


@pytest.mark.parametrize("primary", ["E04", "I99", "I03, I04"])
def test_primary_reason_that_did_not_fail_is_refused(failed, signer, primary):
    assert refusal(sign, failed, signer, PASSWORD, "failure", primary=primary) == "unfit"


def test_eligible_person_has_no_primary_reason(eligible, signer):
    for primary in ("I03", "none"):
        assert refusal(sign, eligible, signer, PASSWORD, "eligible", primary=primary) == "unfit"


def test_assessment_is_not_signed_when_something_was_saved_after_it(eligible, signer, coordinator):
    saved_again(eligible.revision.visit, coordinator)
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "superseded"


def test_assessment_is_not_signed_when_there_is_a_later_one(eligible, signer, coordinator):
    assess(eligible.revision, coordinator)
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "superseded"


def test_assessment_is_not_signed_when_there_is_a_later_attempt(eligible, signer, coordinator):
    open_visit(eligible.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "superseded"


def test_failure_of_an_earlier_attempt_is_signed_when_it_was_never_decided(failed, signer, coordinator, cases):
    second = open_visit(failed.revision.visit.subject, coordinator, cases["base-man"]["document"])
    eligible = assess(second.latest_revision(), coordinator)
    enrol(sign(eligible, signer, PASSWORD, "eligible"), coordinator)
    assert refusal(send_back, failed, signer, "Why?") == "superseded"
    assert refusal(close_case, failed.revision, signer, PASSWORD, "declined") == "superseded"
    signature = sign(failed, signer, PASSWORD, "failure", "I03")
    assert signature.meaning.endswith("primary reason I03. This is attempt 1; there is a later one of this subject.")
    assert verify_signature(signature)
    assert refusal(sign, failed, signer, PASSWORD, "failure") == "decided"
    assert (standing(eligible).decision, standing(eligible).enrolment_number) == ("eligible", "E-001")


def test_earlier_attempt_is_not_signed_when_something_was_saved_there_since(failed, signer, coordinator):
    open_visit(failed.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    saved_again(failed.revision.visit, coordinator)
    assert refusal(sign, failed, signer, PASSWORD, "failure") == "superseded"


def test_finding_by_a_version_no_longer_in_force_is_neither_signed_nor_sent_back(eligible, signer):
    amended()
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "superseded"
    assert refusal(send_back, eligible, signer, "why") == "superseded"
    row = standing(eligible)
    assert (row.awaiting, row.decision, row.next_step) == (False, "", "Assess")
    again = assess(eligible.revision, signer)
    assert standing(eligible).awaiting
    assert sign(again, signer, PASSWORD, "eligible")


def test_finding_is_not_signed_when_no_version_is_in_force_any_more(eligible, signer, monkeypatch):
    def none(*args):
        raise BadDocument([])

    monkeypatch.setattr("screening.visits.applicable_version.applicable_version", none)
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "superseded"


def test_assessment_is_signed_once(eligible, signer):
    sign(eligible, signer, PASSWORD, "eligible")
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "decided"


def test_assessment_that_does_not_fit_its_fingerprint_is_not_signed(failed, signer):
    append_only.remove(connection)
    failed.verdicts.filter(code="I03").update(outcome="pass")
    assert refusal(sign, failed, signer, PASSWORD, "failure", "none") == "broken"


@pytest.fixture
def failing_woman(trial, coordinator, cases):
    """Her findings hold until 2026-03-17, as those of the eligible one."""
    return assessed(
        trial, coordinator, cases["base-woman"]["document"] | {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    )


def test_expired_findings_are_said_before_signing(failing_woman, signer, on):
    on(date(2026, 3, 18))
    assert refusal(sign, failing_woman, signer, PASSWORD, "failure", "I03") == "expired"
    signature = sign(failing_woman, signer, PASSWORD, "failure", "I03", expired_seen=True)
    assert signature.meaning.endswith("I know that the status was valid until 2026-03-17 only.")


def test_findings_hold_on_their_last_day(failing_woman, signer, on):
    on(date(2026, 3, 17))
    assert "held until" not in sign(failing_woman, signer, PASSWORD, "failure", "I03", expired_seen=True).meaning
