"""What is typed is read by the server and shown as it was read, once the input is left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.reviewed import IN_TIME

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def laboratory(page: Page, site, visit, log_in, coordinator, in_time):
    log_in(page, coordinator)
    page.goto(f"{site}/visits/{visit.pk}/sections/laboratory/")


def test_result_typed_as_one_text_is_parted_once_the_input_is_left(page: Page, laboratory, visit, accessible):
    value = page.get_by_label("HBV DNA, value")
    value.press_sequentially("＜20 IU/mL")
    value.press("Tab")
    expect(value).to_have_value("<20")
    expect(page.get_by_label("HBV DNA, unit")).to_have_value("[IU]/mL")
    day = page.get_by_label("HBV DNA, collection day")
    day.fill("today")
    day.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert visit.latest_revision().document["labs"] == [
        {"analyte": "hbv_dna", "comparator": "<", "value": 20, "unit": "[IU]/mL", "collected": IN_TIME.isoformat()}
    ]
    accessible(page)


def test_what_is_still_being_typed_stays_as_it_is(page: Page, laboratory):
    day = page.get_by_label("Neutrophils, collection day")
    with page.expect_response("**/live/"):
        day.press_sequentially("2026.3.1")
    page.wait_for_function("document.querySelector('#echoes [data-of]')")
    expect(day).to_have_value("2026.3.1")
    day.press("1")
    day.press("Tab")
    expect(day).to_have_value("2026-03-11")


def test_text_with_two_readings_stays_and_both_are_named(page: Page, laboratory):
    day = page.get_by_label("Neutrophils, collection day")
    day.fill("03/08/2026")
    day.press("Tab")
    expect(page.locator("#panel")).to_contain_text("“03/08/2026” may mean 2026-08-03 or 2026-03-08")
    expect(day).to_have_value("03/08/2026")


def test_calendar_opens_beside_the_input_by_mouse_and_by_keyboard(page: Page, laboratory, accessible):
    page.evaluate(
        """() => {
          window.opened = [];
          HTMLInputElement.prototype.showPicker = function () { window.opened.push(this.value); };
        }"""
    )
    day = page.get_by_label("Neutrophils, collection day")
    day.fill("2026-03-08")
    page.get_by_role("button", name="Calendar: Neutrophils, collection day").click()
    day.press("Alt+ArrowDown")
    assert page.evaluate("window.opened") == ["2026-03-08", "2026-03-08"]
    with page.expect_response("**/live/"):
        page.locator("#at-labs-1-collected .picked-date").evaluate(
            "(picked) => { picked.value = '2026-03-05'; picked.dispatchEvent(new Event('change', { bubbles: true })); }"
        )
    expect(day).to_have_value("2026-03-05")
    expect(day).to_be_focused()
    accessible(page)
    day.press("Tab")
    expect(page.locator(".pick-date:focus")).to_have_count(0)


def test_calendar_stands_beside_the_days_of_other_forms(page: Page, site, trial, administrator, log_in, accessible):
    log_in(page, administrator)
    page.goto(f"{site}/reference-ranges/")
    expect(page.get_by_role("button", name="Calendar: Valid from")).to_have_count(1)
    page.get_by_label("Valid from").fill("2026年3月")
    page.get_by_label("Upper limit of normal").fill("1,200")
    page.get_by_role("button", name="Enter", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(
        "“1,200” is not a number: it may mean 1200, in thousands, or 1.2, with a decimal sign"
    )
    accessible(page)


def test_what_cannot_be_read_is_marked_at_its_input_once_that_is_left(page: Page, laboratory, accessible):
    value = page.get_by_label("Neutrophils, value")
    value.press_sequentially("a few")
    with page.expect_response("**/live/"):
        value.press("Tab")
    message = page.locator("#at-labs-1-value .fault")
    expect(message).to_contain_text("“a few” is not a number")
    expect(value).to_have_attribute("aria-invalid", "true")
    expect(value).to_have_accessible_description(re.compile("is not a number"))
    expect(page.locator("#live-line").get_by_role("link", name="Neutrophils: Value")).to_have_count(1)
    accessible(page)
    value.fill("2.1")
    with page.expect_response("**/live/"):
        value.press("Tab")
    expect(message).to_have_count(0)
    expect(value).not_to_have_attribute("aria-invalid", "true")


def test_year_that_was_not_typed_is_told_beside_the_input(page: Page, laboratory):
    day = page.get_by_label("Collected on")
    day.press_sequentially("3月8日")
    with page.expect_response("**/live/"):
        day.press("Tab")
    expect(day).to_have_value(f"{IN_TIME.year if (IN_TIME.month, IN_TIME.day) >= (3, 8) else IN_TIME.year - 1}-03-08")
    expect(page.get_by_role("status").filter(has_text="was read as")).to_contain_text("“3月8日”")
