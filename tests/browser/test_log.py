"""The screening log: filtered, paged, taken away, and from a failure to its proof."""

import re

import pytest
from playwright.sync_api import Page, expect

from screening.log import pages
from tests.support.reviewed import assessed, sign
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNED_WITH = "correct horse battery"


@pytest.fixture
def people(live_server, trial, coordinator, investigator, cases):
    """Six people, every second one a confirmed screen failure."""
    investigator.set_password(SIGNED_WITH)
    investigator.save()
    for number in range(6):
        assessment = assessed(trial, coordinator, cases["I03-ecog-2" if number % 2 else "base-man"]["document"])
        if number % 2:
            sign(assessment, investigator, SIGNED_WITH, "failure", primary="I03")


def shown(page: Page) -> list[str]:
    return page.locator(".log tbody th > a:first-child").all_inner_texts()


def test_log_is_filtered_paged_and_leads_to_a_proof(
    page: Page, site, log_in, accessible, people, investigator, monkeypatch
):
    monkeypatch.setattr(pages, "LOG_PAGE_SIZE", 2)
    log_in(page, investigator)
    page.get_by_role("link", name="Screening log").click()
    expect(page.get_by_role("heading", name="6 subjects screened in 6 attempts")).to_be_visible()
    page.get_by_label("Criterion not met or present").select_option("I03")
    page.get_by_label("Decision").select_option("confirmed screen failure")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page).to_have_url(re.compile("criterion=I03.*decision=failure"))
    expect(
        page.get_by_role("heading", name="3 subjects screened in 3 attempts criterion not met or present: I03")
    ).to_be_visible()
    assert shown(page) == ["S-0002", "S-0004"]
    accessible(page)
    page.get_by_role("link", name="Next page").press("Enter")
    expect(page.get_by_role("link", name="S-0006", exact=True)).to_be_visible()
    assert shown(page) == ["S-0006"]
    page.get_by_role("link", name="I03 (S-0006)").press("Enter")
    expect(page).to_have_url(re.compile(r"/assessments/\d+/#I03$"))
    expect(page.get_by_role("heading", name=re.compile("I03 ECOG performance status 0 or 1"))).to_be_visible()


def test_column_is_sorted_by_keyboard_and_the_order_is_told(page: Page, site, log_in, people, coordinator):
    log_in(page, coordinator)
    page.goto(f"{site}/log/")
    page.get_by_role("link", name="Subject").press("Enter")
    expect(page.get_by_role("columnheader", name="Subject")).to_have_attribute("aria-sort", "descending")
    assert shown(page)[0] == "S-0006"


def test_what_is_filtered_is_taken_away(page: Page, site, log_in, people, coordinator):
    log_in(page, coordinator)
    page.goto(f"{site}/log/?decision=failure")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert re.findall(r"S-000\d(?=,2026)", text) == ["S-0002", "S-0004", "S-0006"]


def test_value_that_makes_no_sense_is_named_and_kept(page: Page, site, log_in, accessible, people, coordinator):
    log_in(page, coordinator)
    page.goto(f"{site}/log/")
    page.get_by_label("Screened from").fill("14.13.2026")
    page.get_by_label("Screened from").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“14.13.2026”: This is not a whole date such as 2026-03-14")
    expect(page.get_by_label("Screened from")).to_have_value("14.13.2026")
    accessible(page)


def test_meaning_of_a_signature_is_printed(page: Page, site, log_in, people, investigator):
    log_in(page, investigator)
    page.goto(f"{site}/log/?decision=failure")
    row = page.get_by_role("row", name=re.compile("S-0002"))
    meaning = "I have reviewed this assessment and confirm that S-0002 is a screen failure"
    expect(row).not_to_contain_text(meaning, use_inner_text=True)
    page.emulate_media(media="print")
    expect(row).to_contain_text(meaning, use_inner_text=True)


@pytest.mark.layout
def test_log_fits_the_screen_and_is_accessible(page: Page, site, log_in, accessible, people, investigator):
    resize(page, TABLET)
    log_in(page, investigator)
    for address in ("", "?decision=enrolled", "?decision=failure&sort=-visit_date"):
        page.goto(f"{site}/log/{address}")
        page.locator("summary").evaluate_all("summaries => summaries.forEach(each => each.click())")
        assert_fits(page, ".log-table", check=accessible)
