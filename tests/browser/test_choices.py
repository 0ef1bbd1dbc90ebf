"""Questions with few choices: where the focus goes, which key answers, and what is a stop of Tab."""

import re

import pytest
from playwright.sync_api import Page, expect

from screening.visits.save import save_section
from tests.browser.test_forms import PRESS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def section(page: Page, site, visit, log_in, coordinator):
    log_in(page, coordinator)
    return lambda code: page.goto(f"{site}/visits/{visit.pk}/sections/{code}/#form")


def named(page: Page, name: str, value: str):
    return page.locator(f"[name='{name}'][value='{value}']")


def test_focus_goes_to_the_choice_that_is_made_when_a_page_a_link_or_a_new_row_leads_to_a_question(
    page: Page, section, visit, coordinator
):
    section("disease")
    expect(named(page, "disease-histology", "")).to_be_focused()
    page.get_by_role("button", name="Add another lesion").click()
    page.evaluate("location.hash = ''")
    page.locator("#panel a[href='#at-disease-curable']").first.evaluate("(link) => link.click()")
    expect(named(page, "disease-curable", "")).to_be_focused()
    section("adverse_events")
    page.get_by_role("button", name="Add another adverse event").click()
    page.locator("[name=adverse_events-0-term]").fill("anaemia")
    save_section(visit, "history", {"history": [{"condition": "other_malignancy", "status": "past"}]}, 1, coordinator)
    section("history")
    expect(page.locator("[name=history-0-date]")).to_be_focused()  # the first question that is open


def test_new_row_that_begins_with_choices_has_the_focus_at_the_one_that_is_made(page: Page, section):
    section("procedures")
    page.get_by_role("button", name="Add another vaccination").click()
    expect(named(page, "vaccinations-0-live", "")).to_be_focused()
    page.get_by_role("button", name="Add another vaccination").click()
    expect(named(page, "vaccinations-1-live", "")).to_be_focused()


def test_one_key_answers_and_leads_on_to_the_follow_up_that_it_opens(page: Page, section, accessible):
    section("disease")
    keyboard = page.keyboard
    expect(named(page, "disease-histology", "")).to_be_focused()
    keyboard.press("o")  # oesophageal, or other
    expect(named(page, "disease-histology", "")).to_be_checked()
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("l")  # localised, or locally advanced
    keyboard.press("Control+m")
    expect(named(page, "disease-extent", "")).to_be_checked()
    keyboard.press("r")
    keyboard.press("n")
    expect(named(page, "disease-curable", "no")).to_be_checked()
    keyboard.press("y")
    page.locator("[name=lesions-0-diameter_mm]").press("Tab")
    keyboard.press("y")
    expect(named(page, "lesions-0-progressed_after_irradiation", "")).to_be_focused()
    keyboard.press("u")
    expect(page.get_by_role("button", name="Add another lesion")).to_be_focused()
    accessible(page)


def test_digit_chooses_a_grade_and_composing_or_modified_keys_choose_nothing(page: Page, section):
    section("performance")
    page.keyboard.press("?")
    expect(page.get_by_text("the key answers and moves on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("the key answers and moves on")).to_be_hidden()
    day = page.get_by_label("Day of the performance status")
    day.press("y")
    expect(day).to_have_value("y")
    day.fill("")
    day.press("Tab")
    unknown = named(page, "performance-ecog", "")
    expect(unknown).to_be_focused()
    for key in ({"key": "1", "altKey": True}, {"key": "1", "shiftKey": True}):
        assert unknown.evaluate(PRESS, [key, False, 49]) is False
    assert unknown.evaluate(PRESS, [{"key": "1"}, True, 49]) is False
    assert unknown.evaluate(PRESS, [{"key": "1"}, False, 229]) is False
    page.keyboard.press("1")
    expect(named(page, "performance-ecog", "1")).to_be_checked()
    expect(page.locator(":focus")).to_have_attribute("name", "performance-life_expectancy_months")


def test_boxes_to_tick_are_one_stop_of_tab(page: Page, section, accessible):
    section("therapies")
    page.get_by_role("button", name="Add another therapy").click()
    page.locator("[name=therapies-0-name]").press("Tab")
    keyboard = page.keyboard
    expect(named(page, "therapies-0-agents", "pd1_inhibitor")).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    expect(named(page, "therapies-0-agents", "platinum")).to_be_checked()
    keyboard.press("c")
    expect(named(page, "therapies-0-agents", "costimulatory_agonist")).to_be_focused()
    keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "therapies-0-intent")
    keyboard.press("Shift+Tab")
    expect(named(page, "therapies-0-agents", "costimulatory_agonist")).to_be_focused()
    accessible(page)


def test_links_to_earlier_values_are_no_stops_but_stand_once_more_at_the_head(
    page: Page, section, visit, accessible, coordinator
):
    save_section(visit, "vitals", {"vitals": {"weight_kg": 61, "height_cm": 170}}, 1, coordinator)
    section("vitals")
    page.locator("[name=vitals-height_cm]").press("Tab")
    expect(page.locator("[name=vitals-weight_kg]")).to_be_focused()
    page.get_by_text("Earlier values of these answers").press("Enter")
    accessible(page)
    page.get_by_role("button", name="Weight", exact=True).press("Enter")
    expect(page.locator("#history-vitals-weight_kg")).to_contain_text("61")
    expect(page.locator("#at-vitals-weight_kg .history-link")).to_be_focused()


def test_save_with_a_reason_goes_on_where_it_was_asked_to(page: Page, section, visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, coordinator)
    section("performance")
    named(page, "performance-ecog", "1").press("2")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("A reason is needed")
    page.get_by_label("In your words").fill("read again")
    page.get_by_label("In your words").press("Enter")
    expect(page).to_have_url(re.compile("/sections/disease/#form$"))
    expect(named(page, "disease-histology", "")).to_be_focused()
    expect(page.get_by_label("In your words")).to_have_count(0)  # nothing was saved here


def test_save_of_the_last_section_leads_to_the_assessment(page: Page, section, visit):
    section("judgement")
    expect(named(page, "concurrent_study-value", "")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(f"/visits/{visit.pk}/#assess$"))
    expect(page.get_by_role("button", name="Assess", exact=True)).to_be_focused()


def test_skip_to_the_content_leads_to_the_first_question(page: Page, section):
    section("vitals")
    page.evaluate("document.activeElement.blur(); history.replaceState(null, '', location.pathname)")
    page.get_by_role("link", name="Skip to the content").evaluate("(link) => link.click()")
    expect(page.get_by_label("Day of blood pressure and weight")).to_be_focused()
