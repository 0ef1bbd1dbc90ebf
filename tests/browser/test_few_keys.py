"""Ways in which few keys say much: the end of a list, a body system, a group of questions, a term, a day."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.workplace import DESKTOP, PHONE, TABLET, assert_fits, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def begin(page: Page, section, visit, log_in, coordinator):
    def look(code: str) -> None:
        log_in(page, coordinator)
        page.goto(f"{section(visit, code)}#form")
        expect(page.locator("#section-form :focus")).to_have_count(1)  # keys are heard where the focus is

    return look


def named(page: Page, name: str, value: str):
    return page.locator(f"[name='{name}'][value='{value}']")


def test_list_in_which_nothing_is_listed_is_complete_by_one_key(page: Page, begin, visit, accessible):
    begin("procedures")
    expect(page.get_by_role("button", name="Add another procedure")).to_be_focused()
    expect(page.locator("[name=procedures-0-date]")).to_be_hidden()
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Add another haematological support")).to_be_focused()
    page.keyboard.press("y")
    expect(named(page, "supportive_care-0-kind", "")).to_be_focused()
    page.keyboard.press("b")
    page.keyboard.type("2026-03-01")
    accessible(page)
    assert_fits(page, ".list-end", (DESKTOP, TABLET, PHONE))
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    document = visit.latest_revision().document
    assert document["reviewed"] == ["procedures"]
    assert document["supportive_care"] == [{"kind": "blood_component", "date": "2026-03-01"}]
    assert "procedures" not in document


def test_link_to_a_question_of_an_entry_that_is_not_shown_shows_it(page: Page, begin, site, visit):
    begin("procedures")
    page.goto("about:blank")
    page.goto(f"{site}/visits/{visit.pk}/sections/procedures/#at-procedures-0-date")
    expect(page.locator("[name=procedures-0-date]")).to_be_focused()


def test_what_is_not_answered_of_a_body_system_is_absent_by_one_key(page: Page, begin, visit, accessible):
    begin("history")
    cardiac = page.locator("[data-none-of]").filter(has_text="Myocarditis")
    cardiac.get_by_role("group", name="Myocarditis").get_by_label("past").check()
    rest = cardiac.get_by_role("button", name="All not answered above: absent")
    expect(rest).to_be_visible()
    cardiac.get_by_role("group", name="Cardiomyopathy").get_by_label("absent").focus()
    page.keyboard.press("n")
    expect(rest).to_be_hidden()
    told = cardiac.get_by_role("status")
    expect(told).to_contain_text("Answered as absent: Pericardial effusion, Cardiomyopathy")
    expect(told).not_to_contain_text("Myocarditis")
    accessible(page)
    save(page)
    expect(page.get_by_text("saved as revision 2")).to_be_visible()
    found = {each["condition"]: each["status"] for each in visit.latest_revision().document["history"]}
    assert found["myocarditis"] == "past"
    assert found["cardiomyopathy"] == found["unstable_angina"] == "absent"
    assert "infection" not in found


def test_rest_of_a_body_system_is_absent_by_its_button_without_scripts(browser, section, visit, log_in, coordinator):
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    log_in(plain, coordinator)
    plain.goto(section(visit, "history"))
    plain.get_by_role("button", name="All not answered above: absent (Infections)").click()
    expect(plain.get_by_role("group", name="Infection", exact=True).get_by_label("absent")).to_be_checked()
    expect(plain.get_by_role("group", name="Myocarditis").get_by_label("absent")).not_to_be_checked()
    context.close()


def test_shift_n_says_no_to_the_open_questions_after_it_but_to_no_judgement(page: Page, begin, accessible):
    begin("imaging")
    page.get_by_label("Date of imaging").press("Tab")
    page.keyboard.press("Shift+N")
    for name in ("invades_critical_structure", "necrosis_or_cavity"):
        expect(named(page, f"imaging-{name}", "no")).to_be_checked()
    expect(named(page, "imaging-bleeding_risk_increased", "no")).not_to_be_checked()
    expect(named(page, "imaging-bleeding_risk_increased", "")).to_be_focused()
    expect(page.locator(".said-no")).to_contain_text("Obvious necrosis or cavity")
    accessible(page)


def test_choices_that_begin_alike_have_the_digit_of_their_place(page: Page, begin):
    begin("disease")
    page.keyboard.press("1")  # oesophageal …, or other
    expect(named(page, "disease-histology", "escc")).to_be_checked()
    page.keyboard.press("3")
    expect(named(page, "disease-confirmed_by", "histology_and_cytology")).to_be_checked()


def test_term_of_few_letters_brings_its_organ_system_and_leads_on(page: Page, begin, visit, accessible):
    begin("adverse_events")
    page.keyboard.press("y")
    term = page.get_by_role("combobox", name="Term")
    expect(term).to_be_focused()
    page.keyboard.type("neu")
    offered = page.get_by_role("listbox", name="Term")
    expect(offered.get_by_role("option").first).to_contain_text("neutrophil count decreased")
    accessible(page)
    page.keyboard.press("Enter")
    expect(term).to_have_value("neutrophil count decreased")
    expect(page.get_by_label("Organ system")).to_have_value("haematologic")
    expect(named(page, "adverse_events-0-max_grade", "")).to_be_focused()
    term.fill("")
    page.keyboard.type("neurop")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Organ system")).to_have_value("neurologic")  # the replaced term had set the other
    page.get_by_label("Organ system").select_option("other")
    term.fill("")
    page.keyboard.insert_text("甲减")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(term).to_have_value("hypothyroidism")
    expect(page.get_by_label("Organ system")).to_have_value("other")  # what was answered stays
    term.fill("something else")
    expect(offered).to_be_hidden()


def test_drug_is_taken_by_enter_and_the_next_one_typed_straight_after_it(page: Page, begin):
    begin("therapies")
    page.keyboard.press("y")
    page.keyboard.press("s")
    name = page.get_by_role("combobox", name="Name")
    expect(name).to_be_focused()
    for letters in ("camr", "cisp"):
        page.keyboard.type(letters)
        page.keyboard.press("Enter")
    expect(name).to_have_value("camrelizumab + cisplatin")
    expect(page.get_by_label("platinum")).to_be_checked()
    page.get_by_role("group", name="Agents").get_by_label("PD-1 inhibitor").focus()
    page.keyboard.press("n")
    expect(page.get_by_label("none of these")).not_to_be_checked()


def test_none_of_these_is_ticked_by_n_where_nothing_is(page: Page, begin):
    begin("therapies")
    page.keyboard.press("y")
    page.keyboard.press("l")
    page.keyboard.press("Tab")
    page.keyboard.press("n")
    expect(page.get_by_label("none of these")).to_be_checked()
    expect(page.locator("[name=therapies-0-start_date]")).to_be_focused()


def test_equals_sign_is_the_day_of_the_visit(page: Page, begin):
    begin("vitals")
    page.keyboard.press("=")
    expect(page.get_by_label("Day of blood pressure and weight")).to_have_value("2026-03-09")
    page.keyboard.press("Tab")
    page.keyboard.type("126/78")
    with page.expect_response("**/live/"):
        page.keyboard.press("Tab")
    expect(page.get_by_label(re.compile("^Diastolic"))).to_have_value("78")
