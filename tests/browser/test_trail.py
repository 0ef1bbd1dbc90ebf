"""The trail as an investigator reads it: from a correction to its field, filtered, taken away, reviewed."""

import re

import pytest
from playwright.sync_api import Page, expect

from screening.models import TrailReview
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import a_row_of_each
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def corrected(full, trial, coordinator):
    """An ECOG of 1 that was corrected twice, and another person."""
    for number, ecog in ((1, 0), (2, 2)):
        part = {"performance": full.latest_revision().document["performance"] | {"ecog": ecog}}
        save_section(full, "performance", part, number, coordinator, reason=f"it was {ecog}")
    open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    return full


def opened(page: Page, log_in, user) -> None:
    log_in(page, user)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()


def entries(page: Page) -> list[str]:
    return page.locator(".audit-trail > tbody > tr .entry-what").all_inner_texts()


def test_correction_leads_to_the_history_of_its_field(page: Page, log_in, accessible, corrected, investigator):
    opened(page, log_in, investigator)
    accessible(page)
    page.get_by_role("link", name="Performance status: ECOG performance status").first.click()
    expect(page).to_have_url(re.compile(r"subject=S-0001&path=performance\.ecog$"))
    assert entries(page) == ["Correction: revision 3", "Correction: revision 2", "Entry: revision 1"]
    expect(page.get_by_text("it was 2")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="revision 2").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert f"/visits/{corrected.pk}/revisions/2/" in page.url


def test_trail_is_filtered_by_person_and_kind_and_taken_away(
    page: Page, log_in, accessible, corrected, coordinator, investigator
):
    opened(page, log_in, investigator)
    page.get_by_label("Kind").select_option("entries and corrections")
    page.get_by_label("User", exact=True).select_option(coordinator.username)
    page.get_by_label("Screening number").fill("S-0002")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page).to_have_url(re.compile("kind=data"))
    assert entries(page) == ["Entry: revision 1", "Visit: visit 1 begun", "Subject: S-0002"]
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[2] for row in rows[1:]] == ["entry", "visit", "subject"]
    page.get_by_role("link", name="Show all").click()
    expect(page.get_by_label("Kind")).to_have_value("")


def test_part_that_makes_no_sense_is_named_and_kept(page: Page, log_in, accessible, site, corrected, investigator):
    opened(page, log_in, investigator)
    page.get_by_label("From").fill("14.13.2026")
    page.get_by_label("From").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("“14.13.2026”: This is not a whole date such as 2026-03-14")
    expect(page.get_by_label("From")).to_have_value("14.13.2026")
    accessible(page)


def test_review_is_recorded_when_a_remark_says_what_was_looked_at(
    page: Page, log_in, accessible, corrected, investigator
):
    opened(page, log_in, investigator)
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_role("alert")).to_contain_text("Not recorded")
    accessible(page)
    page.get_by_label("What you looked at, and what you found").fill("All of it; nothing unusual.")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text(re.compile(r"Your review of \d+ entries is on record"))).to_be_visible()
    assert TrailReview.objects.get().remark == "All of it; nothing unusual."
    assert entries(page)[0].startswith("Review of the audit trail")


@pytest.mark.layout
def test_trail_fits_the_screen_and_is_accessible(
    page: Page, log_in, accessible, live_server, trial, coordinator, investigator
):
    a_row_of_each(trial, coordinator)
    opened(page, log_in, investigator)
    resize(page, TABLET)
    page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(each => each.click())")
    assert_fits(page, ".panel-table", check=accessible)
    expect(page.locator(".panel-table")).to_have_count(1)
