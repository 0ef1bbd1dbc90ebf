"""The investigator's way: from the queue to a signed screen failure, and to a signed enrolment."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from screening.eligibility.assess import assess
from screening.models import Closure, Enrolment, Question, Signature
from screening.review.decide import close_case
from screening.review.questions import answer_question, ask_question
from screening.visits.save import open_visit, register_subject, save_section
from tests.browser.conftest import PASSWORD
from tests.support.reviewed import assessed, attested, saved_again, sign
from tests.support.workplace import DESKTOP, PHONE, TABLET, assert_fits, resize

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


def test_failure_of_an_earlier_attempt_is_signed_and_stays_in_the_log(
    page: Page, site, log_in, accessible, waiting, investigator, coordinator, cases
):
    first = waiting("base-man", performance={"ecog": 2, "life_expectancy_months": 6})
    open_visit(first.revision.visit.subject, coordinator, cases["base-man"]["document"])
    log_in(page, investigator)
    open_from_queue(page, "S-0001")
    expect(page.get_by_text("This is attempt 1.", exact=True)).to_be_visible()
    accessible(page)
    decision = page.get_by_role("region", name="Decision")
    decision.get_by_label(re.compile("^I03")).check()
    decision.get_by_label("Your user name").first.fill(investigator.username)
    decision.get_by_label("Your password").first.fill(PASSWORD)
    decision.get_by_label("Your password").first.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Signed: confirmed screen failure.")
    page.get_by_role("link", name="Screening log").click()
    expect(page.get_by_role("heading", name="1 subject screened in 2 attempts")).to_be_visible()
    page.get_by_role("link", name="earlier attempts").press("Enter")
    expect(page.get_by_label("Attempts", exact=True)).to_have_value("earlier")
    row = page.get_by_role("row", name=re.compile("S-0001"))
    expect(row).to_contain_text("attempt 1, earlier")
    expect(row).to_contain_text("confirmed screen failure")
    accessible(page)
    assert_fits(page)


def test_screen_failure_is_signed_from_the_queue(page: Page, site, log_in, accessible, waiting, investigator):
    waiting("base-man", **TWO_FAILURES)
    log_in(page, investigator)
    page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("Review.*1")).click()
    row = page.get_by_role("row", name=re.compile("S-0001"))
    expect(row).to_contain_text("ECOG performance status 2 (limit: at most 1)")
    accessible(page)
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("S-0001: ineligible")
    accessible(page)

    ask_about_the_failure(page, accessible)
    decision = page.get_by_role("region", name="Decision")
    expect(decision).not_to_contain_text("Confirm eligible")
    expect(decision.get_by_role("radio", checked=True)).to_have_count(0)
    decision.get_by_label("no single main reason").check()
    expect(decision.get_by_text("by I03, I04; no single main reason.")).to_be_visible()
    decision.get_by_label(re.compile("^I03")).check()
    expect(decision.get_by_text("by I03, I04; primary reason I03.")).to_be_visible()
    expect(decision.get_by_text("by I03, I04; no single main reason.")).to_be_hidden()
    decision.get_by_label("Your user name").first.fill(investigator.username)
    decision.get_by_label("Your password").first.fill("not the password")
    decision.get_by_role("button", name="Sign").first.click()
    expect(page.get_by_text("Incorrect user name or password. The failed attempt was logged.").last).to_be_in_viewport()
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


def attest_every_judgement(page: Page, accessible) -> None:
    """By the keyboard: one by itself, one sent back and attested after all, and then all the others."""
    judgements = page.get_by_role("region", name=re.compile("The investigator's judgements"))
    expect(judgements).to_contain_text("12 are not attested.")
    curable, fistula = (
        judgements.get_by_role("listitem").filter(has_text=name) for name in ("still curable", "oesophageal fistula")
    )
    fistula.locator("summary").press("Enter")
    fistula.get_by_label("What the coordinator must look at").fill("Which scan?")
    curable.get_by_label(re.compile("As recorded")).press("Space")
    accessible(page)
    judgements.get_by_role("button", name="Record what is marked").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Attested as recorded: 1; sent back to the coordinator: 1.")
    expect(fistula).to_contain_text("sent back by")
    expect(curable).to_contain_text("attested as recorded by")
    fistula.get_by_label(re.compile("As recorded")).check()
    for _box in range(10):
        judgements.get_by_role("checkbox", checked=False).first.press("Space")
    judgements.get_by_role("button", name="Record what is marked").click()
    expect(page.get_by_role("status")).to_contain_text("Attested as recorded: 11; sent back to the coordinator: 0.")
    accessible(page)


@pytest.mark.usefixtures("in_time")
def test_eligible_person_is_attested_signed_and_enrolled(
    page: Page, site, log_in, accessible, waiting, coordinator, investigator
):
    waiting("base-man")
    log_in(page, investigator)
    open_from_queue(page, "S-0001")
    decision = page.get_by_role("region", name="Decision")
    expect(decision.get_by_role("heading", name="Confirm eligible")).to_be_in_viewport()
    expect(decision).to_contain_text("Attest each judgement before you confirm eligible.")
    decision.get_by_role("link", name=re.compile("^Not attested")).click()
    attest_every_judgement(page, accessible)
    expect(decision).to_contain_text("Which scan?” is open: have it answered first.")
    answer_question(Question.objects.get(), coordinator, "That of 2026-03-02: no fistula.")
    page.reload()
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


def sign_as(page: Page, form, user, button: str = "Sign") -> None:
    form.get_by_label("Your password").first.fill(PASSWORD)  # which waits for the page
    if form.get_by_label("Your user name").count():
        form.get_by_label("Your user name").first.fill(user.username)
    form.get_by_role("button", name=button).first.click()


@pytest.mark.usefixtures("in_time")
def test_question_and_disagreement_stand_in_the_way_and_a_signature_is_withdrawn(
    page: Page, site, log_in, accessible, waiting, coordinator, investigator
):
    assessment = attested(waiting("base-man"), investigator)
    log_in(page, investigator)
    open_from_queue(page, "S-0001")
    page.get_by_text("Inclusion criteria met").click()
    criterion = page.get_by_role("article", name=re.compile("I03"))
    criterion.get_by_text("Ask or disagree").click()
    criterion.get_by_label("Disagreement with I03").fill("I saw him in bed.")
    criterion.get_by_role("button", name="Record the disagreement").click()
    expect(page.get_by_text("choose what the criterion does in your judgement").last).to_be_in_viewport()
    criterion.get_by_label("excludes the subject", exact=True).check()
    accessible(page)
    criterion.get_by_role("button", name="Record the disagreement").click()
    decision = page.get_by_role("region", name="Decision")
    question = ask_question(assessment.revision.visit, investigator, "Which ECG?")  # since the page was loaded
    sign_as(page, decision, investigator)
    decision.get_by_role("link", name="The question “Which ECG?” is open").click()
    expect(page.get_by_role("region", name="Questions")).to_be_in_viewport()
    accessible(page)
    answer_question(question, coordinator, "That of 2026-03-08.")

    page.goto(f"{site}/review/")
    expect(page.get_by_role("row", name=re.compile("S-0001"))).to_contain_text("question answered on")
    open_from_queue(page, "S-0001")
    sign_as(page, decision, investigator)
    despite = decision.get_by_label("Why you confirm all the same.")
    expect(despite).to_have_attribute("aria-invalid", "true")
    despite.fill("I misread the chart.")
    assert_fits(page, sizes=[PHONE, TABLET, DESKTOP], check=accessible)
    sign_as(page, decision, investigator)
    decided = page.get_by_role("region", name="What was decided")
    expect(decided).to_contain_text("I confirm all the same: I misread the chart.")
    decided.get_by_role("link", name="Given by mistake: withdraw it").click()
    page.get_by_label("Reason").fill("Another person's sheet.")
    assert_fits(page, sizes=[PHONE, TABLET, DESKTOP], check=accessible)
    sign_as(page, page, investigator, "Withdraw the signature")
    expect(page.get_by_role("status")).to_contain_text("Withdrawn.")
    expect(decided).to_contain_text("withdrawn by the signer")
    assert_fits(page, sizes=[PHONE, TABLET, DESKTOP], check=accessible)
    page.get_by_role("link", name="Work list").first.click()
    expect(page.get_by_role("row", name=re.compile("S-0001"))).to_contain_text("Signature withdrawn. Ready for")


@pytest.mark.usefixtures("in_time")
def test_closed_case_stays_closed_until_it_is_reopened(
    page: Page, site, log_in, accessible, waiting, coordinator, investigator
):
    visit = waiting("base-man").revision.visit
    investigator.set_password(PASSWORD)
    investigator.save()
    close_case(visit.latest_revision(), investigator, PASSWORD, "declined")
    again = assess(saved_again(visit, coordinator), coordinator)
    log_in(page, investigator)
    row = page.get_by_role("row", name=re.compile("S-0001"))
    expect(row).to_contain_text("Nothing: not enrolled (declined); corrected since, stays closed")
    page.goto(f"{site}/assessments/{again.pk}/review/")
    decision = page.get_by_role("region", name="Decision")
    expect(decision).to_contain_text("stays closed until an investigator reopens it")
    expect(decision.get_by_label("Your password")).to_have_count(0)
    page.goto(f"{site}/log/")
    expect(row).to_contain_text("not enrolled for another reason")
    page.goto(f"{site}/subjects/{visit.subject_id}/")
    expect(page.get_by_text("Corrected since; the case stays closed:")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Reopen the case").click()
    page.get_by_label("Reason").fill("She changed her mind.")
    accessible(page)
    sign_as(page, page, investigator, "Reopen the case")
    expect(page.get_by_role("status")).to_contain_text("The case is reopened.")
    page.get_by_role("link", name="Work list").first.click()
    expect(row).to_contain_text("Ready for the investigator")


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
    expect(page.get_by_text("Incorrect user name or password. The failed attempt was logged.")).to_be_in_viewport()
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
    ask_question(assessment.revision.visit, investigator, "Who saw him?", path="performance.ecog")
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
@pytest.mark.usefixtures("in_time")
def test_pages_of_the_review_fit_the_screen_and_are_accessible(
    page: Page, site, log_in, accessible, waiting, coordinator, investigator, monkeypatch
):
    resize(page, TABLET)
    log_in(page, investigator)
    signature = sign(waiting("base-man"), investigator, PASSWORD, "eligible")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 3, 18))
    shown = [waiting("base-woman"), waiting("nothing-known"), waiting("base-man", **TWO_FAILURES)]
    visit = signature.assessment.revision.visit
    part = {"performance": {"ecog": 0, "life_expectancy_months": 6}}
    save_section(visit, "performance", part, 1, coordinator, reason="seen again")
    reviews = [f"assessments/{assessment.pk}/review/" for assessment in [*shown, signature.assessment]]
    for address in ("review/", *reviews, f"visits/{visit.pk}/", f"signatures/{signature.pk}/enrol/"):
        page.goto(f"{site}/{address}")
        for summary in page.locator("summary").all()[:4] + page.locator(".decide summary").all():
            summary.click()
        assert_fits(page, check=accessible)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-script", "without"])
def test_folded_criterion_opens_below_the_banner_when_the_address_names_it(
    page: Page, site, log_in, waiting, investigator, scripts
):
    assessment = waiting("base-man")
    log_in(page, investigator)
    if not scripts:
        page.route("**/review*.js", lambda route: route.abort())
    page.goto(f"{site}/assessments/{assessment.pk}/review/")
    article = page.get_by_role("article", name=re.compile("I08"))
    expect(article).to_have_count(0)
    page.goto(f"{site}/assessments/{assessment.pk}/review/#I08")
    expect(article).to_be_in_viewport()
    page.wait_for_function("""() => {
        const top = document.getElementById("I08").getBoundingClientRect().top;
        const banner = document.querySelector(".subject-banner").getBoundingClientRect().bottom;
        return top >= banner && top < banner + 40;
    }""")


def test_decision_and_person_stay_in_sight_while_the_review_scrolls(
    page: Page, site, log_in, accessible, waiting, investigator
):
    waiting("base-woman")
    assessment = waiting("base-man", **TWO_FAILURES)
    log_in(page, investigator)
    page.goto(f"{site}/assessments/{assessment.pk}/review/")
    banner = page.get_by_role("region", name="Subject S-0002")
    expect(banner).to_contain_text("male, 64 years")
    decision, bar = (
        page.get_by_role("region", name="Decision"),
        page.get_by_role("navigation", name="Decision and queue"),
    )
    questions = page.get_by_role("heading", name="Questions")
    questions.scroll_into_view_if_needed()
    expect(banner).to_be_in_viewport(ratio=1)
    expect(decision.get_by_role("heading", name="Decision", exact=True)).to_be_in_viewport()
    expect(bar).to_be_hidden()
    for size in (TABLET, PHONE):
        resize(page, size)
        page.evaluate("window.scrollTo(0, 1500)")
        expect(banner).to_be_in_viewport(ratio=1)
        expect(bar).to_be_in_viewport(ratio=1)
        accessible(page)
    bar.get_by_role("link", name="To the decision").click()
    expect(decision.get_by_role("heading", name="Decision", exact=True)).to_be_in_viewport()
    bar.get_by_role("link", name="Next in queue: S-0001").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("S-0001: eligible")


@pytest.mark.parametrize("size", [PHONE, TABLET, DESKTOP], ids=str)
def test_banner_hides_no_focus_when_a_form_is_walked_backwards(page: Page, site, log_in, waiting, coordinator, size):
    """WCAG 2.4.11."""
    visit = waiting("base-man").revision.visit
    log_in(page, coordinator)
    resize(page, size)
    page.goto(f"{site}/visits/{visit.pk}/sections/vitals/")
    page.get_by_role("button", name="Save", exact=True).last.focus()
    for _step in range(25):
        page.keyboard.press("Shift+Tab")
        page.wait_for_function("""() => {
            const banner = document.querySelector(".subject-banner");
            const at = document.activeElement.getBoundingClientRect();
            const header = document.activeElement.closest(".subject-banner, header, .skip, body:focus");
            return header || at.bottom > banner.getBoundingClientRect().bottom;
        }""")
