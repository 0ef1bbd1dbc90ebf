from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import override_settings

from criteria.evaluation.outlook import outlook
from criteria.versions.versions import protocol_of
from screening.access.permissions import ordered_roles
from screening.demonstration.create import create_accounts
from screening.demonstration.days import WRITTEN_FOR
from screening.models import (
    LATEST_ATTEMPT,
    Assessment,
    Closure,
    Revision,
    Signature,
    SubjectStatus,
    Visit,
)
from screening.signatures.seals import verify_signature
from screening.views.cards.range_checks import mismatched_limits
from screening.visits.applicable_version import version_for_new_visit
from screening.visits.carry_forward import carry_forward
from screening.visits.reference_ranges import ranges_of
from tests.support.world import layer_fixture
from trialsite.settings import demonstration


@pytest.fixture
def demonstrated(settings, monkeypatch):
    settings.DEMONSTRATION = True
    settings.DEMONSTRATION_ACCOUNTS = demonstration.DEMONSTRATION_ACCOUNTS
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: WRITTEN_FOR)


def run() -> str:
    said = StringIO()
    call_command("demonstration", stdout=said)
    return said.getvalue()


@layer_fixture
def kept_people(kept_version) -> None:
    """Creating them takes seconds."""
    shown = override_settings(DEMONSTRATION=True, DEMONSTRATION_ACCOUNTS=demonstration.DEMONSTRATION_ACCOUNTS)
    with shown, pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.localdate", lambda: WRITTEN_FOR)
        assert "5 accounts and 17 subjects created" in run()


@pytest.fixture
def people(kept_people, demonstrated):
    """Everybody of the demonstration."""


def standing(number: str) -> SubjectStatus:
    return SubjectStatus.objects.get(LATEST_ATTEMPT, screening_number=number)


def test_people_with_every_finding_are_there_when_created(people):
    latest = SubjectStatus.objects.filter(LATEST_ATTEMPT)
    assert Counter(latest.values_list("overall", flat=True)) == {
        "eligible": 6,
        "ineligible": 6,
        "undetermined": 5,
    }


def test_work_list_says_what_each_of_the_last_people_needs(people):
    assert [standing(number).next_step for number in ("S-0011", "S-0012", "S-0013")] == [
        "Ready for the investigator",
        "From 2026-03-13: do a urine or serum pregnancy test (I09)",
        "Repeat neutrophils, platelets, haemoglobin from 2026-03-16 (I08)",
    ]


def test_retest_is_there_to_be_marked(people, trial):
    revision = standing("S-0011").revision
    protocol = protocol_of(version_for_new_visit(trial, revision.document))
    (retest,) = outlook(protocol, revision.document).retests
    assert (retest.path, retest.attempts) == ("labs.anc", 2)


def test_person_screened_again_has_what_lasts_to_be_confirmed(people, trial, vocabulary):
    again = standing("S-0014")
    assert (again.attempts, again.overall, again.visit.previous.number) == (2, "undetermined", 1)
    document = again.revision.document
    carried = {key for section in vocabulary.sections for key in carry_forward(again.visit, section, document).carried}
    assert {"subject", "disease", "lesions", "therapies", "history"} <= carried
    assert not carried & {"labs", "vitals", "performance"}
    days = [visit.revisions.latest("number").document["visit"]["date"] for visit in (again.visit.previous, again.visit)]
    assert days == ["2026-02-02", "2026-03-09"]


def test_laboratory_has_its_ranges(people, trial):
    found = ranges_of(trial)
    limits = [found.find("creatinine", sex, date(2026, 3, 8), "umol/L") for sex in ("male", "female")]
    assert [limit.uln for limit in limits] == [111, 81]
    assert {row.created_by.username for row in found.rows} == {"administrator"}
    run()
    assert len(ranges_of(trial).rows) == 5


def test_limits_are_those_of_the_laboratory(people, trial):
    for row in SubjectStatus.objects.exclude(revision=None).select_related("revision"):
        vocabulary = protocol_of(version_for_new_visit(trial, row.revision.document)).vocabulary
        assert not mismatched_limits(ranges_of(trial), vocabulary, row.revision.document)


def test_an_earlier_finding_stays_when_a_slip_is_corrected(people):
    corrected = Assessment.objects.filter(revision__visit__subject__screening_number="S-0001")
    assert list(corrected.order_by("pk").values_list("overall", flat=True)) == ["eligible", "ineligible", "eligible"]
    corrections = Revision.objects.filter(visit__subject__screening_number="S-0001").exclude(reason="")
    assert corrections.count() == 2


def test_investigator_finds_every_decision_and_a_queue(people):
    decisions = SubjectStatus.objects.exclude(decision="").values_list(
        "screening_number", "decision", "enrolment_number"
    )
    assert sorted(decisions) == [
        ("S-0004", "failure", ""),
        ("S-0005", "returned", ""),
        ("S-0010", "not_enrolled", ""),
        ("S-0015", "eligible", ""),
        ("S-0016", "eligible", "E-001"),
    ]
    assert standing("S-0005").open_questions == 1
    assert (standing("S-0017").voided, standing("S-0017").awaiting) == (True, True)
    corrected = Visit.objects.get(subject__screening_number="S-0017").revisions.order_by("number")
    days = {revision.document["performance"]["date"] for revision in corrected if "performance" in revision.document}
    assert len(days) == 1, "the correction is of one answer, not of its day"
    awaiting = SubjectStatus.objects.filter(awaiting=True)
    assert awaiting.filter(LATEST_ATTEMPT).count() == 11
    assert [row.screening_number for row in awaiting.exclude(LATEST_ATTEMPT)] == ["S-0014"]
    assert all(map(verify_signature, [*Signature.objects.all(), *Closure.objects.all()]))


def test_nothing_is_added_when_created_again(people):
    before = Revision.objects.count()
    assert "0 accounts and 0 subjects created" in run()
    assert Revision.objects.count() == before


def test_nothing_is_signed_for_an_account_that_has_another_password(demonstrated, trial):
    create_accounts()
    investigator = User.objects.get(username="investigator")
    investigator.set_password("of their own choice")
    investigator.save()
    assert "0 accounts and 14 subjects created" in run()
    assert not Signature.objects.exists()


def test_accounts_can_log_in_with_what_the_login_page_shows(demonstrated, db):
    create_accounts()
    for name, password, role in demonstration.DEMONSTRATION_ACCOUNTS:
        user = authenticate(username=name, password=password)
        assert isinstance(user, User)
        assert ordered_roles(user) == [role]


def test_command_refuses_when_this_is_no_demonstration(trial):
    with pytest.raises(CommandError, match="Refused"):
        run()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_command_says_what_to_do_when_the_protocol_is_not_loaded(demonstrated):
    with pytest.raises(CommandError, match="load_protocol"):
        run()


def test_no_account_with_a_public_password_is_made_where_people_have_their_own(demonstrated, trial):
    User.objects.create_user("dr.chen")
    with pytest.raises(CommandError, match="accounts of its own"):
        run()
    assert list(User.objects.values_list("username", flat=True)) == ["dr.chen"]
