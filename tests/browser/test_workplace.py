"""The section page as a workplace: the panel follows what is typed, and the keyboard alone is enough."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.workplace import BOTH_SIZES, kept, panel, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@BOTH_SIZES
def test_panel_follows_what_is_typed_and_nothing_is_saved(
    page: Page, section, log_in, accessible, full, coordinator, size
):
    resize(page, size)
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    expect(panel(page)).to_contain_text("Eligible")
    accessible(page)

    page.get_by_label("Neutrophils, value").fill("1.49")
    expect(panel(page)).to_contain_text("Ineligible")
    expect(panel(page)).to_contain_text("I08 pass → becomes fail")
    expect(panel(page)).to_contain_text("neutrophils: 0.01 10*9/L from the limit")
    expect(page.locator("#live-line")).to_contain_text("ineligible, 1 fail, 0 unknown, 38 pass; changed: I08 fail")
    kept(page)
    accessible(page)

    page.get_by_label("Neutrophils, value").fill("1.5")
    expect(panel(page)).to_contain_text("Eligible")
    expect(panel(page)).not_to_contain_text("Changed by this entry")
    assert full.revisions.count() == 1


def test_missing_fact_leads_to_its_field_and_loses_nothing(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "performance"))
    page.get_by_label(re.compile("Life expectancy")).fill("6")
    expect(panel(page)).to_contain_text("I04 unknown → becomes pass")
    panel(page).get_by_text(re.compile("more$")).click()
    panel(page).get_by_role("link", name="Performance status: ECOG performance status").click()
    expect(page.locator("#at-performance-ecog")).to_be_in_viewport()
    expect(page.get_by_label(re.compile("Life expectancy"))).to_have_value("6")


def test_failure_for_good_is_said_first(page: Page, section, log_in, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "history"))
    page.get_by_role("group", name="Myocarditis", exact=True).get_by_label("past", exact=True).check()
    expect(panel(page)).to_contain_text("E13 fails for good: nothing more need be collected.")


def test_section_is_typed_and_saved_by_the_keyboard_alone(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "performance"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # from “not known” to the first answer
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("nine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Performance status: Life expectancy").first).to_be_focused()
    life = page.get_by_label(re.compile("Life expectancy"))
    life.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/sections/disease/#form$"))
    expect(page.get_by_role("status")).to_be_in_viewport()
    assert visit.latest_revision().document["performance"] == {"ecog": 1, "life_expectancy_months": 9}
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "disease-histology"
