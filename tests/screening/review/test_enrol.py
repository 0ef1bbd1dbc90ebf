from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.models import Trial
from criteria.records.refusal import Refused
from screening.audit import append_only
from screening.eligibility.assess import assess
from screening.models import Enrolment, Signature, SubjectStatus
from screening.review.decide import close_case
from screening.review.enrol import enrol, enrolment_places
from screening.signatures.seals import compute_seal, verify_signature
from screening.visits.save import open_visit
from tests.support.reviewed import IN_TIME, PASSWORD, amended, assessed, saved_again, sign

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def confirmed(trial, coordinator, signer, cases):
    """Another person whose eligibility was signed, each time it is called."""

    def signed(case="base-woman", decision="eligible", primary=""):
        return sign(assessed(trial, coordinator, cases[case]["document"]), signer, PASSWORD, decision, primary)

    return signed


def refusal(signature, user) -> str:
    before = Enrolment.objects.count()
    with pytest.raises(Refused) as refused:
        enrol(signature, user)
    assert Enrolment.objects.count() == before
    return refused.value.code


def subject_of(signature):
    return signature.assessment.revision.visit.subject


def test_confirmed_person_gets_the_next_number(confirmed, coordinator, signer, trial):
    first, second = confirmed(), confirmed("base-man")
    enrolment = enrol(first, coordinator)
    assert (enrolment.subject, enrolment.number, enrolment.enrolled_on) == (subject_of(first), "E-001", IN_TIME)
    assert (enrolment.signature, enrolment.created_by) == (first, coordinator)
    assert enrol(second, signer).number == "E-002"
    assert (enrolment_places(trial).enrolled, enrolment_places(trial).planned, enrolment_places(trial).remaining) == (
        2,
        35,
        33,
    )


def test_trial_is_held_before_the_person_and_alone(confirmed, coordinator):
    """As whoever publishes a version does: nobody holds a person and waits for the trial."""
    signature = confirmed()
    with CaptureQueriesContext(connection) as queries:
        enrol(signature, coordinator)
    _may, trial, *others = (query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    assert 'FROM "criteria_trial"' in trial
    if connection.features.has_select_for_update_of:
        assert trial.endswith('FOR NO KEY UPDATE OF "criteria_trial"')
        held = [sql.partition(' FROM "')[2].partition('"')[0] for sql in others if "FOR NO KEY UPDATE" in sql]
        assert held[:2] == ["screening_visit", "screening_subject"]


def test_enrolment_stands_in_the_log(confirmed, coordinator):
    signature = confirmed()
    assert SubjectStatus.objects.get().next_step == "Confirmed eligible: enrol"
    enrol(signature, coordinator)
    row = SubjectStatus.objects.get()
    assert (row.enrolment_number, row.enrolled_on, row.decision) == ("E-001", IN_TIME, "eligible")
    assert row.next_step == "Enrolled: E-001"


def test_administrator_enrols_nobody(confirmed, administrator):
    with pytest.raises(PermissionDenied):
        enrol(confirmed(), administrator)


def test_screen_failure_is_not_enrolled(confirmed, coordinator):
    assert refusal(confirmed("I03-ecog-2", "failure", "I03"), coordinator) == "unfit"


def test_person_is_enrolled_once(confirmed, coordinator):
    signature = confirmed()
    enrol(signature, coordinator)
    assert refusal(signature, coordinator) == "enrolled"


def test_void_signature_enrols_nobody(confirmed, coordinator):
    signature = confirmed()
    saved_again(signature.assessment.revision.visit, coordinator)
    assert refusal(signature, coordinator) == "void"


def test_nobody_is_enrolled_by_a_version_no_longer_in_force(confirmed, coordinator, signer):
    signature = confirmed()
    amended()
    assert refusal(signature, coordinator) == "superseded"
    again = assess(signature.assessment.revision, coordinator)
    assert refusal(signature, coordinator) == "void"
    assert enrol(sign(again, signer, PASSWORD, "eligible"), coordinator)


def test_sealed_signature_that_does_not_fit_the_finding_enrols_nobody(trial, coordinator, signer, cases):
    """Written past the verb, by somebody who has the key."""
    assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    words = {"printed_name": "Na Li", "role": "principal investigator", "meaning": "Eligible.", "zone": "UTC"}
    forged = Signature(assessment=assessment, decision="eligible", created_by=signer, **words)
    forged.seal = compute_seal(forged)
    forged.save()
    assert verify_signature(forged)
    assert refusal(forged, coordinator) == "unfit"


def test_nobody_is_enrolled_by_an_earlier_attempt(confirmed, coordinator):
    signature = confirmed()
    open_visit(subject_of(signature), coordinator, {"visit": {"date": "2026-03-12"}})
    assert refusal(signature, coordinator) == "superseded"


def test_person_who_declined_after_all_is_not_enrolled(confirmed, coordinator, signer):
    signature = confirmed()
    close_case(signature.assessment.revision, signer, PASSWORD, "declined")
    assert refusal(signature, coordinator) == "closed"


def test_case_of_an_enrolled_person_is_not_closed(confirmed, coordinator, signer):
    signature = confirmed()
    enrol(signature, coordinator)
    with pytest.raises(Refused, match="enrolled"):
        close_case(signature.assessment.revision, signer, PASSWORD, "declined")


@pytest.mark.parametrize("day", [date(2026, 3, 17), date(2026, 3, 18), date(2031, 3, 16)])
@pytest.mark.parametrize("case", ["base-woman", "base-man"])
def test_nobody_is_enrolled_once_the_planned_first_dose_has_passed(confirmed, coordinator, on, case, day):
    """Whether the findings still hold (of the woman until 2026-03-17) or nothing ends them within a year."""
    signature = confirmed(case)
    on(day)
    assert refusal(signature, coordinator) == "passed"
    on(IN_TIME)
    assert enrol(signature, coordinator)


def test_moved_signature_enrols_nobody(confirmed, trial, coordinator, cases):
    signature = confirmed("base-man")
    twin = assessed(trial, coordinator, cases["base-man"]["document"])
    append_only.remove(connection)
    type(signature).objects.update(assessment=twin)
    assert refusal(signature, coordinator) == "broken"


def test_nobody_is_enrolled_when_all_places_are_taken(confirmed, coordinator):
    first, second = confirmed(), confirmed()
    append_only.remove(connection)
    Trial.objects.update(planned_enrolment=1)
    enrol(first, coordinator)
    assert refusal(second, coordinator) == "full"


def test_trial_without_a_planned_number_has_places_for_everybody(confirmed, coordinator, trial):
    signature = confirmed()
    append_only.remove(connection)
    Trial.objects.update(planned_enrolment=None)
    assert enrol(signature, coordinator)
    trial.refresh_from_db()
    assert enrolment_places(trial).remaining is None


def test_enrolment_stays_when_something_is_saved_after_it(confirmed, coordinator):
    signature = confirmed()
    enrol(signature, coordinator)
    saved_again(signature.assessment.revision.visit, coordinator)
    row = SubjectStatus.objects.get()
    assert (row.enrolment_number, row.voided, row.decision) == ("E-001", True, "")
