"""What a form does in a browser: faults, conflicts, growing."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from screening.visits.save import save_section
from tests.support.workplace import save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def section(site, visit):
    return lambda code: f"{site}/visits/{visit.pk}/sections/{code}/"


@pytest.fixture
def plain(browser: Browser, site, log_in, coordinator):
    """A page of the coordinator's in a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, coordinator)
    yield page
    context.close()


def test_bad_input_stays_with_its_message_beside_the_field(page: Page, section, log_in, accessible, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section("laboratory"))
    value = page.get_by_label("Neutrophils, value")
    value.fill("1,490")
    page.get_by_label("Neutrophils, collection day").fill("yesterday")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(value).to_have_value("1,490")
    expect(value).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#at-labs-1-value")).to_contain_text(
        "“1,490” is not a number: it may mean 1490, in thousands, or 1.49"
    )
    expect(page.locator("#at-labs-1-collected")).to_contain_text("“yesterday” is not a whole date")
    accessible(page)
    page.get_by_role("alert").get_by_role("link", name="Neutrophils: Value").click()
    expect(page.locator("#at-labs-1-value")).to_be_in_viewport()
    assert visit.revisions.count() == 1


def test_enter_saves_and_does_not_grow_the_list(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section("disease"))
    page.get_by_role("button", name="Add another lesion").click()
    page.get_by_label("Site").fill("liver")
    page.get_by_label("Site").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert visit.latest_revision().document["lesions"] == [{"site": "liver"}]


def test_reason_is_asked_before_something_saved_changes(page: Page, section, log_in, accessible, visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, coordinator)
    log_in(page, coordinator)
    page.goto(section("performance"))
    page.get_by_label("2", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("A reason is needed")
    accessible(page)
    page.get_by_label("From the list").select_option("transcription")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("status")).to_contain_text("saved as revision 3")
    assert visit.latest_revision().reason == "transcription error"


def test_history_is_walked_by_keyboard_one_key_for_each_condition(
    page: Page, section, log_in, accessible, visit, coordinator
):
    log_in(page, coordinator)
    page.goto(section("history"))
    keyboard, focused = page.keyboard, page.locator(":focus")
    first = page.get_by_role("group", name="Other malignant tumour", exact=True)
    first.get_by_role("radio", name="absent").focus()
    keyboard.press("a")
    expect(first.get_by_role("radio", name="absent")).to_be_checked()
    second = page.get_by_role("group", name="Autoimmune disease", exact=True)
    expect(second.get_by_role("radio", name="absent")).to_be_focused()
    expect(second).to_have_css("outline-style", "solid")
    keyboard.press("p")
    expect(focused).to_have_attribute("name", re.compile("^history-1-date$"))
    keyboard.type("2020")
    keyboard.press("Enter")
    keyboard.press("Enter")  # once too often: nothing happens
    keyboard.press("u")
    keyboard.press("Control+c")
    accessible(page)
    for _condition in range(33):
        keyboard.press("a")
    expect(page.locator("[data-walk] .status input:checked")).to_have_count(36)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    entries = {entry["condition"]: entry for entry in visit.latest_revision().document["history"]}
    assert entries["autoimmune_disease"] == {"condition": "autoimmune_disease", "status": "past", "date": "2020"}
    assert entries["immunodeficiency"]["status"] == "unknown"
    assert sum(entry["status"] == "absent" for entry in entries.values()) == 34


def save_and_go_on(page: Page, following: str) -> None:
    page.get_by_role("button", name="Save and next section").click()
    expect(page).to_have_url(re.compile(f"/sections/{following}/#form$"))


def grow_everything(page: Page, section) -> None:
    page.goto(section("disease"))
    if page.get_by_label("Site").is_hidden():  # shown at first only where no script runs
        page.get_by_role("button", name="Add another lesion").click()
    page.get_by_label("Site").fill("liver")
    page.get_by_role("group", name="Lymph node").get_by_label("yes").check()
    page.get_by_role("button", name="Add another lesion").click()
    page.get_by_role("button", name="Add another lesion").click()
    third = page.get_by_role("group", name="Lesion 3")
    expect(third.get_by_label("Site")).to_have_value("")
    expect(third.get_by_role("group", name="Lymph node").get_by_label("not known")).to_be_checked()
    third.get_by_label("Site").fill("lung")
    save_and_go_on(page, "therapies")

    page.goto(section("laboratory"))
    page.get_by_label("AST, value").fill("31")
    page.get_by_label("AST, collection day").fill("2026-03-01")
    page.get_by_role("button", name="Another result for AST").click()
    expect(page.get_by_label("AST, value")).to_have_count(2)
    page.get_by_label("AST, value").last.fill("29")
    page.get_by_label("AST, collection day").last.fill("2026-03-08")
    save_and_go_on(page, "performance")

    page.goto(section("history"))
    infection = page.get_by_role("group", name="Infection", exact=True)
    infection.get_by_label("past", exact=True).check()
    page.get_by_role("button", name="Another entry for infection").click()
    infection.get_by_label("current", exact=True).last.check()
    save_and_go_on(page, "infections")
    expect(page.get_by_role("status")).to_contain_text("saved as revision 4")


GROWN = {
    "visit": {"date": "2026-03-09"},
    "lesions": [{"site": "liver", "nodal": "yes"}, {"site": "lung"}],
    "labs": [
        {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-01"},
        {"analyte": "ast", "value": 29, "unit": "U/L", "collected": "2026-03-08"},
    ],
    "history": [{"condition": "infection", "status": "past"}, {"condition": "infection", "status": "current"}],
}


def test_lists_grow_at_once_with_scripts(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(f"{request.method} {request.url.split('/')[-2]}"))
    grow_everything(page, section)
    saves = [request for request in requests if request.startswith("POST") and not request.endswith("live")]
    assert saves == ["POST disease", "POST laboratory", "POST history"]
    assert visit.latest_revision().document == GROWN


def test_lists_grow_by_way_of_the_server_without_scripts(plain: Page, section, visit):
    grow_everything(plain, section)
    assert visit.latest_revision().document == GROWN
    assert visit.revisions.count() == 4
