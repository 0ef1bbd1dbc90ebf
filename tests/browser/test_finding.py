"""Finding people by keyboard: instant search, one key to it, saved filters, what is due today, a new subject."""

import re

import pytest
from playwright.sync_api import Page, expect

from screening.models import Subject
from screening.visits.save import open_visit, register_subject
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(live_server, trial, coordinator, cases):
    """Three people in screening, the last with a reference of the site."""
    for number in range(3):
        subject = register_subject(trial, coordinator, "ZX-11" if number == 2 else "")
        open_visit(subject, coordinator, cases["I03-ecog-2" if number else "base-man"]["document"])


def shown(page: Page):
    return page.locator(".worklist tbody th > a:first-child")


def test_people_are_found_while_one_types_and_opened_by_enter(
    page: Page, site, log_in, accessible, people, coordinator
):
    log_in(page, coordinator)
    expect(page.get_by_role("region", name="Today")).to_be_visible()
    page.keyboard.press("/")
    search = page.get_by_label("Number or site's reference")
    expect(search).to_be_focused()
    page.keyboard.type("zx")
    expect(shown(page)).to_have_text(["S-0003"])
    expect(page.locator("#found")).to_have_text("1 subject found")
    expect(page).to_have_url(re.compile(r"/\?search=zx$"))
    expect(search).to_be_focused()
    accessible(page)
    page.keyboard.press("ArrowDown")
    expect(shown(page)).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("nobody")
    expect(page.locator("#found")).to_have_text("nobody found")
    search.fill("s2")
    search.press("Enter")
    expect(page).to_have_url(re.compile(r"/visits/\d+/$"))
    page.go_back()
    expect(shown(page)).to_have_text(["S-0002"])


def test_key_leads_to_the_search_from_any_page_until_it_is_turned_off_and_stays_off(
    page: Page, site, log_in, people, visit, coordinator
):
    log_in(page, coordinator)
    page.goto(f"{site}/visits/{visit.pk}/sections/vitals/")
    page.get_by_role("radio", name="yes").first.press("/")
    page.get_by_label("Weight (kg)").press("/")
    expect(page).to_have_url(re.compile("/sections/vitals/$"))
    page.get_by_role("link", name="trialsite", exact=True).press("/")
    expect(page.get_by_label("Number or site's reference")).to_be_focused()
    page.get_by_role("button", name="Key / goes to the search: turn off").press("Enter")
    page.reload()
    page.get_by_role("button", name="turn on").focus()
    page.keyboard.press("/")
    expect(page.get_by_label("Number or site's reference")).not_to_be_focused()


def test_filter_is_saved_used_and_deleted_by_keyboard(page: Page, site, log_in, accessible, people, coordinator):
    log_in(page, coordinator)
    page.get_by_label("Status", exact=True).select_option("ineligible")
    expect(shown(page)).to_have_text(["S-0003", "S-0002"])
    page.get_by_label("Save this filter as").fill("Monday")
    page.get_by_label("Save this filter as").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("saved as “Monday”")
    expect(shown(page)).to_have_text(["S-0003", "S-0002"])
    accessible(page)
    page.goto(site)
    page.get_by_role("navigation", name="Saved filters").get_by_role("link", name="Monday").press("Enter")
    expect(shown(page)).to_have_text(["S-0003", "S-0002"])
    page.get_by_role("button", name="Delete the filter “Monday”").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("“Monday” is deleted")
    expect(page.get_by_role("navigation", name="Saved filters")).to_have_count(0)


def test_log_is_found_in_while_one_types_and_its_files_follow(
    page: Page, site, log_in, accessible, people, coordinator
):
    log_in(page, coordinator)
    page.goto(f"{site}/log/")
    page.get_by_label("Number or site's reference").press_sequentially("s3")
    expect(shown(page)).to_have_text(["S-0003"])
    expect(page.get_by_role("link", name="Export CSV")).to_have_attribute("href", re.compile(r"\?search=s3$"))
    expect(page.get_by_role("link", name="Export de-identified data")).to_have_count(0)
    accessible(page)


def test_new_subject_with_a_reference_that_another_has(page: Page, site, log_in, accessible, people, coordinator):
    log_in(page, coordinator)
    page.get_by_role("link", name="New subject").press("Enter")
    accessible(page)
    reference = page.get_by_label("Site's own reference (optional)")
    expect(reference).to_be_focused()
    page.keyboard.type("zx-11")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("S-0003 has this reference")
    expect(page.get_by_role("link", name="Open S-0003")).to_be_visible()
    accessible(page)
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Reason").press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("one list for two wards")
    page.get_by_role("button", name="Register").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Subject S-0004 registered, the site's reference is zx-11.")
    accessible(page)
    assert Subject.objects.count() == 4


def test_list_is_found_in_without_scripts(browser, site, log_in, people, coordinator):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, coordinator)
    page.get_by_label("Status", exact=True).select_option("ineligible")
    page.get_by_role("button", name="Show").click()
    expect(shown(page)).to_have_text(["S-0003", "S-0002"])
    page.get_by_label("Number or site's reference").fill("s3")
    page.get_by_label("Number or site's reference").press("Enter")
    expect(page).to_have_url(re.compile(r"/visits/\d+/$"))
    context.close()


@pytest.mark.layout
def test_pages_fit_the_screen(page: Page, site, log_in, accessible, people, coordinator):
    resize(page, TABLET)
    log_in(page, coordinator)
    for address in ("", "?search=zx", "subjects/new/", "subjects/3/", "subjects/3/reference/"):
        page.goto(f"{site}/{address}")
        assert_fits(page, ".panel-table", check=accessible)
