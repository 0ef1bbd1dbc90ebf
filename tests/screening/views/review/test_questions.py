import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import Answer, Disagreement, Question
from screening.review.questions import ask_question
from screening.visits.save import open_visit
from tests.support.reviewed import assessed

IDENTITY_NUMBER = "11010519491231002X"


@pytest.fixture
def assessment(trial, coordinator, cases):
    return assessed(trial, coordinator, cases["I03-ecog-2"]["document"])


@pytest.fixture
def visit(assessment):
    return assessment.revision.visit


@pytest.fixture
def question(visit, signer, assessment):
    return ask_question(visit, signer, "Who saw her?", criterion="I03", path="performance.ecog", assessment=assessment)


def page(name, pk):
    return reverse(f"screening:{name}", args=[pk])


def test_question_about_a_criterion_reaches_the_work_list_and_the_visit(reviewer, client, assessment, visit):
    data = {"text": "Who saw her?", "criterion": "I03", "path": "performance.ecog"}
    response = reviewer.post(page("assessment-ask", assessment.pk), data)
    assertRedirects(response, page("review", assessment.pk) + "#questions")
    asked = Question.objects.get()
    assert (asked.visit, asked.assessment, asked.criterion, asked.path) == (
        visit,
        assessment,
        "I03",
        "performance.ecog",
    )
    row = client.get(reverse("screening:subjects"))
    assertContains(row, "1 open question")
    assertContains(row, f'href="{page("visit", visit.pk)}#questions"')
    response = client.get(page("visit", visit.pk))
    section = reverse("screening:section", args=[visit.pk, "performance"])
    for text in ("Who saw her?", "open", page("question-answer", asked.pk), f"{section}#at-performance-ecog"):
        assertContains(response, text)


def test_question_about_a_field_is_asked_from_its_history(reviewer, client, visit):
    history = page("field-history", visit.pk) + "?path=vitals.height_cm"
    assertContains(reviewer.get(history), page("visit-ask", visit.pk))
    assertNotContains(client.get(history), page("visit-ask", visit.pk))
    response = reviewer.post(page("visit-ask", visit.pk), {"text": "Measured?", "path": "vitals.height_cm"})
    assertRedirects(response, history)
    assert Question.objects.get().path == "vitals.height_cm"


def test_who_asked_is_not_offered_to_answer_first(client, reviewer, question, visit):
    answering = page("question-answer", question.pk)
    assertContains(client.get(page("visit", visit.pk)), answering)
    assertNotContains(reviewer.get(page("visit", visit.pk)), answering)
    client.post(answering, {"text": "Dr. Wu."})
    assertContains(reviewer.get(page("visit", visit.pk)), answering)


def test_answer_stays_beside_the_question(client, reviewer, question, visit, assessment, coordinator):
    response = client.post(page("question-answer", question.pk), {"text": "Dr. Wu."})
    assertRedirects(response, page("visit", visit.pk) + "#questions")
    assert (Answer.objects.get().text, Answer.objects.get().created_by) == ("Dr. Wu.", coordinator)
    assertNotContains(client.get(reverse("screening:subjects")), "open question")
    for shown in (page("visit", visit.pk), page("review", assessment.pk)):
        assertContains(reviewer.get(shown), "Dr. Wu.")
        assertContains(reviewer.get(shown), "Who saw her?")


def test_open_question_of_an_earlier_attempt_stands_at_the_latest_visit(client, question, visit, coordinator):
    again = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    response = client.get(page("visit", again.pk))
    assertContains(response, "Who saw her?")
    assertContains(response, "asked at visit 1")
    client.post(page("question-answer", question.pk), {"text": "Dr. Wu."})
    assertNotContains(client.get(page("visit", again.pk)), "Who saw her?")


def test_disagreement_stands_beside_the_outcome(reviewer, assessment, signer):
    verdict = assessment.verdicts.get(code="I03")
    said = {"text": "It was 1.", "opinion": "allows"}
    response = reviewer.post(page("verdict-disagree", verdict.pk), said | {"outcome": "pass"})
    assertRedirects(response, page("review", assessment.pk) + "#I03")
    verdict.refresh_from_db()
    assert (verdict.outcome, Disagreement.objects.get().created_by) == ("fail", signer)


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, f"Her number is {IDENTITY_NUMBER}."])
def test_faulty_words_come_back_with_what_was_typed(reviewer, client, assessment, visit, question, text):
    verdict = assessment.verdicts.get(code="I03")
    for sender, address, data in (
        (reviewer, page("assessment-ask", assessment.pk), {"criterion": "I03"}),
        (reviewer, page("visit-ask", visit.pk), {"path": "vitals.height_cm"}),
        (reviewer, page("verdict-disagree", verdict.pk), {"opinion": "excludes"}),
        (client, page("question-answer", question.pk), {}),
    ):
        response = sender.post(address, data | {"text": text})
        assert response.status_code == 422
        assert response.context["typed"].values["text"] == text
        assertContains(response, 'class="fault"', status_code=422)
        if text.strip():
            assertContains(response, text, status_code=422)
    assert (Question.objects.count(), Answer.objects.count(), Disagreement.objects.count()) == (1, 0, 0)


def test_forms_about_a_criterion_are_made_when_they_are_asked_for(reviewer, client, assessment):
    address = page("review", assessment.pk)
    of_criterion = (page("verdict-disagree", assessment.verdicts.get(code="I03").pk), 'id="ask-I03"')
    for each in of_criterion:
        assertNotContains(reviewer.get(address), each)
        assertContains(reviewer.get(address, {"about": "I03"}), each, 1)
        assertNotContains(client.get(address, {"about": "I03"}), each)  # a coordinator, who cannot ask
    link = f'<a href="{address}?sort=assessed_at&amp;about=I03#I03"'
    assertContains(reviewer.get(address, {"sort": "assessed_at"}), link)
    assertNotContains(reviewer.get(address, {"about": "I99"}), "remark-forms")


@pytest.mark.parametrize("case", ["base-woman", "I03-ecog-2"])
def test_question_can_be_asked_about_every_value_that_the_review_offers(
    reviewer, signer, trial, coordinator, cases, case
):
    assessment = assessed(trial, coordinator, cases[case]["document"])
    response = reviewer.get(page("review", assessment.pk))
    texts = [each.text for group in response.context["groups"] for each in group.verdicts]
    paths = {used.path for text in texts for used in text.values}
    assert len(paths) > 20
    for path in paths:
        ask_question(assessment.revision.visit, signer, "Why?", path=path, assessment=assessment)
    about = {"text": "Why?", "path": min(paths)}
    assert reviewer.post(page("assessment-ask", assessment.pk), about).status_code == 302
    assert Question.objects.count() == len(paths) + 1


@pytest.mark.parametrize(
    "about",
    [{"criterion": "I99"}, {"criterion": "I03\0"}]
    + [{"path": path} for path in ("no.such", "labs.anc\0", "labs[1", "labs..", "labs.anc\n", "x" * 300)],
)
def test_question_about_nothing_is_refused(reviewer, assessment, visit, about):
    for address in (page("assessment-ask", assessment.pk), page("visit-ask", visit.pk)):
        if "criterion" in about and "visits" in address:
            continue  # which asks about fields only
        assertContains(reviewer.post(address, about | {"text": "Why?"}), "there is no such", status_code=422)
    assert not Question.objects.exists()


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_only_an_investigator_asks_and_disagrees(as_role, assessment, visit, role):
    verdict = assessment.verdicts.get(code="I03")
    for address in (
        page("assessment-ask", assessment.pk),
        page("visit-ask", visit.pk),
        page("verdict-disagree", verdict.pk),
    ):
        assert as_role(role).post(address, {"text": "Why?"}).status_code == 403
    assert not Question.objects.exists()


def test_administrator_does_not_answer(as_role, question):
    assert as_role("administrator").post(page("question-answer", question.pk), {"text": "So."}).status_code == 403
    assert not Answer.objects.exists()


def test_following_a_link_asks_and_answers_nothing(reviewer, client, assessment, visit, question):
    verdict = assessment.verdicts.get(code="I03")
    text = {"text": "Why?"}
    assertRedirects(reviewer.get(page("assessment-ask", assessment.pk), text), page("review", assessment.pk))
    assertRedirects(reviewer.get(page("visit-ask", visit.pk), text), page("visit", visit.pk))
    assertRedirects(reviewer.get(page("verdict-disagree", verdict.pk), text), page("review", assessment.pk))
    assertContains(client.get(page("question-answer", question.pk), text), "Who saw her?")
    assert (Question.objects.count(), Answer.objects.count(), Disagreement.objects.count()) == (1, 0, 0)
