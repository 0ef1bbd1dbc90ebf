"""The investigator's way: from the queue to a signed screen failure, and to a signed enrolment."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from screening.models import Closure, Enrolment, Question, Signature
from screening.review.decide import sign
from screening.visits.save import open_visit, register_subject, save_section
from tests.browser.conftest import PASSWORD
from tests.support.reviewed import assessed, saved_again
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TWO_FAILURES = {"performance": {"ecog": 2, "life_expectancy_months": 2}}


@pytest.fixture
def waiting(live_server, trial, coordinator, cases):
    """Puts a person into the queue."""
    return lambda case, **parts: assessed(trial, coordinator, cases[case]["document"] | parts)


def open_from_queue(page: Page, number: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Review").click()
    page.get_by_role("link", name=re.compile(number)).click()


def ask_about_the_failure(page: Page, accessible) -> None:
    failure = page.get_by_role("article", name=re.compile("I03"))
    failure.get_by_text("Ask or disagree").click()
    failure.get_by_label("Question about I03").fill("Who saw him?")
    accessible(page)
    failure.get_by_label("about the value").select_option(value="performance.ecog")
    failure.get_by_role("button", name="Ask I03").click()
    expect(page.get_by_role("status")).to_contain_text("Asked.")


def test_screen_failure_is_signed_from_the_queue(page: Page, site, log_in, accessible, waiting, investigator):
    waiting("base-man", **TWO_FAILURES)
    log_in(page, investigator)
    page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("Review.*1")).click()
    row = page.get_by_role("row", name=re.compile("S-0001"))
    expect(row).to_contain_text("ECOG performance status 2, at most 1 required")
    accessible(page)
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("S-0001: ineligible")
    accessible(page)

    ask_about_the_failure(page, accessible)
    decision = page.get_by_role("region", name="Decision")
    expect(decision).not_to_contain_text("Confirm eligible")
    expect(decision).to_contain_text("is a screen failure for NCT05990231 by I03, I04.")
    decision.get_by_label(re.compile("^I03")).check()
    expect(decision.get_by_text("by I03, I04; primary reason I03.")).to_be_visible()
    expect(decision.get_by_text("by I03, I04.", exact=True)).to_have_count(0)
    decision.get_by_label("Your user name").first.fill(investigator.username)
    decision.get_by_label("Your password").first.fill("not the password")
    decision.get_by_role("button", name="Sign").first.click()
    expect(
        page.get_by_text("The user name or the password is wrong. The attempt was recorded.").last
    ).to_be_in_viewport()
    expect(decision.get_by_label(re.compile("^I03"))).to_be_checked()
    expect(decision.get_by_label("Your user name").first).to_have_value(investigator.username)
    expect(decision.get_by_label("Your password").first).to_have_value("")
    accessible(page)
    decision.get_by_label("Your password").first.fill(PASSWORD)
    decision.get_by_label("Your password").first.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Signed: confirmed screen failure.")
    expect(page.get_by_role("region", name="What was decided")).to_contain_text("primary reason I03.")
    accessible(page)
    signature = Signature.objects.get()
    assert (signature.created_by, signature.primary_criterion) == (investigator, "I03")
    assert Question.objects.get().path == "performance.ecog"
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Review").click()
    expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()


def test_eligible_person_is_signed_and_enrolled(page: Page, site, log_in, accessible, waiting, investigator):
    waiting("base-man")
    log_in(page, investigator)
    open_from_queue(page, "S-0001")
    page.get_by_role("link", name="To the decision").click()
    decision = page.get_by_role("region", name="Decision")
    expect(decision).to_contain_text("confirm that S-0001 is eligible for NCT05990231.")
    decision.get_by_label("Your user name").first.fill(investigator.username)
    decision.get_by_label("Your password").first.fill(PASSWORD)
    decision.get_by_role("button", name="Sign").first.click()
    decided = page.get_by_role("region", name="What was decided")
    expect(decided).to_contain_text("Signed: confirmed eligible")
    expect(decided).to_contain_text("0 of 35 places taken, 35 left")
    accessible(page)
    decided.get_by_role("link", name="Enrol").click()
    accessible(page)
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_role("status")).to_contain_text("S-0001 is enrolled under E-001.")
    accessible(page)
    assert Enrolment.objects.get().created_by == investigator
    page.get_by_role("link", name="Work list").first.click()
    expect(page.get_by_role("row", name=re.compile("S-0001"))).to_contain_text("Enrolled: E-001")


def test_case_is_closed_at_the_visit_before_anything_is_assessed(
    page: Page, site, log_in, accessible, trial, coordinator, investigator
):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    log_in(page, investigator)
    page.goto(f"{site}/visits/{visit.pk}/")
    closing = page.get_by_role("region", name="Not enrolled for another reason")
    closing.get_by_text("Declined, died").click()
    closing.get_by_label("declined", exact=True).check()
    accessible(page)
    closing.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("The user name or the password is wrong. The attempt was recorded.")).to_be_in_viewport()
    expect(closing.get_by_label("declined", exact=True)).to_be_checked()
    accessible(page)
    closing.get_by_label("Your user name").fill(investigator.username)
    closing.get_by_label("Your password").fill(PASSWORD)
    closing.get_by_label("Your password").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("not enrolled for another reason (declined)")
    expect(page.get_by_role("region", name="What was decided")).to_be_visible()
    accessible(page)
    assert Closure.objects.get().created_by == investigator


def test_coordinator_answers_from_the_work_list(
    page: Page, site, log_in, accessible, waiting, coordinator, investigator
):
    assessment = waiting("I03-ecog-2")
    Question.objects.create(
        visit=assessment.revision.visit, text="Who saw him?", path="performance.ecog", created_by=investigator
    )
    saved_again(assessment.revision.visit, coordinator)  # the work list is made anew
    log_in(page, coordinator)
    page.get_by_role("link", name=re.compile("1 open question")).click()
    questions = page.get_by_role("region", name="The investigator's questions")
    expect(questions).to_be_in_viewport()
    accessible(page)
    questions.get_by_label("Answer to “Who saw him?”").fill("Dr. Wu.")
    questions.get_by_role("button", name="Answer").click()
    expect(questions).to_contain_text("Dr. Wu.")
    questions.get_by_role("link", name=re.compile("Performance status")).click()
    expect(page.locator("#at-performance-ecog")).to_be_in_viewport()


@pytest.mark.layout
def test_pages_of_the_review_fit_the_screen_and_are_accessible(
    page: Page, site, log_in, accessible, waiting, coordinator, investigator, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 3, 18))
    resize(page, TABLET)
    log_in(page, investigator)
    shown = [waiting("base-woman"), waiting("nothing-known"), waiting("base-man", **TWO_FAILURES)]
    signature = sign(waiting("base-man"), investigator, PASSWORD, "eligible")
    visit = signature.assessment.revision.visit
    part = {"performance": {"ecog": 0, "life_expectancy_months": 6}}
    save_section(visit, "performance", part, 1, coordinator, reason="seen again")
    reviews = [f"assessments/{assessment.pk}/review/" for assessment in [*shown, signature.assessment]]
    for address in ("review/", *reviews, f"visits/{visit.pk}/", f"signatures/{signature.pk}/enrol/"):
        page.goto(f"{site}/{address}")
        for summary in page.locator("summary").all()[:4] + page.locator(".decide summary").all():
            summary.click()
        assert_fits(page, check=accessible)
