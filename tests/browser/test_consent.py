"""Consent: the administrator records a version of the form, the coordinator is asked, and the person is marked."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.workplace import assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def record(page: Page, version: str, first: str) -> None:
    page.get_by_role("textbox", name="Version").fill(version)
    page.get_by_label("Approved on").fill(first)
    page.get_by_label("First day").fill(first)
    page.get_by_label("First day").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(f"Recorded: version {version}")


def test_version_of_the_consent_form_is_recorded_asked_back_and_marked(
    page: Page, site, log_in, accessible, section, full, administrator, coordinator
):
    log_in(page, administrator)
    page.get_by_role("link", name="Protocol").click()
    page.get_by_role("link", name="Versions of the consent form").click()
    record(page, "1.0", "2026-01-01")
    record(page, "2.0", "2026-03-07")
    expect(page.get_by_role("row", name=re.compile(r"^2\.0 "))).to_contain_text("in use")
    accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Log out").click()
    page.goto(site)

    log_in(page, coordinator)
    page.goto(section(full, "visit"))
    page.get_by_role("combobox", name="Version of the consent form").first.fill("2.0")
    expect(page.get_by_text("and the consent is older").first).to_be_visible()
    page.get_by_role("combobox", name="Version of the consent form").first.fill("1.0")
    expect(page.get_by_text("and the consent is older")).to_have_count(0)
    page.get_by_role("textbox", name="Consent obtained by", exact=True).fill("sub-investigator")
    page.get_by_role("textbox", name="Time of consent", exact=True).fill("25:30")
    accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("is not a time of day such as 09:30")
    page.get_by_role("textbox", name="Time of consent", exact=True).fill("09:30")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("saved as revision 2")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Work list").click()
    page.get_by_role("link", name="re-consent due: newer consent form").click()
    expect(page.get_by_role("region", name="Re-consent due")).to_contain_text("no re-consent is recorded")
    accessible(page)
