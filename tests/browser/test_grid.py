"""The laboratory's grid by keyboard: from value to value, to the rest of a test, and a new panel."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from screening.visits.save import save_section
from tests.support.workplace import DESKTOP, PHONE, TABLET, assert_fits, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAPER = ("White cells", "Neutrophils", "Haemoglobin", "Platelets", "Creatinine")
WBC = {"analyte": "wbc", "value": 5, "unit": "10*9/L", "collected": "2026-03-01"}
AST = {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-01", "uln": 40}


@pytest.fixture
def laboratory(page: Page, section, visit, log_in, coordinator):
    def look() -> None:
        log_in(page, coordinator)
        page.goto(section(visit, "laboratory"))

    return look


def value(page: Page, test: str):
    return page.get_by_label(f"{test}, value")


def test_tab_goes_from_value_to_value_in_the_order_of_the_paper(page: Page, laboratory, accessible):
    laboratory()
    page.get_by_label("Collected on").focus()
    for test in PAPER:
        page.keyboard.press("Tab")
        expect(value(page, test)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(value(page, "Platelets")).to_be_focused()
    expect(page.get_by_text("goes to the next value")).to_be_visible()
    accessible(page)


def test_arrow_keys_reach_the_rest_of_a_test_and_leave_a_text_alone(page: Page, laboratory, coordinator, visit):
    save_section(visit, "laboratory", {"labs": [AST]}, 1, coordinator)
    laboratory()
    value(page, "AST").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")  # within “31”
    expect(value(page, "AST")).to_be_focused()
    page.keyboard.press("End")
    for name in ("unit", "collection day", "upper limit of normal"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_label(f"AST, {name}")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("AST, upper limit of normal")).to_be_focused()
    for _stop in range(3):
        page.keyboard.press("ArrowLeft")
    expect(value(page, "AST")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="history of AST")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(value(page, "AST").last).to_be_focused()
    expect(page.get_by_label("AST, unit").last).to_have_value("U/L")
    page.keyboard.press("Shift+Tab")
    expect(value(page, "Total bilirubin")).to_be_focused()


def test_unit_is_a_stop_of_tab_without_scripts(browser, site, section, visit, log_in, coordinator):
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    log_in(plain, coordinator)
    plain.goto(section(visit, "laboratory"))
    value(plain, "White cells").focus()
    plain.keyboard.press("Tab")
    expect(plain.get_by_label("White cells, unit")).to_be_focused()
    expect(plain.get_by_text("goes to the next value")).to_be_hidden()
    context.close()


def test_new_panel_is_typed_by_keyboard_under_one_day(page: Page, laboratory, visit, coordinator, accessible):
    save_section(visit, "laboratory", {"labs": [WBC, AST]}, 1, coordinator)
    laboratory()
    value(page, "HCV RNA").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="New panel on another day")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Collected on")).to_be_focused()
    page.keyboard.type("2026-03-08")
    page.keyboard.press("Tab")
    expect(value(page, "White cells").last).to_be_focused()
    page.keyboard.type("4.1")
    page.keyboard.press("Tab")
    expect(value(page, "Neutrophils")).to_be_focused()
    value(page, "AST").last.fill("35")
    accessible(page)
    assert_fits(page, ".test", (DESKTOP, TABLET, PHONE))
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 3")
    day = {"collected": "2026-03-08"}
    new = [WBC | day | {"value": Decimal("4.1")}, AST | day | {"value": 35}]
    assert visit.latest_revision().document["labs"] == [WBC, AST, *new]


def test_new_panel_waits_until_the_results_have_a_day(page: Page, laboratory):
    laboratory()
    value(page, "White cells").fill("4.1")
    page.get_by_role("button", name="New panel on another day").click()
    expect(page.get_by_label("Collected on")).to_be_focused()
    expect(page.get_by_text("Say first on which day")).to_be_visible()
    expect(value(page, "White cells")).to_have_value("4.1")


def test_sample_without_a_result_is_kept_and_leaves_the_criterion_unknown(
    page: Page, site, section, full, log_in, coordinator, in_time, accessible
):
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    value(page, "Neutrophils").fill("溶血")
    told = "epeat neutrophils: the sample of 2026-03-08 gave no result (溶血)"
    expect(page.locator("#panel")).to_contain_text(f"r{told}")
    expect(page.locator("#at-labs-anc")).to_contain_text("no result (溶血)")
    value(page, "Platelets").fill("1+")
    offered = page.get_by_label("The laboratory gave no number: keep “1+” as a sample without a result.")
    expect(offered).to_be_visible()
    accessible(page)
    assert_fits(page, ".test", (DESKTOP, TABLET, PHONE))
    value(page, "Platelets").fill("210")
    expect(offered).to_be_hidden()
    page.get_by_label("From the list").select_option("result reissued by the laboratory")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    expect(value(page, "Neutrophils")).to_have_value("溶血")
    page.goto(f"{site}/visits/{full.pk}/")
    page.get_by_role("button", name="Assess").click()
    verdict = page.get_by_role("article", name="I08")
    expect(verdict).to_contain_text("not yet known")
    expect(verdict).to_contain_text(
        "Neutrophils: the sample of 2026-03-08 gave no result (溶血); there is no other result"
    )
    accessible(page)


def test_words_that_may_mean_no_result_are_ticked_by_keyboard_and_kept(page: Page, laboratory, visit):
    laboratory()
    page.get_by_label("Collected on").fill("2026-03-08")
    value(page, "Neutrophils").fill("1+")
    offered = page.get_by_label("keep “1+” as a sample without a result")
    expect(offered).to_be_visible()
    value(page, "Neutrophils").press("Tab")
    expect(offered).to_be_focused()
    with page.expect_response("**/live/"):
        page.keyboard.press("Space")
    expect(offered).to_be_checked()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert visit.latest_revision().document["labs"] == [{"analyte": "anc", "not_done": "1+", "collected": "2026-03-08"}]


def test_arrow_of_a_report_is_kept_beside_its_number(page: Page, laboratory, visit, in_time):
    laboratory()
    page.get_by_label("Collected on").fill("2026-03-08")
    value(page, "Neutrophils").press_sequentially("1.9↓ ×10^9/L")
    value(page, "Neutrophils").press("Tab")
    expect(value(page, "Neutrophils")).to_have_value("1.9")
    expect(page.locator("#at-labs-anc")).to_contain_text("reported as 1.9↓ ×10^9/L")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    (result,) = visit.latest_revision().document["labs"]
    assert (str(result["value"]), result["unit"], result["reported"]) == ("1.9", "10*9/L", "1.9↓ ×10^9/L")


def test_test_says_which_criterion_it_serves_off_the_way_of_the_keys(page: Page, laboratory):
    laboratory()
    line = page.locator("#at-labs-anc .served")
    expect(line).to_have_text("I08")
    value(page, "Neutrophils").press("ArrowRight")
    expect(page.get_by_label("Neutrophils, unit")).to_be_focused()
    with page.expect_popup() as opened:
        line.get_by_role("link", name="I08").click()
    expect(opened.value.locator("#I08")).to_be_in_viewport()
