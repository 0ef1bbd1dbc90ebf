"""Follow-up questions appear when they matter, and nothing typed or saved gets out of sight."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from screening.visits.save import save_section

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def section(site, visit):
    return lambda code: f"{site}/visits/{visit.pk}/sections/{code}/"


def question(page: Page, name: str):
    return page.locator(f"#at-{name}")


def test_details_of_brain_metastases_follow_the_answer_and_keep_what_was_typed(
    page: Page, section, log_in, accessible, coordinator
):
    log_in(page, coordinator)
    page.goto(section("cns"))
    metastases = page.get_by_role("group", name="Brain metastases")
    expect(question(page, "cns-oedema")).to_be_hidden()
    metastases.get_by_label("untreated", exact=True).check()
    expect(question(page, "cns-oedema")).to_be_visible()
    expect(question(page, "cns-stable_since")).to_be_hidden()
    accessible(page)
    page.get_by_label(re.compile("Largest untreated metastasis")).fill("12")
    metastases.get_by_label("none", exact=True).check()
    expect(question(page, "cns-oedema")).to_be_hidden()
    expect(question(page, "cns-largest_mm")).to_be_visible()
    expect(page.get_by_label(re.compile("Largest untreated metastasis"))).to_have_value("12")


def test_man_is_not_asked_of_pregnancy_but_what_was_saved_stays_in_sight(
    page: Page, section, log_in, accessible, visit, coordinator
):
    save_section(visit, "visit", {"visit": {"date": "2026-03-09"}, "subject": {"sex": "male"}}, 1, coordinator)
    log_in(page, coordinator)
    page.goto(section("reproductive"))
    expect(question(page, "reproductive-sterilised")).to_be_visible()
    expect(question(page, "reproductive-pregnant")).to_be_hidden()
    expect(page.get_by_role("heading", name="Pregnancy tests")).to_be_hidden()
    accessible(page)
    latest = visit.latest_revision()
    save_section(
        visit, "reproductive", {"reproductive": {"breastfeeding": "no", "pregnant": "no"}}, latest.number, coordinator
    )
    page.reload()
    expect(question(page, "reproductive-pregnant")).to_be_visible()
    expect(question(page, "reproductive-childbearing_potential")).to_be_hidden()


def test_link_to_a_question_that_is_not_asked_shows_it(page: Page, section, log_in, coordinator):
    log_in(page, coordinator)
    page.goto(f"{section('cns')}#at-cns-stable_since")
    expect(page.get_by_label("Treated metastases clinically stable since")).to_be_focused()


def test_every_question_is_shown_without_scripts(browser: Browser, section, log_in, coordinator):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    log_in(page, coordinator)
    page.goto(section("cns"))
    expect(question(page, "cns-oedema")).to_be_visible()
    expect(page.locator(".served a[tabindex]")).to_have_count(0)
    context.close()


def test_new_row_asks_its_follow_up_by_its_own_answers(page: Page, section, log_in, coordinator):
    log_in(page, coordinator)
    page.goto(section("disease"))
    page.get_by_role("button", name="Add another lesion").click()
    page.get_by_role("group", name="Irradiated").get_by_label("yes").check()
    expect(question(page, "lesions-0-progressed_after_irradiation")).to_be_visible()
    page.get_by_role("button", name="Add another lesion").click()
    expect(question(page, "lesions-1-progressed_after_irradiation")).to_be_hidden()
    page.get_by_role("group", name="Irradiated").last.get_by_label("yes").check()
    expect(question(page, "lesions-1-progressed_after_irradiation")).to_be_visible()


def test_last_active_day_is_not_asked_of_what_is_current(page: Page, section, log_in, coordinator):
    log_in(page, coordinator)
    page.goto(section("history"))
    asked = page.get_by_role("group", name="Myocarditis", exact=True)
    asked.get_by_label("past", exact=True).check()
    expect(asked.get_by_label("Last occurrence")).to_be_visible()
    asked.get_by_label("current", exact=True).check()
    expect(asked.get_by_label("Last occurrence")).to_be_hidden()


def test_question_says_its_window_and_leads_to_the_criterion_off_the_way_of_tab(
    page: Page, section, log_in, accessible, coordinator
):
    log_in(page, coordinator)
    page.goto(section("history"))
    line = page.locator("#at-history-myocardial_infarction .served")
    expect(line).to_have_text("E14: looks back 12 months from planned first dose")
    accessible(page)
    page.get_by_text("Criteria that these answers serve").press("Enter")
    entry = page.locator(".served-list li").filter(has_text="E14")
    expect(entry).to_contain_text("E14 Myocardial infarction")
    accessible(page)
    with page.expect_popup() as opened:
        entry.get_by_role("link").press("Enter")
    expect(opened.value.locator("#E14")).to_be_in_viewport()
    page.goto(section("vitals"))
    page.get_by_label("Day of blood pressure and weight").press("Tab")
    expect(page.locator("[name=vitals-systolic_bp]")).to_be_focused()


def test_any_of_several_codes_decides_what_is_asked(page: Page, section, log_in, coordinator):
    """The file of the trial has no such question, so one is given its condition here."""
    log_in(page, coordinator)
    page.goto(section("therapies"))
    page.get_by_role("button", name="Add another therapy").click()
    setting = """place => place.dataset.when = '{".agents": ["platinum", "targeted"]}'"""
    end = question(page, "therapies-0-end_date")
    end.evaluate(setting)
    agents = page.get_by_role("group", name="Agents").first
    agents.get_by_label("anti-PD-L1").check()
    expect(end).to_be_hidden()
    agents.get_by_label("platinum").check()
    expect(end).to_be_visible()
    agents.get_by_label("platinum").uncheck()
    expect(end).to_be_hidden()
