"""Fewer mistakes: what is asked, marked, filled in and shown while somebody types."""

import pytest
from playwright.sync_api import Page, expect

from screening.visits.save import save_section
from tests.support.factories import ReferenceRangeFactory
from tests.support.workplace import TABLET, panel, resize, save, weight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_number_is_asked_when_its_unit_changes(page: Page, section, log_in, accessible, full, coordinator):
    resize(page, TABLET)
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    page.get_by_label("Haemoglobin, unit").select_option("g/dL")
    question = page.get_by_role("group", name="118 had the unit g/L, which was then changed to g/dL. Which is right?")
    accessible(page)
    page.get_by_label("From the list").select_option("transcription")
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("Which is right?")
    question.get_by_label("118 g/L, which is 11.8 g/dL").check()
    expect(panel(page)).to_contain_text("Eligible")
    expect(question.get_by_label("118 g/L, which is 11.8 g/dL")).to_be_checked()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    expect(page.get_by_label("Haemoglobin, value")).to_have_value("11.8")


def test_number_that_is_typed_anew_with_its_unit_is_not_asked(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "laboratory"))
    page.get_by_label("Collected on").fill("2026-03-08")
    page.get_by_label("Haemoglobin, unit").select_option("g/dL")
    page.get_by_label("Haemoglobin, value").fill("118")
    page.get_by_label("Haemoglobin, unit").select_option("g/L")
    asked = page.get_by_text("118 had the unit g/dL, which was then changed to g/L. Which is right?")
    expect(asked.first).to_be_visible()
    page.get_by_label("Haemoglobin, value").fill("117")
    expect(asked).to_have_count(0)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    result = {"analyte": "haemoglobin", "value": 117, "unit": "g/L", "collected": "2026-03-08"}
    assert visit.latest_revision().document["labs"] == [result]


def test_saved_number_and_unit_are_not_asked_when_they_are_entered_again_after_a_refused_save(
    page: Page, section, log_in, full, coordinator
):
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    value, unit = page.get_by_label("Haemoglobin, value"), page.get_by_label("Haemoglobin, unit")
    unit.select_option("g/dL")
    value.fill("12.1")
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("A reason is needed")
    value.fill("118")
    expect(page.get_by_text("118 g/dL is right")).to_be_visible()
    unit.select_option("g/L")
    expect(page.get_by_text("118 g/dL is right")).to_have_count(0)
    expect(page.get_by_text("Which is right?")).to_have_count(0)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("nothing changed")
    assert full.revisions.count() == 1


def test_implausible_value_is_asked_back_and_kept_once_confirmed(
    page: Page, section, log_in, accessible, visit, coordinator
):
    resize(page, TABLET)
    log_in(page, coordinator)
    page.goto(section(visit, "vitals"))
    weight(page).fill("610")
    expect(page.get_by_label("610 kg is right: confirmed against the source")).to_be_visible()
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("possible but implausible")
    accessible(page)
    page.get_by_label("610 kg is right: confirmed against the source").check()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")


def test_limit_of_the_laboratory_is_shown_before_it_is_saved(
    page: Page, section, log_in, accessible, visit, coordinator, administrator
):
    trial = visit.subject.trial
    ReferenceRangeFactory(trial=trial, created_by=administrator, analyte="bilirubin_total", unit="umol/L", uln=21)
    log_in(page, coordinator)
    page.goto(section(visit, "laboratory"))
    expect(page.get_by_label("Total bilirubin, unit")).to_have_value("umol/L")
    page.get_by_label("Collected on").fill("2026-03-08")
    page.get_by_label("Total bilirubin, value").fill("12")
    expect(page.locator("#at-labs-bilirubin_total")).to_contain_text(
        "upper limit 21 µmol/L, from the laboratory's ranges"
    )
    accessible(page)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("Total bilirubin 21")
    expect(page.get_by_label("Total bilirubin, upper limit of normal")).to_have_value("21")


def test_limit_of_another_sex_is_told_where_it_stands_and_on_the_visit(
    page: Page, section, log_in, accessible, full, coordinator, administrator
):
    labs = full.latest_revision().document["labs"]
    told = "the limit 81 µmol/L is that of another day or sex: the range of 2026-03-08 for male is 111 µmol/L"
    for sex, uln in (("male", 111), ("female", 81)):
        ReferenceRangeFactory(trial=full.subject.trial, created_by=administrator, sex=sex, uln=uln)
    result = {"analyte": "creatinine", "value": 78, "unit": "umol/L", "collected": "2026-03-08", "uln": 81}
    save_section(full, "laboratory", {"labs": [*labs, result]}, 1, coordinator, "reissued")
    resize(page, TABLET)
    log_in(page, coordinator)
    page.goto(section(full, "vitals").replace("sections/vitals/", ""))
    limits = page.get_by_role("region", name="Upper limits to be checked")
    expect(limits).to_contain_text(told)
    accessible(page)
    limits.get_by_role("link", name="Creatinine: upper limit of normal").click()
    expect(page.locator("#at-labs-creatinine")).to_contain_text(told)
    accessible(page)
    page.locator("#at-labs-creatinine").get_by_label("Creatinine, upper limit of normal").last.fill("111")
    expect(page.locator("#at-labs-creatinine")).not_to_contain_text("another day or sex")


def test_result_that_counts_is_marked_as_soon_as_there_are_two(page: Page, section, log_in, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    page.get_by_role("button", name="Another result for Neutrophils").click()
    page.get_by_label("Neutrophils, value").last.fill("1.2")
    page.get_by_label("Neutrophils, unit").last.select_option("10*9/L")
    page.get_by_label("Neutrophils, collection day").last.fill("2026-03-01")
    rows = page.locator("#at-labs-anc .result")
    expect(rows.first).to_contain_text("this one counts")
    expect(rows.last).not_to_contain_text("this one counts")
    expect(panel(page)).to_contain_text("Retests")


def test_history_of_a_field_opens_where_it_stands(page: Page, section, log_in, accessible, full, coordinator):
    vitals = full.latest_revision().document["vitals"]
    save_section(full, "vitals", {"vitals": vitals | {"height_cm": 169}}, 1, coordinator, "measured again")
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    page.get_by_role("link", name="history of Height").click()
    shown = page.get_by_role("table", name="History of")
    expect(shown).to_contain_text("measured again")
    expect(shown).to_contain_text("169 cm")
    accessible(page)
    page.get_by_role("link", name="history of Height").click()
    expect(shown).to_have_count(0)
