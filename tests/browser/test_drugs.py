"""Drugs by name: typed by keyboard, several in one regimen, their codes ticked."""

import re

import pytest
from playwright.sync_api import Page, expect

from criteria.definition.reader import parse_definition
from tests.conftest import PROTOCOL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_drugs_are_chosen_by_keyboard_and_their_codes_are_saved(
    page: Page, section, log_in, accessible, visit, coordinator
):
    log_in(page, coordinator)
    page.goto(section(visit, "therapies"))
    page.get_by_role("button", name="Add another therapy").click()
    first, second = (page.get_by_role("group", name=f"Therapy {number}") for number in (1, 2))
    name = first.get_by_role("combobox", name="Name")
    offers = page.get_by_role("listbox", name="Listed drugs")
    first.get_by_label("targeted agent").check()

    name.focus()
    page.keyboard.type("shr1210")
    expect(offers.get_by_role("option")).to_have_count(1)
    expect(name).to_have_attribute("aria-expanded", "true")
    accessible(page)
    page.keyboard.press("ArrowDown")
    expect(name).to_have_attribute("aria-activedescendant", "offered-drug-0")
    page.keyboard.press("Enter")
    expect(name).to_have_value("camrelizumab")
    expect(offers).to_be_hidden()
    expect(first.locator("[data-told]")).to_have_text("camrelizumab: PD-1 inhibitor (ticked)")

    page.keyboard.type(" + ")
    page.keyboard.insert_text("顺")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(name).to_have_value("camrelizumab + cisplatin")
    expect(first.get_by_role("checkbox", checked=True)).to_have_count(3)

    page.get_by_role("button", name="Add another therapy").click()
    expect(second.locator("[data-told]")).to_be_empty()
    second.get_by_role("combobox", name="Name").fill("白蛋白")
    page.get_by_role("option", name="nab-paclitaxel").click()
    page.keyboard.type(" cisp")
    page.keyboard.press("Escape")
    expect(offers).to_be_hidden()
    with page.expect_navigation():
        page.keyboard.press("Enter")  # saves, as in every other field
    asked = page.get_by_role("alert").filter(has_text="The drugs that the name lists and the agents that are ticked")
    accessible(page)
    asked.get_by_label("Why it is right all the same (Check C09)").fill("with apatinib, from the second cycle on")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    regimen, other = visit.latest_revision().document["therapies"]
    assert regimen.pop("agents") == ["pd1_inhibitor", "platinum", "targeted"]
    assert regimen == {"name": "camrelizumab + cisplatin"}
    assert other == {"name": "nab-paclitaxel cisp", "agents": ["other_chemotherapy"]}


TYPED = [
    "cisplatin",
    "Camrelizumab 200 mg + CISPLATIN",
    "卡瑞利珠单抗联合顺铂",
    "SHR1210; AK-112",
    "ＳＨＲ－１２１０＋Ｓ－１",
    "S 1",
    "S1 vertebra, until IL-21",
    "白蛋白结合型紫杉醇",
    "tegafur, gimeracil, oteracil",
    "tegafur",
    "iparomlimab and tuvonralimab and IL2",
    "干扰素α-2b",
    "pembrolizumab™",
    "pembrolizumabs",
    "cispl",
    "first line",
]


def test_drug_typed_by_hand_ticks_what_the_server_reads_when_the_field_is_left(
    page: Page, section, log_in, accessible, visit, coordinator
):
    drugs = parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1].vocabulary.drugs
    log_in(page, coordinator)
    page.goto(section(visit, "therapies"))
    page.get_by_role("button", name="Add another therapy").click()
    therapy = page.get_by_role("group", name="Therapy 1")
    name, told = therapy.get_by_role("combobox", name="Name"), therapy.locator("[data-told]")
    ticked = therapy.get_by_role("checkbox", checked=True)
    for text in TYPED:
        name.fill("")
        name.press("Tab")
        ticked.evaluate_all("all => all.forEach(each => each.click())")
        name.fill(text)
        name.press("Tab")
        read = drugs.named_in(text)
        codes = ticked.evaluate_all("all => all.map(each => each.value)")
        assert set(codes) == read.codes, text
        for drug in read.drugs:
            expect(told).to_contain_text(f"{drug.name}: ")
    name.fill("cisplatin + nivolumab")
    name.press("Tab")
    expect(told).to_have_text("cisplatin: platinum (ticked). nivolumab: PD-1 inhibitor (ticked)")
    accessible(page)


def test_what_was_unticked_by_hand_stays_so_when_the_name_is_edited(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "therapies"))
    page.get_by_role("button", name="Add another therapy").click()
    therapy = page.get_by_role("group", name="Therapy 1")
    name = therapy.get_by_role("combobox", name="Name")
    platinum, pd1 = therapy.get_by_label("platinum"), therapy.get_by_label("PD-1 inhibitor")
    name.fill("cisplatin")
    name.press("Tab")
    platinum.uncheck()
    pd1.check()
    name.fill("cisplatin, 4 cycles")
    name.press("Tab")
    expect(platinum).not_to_be_checked()
    name.fill("nivolumab, 4 cycles")
    name.press("Enter")  # saves, and leaves the field
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert visit.latest_revision().document["therapies"] == [
        {"name": "nivolumab, 4 cycles", "agents": ["pd1_inhibitor"]}
    ]


def test_no_drug_is_put_in_by_arrow_and_enter_when_none_matches_what_is_typed(
    page: Page, section, log_in, visit, coordinator
):
    log_in(page, coordinator)
    page.goto(section(visit, "therapies"))
    page.get_by_role("button", name="Add another therapy").click()
    therapy = page.get_by_role("group", name="Therapy 1")
    name, offers = therapy.get_by_role("combobox", name="Name"), page.get_by_role("listbox", name="Listed drugs")
    name.press("ArrowDown")  # nothing is typed: the whole list
    expect(offers.get_by_role("option", selected=True)).to_have_text(re.compile("^pembrolizumab"))
    for text in ("xx", "xx ", "x", "cisplatin xx", "xx?"):
        name.fill(text)
        name.press("ArrowDown")
        expect(offers).to_be_hidden()
        expect(name).to_have_value(text)
    name.fill("xx")
    name.press("Home")
    name.press("ArrowDown")
    expect(offers).to_be_hidden()
    name.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert visit.latest_revision().document["therapies"] == [{"name": "xx"}]
    name.fill("xx + ")
    name.press("ArrowUp")  # a further drug: the whole list, from its end
    expect(offers.get_by_role("option", selected=True)).to_have_count(1)
