"""Where the focus goes, and which key sends a form."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRESS = """(element, [key, composing, code]) => {
  const event = new KeyboardEvent("keydown", { ...key, isComposing: composing, bubbles: true, cancelable: true });
  Object.defineProperty(event, "keyCode", { value: code });
  element.dispatchEvent(event);
  return event.defaultPrevented;
}"""
CTRL_ENTER = {"key": "Enter", "ctrlKey": True}


@pytest.fixture
def section(page: Page, site, visit, log_in, coordinator):
    log_in(page, coordinator)
    return lambda code: page.goto(f"{site}/visits/{visit.pk}/sections/{code}/")


def test_ctrl_enter_sends_nothing_while_an_input_method_composes(page: Page, section):
    section("disease")
    page.get_by_role("button", name="Add another lesion").click()
    site_of_lesion = page.get_by_label("Site", exact=True)
    site_of_lesion.fill("肝")
    assert site_of_lesion.evaluate(PRESS, [CTRL_ENTER, True, 13]) is False
    assert site_of_lesion.evaluate(PRESS, [CTRL_ENTER, False, 229]) is False
    assert site_of_lesion.evaluate(PRESS, [{"key": "Enter", "metaKey": True}, False, 13]) is True
    expect(page).to_have_url(re.compile("/sections/therapies/#form$"))


def test_ctrl_enter_saves_from_a_text_of_several_lines_and_from_outside(page: Page, site, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(f"{site}/visits/{visit.pk}/entered-in-error/")
    page.keyboard.press("Control+Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing was marked")
    expect(alert).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("of another subject")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("entered in error").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"/visits/{visit.pk}/(#id_reason)?$"))


def test_ctrl_enter_signs_only_within_the_form_that_is_signed(page: Page, site, visit, log_in, investigator):
    log_in(page, investigator)
    page.goto(f"{site}/visits/{visit.pk}/")
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(200)
    assert page.url == before
    expect(page.get_by_role("alert")).to_have_count(0)


def test_focus_stays_at_the_input_after_a_save(page: Page, section, accessible):
    section("vitals")
    page.get_by_label(re.compile("Weight \\(kg")).fill("61")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    expect(page.locator(":focus")).to_have_attribute("name", "vitals-weight_kg")
    accessible(page)


def test_focus_stays_at_the_entry_of_a_history_though_its_row_gets_another_number(page: Page, section):
    section("history")
    infection = page.get_by_role("group", name="Infection", exact=True)
    infection.get_by_role("radio", name="current").check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    expect(infection.get_by_role("radio", name="current")).to_be_focused()
    expect(infection.get_by_role("radio", name="current")).to_have_attribute("name", "history-0-status")


def test_focus_goes_to_the_first_question_of_a_section_that_is_chosen(page: Page, section):
    section("vitals")
    expect(page.locator("body")).to_be_focused()
    page.get_by_role("navigation", name="Sections").get_by_role("link", name=re.compile("^Performance")).click()
    expect(page.get_by_label("Day of the performance status")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_login_refused_leaves_the_focus_where_it_is_typed_again_and_says_why(page: Page, site):
    page.goto(f"{site}/")
    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("User name")).to_be_focused()
    expect(page.get_by_label("User name")).to_have_accessible_description("Incorrect user name or password.")
