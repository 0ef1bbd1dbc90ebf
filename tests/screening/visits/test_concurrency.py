"""Two people at the same moment, each with a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from criteria.models import Trial
from criteria.records.refusal import Refused
from screening.audit import append_only
from screening.eligibility.assess import assess
from screening.exceptions import Stale
from screening.models import Draft, Enrolment, Signature, SigningFailure, SubjectStatus
from screening.review import decide
from screening.review.enrol import enrol
from screening.review.entered_in_error import mark_subject, mark_visit
from screening.review.questions import answer_question, ask_question, record_disagreement
from screening.review.undo import withdraw_signature
from screening.visits.drafts import keep_draft
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.reviewed import PASSWORD, assessed, attested, saved_again, sign

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6
HELD = 0.3  # seconds for which one keeps its locks while the others come


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each came to: a result, or the exception raised."""
    start = Barrier(PEOPLE)

    def attempt(person: int) -> Any:
        try:
            start.wait(timeout=10)
            return act(person)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(attempt, range(PEOPLE)))


def test_screening_numbers_differ_when_registered_at_once(trial, coordinator):
    subjects = at_once(lambda person: register_subject(trial, coordinator))
    assert sorted(s.screening_number for s in subjects) == [f"S-{n:04}" for n in range(1, PEOPLE + 1)]


def test_one_wins_and_the_others_are_told_when_a_section_is_saved_at_once(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})

    def save(person: int) -> Any:
        part = {"performance": {"life_expectancy_months": person + 1}}
        return save_section(visit, "performance", part, 1, coordinator)

    results = at_once(save)
    assert sorted(type(result).__name__ for result in results) == ["Revision"] + [Stale.__name__] * (PEOPLE - 1)
    assert list(visit.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_one_draft_is_kept_when_two_windows_send_at_once(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    results = at_once(lambda person: keep_draft(visit, "performance", coordinator, 1, f"{person}"))
    assert {type(result) for result in results} == {Draft}
    assert Draft.objects.count() == 1


def test_standing_is_that_of_the_latest_attempt_when_all_are_saved_at_once(trial, coordinator):
    subject = register_subject(trial, coordinator)
    visits = [open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}}) for _ in range(PEOPLE - 1)]

    def act(person: int) -> Any:
        if person == 0:
            return open_visit(subject, coordinator, {"visit": {"date": "2026-06-09"}})
        return save_section(visits[person - 1], "performance", {"performance": {"ecog": 1}}, 1, coordinator)

    latest, *_ = at_once(act)
    standing = SubjectStatus.objects.get(latest_of=subject)
    assert (standing.visit, standing.attempts, standing.revision) == (latest, PEOPLE, latest.latest_revision())


def codes(results: list[Any]) -> list[str]:
    """The refusals' codes, or the kind of what was made, in alphabetical order."""
    return sorted(result.code if isinstance(result, Refused) else type(result).__name__ for result in results)


@pytest.mark.usefixtures("in_time")
def test_one_signature_is_given_when_several_sign_at_once(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    results = at_once(lambda person: sign(assessment, signer, PASSWORD, "eligible"))
    assert codes(results) == ["Signature"] + ["decided"] * (PEOPLE - 1)


@pytest.mark.usefixtures("in_time")
def test_nothing_newer_slips_under_a_signature_when_saved_at_once(trial, coordinator, signer, cases):
    """Those who sign while a new attempt is being opened wait for it, and see it."""
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    begun = Event()

    def act(person: int) -> Any:
        if person == 0:
            with transaction.atomic():
                visit = open_visit(assessment.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
                begun.set()
                Event().wait(HELD)
            return visit
        begun.wait(timeout=10)
        return sign(assessment, signer, PASSWORD, "eligible")

    assert codes(at_once(act)) == ["Visit"] + ["superseded"] * (PEOPLE - 1)
    assert not Signature.objects.exists()
    standing = SubjectStatus.objects.get(latest_of=assessment.revision.visit.subject)
    assert (standing.attempts, standing.decision) == (2, "")


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("what", ["question", "disagreement"])
def test_nobody_is_confirmed_eligible_past_what_the_other_says_at_the_same_moment(
    trial, coordinator, signer, cases, what
):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    visit, verdict = assessment.revision.visit, assessment.verdicts.first()
    begun = Event()

    def act(person: int) -> Any:
        if person == 0:
            with transaction.atomic():
                if what == "question":
                    said = ask_question(visit, signer, "Which ECG?")
                else:
                    said = record_disagreement(verdict, signer, "I saw 2.", "excludes")
                begun.set()
                Event().wait(HELD)
            return said
        begun.wait(timeout=10)
        return sign(assessment, signer, PASSWORD, "eligible")

    assert codes(at_once(act)) == [what.capitalize()] + [what] * (PEOPLE - 1)
    assert not Signature.objects.exists()


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("what", ["visit", "number"])
def test_nothing_that_waits_for_a_mark_passes_it(trial, coordinator, signer, cases, what):
    """Whoever waits for the mark reads it once it is made, and not what was on record before."""
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    visit, question = assessment.revision.visit, ask_question(assessment.revision.visit, signer, "Which ECG?")
    answer_question(question, coordinator, "That of 2026-03-08.")
    attested(assessment, signer)
    begun = Event()

    def mark() -> Any:
        if what == "visit":
            return mark_visit(visit, coordinator, "opened twice")
        return mark_subject(visit.subject, coordinator, "registered twice")

    acts = [
        lambda: saved_again(visit, coordinator),
        lambda: decide.sign(assessment, signer, PASSWORD, "eligible", ""),
        lambda: answer_question(question, coordinator, "No, that of 2026-03-07."),
        lambda: keep_draft(visit, "performance", coordinator, 1, "performance-ecog=1"),
        mark,
    ]

    def act(person: int) -> Any:
        if person == 0:
            with transaction.atomic():
                marked = mark()
                begun.set()
                Event().wait(HELD)
            return marked
        begun.wait(timeout=10)
        return acts[person - 1]()

    made = {"visit": "VisitInError", "number": "SubjectInError"}[what]
    assert codes(at_once(act)) == [made] + ["entered_in_error"] * (PEOPLE - 1)


def test_nobody_opens_a_visit_who_waits_while_the_number_is_marked(trial, coordinator):
    subject, begun = register_subject(trial, coordinator), Event()

    def act(person: int) -> Any:
        if person == 0:
            with transaction.atomic():
                marked = mark_subject(subject, coordinator, "registered twice")
                begun.set()
                Event().wait(HELD)
            return marked
        begun.wait(timeout=10)
        return open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}})

    assert codes(at_once(act)) == ["SubjectInError"] + ["entered_in_error"] * (PEOPLE - 1)


@pytest.mark.usefixtures("in_time")
def test_signature_is_withdrawn_or_enrolled_by_once_when_both_come_at_once(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    signature = sign(assessment, signer, PASSWORD, "eligible")

    def act(person: int) -> Any:
        if person % 2:
            return enrol(signature, coordinator)
        return withdraw_signature(signature, signer, PASSWORD, "the wrong sheet")

    first = set(codes(at_once(act)))
    assert first in ({"Enrolment", "enrolled"}, {"SignatureWithdrawal", "withdrawn"})


def test_standing_misses_nothing_when_questions_are_answered_and_a_visit_assessed_at_once(
    trial, coordinator, signer, cases
):
    """Each of the verbs makes the standing anew: none may write back what it read before another one wrote."""
    visit = assessed(trial, coordinator, cases["base-man"]["document"]).revision.visit
    questions = [ask_question(visit, signer, f"Which source of {number}?") for number in range(PEOPLE)]
    revision = saved_again(visit, coordinator)

    def act(person: int) -> Any:
        return (
            answer_question(questions[person], coordinator, "The ward.")
            if person % 2
            else assess(revision, coordinator)
        )

    assert codes(at_once(act)) == ["Answer"] * 3 + ["Assessment"] * 3
    standing = SubjectStatus.objects.get()
    assert (standing.assessment, standing.awaiting) == (revision.assessments.latest("pk"), True)
    assert standing.open_questions == PEOPLE // 2


@pytest.mark.parametrize("first", ["assess", "answer"])
def test_one_waits_for_the_other_when_a_visit_is_assessed_and_a_question_answered(
    trial, coordinator, signer, cases, first
):
    visit = assessed(trial, coordinator, cases["base-man"]["document"]).revision.visit
    question = ask_question(visit, signer, "Which source?")
    revision = saved_again(visit, coordinator)
    verbs = [lambda: assess(revision, coordinator), lambda: answer_question(question, coordinator, "The ward.")]
    if first == "answer":
        verbs.reverse()
    begun = Event()

    def act(person: int) -> Any:
        if person == 0:
            with transaction.atomic():
                verbs[0]()
                begun.set()
                Event().wait(HELD)
        elif person == 1:
            begun.wait(timeout=10)
            verbs[1]()

    assert at_once(act) == [None] * PEOPLE
    standing = SubjectStatus.objects.get()
    assert (standing.assessment, standing.open_questions) == (revision.assessments.get(), 0)
    assert standing.awaiting


def test_many_wrong_passwords_at_once_are_no_more_than_one_after_another(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    results = at_once(lambda person: sign(assessment, signer, "wrong", "eligible"))
    assert codes(results) == ["locked"] + ["password"] * 5
    assert SigningFailure.objects.count() == PEOPLE


@pytest.mark.usefixtures("in_time")
def test_last_place_is_given_once_when_several_are_enrolled_at_once(trial, coordinator, signer, cases):
    document = cases["base-man"]["document"]
    signatures = [sign(assessed(trial, coordinator, document), signer, PASSWORD, "eligible") for _ in range(PEOPLE)]
    append_only.remove(connection)
    Trial.objects.update(planned_enrolment=2)
    results = at_once(lambda person: enrol(signatures[person], coordinator))
    assert codes(results) == ["Enrolment"] * 2 + ["full"] * (PEOPLE - 2)
    assert sorted(Enrolment.objects.values_list("number", flat=True)) == ["E-001", "E-002"]
