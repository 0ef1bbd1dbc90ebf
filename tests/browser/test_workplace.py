"""The section page as a workplace: the panel follows what is typed, and the keyboard alone is enough."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.workplace import BOTH_SIZES, DESKTOP, PHONE, TABLET, assert_fits, kept, panel, resize

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
    expect(panel(page)).to_contain_text("I08 met → becomes not met")
    expect(panel(page)).to_contain_text("Neutrophils: 0.01 ×10⁹/L below the limit")
    expect(page.locator("#live-line")).to_contain_text(
        "ineligible, 1 not satisfied, 0 not yet known, 38 satisfied; changed: I08 not met"
    )
    kept(page)
    accessible(page)

    page.get_by_label("Neutrophils, value").fill("1.5")
    expect(panel(page)).to_contain_text("Eligible")
    expect(panel(page)).not_to_contain_text("Changed by this entry")
    assert full.revisions.count() == 1


@pytest.mark.layout
def test_section_fits_every_screen_when_something_in_it_is_asked_and_opened(
    page: Page, section, log_in, accessible, full, coordinator
):
    def fits() -> None:
        assert_fits(page, ".part", sizes=(DESKTOP, TABLET, PHONE))

    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    page.get_by_label("Haemoglobin, unit").select_option("g/dL")
    question = page.get_by_role("group", name=re.compile(r"Which is right\?$"))
    page.get_by_role("link", name="history of Haemoglobin").click()
    expect(question).to_be_visible()
    expect(page.get_by_role("table", name="History of")).to_be_visible()
    fits()
    row = page.locator("#at-labs-haemoglobin .result").bounding_box()
    asked = question.bounding_box()
    assert row
    assert asked
    assert asked["width"] > 0.95 * row["width"]
    accessible(page)

    page.goto(section(full, "therapies"))
    page.get_by_role("combobox", name="Name").first.fill("pa")
    expect(page.get_by_role("listbox", name="Listed drugs")).to_be_visible()
    fits()

    page.goto(section(full, "history"))
    page.get_by_role("group", name="Myocarditis", exact=True).get_by_label("past", exact=True).check()
    expect(panel(page)).to_contain_text("Cannot become eligible by waiting (E13)")
    fits()

    for code in ("adverse_events", "cns"):
        page.goto(section(full, code))
        for add in page.get_by_role("button", name="Add another").all():
            add.click()
        fits()


def test_missing_fact_leads_to_its_field_and_loses_nothing(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "performance"))
    page.get_by_label(re.compile("Life expectancy")).fill("6")
    expect(panel(page)).to_contain_text("I04 not yet known → becomes met")
    panel(page).get_by_text(re.compile("more$")).click()
    panel(page).get_by_role("link", name="Enter: ECOG performance status").click()
    expect(page.locator("#at-performance-ecog")).to_be_in_viewport()
    expect(page.get_by_label(re.compile("Life expectancy"))).to_have_value("6")


def test_failure_for_good_is_said_first(page: Page, section, log_in, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "history"))
    page.get_by_role("group", name="Myocarditis", exact=True).get_by_label("past", exact=True).check()
    expect(panel(page)).to_contain_text("Cannot become eligible by waiting (E13): nothing more need be collected.")


def test_section_is_typed_and_saved_by_the_keyboard_alone(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "performance"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Day of the performance status")).to_be_focused()
    page.keyboard.type("2026-03-09")
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
    assert visit.latest_revision().document["performance"] == {
        "date": "2026-03-09",
        "ecog": 1,
        "life_expectancy_months": 9,
    }
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    assert page.evaluate("document.activeElement.name") == "disease-histology"
