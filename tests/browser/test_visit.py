"""The page of a visit: where it stands, the calendar, what to get next, another attempt, the history of a field."""

import re

import pytest
from playwright.sync_api import Page, expect

from screening.eligibility.assess import assess
from screening.models import Visit
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(live_server, trial, coordinator, cases):
    """Opens a visit with the document of an example case, in which some parts are others."""

    def open_case(case: str, **parts) -> Visit:
        document = cases[case]["document"] | parts
        return open_visit(register_subject(trial, coordinator), coordinator, document)

    return open_case


def test_eligibility_calendar_is_read_as_picture_and_as_table(
    page: Page, site, log_in, accessible, opened, coordinator
):
    visit = opened("base-woman")
    log_in(page, coordinator)
    page.goto(f"{site}/visits/{visit.pk}/")
    expect(page.get_by_role("region", name="Status now: eligible")).to_contain_text("Status valid for a planned")
    picture = page.get_by_role("img", name=re.compile("Status for each day on which the first dose could be given"))
    expect(picture).to_have_accessible_name(re.compile(r"to 2026-03-1\d eligible; .* undetermined\."))
    planned = page.locator(".dose-day.is-planned")
    expect(planned).to_have_text(re.compile("2026-03-16: eligible; planned first dose.*16.*✓", re.DOTALL))
    rows = page.get_by_role("table", name="The same calendar as a table").get_by_role("row")
    expect(rows.filter(has_text="I09").first).to_contain_text("undetermined")
    accessible(page)
    page.get_by_role("link", name="60 days later").click()
    expect(page).to_have_url(re.compile("from=2026-05-08#calendar$"))
    expect(page.get_by_role("heading", name="Eligibility calendar")).to_be_in_viewport()
    page.get_by_role("link", name="60 days earlier").click()
    expect(planned).to_have_count(1)
    expect(page.get_by_role("link", name="60 days earlier")).to_have_count(0)


def test_what_to_get_next_leads_to_its_question(page: Page, site, log_in, accessible, opened, coordinator):
    visit = opened("base-woman", pregnancy_tests=[], infections={})
    log_in(page, coordinator)
    page.goto(f"{site}/visits/{visit.pk}/")
    wanted = page.get_by_role("region", name="What to get next")
    expect(wanted).to_contain_text("settles 1: I09")
    accessible(page)
    wanted.get_by_role("link", name="HIV antibody").click()
    expect(page.locator("#at-infections-hiv_antibody")).to_be_in_viewport()


def test_failure_is_screened_again_as_a_linked_attempt(page: Page, site, log_in, accessible, opened, coordinator):
    first = opened("I03-ecog-2")
    assess(first.latest_revision(), coordinator)
    log_in(page, coordinator)
    page.goto(f"{site}/subjects/{first.subject.pk}/")
    accessible(page)
    page.get_by_role("link", name="Start another attempt (re-screening)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New attempt: visit 2")
    expect(page.get_by_text("Carried over, to be confirmed")).to_be_visible()
    accessible(page)
    page.get_by_label(re.compile("Visit date")).fill("2026-04-13")
    page.get_by_role("button", name="Open the visit").click()
    expect(page.get_by_text("Attempt 2")).to_be_visible()
    expect(page.get_by_role("region", name="Status now: undetermined")).to_be_visible()
    accessible(page)
    second = Visit.objects.get(number=2)
    assert second.previous == first
    assert second.latest_revision().document == {"visit": {"date": "2026-04-13"}}

    page.get_by_role("link", name="Disease and lesions").first.click()
    expect(page.get_by_text("to be confirmed").first).to_be_visible()
    page.goto(f"{site}/")
    expect(page.get_by_role("link", name=re.compile("attempt 2"))).to_be_visible()
    assert first.revisions.count() == 1


def test_history_of_a_field_tells_each_value_who_when_and_why(
    page: Page, site, log_in, accessible, opened, coordinator, investigator
):
    visit = opened("base-man")
    part = {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    save_section(visit, "performance", part, 1, investigator, reason="transcription error")
    log_in(page, coordinator)
    page.goto(f"{site}/visits/{visit.pk}/fields/?path=performance.ecog")
    expect(page.get_by_role("heading", level=1)).to_have_text("Performance status: ECOG performance status")
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text(re.compile(f"2.*{investigator.username}.*transcription error", re.DOTALL))
    expect(rows.nth(2)).to_contain_text(re.compile(f"1.*{coordinator.username}", re.DOTALL))
    accessible(page)


@pytest.mark.layout
def test_visit_and_its_assessment_fit_the_screen_and_are_accessible(
    page: Page, site, log_in, accessible, opened, coordinator
):
    resize(page, TABLET)
    log_in(page, coordinator)
    for case in ("base-woman", "I03-ecog-2", "nothing-known"):
        visit = opened(case)
        assessment = assess(visit.latest_revision(), coordinator)
        for address in (f"visits/{visit.pk}/", f"assessments/{assessment.pk}/"):
            page.goto(f"{site}/{address}")
            for summary in page.locator("summary").all()[:3]:
                summary.click()
            assert_fits(page, check=accessible)
