"""The pages on which a visit or a number is marked, and those that show it struck out, in words as well."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.eligibility.assess import assess
from screening.models import Answer, Disagreement, Draft, Question, Refusal
from screening.review.entered_in_error import mark_subject, mark_visit
from screening.review.questions import ask_question
from screening.visits.save import open_visit
from tests.support.section_requests import HTMX, inputs

pytestmark = pytest.mark.django_db

STRUCK = "<s>"


def test_visit_is_marked_with_a_reason(client, visit):
    address = reverse("screening:visit-in-error", args=[visit.pk])
    assertContains(client.get(reverse("screening:visit", args=[visit.pk])), address)
    assertContains(client.get(address), "This cannot be taken back.")
    refused = client.post(address, {"reason": " "})
    assertContains(refused, "say what was the mistake", status_code=422)
    assert Refusal.objects.get().visit == visit
    page = reverse("screening:visit", args=[visit.pk])
    assertRedirects(client.post(address, {"reason": "opened for another person"}), page)
    shown = client.get(page)
    for words in (STRUCK, "This visit was entered in error.", "opened for another person", "entered in error"):
        assertContains(shown, words)
    for gone in (address, reverse("screening:visit-assess", args=[visit.pk]), "Status now"):
        assertNotContains(shown, gone)


def test_number_is_marked_with_a_reason(client, visit):
    subject = visit.subject
    address, page = (reverse(f"screening:{name}", args=[subject.pk]) for name in ("subject-in-error", "subject"))
    assertContains(client.get(page), address)
    assertRedirects(client.post(address, {"reason": "registered twice"}), page)
    shown = client.get(page)
    for words in (STRUCK, "This screening number was entered in error.", "registered twice"):
        assertContains(shown, words)
    for gone in (address, reverse("screening:visit-new", args=[subject.pk])):
        assertNotContains(shown, gone)
    assertContains(
        client.get(reverse("screening:visit", args=[visit.pk])), "This screening number was entered in error."
    )
    assertRedirects(client.get(reverse("screening:visit-new", args=[subject.pk])), page)


def test_section_of_a_marked_visit_leads_to_the_visit(client, visit, coordinator):
    mark_visit(visit, coordinator, "opened twice")
    address = reverse("screening:section", args=[visit.pk, "performance"])
    page = reverse("screening:visit", args=[visit.pk])
    assertRedirects(client.get(address), page)
    assertRedirects(client.post(address, {"base": "1"}), page)


def test_what_is_typed_in_a_marked_visit_is_no_draft_and_the_page_leads_to_the_visit(client, visit, coordinator):
    page, mark = reverse("screening:visit", args=[visit.pk]), "screening.views.visits.section.mark_of"
    data = inputs(visit, "performance", performance__ecog="2")
    mark_visit(visit, coordinator, "opened twice")
    response = client.post(reverse("screening:section-live", args=[visit.pk, "performance"]), data, **HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (409, page)
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(mark, lambda visit: None)  # marked while the form was on its way
        assertRedirects(client.post(reverse("screening:section", args=[visit.pk, "performance"]), data), page)
    assert not Draft.objects.exists()


def test_words_about_a_visit_that_was_marked_meanwhile_are_refused_and_the_reason_said(
    client, reviewer, visit, coordinator, signer
):
    assessment = assess(visit.latest_revision(), coordinator)
    question, verdict = ask_question(visit, signer, "Which ECG?"), assessment.verdicts.first()
    mark_visit(visit, coordinator, "opened twice")
    for sender, name, pk, data in (
        (reviewer, "assessment-ask", assessment.pk, {"text": "Which ECG?"}),
        (reviewer, "visit-ask", visit.pk, {"text": "Measured?", "path": "vitals.height_cm"}),
        (reviewer, "verdict-disagree", verdict.pk, {"text": "I saw 2.", "opinion": "excludes"}),
        (client, "question-answer", question.pk, {"text": "That of 2026-03-08."}),
    ):
        response = sender.post(reverse(f"screening:{name}", args=[pk]), data)
        assertContains(response, "nothing more is done with it", status_code=422)
    answer = reverse("screening:visit-answer-check", args=[visit.pk])
    told = client.post(answer, {"key": "C01", "reason": "as in the source"}, follow=True)
    assertContains(told, "nothing more is done with it")
    assert Refusal.objects.filter(code="entered_in_error").count() == 5
    assert (Question.objects.count(), Answer.objects.count(), Disagreement.objects.count()) == (1, 0, 0)


def test_assessing_a_marked_visit_says_why_not(client, visit, coordinator):
    mark_visit(visit, coordinator, "opened twice")
    address = reverse("screening:visit-assess", args=[visit.pk])
    assertContains(client.post(address, {"revision": 1}, follow=True), "nothing more is done with it")


def test_work_list_and_log_show_a_marked_number_struck_out(client, visit, coordinator):
    mark_subject(visit.subject, coordinator, "registered twice")
    for name in ("subjects", "log"):
        page = client.get(reverse(f"screening:{name}"))
        assertContains(page, f"<s>{visit.subject.screening_number}</s>")
        assertContains(page, "entered in error")
    log = client.get(reverse("screening:log"))
    assertContains(log, "entered in error, counted nowhere else:")
    assertContains(log, "<strong>0</strong> subjects screened")


def test_subject_page_shows_a_marked_attempt_struck_out(client, visit, coordinator):
    later = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-06-09"}})
    mark_visit(later, coordinator, "opened twice")
    page = client.get(reverse("screening:subject", args=[visit.subject_id]))
    assertContains(page, "<s>Visit 2</s>")
    assertContains(page, "entered in error")
    assertContains(client.get(reverse("screening:visit", args=[visit.pk])), "<s>visit 2</s> (entered in error)")


def test_review_and_assessment_stay_readable_and_offer_nothing(client, reviewer, visit, coordinator):
    assessment = assess(visit.latest_revision(), coordinator)
    mark_visit(visit, coordinator, "opened twice")
    for name in ("review", "assessment"):
        page = reviewer.get(reverse(f"screening:{name}", args=[assessment.pk]))
        assertContains(page, STRUCK)
        assertContains(page, "This visit was entered in error.")
        assertContains(page, "I03")
        assertNotContains(page, "Confirm eligible")
