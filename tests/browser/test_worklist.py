"""The work list by keyboard, and the reference ranges that the administrator keeps."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from screening.models import ReferenceRange
from screening.visits.save import open_visit, register_subject
from screening.worklist import listing
from tests.support.factories import ReferenceRangeFactory
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(live_server, trial, coordinator, cases):
    """Seven people in screening, every second of them ineligible."""
    for number in range(7):
        case = "I03-ecog-2" if number % 2 else "nothing-known"
        open_visit(register_subject(trial, coordinator), coordinator, cases[case]["document"])
    register_subject(trial, coordinator)


def tab_to(page: Page, element) -> None:
    """Moves the focus as somebody without a mouse does."""
    for _step in range(80):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {element} by keyboard")


def shown(page: Page) -> list[str]:
    return page.locator(".worklist tbody th > a:first-child").all_inner_texts()


def test_list_is_filtered_sorted_and_paged_by_keyboard(
    page: Page, site, log_in, accessible, people, coordinator, monkeypatch
):
    monkeypatch.setattr(listing, "WORK_LIST_PAGE_SIZE", 2)
    log_in(page, coordinator)
    tab_to(page, page.get_by_label("Status", exact=True))
    page.keyboard.type("ineligible")
    page.keyboard.press("Tab")
    tab_to(page, page.get_by_role("button", name="Show"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("finding=ineligible"))
    tab_to(page, page.get_by_role("columnheader", name="Subject").get_by_role("link"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Subject")).to_have_attribute("aria-sort", "ascending")
    assert shown(page) == ["S-0002", "S-0004"]
    tab_to(page, page.get_by_role("link", name="Next page"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="S-0006", exact=True)).to_be_visible()
    assert shown(page) == ["S-0006"]
    accessible(page)
    page.reload()
    assert shown(page) == ["S-0006"]
    tab_to(page, page.get_by_role("link", name="Previous page"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="S-0002", exact=True)).to_be_visible()
    tab_to(page, page.get_by_role("link", name=re.compile("ECOG performance status .*S-0002")))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sections/performance/#at-performance-ecog$"))


def test_list_says_when_nobody_fits(page: Page, site, log_in, accessible, people, coordinator):
    log_in(page, coordinator)
    page.get_by_label("Number or site's reference").fill("S-99")
    page.get_by_label("Number or site's reference").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("No subject in screening fits this")
    accessible(page)
    page.get_by_role("link", name="Show all").first.click()
    expect(page.get_by_role("link", name="S-0008", exact=True)).to_be_visible()


def test_administrator_enters_a_reference_range_and_another_person_confirms_it(
    page: Page, site, log_in, accessible, trial, administrator, investigator
):
    log_in(page, administrator)
    page.get_by_role("link", name="Reference ranges").click()
    accessible(page)
    page.get_by_role("combobox", name="Laboratory").fill("City laboratory")
    page.get_by_label("Test and unit").select_option("Creatinine, µmol/L")
    page.get_by_label("Sex").select_option("female")
    page.get_by_label("Upper limit of normal").fill("eighty")
    page.get_by_label("Valid from").fill("2026-01-01")
    page.get_by_label("Source").fill("laboratory's list of 2026-01")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was entered")
    expect(page.get_by_label("Upper limit of normal")).to_have_value("eighty")
    expect(page.get_by_label("Test and unit")).to_have_value("creatinine umol/L")
    accessible(page)
    page.get_by_role("link", name="Upper limit of normal").click()
    page.get_by_label("Upper limit of normal").fill("0.9")
    page.get_by_label("Upper limit of normal").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("plausible would be 0.9 mg/dL")
    expect(page.get_by_label("0.9 is right: confirmed against the laboratory's list")).not_to_be_checked()
    accessible(page)
    page.get_by_label("Upper limit of normal").fill("80")
    page.get_by_label("Upper limit of normal").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("80 µmol/L")
    expect(page.get_by_role("heading", name="Waiting for a second user")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Creatinine female 80 µmol.L from 2026-01-01"))).to_be_visible()
    accessible(page)
    found = ReferenceRange.objects.get()
    assert (found.uln, found.valid_from, found.created_by) == (80, date(2026, 1, 1), administrator)
    page.get_by_role("button", name="Log out").click()
    log_in(page, investigator)
    page.get_by_role("link", name="Reference ranges").click()
    page.get_by_role("link", name="Creatinine").click()
    accessible(page)
    page.get_by_role("button", name="Confirm the range").click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed: the range counts.")
    expect(page.get_by_text(f"Confirmed by {investigator.username}")).to_be_visible()
    accessible(page)


@pytest.mark.layout
def test_pages_fit_the_screen_and_are_accessible(page: Page, site, log_in, accessible, people, trial, administrator):
    resize(page, TABLET)
    log_in(page, administrator)
    row = ReferenceRangeFactory(
        trial=trial, created_by=administrator, laboratory="City laboratory", lln=45, age_from=18
    )
    for address in ("", "?finding=eligible", "reference-ranges/", f"reference-ranges/{row.pk}/", "subjects/1/"):
        page.goto(f"{site}/{address}")
        assert_fits(page, ".panel-table", check=accessible)
