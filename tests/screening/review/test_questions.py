import pytest
from django.core.exceptions import PermissionDenied

from criteria.vocabulary import BadDocument
from screening.models import Answer, Disagreement, Question, SubjectStatus
from screening.review.questions import answer_question, ask_question, questions_of, record_disagreement
from screening.visits.save import open_visit
from tests.support.reviewed import assessed

IDENTITY_NUMBER = "11010519491231002X"


@pytest.fixture
def assessment(trial, coordinator, cases):
    return assessed(trial, coordinator, cases["I03-ecog-2"]["document"])


@pytest.fixture
def visit(assessment):
    return assessment.revision.visit


def open_questions() -> int:
    return SubjectStatus.objects.get().open_questions


def test_question_is_open_until_it_is_answered(visit, investigator, coordinator, assessment):
    question = ask_question(
        visit, investigator, " Which ECG? ", criterion="I03", path="performance.ecog", assessment=assessment
    )
    assert (question.text, question.created_by, question.criterion) == ("Which ECG?", investigator, "I03")
    assert open_questions() == 1
    answer_question(question, coordinator, "That of 2026-03-08.")
    assert open_questions() == 0
    answer_question(question, investigator, "Thank you.")
    (shown,) = questions_of(visit)
    assert [given.text for given in shown.answers.all()] == ["That of 2026-03-08.", "Thank you."]


def test_nobody_closes_a_question_of_their_own(visit, investigator):
    question = ask_question(visit, investigator, "Which ECG?")
    with pytest.raises(BadDocument, match="somebody else answers it first"):
        answer_question(question, investigator, "That of 2026-03-08.")
    assert open_questions() == 1


def test_question_about_an_earlier_attempt_stays_open(visit, investigator, coordinator):
    ask_question(visit, investigator, "Which sample?")
    open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    assert list(SubjectStatus.objects.values_list("open_questions", flat=True)) == [1, 1]


def test_only_an_investigator_asks_and_disagrees(visit, coordinator, administrator, assessment):
    for other in (coordinator, administrator):
        with pytest.raises(PermissionDenied):
            ask_question(visit, other, "Why?")
        with pytest.raises(PermissionDenied):
            record_disagreement(assessment.verdicts.first(), other, "No.", "excludes")


def test_administrator_does_not_answer(visit, investigator, administrator):
    question = ask_question(visit, investigator, "Why?")
    with pytest.raises(PermissionDenied):
        answer_question(question, administrator, "Because.")


@pytest.mark.parametrize("text", ["", " \n", "a\0b", "x" * 2001, f"Her number is {IDENTITY_NUMBER}."])
def test_words_that_cannot_be_kept_are_refused_everywhere(visit, investigator, coordinator, assessment, text):
    question = ask_question(visit, investigator, "Why?")
    for act in (
        lambda: ask_question(visit, investigator, text),
        lambda: answer_question(question, coordinator, text),
        lambda: record_disagreement(assessment.verdicts.first(), investigator, text, "excludes"),
    ):
        with pytest.raises(BadDocument) as refused:
            act()
        assert [fault.path for fault in refused.value.faults] == ["text"]
    assert (Question.objects.count(), Answer.objects.count(), Disagreement.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize(
    ("about", "path"),
    [({"criterion": "I99"}, "criterion"), ({"path": "performance"}, None), ({"path": "no.such"}, "path")],
)
def test_question_is_about_something_that_there_is(visit, investigator, about, path):
    if path is None:
        assert ask_question(visit, investigator, "Why?", **about)
        return
    with pytest.raises(BadDocument) as refused:
        ask_question(visit, investigator, "Why?", **about)
    assert [fault.path for fault in refused.value.faults] == [path]


def test_question_reaches_no_other_person(visit, trial, coordinator, investigator):
    other = assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})
    with pytest.raises(BadDocument):
        ask_question(visit, investigator, "Why?", assessment=other)


def test_disagreement_stands_beside_the_outcome_and_changes_nothing(assessment, investigator):
    verdict = assessment.verdicts.get(code="I03")
    before = SubjectStatus.objects.values().get()
    record_disagreement(verdict, investigator, "The status was 1 when I saw her.", "allows")
    verdict.refresh_from_db()
    assert verdict.outcome == "fail"
    assert verdict.disagreements.get().created_by == investigator
    assert SubjectStatus.objects.values().get() == before


def test_number_of_queries_does_not_grow_with_questions(visit, investigator, coordinator, django_assert_num_queries):
    for _ in range(3):
        answer_question(ask_question(visit, investigator, "Why?"), coordinator, "Because.")
    with django_assert_num_queries(3):  # questions, answers, their authors
        for question in questions_of(visit):
            assert [given.created_by.username for given in question.answers.all()]
