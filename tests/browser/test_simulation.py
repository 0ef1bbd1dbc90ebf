"""What if, from the typed value to the report; a job whose progress the page follows to its end."""

import re

import pytest
from playwright.sync_api import Page, expect

from screening.models import Simulation, SimulationProgress, SubjectStatus
from screening.simulations import request as engine, run_simulation
from tests.support.reviewed import assessed, sign
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNED_WITH = "correct horse battery"


@pytest.fixture
def people(live_server, trial, coordinator, investigator, cases):
    """A confirmed screen failure by ECOG, and two who are eligible."""
    investigator.set_password(SIGNED_WITH)
    investigator.save()
    failure, *_others = (
        assessed(trial, coordinator, cases[case]["document"]) for case in ("I03-ecog-2", "base-man", "base-woman")
    )
    sign(failure, investigator, SIGNED_WITH, "failure", primary="I03")


def type_value(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)


def test_value_is_tried_and_the_report_leads_to_the_people(page: Page, site, log_in, accessible, people, investigator):
    resize(page, TABLET)
    log_in(page, investigator)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Protocol").click()
    page.get_by_role("link", name="Simulate a threshold change").click()
    accessible(page)
    type_value(page, "Maximum ECOG performance status", "two")
    page.get_by_role("button", name="Try").click()
    problem = page.get_by_role("alert").get_by_role("link", name=re.compile("“two”"))
    accessible(page)
    problem.press("Enter")
    expect(page.get_by_label("Maximum ECOG performance status", exact=True)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")

    expect(page.get_by_text("For 1 the status would change: 1 from ineligible to eligible.")).to_be_visible()
    expect(page.get_by_text("A simulation: nothing of this is a verdict")).to_be_visible()
    assert_fits(page, check=accessible)
    gained = page.get_by_role("region", name=re.compile("past screen failure"))
    expect(gained).to_contain_text("Perhaps to be screened again")
    page.get_by_role("link", name=re.compile("^I03")).press("Enter")
    expect(page.get_by_role("heading", name="For whom something would change: in I03")).to_be_visible()
    accessible(page)
    page.get_by_role("row", name=re.compile("S-0001")).get_by_role("link").press("Enter")
    expect(page).to_have_url(re.compile(r"/visits/\d+/$"))
    assert SubjectStatus.objects.get(screening_number="S-0001").decision == "failure"


def test_page_follows_a_job_to_its_report(page: Page, site, log_in, accessible, people, administrator, monkeypatch):
    monkeypatch.setattr(engine, "SMALL_SIMULATION", 0)
    log_in(page, administrator)
    page.goto(f"{site}/what-if/")
    type_value(page, "Maximum ECOG performance status", "2")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_text("3 subjects are to be looked at")).to_be_visible()
    accessible(page)
    SimulationProgress.objects.update(done=1, state="running")
    expect(page.get_by_text("Running: 1 of 3 subjects done.")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")
    accessible(page)
    SimulationProgress.objects.update(done=0, state="waiting")
    run_simulation(Simulation.objects.get().pk)
    expect(page.get_by_text("For 1 the status would change: 1 from ineligible to eligible.")).to_be_visible()


def test_job_is_cancelled_by_keyboard(page: Page, site, log_in, accessible, people, administrator, monkeypatch):
    monkeypatch.setattr(engine, "SMALL_SIMULATION", 0)
    log_in(page, administrator)
    page.goto(f"{site}/what-if/")
    type_value(page, "Maximum ECOG performance status", "2")
    page.get_by_role("button", name="Try").click()
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_text(re.compile("It was cancelled after 0 of 3 subjects"))).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Try other values").click()
    expect(page.get_by_label("Maximum ECOG performance status", exact=True)).to_have_value("2")
