from datetime import date

import pytest
from django.db import DEFAULT_DB_ALIAS

from criteria.versions.versions import load_definition
from screening.eligibility.assess import assess
from screening.models import NEVER, Assessment, Revision, SubjectStatus, Visit
from screening.review.decide import close_case, send_back
from screening.review.enrol import enrol
from screening.review.questions import answer_question, ask_question
from screening.review.undo import reopen_case, withdraw_signature
from screening.visits.save import BadDocument, open_visit, register_subject, save_section
from screening.worklist.status import add_missing_statuses, refresh_for_version, refresh_status
from tests.conftest import PROTOCOL
from tests.support.reviewed import PASSWORD, later_version, saved_again, sign

HYPERTENSION = PROTOCOL.parents[2] / "tests/data/hypertension.yaml"
START = {"visit": {"date": "2026-03-09"}}


@pytest.fixture
def subject(trial, coordinator):
    return register_subject(trial, coordinator)


def standing(subject):
    return SubjectStatus.objects.get(latest_of=subject)


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
        "Repeat ECOG performance status (I03)",
        "performance",
        "at-performance-ecog",
    )


def test_assessing_leaves_the_standing_as_making_it_anew_would(subject, coordinator, cases):
    for case in ("base-man", "I03-ecog-2", "nothing-known"):
        visit = open_visit(subject, coordinator, cases[case]["document"])
        assess(visit.latest_revision(), coordinator)
        noted = list(SubjectStatus.objects.order_by("pk").values())
        for each in (None, *subject.visits.all()):
            refresh_status(subject, each)
        assert list(SubjectStatus.objects.order_by("pk").values()) == noted


def is_as_made_anew() -> None:
    """The rows are those that nothing but the records gives."""
    noted = rows_as_made()
    SubjectStatus.objects.all().delete()
    add_missing_statuses(DEFAULT_DB_ALIAS)
    assert rows_as_made() == noted


def test_row_is_as_made_anew_when_saved_and_assessed_beside_every_other_record(
    subject, coordinator, signer, cases, in_time
):
    """A save and an assessment take from the row what only other records change."""
    visit = open_visit(subject, coordinator, cases["I03-ecog-2"]["document"])

    def save_and_assess() -> Assessment:
        saved_again(visit, coordinator, months=7 + Revision.objects.count())
        is_as_made_anew()
        assessment = assess(visit.latest_revision(), coordinator)
        is_as_made_anew()
        return assessment

    send_back(save_and_assess(), signer, "Which sample?")
    question = ask_question(visit, signer, "Which day?")
    save_and_assess()
    answer_question(question, coordinator, "The one of 2026-03-08.")
    signature = sign(save_and_assess(), signer, PASSWORD, "failure")
    save_and_assess()
    signature = sign(save_and_assess(), signer, PASSWORD, "failure")
    withdraw_signature(signature, signer, PASSWORD, "the wrong subject")
    save_and_assess()
    close_case(visit.latest_revision(), signer, PASSWORD, "declined")
    save_and_assess()
    reopen_case(visit, signer, PASSWORD, "came back")
    save_and_assess()
    later = open_visit(subject, coordinator, cases["base-man"]["document"])
    save_and_assess()
    enrol(sign(assess(later.latest_revision(), coordinator), signer, PASSWORD, "eligible"), coordinator)
    save_and_assess()
    saved_again(later, coordinator, months=40)
    assess(later.latest_revision(), coordinator)
    is_as_made_anew()


def test_assessing_an_earlier_attempt_leaves_the_latest_one_in_the_list(subject, coordinator, cases):
    first = open_visit(subject, coordinator, cases["base-man"]["document"])
    second = open_visit(subject, coordinator, START)
    assess(first.latest_revision(), coordinator)
    assert (standing(subject).visit, standing(subject).assessment) == (second, None)


def test_earlier_attempt_keeps_a_row_of_its_own(subject, coordinator, signer, cases, in_time):
    first = open_visit(subject, coordinator, cases["I03-ecog-2"]["document"])
    assessment = assess(first.latest_revision(), coordinator)
    second = open_visit(subject, coordinator, cases["base-man"]["document"])
    ask_question(first, signer, "Which sample?")
    earlier = SubjectStatus.objects.get(visit=first)
    assert (earlier.latest_of, earlier.attempts, earlier.next_step) == (None, 1, "")
    assert (earlier.found, earlier.failed, earlier.awaiting, earlier.open_questions) == ("ineligible", "|I03|", True, 1)
    sign(assessment, signer, PASSWORD, "failure")
    earlier.refresh_from_db()
    assert (earlier.decision, earlier.awaiting) == ("failure", False)
    assert (standing(subject).visit, standing(subject).decision) == (second, "")


def test_undecided_earlier_attempt_waits_only_where_a_failure_can_be_signed(subject, coordinator, cases):
    for case in ("base-man", "I03-ecog-2", "base-woman"):
        assess(open_visit(subject, coordinator, cases[case]["document"]).latest_revision(), coordinator)
    waiting = SubjectStatus.objects.order_by("attempts").values_list("attempts", "found", "awaiting")
    assert list(waiting) == [(1, "eligible", False), (2, "ineligible", True), (3, "eligible", True)]


def test_place_stands_with_the_attempt_by_which_it_was_given_and_with_the_latest(
    subject, coordinator, signer, cases, in_time
):
    for case in ("I03-ecog-2", "base-man"):
        assessment = assess(open_visit(subject, coordinator, cases[case]["document"]).latest_revision(), coordinator)
    enrol(sign(assessment, signer, PASSWORD, "eligible"), coordinator)
    open_visit(subject, coordinator, START)
    places = SubjectStatus.objects.order_by("attempts").values_list("enrolment_number", flat=True)
    assert list(places) == ["", "E-001", "E-001"]


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
    revision.document, revision.attempts = document, 1
    return revision


def test_standings_that_are_missing_are_made_after_a_migration(subject, coordinator, trial, cases):
    """A database that an earlier release filled has none, or one for each person only."""
    for case in ("I03-ecog-2", "base-man", "base-woman"):
        assess(open_visit(subject, coordinator, cases[case]["document"]).latest_revision(), coordinator)
    register_subject(trial, coordinator)
    before = rows_as_made()
    SubjectStatus.objects.all().delete()
    add_missing_statuses(DEFAULT_DB_ALIAS)
    assert rows_as_made() == before
    assert [(row["attempts"], row["latest_of_id"]) for row in before[:3]] == [(1, None), (2, None), (3, subject.pk)]


def rows_as_made() -> list[dict[str, object]]:
    rows = list(SubjectStatus.objects.order_by("subject", "pk").values())
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


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
    for day in days:
        open_visit(screened_again, coordinator, {"visit": {"date": day}})
    SubjectStatus.objects.filter(subject=without_standing).delete()
    SubjectStatus.objects.update(next_step="as it was")
    version = later_version("2026-06-01")
    renewed = SubjectStatus.objects.exclude(next_step="as it was").select_related("subject")
    assert {row.subject for row in renewed if row.is_latest} == {first, later, screened_again, without_standing}
    assert [(row.subject, row.version) for row in renewed if not row.is_latest] == [(screened_again, version)]
    assert (standing(first).version, standing(later).version) == (version, version)
    assert standing(before).version != version
    assert {standing(person).next_step for person in (before, without_visit)} == {"as it was"}
    assert SubjectStatus.objects.get(subject=screened_again, next_step="as it was").visit.number == 1


def test_renewing_leaves_other_trials_alone(subject, coordinator):
    open_visit(subject, coordinator, START)
    SubjectStatus.objects.update(next_step="as it was")
    version, _new = load_definition(HYPERTENSION.read_text(encoding="utf-8"))
    refresh_for_version(version)
    assert standing(subject).next_step == "as it was"


def test_number_of_queries_does_not_grow_with_attempts(subject, coordinator, django_assert_num_queries):
    for _ in range(3):
        open_visit(subject, coordinator, START)
    # lock with the enrolment, latest revision, latest assessment, version, row; questions, signatures, closed cases
    with django_assert_num_queries(8):
        refresh_status(subject)


def test_verdicts_of_an_assessment_are_read_once(subject, coordinator, cases, django_assert_num_queries):
    visit = open_visit(subject, coordinator, cases["I03-ecog-2"]["document"])
    assess(visit.latest_revision(), coordinator)
    before = SubjectStatus.objects.values().get()
    assert before["failed"] == "|I03|"
    # lock with the row that stands and the enrolment, latest revision, latest assessment, version, row; questions,
    # signatures, closed cases, what was sent back
    with django_assert_num_queries(9):
        refresh_status(subject)
    assert SubjectStatus.objects.values().get() == before
    SubjectStatus.objects.all().delete()
    refresh_status(subject)
    assert SubjectStatus.objects.values().get() | {"id": before["id"]} == before


def test_only_columns_that_differ_are_written_when_a_section_is_saved(
    subject, coordinator, cases, django_assert_max_num_queries
):
    visit = open_visit(subject, coordinator, cases["base-woman"]["document"])
    with django_assert_max_num_queries(10) as asked:
        save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="corrected")
    (written,) = [each["sql"] for each in asked.captured_queries if each["sql"].startswith("UPDATE")]
    assert '"fails" = 1' in written
    assert not any(f'"{name}" =' in written for name in ("screening_number", "visit_date", "holds_until", "flags"))
    kept = SubjectStatus.objects.values().get()
    SubjectStatus.objects.all().delete()
    refresh_status(subject)
    assert SubjectStatus.objects.values().get() | {"id": kept["id"]} == kept


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
