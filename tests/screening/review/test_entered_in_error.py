"""A number or a visit opened by mistake is marked: kept, and the basis of nothing more."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.amendments.transition import reassess
from screening.eligibility.assess import assess
from screening.eligibility.replay import replay
from screening.exports.deidentified import export_deidentified
from screening.log.counts import log_counts, visits_in_error_count
from screening.log.filter import LogFilter, log_statuses
from screening.models import SubjectStatus, VisitInError
from screening.review.decide import close_case, send_back
from screening.review.enrol import enrol
from screening.review.entered_in_error import mark_subject, mark_visit
from screening.review.questions import answer_question, ask_question
from screening.visits.carry_forward import earlier_answers
from screening.visits.drafts import keep_draft
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.reviewed import PASSWORD, assessed, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_time")]

LATER = {"visit": {"date": "2026-03-12"}}


@pytest.fixture
def eligible(trial, coordinator, cases):
    return assessed(trial, coordinator, cases["base-man"]["document"])


@pytest.fixture
def visit(eligible):
    return eligible.revision.visit


def latest(subject):
    return SubjectStatus.objects.get(latest_of=subject)


def code_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize("mark", ["visit", "subject"])
def test_nothing_builds_on_what_was_entered_in_error(visit, eligible, coordinator, signer, mark):
    question = ask_question(visit, signer, "Which ECG?")
    if mark == "visit":
        mark_visit(visit, coordinator, "opened twice")
    else:
        mark_subject(visit.subject, coordinator, "registered twice")
    revision = eligible.revision
    part = {"performance": {"ecog": 1}}
    for act in (
        lambda: save_section(visit, "performance", part, revision.number, coordinator, "again"),
        lambda: assess(revision, coordinator),
        lambda: reassess(revision, coordinator),
        lambda: sign(eligible, signer, PASSWORD, "eligible"),
        lambda: close_case(revision, signer, PASSWORD, "declined"),
        lambda: send_back(eligible, signer, "Which ECG?"),
        lambda: ask_question(visit, signer, "Which ECG?"),
        lambda: answer_question(question, coordinator, "That of 2026-03-08."),
        lambda: keep_draft(visit, "performance", coordinator, 1, "performance-ecog=1"),
        lambda: mark_visit(visit, coordinator, "again"),
    ):
        assert code_of(act) == "entered_in_error"
    assert replay(eligible).equal


def test_nobody_is_screened_under_a_number_entered_in_error(trial, coordinator):
    subject = register_subject(trial, coordinator)
    mark_subject(subject, coordinator, "registered twice")
    assert code_of(lambda: open_visit(subject, coordinator, LATER)) == "entered_in_error"
    assert code_of(lambda: mark_subject(subject, coordinator, "again")) == "entered_in_error"
    assert register_subject(trial, coordinator).screening_number != subject.screening_number


def test_enrolled_person_and_signed_or_closed_visit_are_not_marked(trial, visit, eligible, coordinator, signer, cases):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    assert code_of(lambda: mark_visit(visit, coordinator, "opened twice")) == "decided"
    assert code_of(lambda: mark_subject(visit.subject, coordinator, "twice")) == "decided"
    enrol(signature, coordinator)
    assert code_of(lambda: mark_visit(visit, coordinator, "opened twice")) == "enrolled"
    assert code_of(lambda: mark_subject(visit.subject, coordinator, "twice")) == "enrolled"
    other = assessed(trial, coordinator, cases["base-man"]["document"]).revision
    close_case(other, signer, PASSWORD, "declined")
    assert code_of(lambda: mark_visit(other.visit, coordinator, "opened twice")) == "decided"


def test_visit_whose_signature_is_void_can_be_marked(visit, eligible, coordinator, signer):
    sign(eligible, signer, PASSWORD, "eligible")
    document = visit.latest_revision().document
    save_section(visit, "performance", {"performance": {**document["performance"], "ecog": 0}}, 1, coordinator, "typo")
    assert mark_visit(visit, coordinator, "opened twice").visit == visit


@pytest.mark.parametrize("reason", ["", "  ", "phone 13800138000"])
def test_mark_needs_a_reason_that_identifies_nobody(visit, coordinator, reason):
    with pytest.raises(BadDocument) as bad:
        mark_visit(visit, coordinator, reason)
    assert [fault.path for fault in bad.value.faults] == ["reason"]


def test_only_a_coordinator_marks(visit, signer, monitor):
    for user in (signer, monitor):
        with pytest.raises(PermissionDenied):
            mark_visit(visit, user, "opened twice")
        with pytest.raises(PermissionDenied):
            mark_subject(visit.subject, user, "registered twice")


def test_mark_cannot_be_taken_back(visit, coordinator):
    marked = mark_visit(visit, coordinator, "opened twice")
    with pytest.raises(DatabaseError), transaction.atomic():
        VisitInError.objects.filter(pk=marked.pk).update(reason="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        marked.delete()


def test_attempt_before_is_the_latest_again(visit, eligible, coordinator, signer):
    """Its finding is signed and the person enrolled, as if the other had not been opened."""
    later = open_visit(visit.subject, coordinator, LATER)
    assert latest(visit.subject).visit == later
    assert code_of(lambda: sign(eligible, signer, PASSWORD, "eligible")) == "superseded"
    mark_visit(later, coordinator, "opened for another person")
    status = latest(visit.subject)
    assert (status.visit, status.attempts, status.assessment, status.awaiting) == (visit, 1, eligible, True)
    enrol(sign(eligible, signer, PASSWORD, "eligible"), coordinator)
    assert latest(visit.subject).enrolment_number == "E-001"


def test_next_attempt_counts_and_carries_over_only_what_stands(visit, coordinator, vocabulary):
    wrong = open_visit(visit.subject, coordinator, LATER | {"consent": {"signed": "no"}})
    mark_visit(wrong, coordinator, "opened for another person")
    third = open_visit(visit.subject, coordinator, LATER)
    assert third.number == 3
    assert latest(visit.subject).attempts == 2
    assert earlier_answers(third, vocabulary).answers["consent"] == visit.latest_revision().document["consent"]


def test_every_later_attempt_is_one_fewer_once_an_earlier_one_was_entered_in_error(visit, coordinator):
    later = [open_visit(visit.subject, coordinator, LATER) for _ in range(2)]
    mark_visit(visit, coordinator, "opened twice")
    rows = SubjectStatus.objects.order_by("visit__number")
    assert [(row.visit, row.attempts, row.is_latest) for row in rows] == [(later[0], 1, False), (later[1], 2, True)]


def test_person_whose_only_visit_was_entered_in_error_has_none(visit, coordinator):
    mark_visit(visit, coordinator, "opened twice")
    status = SubjectStatus.objects.get()
    assert (status.visit, status.attempts, status.overall, status.found) == (None, 0, "", "")
    assert (status.next_step, status.awaiting) == ("Open a visit", False)


def test_question_of_a_visit_entered_in_error_is_no_longer_open(visit, coordinator, signer):
    ask_question(visit, signer, "Which ECG?")
    later = open_visit(visit.subject, coordinator, LATER)
    assert SubjectStatus.objects.get(visit=visit).open_questions == 1
    mark_visit(visit, coordinator, "opened twice")
    status = SubjectStatus.objects.get()
    assert (status.visit, status.latest_of, status.open_questions) == (later, visit.subject, 0)


def test_log_counts_them_apart(trial, visit, coordinator):
    second = open_visit(visit.subject, coordinator, LATER)
    mark_visit(second, coordinator, "opened twice")
    wrong = register_subject(trial, coordinator)
    mark_subject(wrong, coordinator, "registered twice")
    counted = log_counts(LogFilter())
    assert (counted.people, counted.attempts, counted.undecided, counted.registered) == (1, 1, 1, 0)
    assert (counted.numbers_in_error, visits_in_error_count(LogFilter())) == (1, 1)
    assert log_statuses(LogFilter()).count() == 2
    assert [row.subject for row in log_statuses(LogFilter(decision="entered_in_error"))] == [wrong]
    assert wrong not in [row.subject for row in log_statuses(LogFilter(decision="open"))]


def test_deidentified_data_of_a_visit_entered_in_error_say_only_that(visit, coordinator):
    second = open_visit(visit.subject, coordinator, LATER)
    mark_visit(second, coordinator, "opened twice")
    lines = b"".join(export_deidentified(LogFilter(), coordinator).content).decode("utf-8-sig").splitlines()
    of_second = [line.split(",")[2].strip('"') for line in lines[1:] if line.split(",")[1].strip('"') == "2"]
    assert of_second == ["trial.code", "protocol.version", "visit.entered_in_error"]
    assert len(lines) > 50
