"""A coordinator's whole way, from logging in to the saved verdicts of a person."""

import re

import pytest
from playwright.sync_api import Page, expect

from screening.models import Assessment
from tests.support.workplace import DESKTOP, PHONE, TABLET, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROOF = "Neutrophils 1.49 ×10⁹/L (limit: at least 1.5), 2026-03-08"


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question, exact=True).get_by_label(answer, exact=True).check()


def save_and_go_on(page: Page, following: str) -> None:
    page.get_by_role("button", name="Save and next section").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(following)


def test_coordinator_screens_a_person_from_login_to_an_ineligible_verdict(
    page: Page, site, log_in, accessible, trial, coordinator
):
    page.goto(f"{site}/")
    accessible(page)
    log_in(page, coordinator)
    accessible(page)

    page.get_by_role("link", name="New subject").click()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Subject S-0001")
    accessible(page)

    page.get_by_role("link", name="New screening visit").click()
    accessible(page)
    page.get_by_label(re.compile("Visit date")).fill("2026-03-09")
    page.get_by_label("Planned first dose").fill("2026-03-16")
    page.get_by_role("button", name="Open the visit").click()
    accessible(page)

    page.get_by_role("link", name="Subject, visit and consent").click()
    accessible(page)
    choose(page, "Sex", "male")
    page.get_by_label("Date of birth").fill("1961-05")
    choose(page, "Informed consent signed", "yes")
    page.get_by_label("Date of consent").fill("2026-03-05")
    save_and_go_on(page, "Laboratory")
    expect(page.get_by_text("Subject, visit and consent saved as revision 2.")).to_be_visible()

    accessible(page)
    page.get_by_label("Neutrophils, value").fill("1.49")
    page.get_by_label("Neutrophils, unit").select_option("10*9/L")
    page.get_by_label("Neutrophils, collection day").fill("2026-03-08")
    page.get_by_label("HBV DNA, value").fill("<20")
    page.get_by_label("HBV DNA, unit").select_option("[IU]/mL")
    page.get_by_label("HBV DNA, collection day").fill("2026-03-08")
    save_and_go_on(page, "Performance")

    accessible(page)
    choose(page, "ECOG performance status", "1")
    page.get_by_label(re.compile("Life expectancy")).fill("6")
    save_and_go_on(page, "Disease and lesions")

    accessible(page)
    page.get_by_role("button", name="Add another lesion").click()
    page.get_by_label("Site").fill("liver")
    page.get_by_label(re.compile("^Diameter")).fill("22")
    page.get_by_label(re.compile("This list is complete")).check()
    save_and_go_on(page, "Earlier therapies")
    for following in ("Adverse events", "Medical history"):
        accessible(page)
        save_and_go_on(page, following)

    bleeding = page.get_by_role("group", name="Bleeding event", exact=True)
    expect(bleeding.get_by_label("Last occurrence")).to_be_hidden()
    bleeding.get_by_label("past", exact=True).check()
    bleeding.get_by_label("Last occurrence").fill("2025-01")
    accessible(page)
    save_and_go_on(page, "Infections and medication")

    page.get_by_role("link", name="Visit 1").first.click()
    accessible(page)
    page.get_by_role("button", name="Assess").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("S-0001: ineligible")
    verdict = page.get_by_role("article", name=re.compile("^I08"))
    expect(verdict).to_contain_text("not met")
    expect(verdict.locator(".proof")).to_contain_text(PROOF)
    for summary in page.locator("summary").all()[:3]:
        summary.click()
    accessible(page)
    assert Assessment.objects.get().verdicts.get(code="I08").proof.startswith(PROOF)

    page.get_by_role("button", name="Recompute").click()
    expect(page.get_by_role("heading", name="Recomputed: identical")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Visit 1").first.click()
    page.get_by_role("link", name="History", exact=True).click()
    accessible(page)
    page.get_by_role("link", name="Revision 1").last.click()
    accessible(page)

    page.get_by_role("link", name="Work list").first.click()
    row = page.get_by_role("row", name=re.compile("S-0001"))
    expect(row).to_contain_text("1 not satisfied")
    expect(row.get_by_role("link", name=re.compile(r"Repeat neutrophils \(I08\)"))).to_be_visible()


def test_coordinator_follows_what_is_missing_to_the_question(page: Page, site, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(f"{site}/visits/{visit.pk}/")
    page.get_by_role("button", name="Assess").click()
    page.get_by_role("region", name="What is missing").get_by_role(
        "link", name="Performance status: ECOG performance status"
    ).click()
    expect(page).to_have_url(re.compile("/sections/performance/#at-performance-ecog$"))
    expect(page.locator("#at-performance-ecog")).to_be_in_viewport()


@pytest.mark.layout
def test_no_page_is_wider_than_the_screen(page: Page, site, log_in, visit, coordinator):
    log_in(page, coordinator)
    codes = (
        "visit",
        "laboratory",
        "disease",
        "therapies",
        "adverse_events",
        "history",
        "procedures",
        "judgement",
        "cns",
    )
    pages = ["", *(f"sections/{code}/" for code in codes), "revisions/", "revisions/1/"]
    for address in pages:
        page.goto(f"{site}/visits/{visit.pk}/{address}")
        assert_fits(page, sizes=(DESKTOP, TABLET, (768, 900), PHONE))
