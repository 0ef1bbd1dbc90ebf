"""A visit begun under an earlier version comes under today's; what was found before stays as it was, byte for byte."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Count

from criteria.records import canonical
from criteria.vocabulary import BadDocument
from screening.amendments import transition
from screening.amendments.transition import (
    available_reassessment,
    evaluate_open_visits,
    open_visit_counts,
    open_visits_page,
    reassess,
    reassessment_preview,
    succession_today,
)
from screening.eligibility.assess import assess
from screening.eligibility.replay import replay
from screening.exceptions import Superseded
from screening.models import Assessment, SubjectStatus, VersionTransition
from screening.review.decide import close_case, send_back
from screening.review.enrol import enrol
from screening.signatures.seals import is_void, verify_signature
from screening.visits.save import open_visit, register_subject
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, assessed, later_version, moved, refusal, saved_again, sign, standing

TODAY = date(2026, 3, 16)


@pytest.fixture
def later(version, on):
    """A version that came into force after the visits of the cases and before today."""
    on(TODAY)
    return later_version("2026-03-12")


@pytest.fixture
def ineligible(trial, coordinator, cases):
    """Found ineligible by ECOG 2 alone, under the earlier version."""
    return assessed(trial, coordinator, cases["I03-ecog-2"]["document"])


def stored(assessment):
    """All that is kept of an assessment, as bytes."""
    row = Assessment.objects.values().get(pk=assessment.pk)
    verdicts = list(assessment.verdicts.order_by("pk").values())
    return canonical.dump([{name: str(value) for name, value in each.items()} for each in (row, *verdicts)]).encode()


def listed(trial):
    since = succession_today(trial)
    return [row.screening_number for row in open_visits_page(since).rows] if since else []


def test_new_assessment_stands_beside_the_old_one_which_never_changes(ineligible, version, later, coordinator):
    before, found = stored(ineligible), replay(ineligible)
    again = reassess(ineligible.revision, coordinator)
    assert (ineligible.version, ineligible.overall) == (version, "ineligible")
    assert (again.version, again.overall, again.revision) == (later, "eligible", ineligible.revision)
    assert stored(ineligible) == before
    replayed = replay(Assessment.objects.get(pk=ineligible.pk))
    assert replayed == found
    assert replayed.equal
    assert replayed.intact
    assert replay(again).equal
    assert VersionTransition.objects.values_list("visit", "version", "created_by").get() == (
        ineligible.revision.visit_id,
        later.pk,
        coordinator.pk,
    )


def test_verdicts_name_the_limits_of_their_own_version(ineligible, later, coordinator):
    again = reassess(ineligible.revision, coordinator)
    proofs = [each.verdicts.get(code="I03").proof for each in (ineligible, again)]
    assert proofs == ["ECOG performance status 2 (limit: at most 1)", "ECOG performance status 2 (limit: at most 2)"]


def test_signature_on_the_old_assessment_becomes_void_and_still_fits_it(eligible, later, coordinator, signer):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    before = stored(eligible)
    reassess(eligible.revision, coordinator, void_seen=True)
    assert is_void(signature)
    assert verify_signature(signature)
    assert stored(eligible) == before
    assert refusal(enrol, signature, coordinator) == "void"
    row = standing(eligible)
    assert (row.decision, row.voided, row.awaiting) == ("", True, True)
    assert row.next_step == "Confirmed before, signature no longer valid. Ready for the investigator"


def test_signature_that_holds_becomes_void_only_where_that_was_seen(eligible, later, coordinator, signer):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    before = SubjectStatus.objects.values().get(), stored(eligible)
    assert refusal(reassess, eligible.revision, coordinator) == "signed"
    assert not is_void(signature)
    assert (SubjectStatus.objects.values().get(), stored(eligible), VersionTransition.objects.count()) == (*before, 0)


def test_nothing_needs_to_be_seen_where_the_signature_is_void_already(eligible, later, coordinator, signer):
    sign(eligible, signer, PASSWORD, "eligible")
    revision = saved_again(eligible.revision.visit, coordinator)
    assert reassessment_preview(revision) is None
    assert reassess(revision, coordinator).version == later


def test_preview_finds_what_re_assessing_finds(trial, coordinator, cases, signer, on):
    on(TODAY)
    signature = sign(assessed(trial, coordinator, cases["base-man"]["document"]), signer, PASSWORD, "eligible")
    later_version("2026-03-12", max_ecog=0)
    revision = signature.assessment.revision
    preview = reassessment_preview(revision)
    again = reassess(revision, coordinator, void_seen=True)
    assert (preview.signature, preview.current, preview.sheet.overall) == (signature, again.version, again.overall)
    assert preview.sheet.outcomes == dict(again.verdicts.values_list("code", "outcome"))


def test_list_foresees_what_re_assessing_finds(trial, eligible, ineligible, later, coordinator):
    since = succession_today(trial)
    found = evaluate_open_visits(open_visits_page(since).rows, since.current)
    told = {each.row.subject_id: each.would_be for each in found}
    for each in (eligible, ineligible):
        assert reassess(each.revision, coordinator).overall == told[each.revision.visit.subject_id]


def test_visit_moved_to_before_the_version_it_was_assessed_by_is_open_under_the_earlier_one(
    trial, version, coordinator, cases, on
):
    revision = moved(trial, coordinator, cases, on)
    row = SubjectStatus.objects.get()
    assert (row.version, row.found, row.overall, row.changed_since) == (version, "eligible", "ineligible", True)
    assert (listed(trial), available_reassessment(revision.visit).current.number) == (["S-0001"], "2.0")
    assert [left.people for left in open_visit_counts([trial])] == [1]
    assert reassess(revision, coordinator).version.number == "2.0"
    assert listed(trial) == []


def test_new_finding_is_signed_and_enrols(ineligible, later, coordinator, signer):
    again = reassess(ineligible.revision, coordinator)
    assert refusal(sign, ineligible, signer, PASSWORD, "failure", "none") == "superseded"
    assert enrol(sign(again, signer, PASSWORD, "eligible"), coordinator)


def test_visit_that_nobody_re_assessed_stays_valid_under_its_own_version(eligible, later, coordinator, signer):
    assert enrol(sign(eligible, signer, PASSWORD, "eligible"), coordinator)


def test_visit_never_assessed_gets_its_first_assessment_under_the_later_version(trial, later, coordinator, cases):
    visit = open_visit(register_subject(trial, coordinator), coordinator, cases["I03-ecog-2"]["document"])
    assert listed(trial) == ["S-0001"]
    assert reassess(visit.latest_revision(), coordinator).version == later


def test_what_is_saved_afterwards_is_judged_by_the_later_version(ineligible, later, coordinator):
    reassess(ineligible.revision, coordinator)
    revision = saved_again(ineligible.revision.visit, coordinator)
    row = standing(ineligible)
    assert (row.overall, row.version) == ("eligible", later)
    assert assess(revision, coordinator).version == later


@pytest.mark.parametrize("role", ["administrator", None])
def test_who_may_not_assess_re_assesses_nothing(ineligible, later, role):
    with pytest.raises(PermissionDenied):
        reassess(ineligible.revision, UserFactory(role=role))
    assert not VersionTransition.objects.exists()


def test_nothing_to_re_assess_where_no_later_version_is_in_force(ineligible, coordinator):
    assert refusal(reassess, ineligible.revision, coordinator) == "current"


def test_version_in_force_from_tomorrow_is_not_offered_today(ineligible, coordinator, on):
    later_version("2026-03-17")
    on(TODAY)
    assert refusal(reassess, ineligible.revision, coordinator) == "current"
    assert (available_reassessment(ineligible.revision.visit), listed(ineligible.version.trial)) == (None, [])
    on(date(2026, 3, 17))
    assert available_reassessment(ineligible.revision.visit).current.number == "2.0"
    assert listed(ineligible.version.trial) == ["S-0001"]


def test_visit_comes_under_a_version_once(ineligible, later, coordinator):
    again = reassess(ineligible.revision, coordinator)
    assert refusal(reassess, again.revision, coordinator) == "current"
    assert VersionTransition.objects.count() == 1


def test_visit_comes_under_each_version_that_follows(ineligible, later, coordinator, on):
    reassess(ineligible.revision, coordinator)
    third = later_version("2026-03-18", number="3.0", max_ecog=1)
    on(date(2026, 3, 20))
    again = reassess(ineligible.revision, coordinator)
    assert (again.version, again.overall, VersionTransition.objects.count()) == (third, "ineligible", 2)


def test_visit_of_the_first_day_of_a_version_is_under_it_and_needs_no_transfer(trial, coordinator, on):
    later = later_version("2026-03-09")
    on(TODAY)
    assessment = assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})
    assert assessment.version == later
    assert refusal(reassess, assessment.revision, coordinator) == "current"
    assert listed(trial) == []


def test_later_revision_must_be_seen_first(ineligible, later, coordinator):
    latest = saved_again(ineligible.revision.visit, coordinator)
    with pytest.raises(Superseded) as superseded:
        reassess(ineligible.revision, coordinator)
    assert superseded.value.latest == latest
    assert not VersionTransition.objects.exists()


def test_nothing_changes_where_the_document_does_not_fit_the_later_questions(ineligible, version, coordinator, on):
    narrower = {"maximum: 4": "maximum: 1", "plausible: [0.5, 60]": "maximum: 1"}  # ECOG, months of life expected
    later_version("2026-03-12", asks=narrower)
    on(TODAY)
    before = SubjectStatus.objects.values().get(), stored(ineligible)
    with pytest.raises(BadDocument) as bad:
        reassess(ineligible.revision, coordinator)
    assert [fault.path for fault in bad.value.faults] == ["performance.ecog", "performance.life_expectancy_months"]
    assert (SubjectStatus.objects.values().get(), stored(ineligible)) == before
    assert (VersionTransition.objects.count(), Assessment.objects.count()) == (0, 1)
    assert assess(ineligible.revision, coordinator).version == version


def test_earlier_attempt_is_not_open(ineligible, later, coordinator):
    open_visit(ineligible.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-14"}})
    assert refusal(reassess, ineligible.revision, coordinator) == "attempt"
    assert available_reassessment(ineligible.revision.visit) is None


def test_signed_screen_failure_is_not_open(ineligible, later, coordinator, signer):
    sign(ineligible, signer, PASSWORD, "failure", "none")
    assert refusal(reassess, ineligible.revision, coordinator) == "decided"
    assert listed(ineligible.version.trial) == []


def test_void_screen_failure_is_open_again(ineligible, later, coordinator, signer):
    sign(ineligible, signer, PASSWORD, "failure", "none")
    revision = saved_again(ineligible.revision.visit, coordinator)
    assert listed(ineligible.version.trial) == ["S-0001"]
    assert reassess(revision, coordinator).overall == "eligible"


def test_closed_case_is_not_open(ineligible, later, coordinator, signer):
    close_case(ineligible.revision, signer, PASSWORD, "declined")
    assert refusal(reassess, ineligible.revision, coordinator) == "closed"
    assert listed(ineligible.version.trial) == []


def test_enrolled_person_is_not_open(eligible, later, coordinator, signer):
    enrol(sign(eligible, signer, PASSWORD, "eligible"), coordinator)
    assert refusal(reassess, eligible.revision, coordinator) == "decided"
    assert listed(eligible.version.trial) == []


def test_assessment_sent_back_and_confirmed_but_not_enrolled_are_open(trial, eligible, failed, later, signer):
    sign(eligible, signer, PASSWORD, "eligible")
    send_back(failed, signer, "look again")
    assert listed(trial) == ["S-0001", "S-0002"]


def test_list_is_cut_by_key_the_oldest_visit_first(trial, later, coordinator, monkeypatch):
    monkeypatch.setattr(transition, "OPEN_VISITS_PAGE_SIZE", 2)
    for day in ("2026-03-11", "2026-03-09", "2026-03-10", "2026-03-12"):  # the last falls under the later version
        open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": day}})
    register_subject(trial, coordinator)  # without a visit
    first = open_visits_page(succession_today(trial))
    second = open_visits_page(succession_today(trial), first.next)
    shown = [[row.screening_number for row in page.rows] for page in (first, second)]
    assert (shown, second.next) == ([["S-0002", "S-0003"], ["S-0001"]], None)
    assert [(left.current, left.people) for left in open_visit_counts([trial])] == [(later, 3)]


def test_nothing_is_left_over_once_all_were_re_assessed(trial, ineligible, later, coordinator):
    assert [left.people for left in open_visit_counts([trial])] == [1]
    reassess(ineligible.revision, coordinator)
    assert (open_visit_counts([trial]), listed(trial)) == ([], [])


def test_counting_takes_one_query_and_a_second_where_a_version_was_replaced(
    trial, coordinator, on, django_assert_num_queries
):
    with django_assert_num_queries(1):
        open_visit_counts([trial])
    later_version("2026-03-12")
    on(TODAY)
    for _one in range(3):
        open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    with django_assert_num_queries(2):
        assert [left.people for left in open_visit_counts([trial])] == [3]


def test_list_and_count_read_an_index_and_no_rows(trial, later):
    """With a hundred thousand people they must not read every row."""
    rows = SubjectStatus.objects.filter(succession_today(trial).open_visits_filter)
    if connection.vendor == "sqlite":
        page = rows.only("visit_date").order_by("visit_date", "pk")[: transition.OPEN_VISITS_PAGE_SIZE]
        assert "COVERING INDEX standing_open_visits" in page.explain()
        assert "B-TREE" not in page.explain()
        assert "COVERING INDEX" in rows.values_list("trial").annotate(people=Count("trial")).explain()
