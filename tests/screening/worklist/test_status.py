from datetime import date

import pytest
from django.db import DEFAULT_DB_ALIAS

from criteria.versions.versions import load_definition
from screening.eligibility.assess import assess
from screening.models import NEVER, SubjectStatus, Visit
from screening.review.decide import sign
from screening.review.enrol import enrol
from screening.review.questions import answer_question, ask_question
from screening.visits.save import BadDocument, open_visit, register_subject, save_section
from screening.worklist.status import add_missing_statuses, refresh_for_version, refresh_status
from tests.conftest import PROTOCOL
from tests.support.reviewed import PASSWORD, later_version

HYPERTENSION = PROTOCOL.parents[2] / "tests/data/hypertension.yaml"
START = {"visit": {"date": "2026-03-09"}}


@pytest.fixture
def subject(trial, coordinator):
    return register_subject(trial, coordinator)


def standing(subject):
    return SubjectStatus.objects.get(subject=subject)


def test_person_without_a_visit_stands_in_the_list_when_registered(subject):
    row = standing(subject)
    assert (row.screening_number, row.trial, row.visit, row.overall) == ("S-0001", subject.trial, None, "")
    assert (row.next_step, row.attempts, row.saved_at) == ("Open a visit", 0, subject.created_at)
    assert {row.visit_date, row.planned_first_dose, row.holds_until} == {NEVER}


def test_visit_stands_as_it_is_found_when_opened(subject, coordinator, cases):
    visit = open_visit(subject, coordinator, cases["base-woman"]["document"])
    row = standing(subject)
    assert (row.visit, row.revision, row.assessment) == (visit, visit.latest_revision(), None)
    assert (row.overall, row.fails, row.unknowns, row.next_step) == ("eligible", 0, 0, "Assess")
    assert (row.visit_date, row.planned_first_dose) == (date(2026, 3, 9), date(2026, 3, 16))
    assert row.holds_until == date(2026, 3, 17)  # the pregnancy test of 2026-03-14 is too old on the 18th


def test_standing_follows_what_is_saved(subject, coordinator, cases):
    visit = open_visit(subject, coordinator, cases["base-man"]["document"])
    assess(visit.latest_revision(), coordinator)
    assert (standing(subject).next_step, standing(subject).changed_since) == ("Ready for the investigator", False)
    revision = save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="asked again")
    row = standing(subject)
    assert (row.overall, row.fails, row.unknowns, row.changed_since) == ("ineligible", 1, 1, True)
    assert (row.saved_at, row.revision) == (revision.created_at, revision)
    assert (row.next_step, row.next_section, row.next_anchor) == (
        "Ask again: ECOG performance status (I03)",
        "performance",
        "at-performance-ecog",
    )


def test_assessing_leaves_the_standing_as_making_it_anew_would(subject, coordinator, cases):
    for case in ("base-man", "I03-ecog-2", "nothing-known"):
        visit = open_visit(subject, coordinator, cases[case]["document"])
        assess(visit.latest_revision(), coordinator)
        noted = SubjectStatus.objects.values().get(subject=subject)
        refresh_status(subject)
        assert SubjectStatus.objects.values().get(subject=subject) == noted


def test_assessing_an_earlier_attempt_leaves_the_latest_one_in_the_list(subject, coordinator, cases):
    first = open_visit(subject, coordinator, cases["base-man"]["document"])
    second = open_visit(subject, coordinator, START)
    assess(first.latest_revision(), coordinator)
    assert (standing(subject).visit, standing(subject).assessment) == (second, None)


def test_standing_is_that_of_the_latest_attempt(subject, coordinator, cases):
    first = open_visit(subject, coordinator, cases["I03-ecog-2"]["document"])
    second = open_visit(subject, coordinator, START)
    save_section(first, "performance", {}, 1, coordinator, reason="another person's")
    row = standing(subject)
    assert (row.visit, row.attempts, row.overall) == (second, 2, "undetermined")


def test_nothing_holds_until_a_day_where_no_first_dose_is_planned(subject, coordinator):
    open_visit(subject, coordinator, START)
    assert standing(subject).holds_until == NEVER


def test_visit_that_cannot_be_evaluated_any_more_says_so_and_breaks_nothing(subject, coordinator, monkeypatch):
    visit = open_visit(subject, coordinator, START)

    def refused(*args):
        raise BadDocument([])

    monkeypatch.setattr("screening.worklist.status.applicable_version", refused)
    refresh_status(subject)
    row = standing(subject)
    assert (row.visit, row.overall, row.visit_date) == (visit, "", date(2026, 3, 9))
    assert row.next_step.startswith("Cannot be evaluated any more")


def test_document_that_no_longer_fits_says_what_is_wrong(subject, coordinator, monkeypatch):
    open_visit(subject, coordinator, START)
    SubjectStatus.objects.all().delete()  # or the findings of this revision would be taken from it
    monkeypatch.setattr(
        "screening.worklist.status.latest_revision",
        lambda person: revision_with(Visit.objects.get(), {"visit": {"date": "2026-03-09", "hour": 9}}),
    )
    refresh_status(subject)
    assert "visit.hour" in standing(subject).next_step


def revision_with(visit, document):
    revision = visit.latest_revision()
    revision.document = document
    return revision


def test_standings_that_are_missing_are_made_after_a_migration(subject, coordinator, trial, cases):
    """A database that an earlier release filled has none."""
    open_visit(subject, coordinator, cases["base-woman"]["document"])
    register_subject(trial, coordinator)
    before = list(SubjectStatus.objects.values().order_by("pk"))
    SubjectStatus.objects.all().delete()
    add_missing_statuses(DEFAULT_DB_ALIAS)
    assert list(SubjectStatus.objects.values().order_by("pk")) == before


def test_standings_that_are_there_are_let_be(subject, django_assert_num_queries):
    SubjectStatus.objects.update(next_step="as it was")
    with django_assert_num_queries(2):  # the names of the tables, the people without one
        add_missing_statuses(DEFAULT_DB_ALIAS)
    assert standing(subject).next_step == "as it was"


def test_everybody_is_seen_by_the_new_version_when_one_is_loaded(subject, coordinator, cases):
    open_visit(subject, coordinator, cases["I03-ecog-2"]["document"])
    later_version("2026-03-09")
    assert standing(subject).overall == "eligible"


def test_only_visits_on_the_first_day_of_a_version_or_later_are_renewed(trial, coordinator):
    """Everybody else stands as before: an approval must not wait for a hundred thousand people."""
    days = ("2026-05-31", "2026-06-01", "2026-06-02")
    before, first, later = (register_subject(trial, coordinator) for _day in days)
    for person, day in zip((before, first, later), days, strict=True):
        open_visit(person, coordinator, {"visit": {"date": day}})
    screened_again, without_visit, without_standing = (register_subject(trial, coordinator) for _one in range(3))
    for day in ("2026-06-02", "2026-05-31"):
        open_visit(screened_again, coordinator, {"visit": {"date": day}})
    SubjectStatus.objects.filter(subject=without_standing).delete()
    SubjectStatus.objects.update(next_step="as it was")
    version = later_version("2026-06-01")
    renewed = {row.subject for row in SubjectStatus.objects.exclude(next_step="as it was").select_related("subject")}
    assert renewed == {first, later, without_standing}
    assert (standing(first).version, standing(later).version) == (version, version)
    assert standing(before).version != version
    assert {standing(person).next_step for person in (before, screened_again, without_visit)} == {"as it was"}


def test_renewing_leaves_other_trials_alone(subject, coordinator):
    open_visit(subject, coordinator, START)
    SubjectStatus.objects.update(next_step="as it was")
    version, _new = load_definition(HYPERTENSION.read_text(encoding="utf-8"))
    refresh_for_version(version)
    assert standing(subject).next_step == "as it was"


def test_number_of_queries_does_not_grow_with_attempts(subject, coordinator, django_assert_num_queries):
    for _ in range(3):
        open_visit(subject, coordinator, START)
    # lock, latest revision, latest assessment, version, upsert; questions, signatures, closed cases, enrolment
    with django_assert_num_queries(9):
        refresh_status(subject)


def test_verdicts_of_an_assessment_are_read_once(subject, coordinator, cases, django_assert_num_queries):
    visit = open_visit(subject, coordinator, cases["I03-ecog-2"]["document"])
    assess(visit.latest_revision(), coordinator)
    before = SubjectStatus.objects.values().get()
    assert before["failed"] == "|I03|"
    # lock with the row that stands, latest revision, latest assessment, version, upsert; questions, signatures, closed
    # cases, what was sent back, enrolment
    with django_assert_num_queries(10):
        refresh_status(subject)
    assert SubjectStatus.objects.values().get() == before
    SubjectStatus.objects.all().delete()
    refresh_status(subject)
    assert SubjectStatus.objects.values().get() == before


def test_nothing_is_evaluated_again_when_a_question_is_asked_answered_or_a_finding_signed(
    subject, coordinator, signer, cases, in_time, monkeypatch
):
    """Only a new revision, another version or an assessment can change what is found, or what comes next by it."""
    visit = open_visit(subject, coordinator, cases["base-woman"]["document"])
    assessment = assess(visit.latest_revision(), coordinator)
    row = standing(subject)
    monkeypatch.setattr("screening.worklist.status.outlook", None)
    question = ask_question(visit, signer, "Which sample?")
    answer_question(question, coordinator, "The one of 2026-03-08.")
    assert standing(subject).next_step == row.next_step
    signature = sign(assessment, signer, PASSWORD, "eligible")
    assert standing(subject).next_step == "Confirmed eligible: enrol"
    enrol(signature, coordinator)
    enrolled = standing(subject)
    assert enrolled.next_step.startswith("Enrolled: ")
    assert (enrolled.overall, enrolled.holds_until) == (row.overall, row.holds_until)


def test_next_step_is_that_of_the_findings_again_when_a_decision_no_longer_holds(
    subject, coordinator, signer, cases, in_time
):
    visit = open_visit(subject, coordinator, cases["base-woman"]["document"])
    sign(assess(visit.latest_revision(), coordinator), signer, PASSWORD, "eligible")
    before = standing(subject)
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="corrected")
    after = standing(subject)
    assert (before.overall, after.overall) == ("eligible", "ineligible")
    SubjectStatus.objects.all().delete()
    refresh_status(subject)
    assert standing(subject).next_step == after.next_step
