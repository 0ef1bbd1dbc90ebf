"""The administrator's way: neutrophils from 1500 to 1000 /mm3, seen through to force and to a person asked again."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from criteria.models import ProtocolVersion
from criteria.versions.versions import protocol_of, version_on
from screening.models import Assessment
from tests.browser.conftest import PASSWORD
from tests.support.reviewed import assessed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REASON = "amendment 2 of the protocol"


@pytest.fixture
def failure(live_server, trial, coordinator, cases):
    """An otherwise eligible man with 1200 neutrophils."""
    document = cases["base-man"]["document"]
    labs = [
        result | ({"value": 1200, "unit": "/mm3"} if result["analyte"] == "anc" else {}) for result in document["labs"]
    ]
    return assessed(trial, coordinator, document | {"labs": labs})


def begin(page: Page, accessible) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Protocol").click()
    accessible(page)
    page.get_by_role("link", name=re.compile("[Bb]egin an amendment")).click()
    page.get_by_label("Planned to be in force from").fill(timezone.localdate().isoformat())
    page.get_by_label("Reason").fill(REASON)
    accessible(page)
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("version 1.5 → 1.6")
    accessible(page)


def change(page: Page, accessible) -> None:
    page.get_by_role("link", name="Change minimum neutrophil count").click()
    page.get_by_label("New value").fill("1.0 10*9/L")
    page.get_by_label("Reason").fill(REASON)
    page.get_by_role("button", name="Change the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("1.0 ×10⁹/L is 1000 /mm³")
    accessible(page)
    page.get_by_label("New value").fill("1000")
    page.get_by_role("button", name="Change the draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("draft")
    expect(page.get_by_role("row", name=re.compile("I08 Requires: neutrophils"))).to_contain_text("1000")


def look(page: Page, accessible) -> None:
    page.get_by_role("link", name="Look at them").click()
    row = page.get_by_role("row", name=re.compile(r"^1499 .mm³"))
    expect(row).to_contain_text("changes")
    accessible(page)
    page.get_by_role("button", name=re.compile("I have looked")).click()
    page.get_by_role("button", name="Run it over all subjects in screening").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dry run of amendment 1")
    expect(page.get_by_role("link", name="S-0001").first).to_be_visible()
    accessible(page)


def test_threshold_is_amended_by_two_people_and_a_failure_is_assessed_anew(
    page: Page, site, log_in, accessible, failure, administrator, investigator, coordinator, trial
):
    log_in(page, administrator)
    begin(page, accessible)
    change(page, accessible)
    look(page, accessible)
    page.get_by_role("link", name="Amendment 1").first.click()
    page.get_by_label("Reason").first.fill("ready")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("proposed")
    expect(page.get_by_label("Your password")).to_have_count(0)

    page.get_by_role("button", name="Log out").click()
    log_in(page, investigator)
    page.goto(f"{site}/protocol/")
    page.get_by_role("link", name=re.compile("[Aa]mendment 1")).first.click()
    accessible(page)
    page.get_by_label("Ethics committee").fill("Ethics committee of the hospital")
    page.get_by_label("Reference of its approval").fill("EC-2026-117")
    page.get_by_label("Approved by it on").fill("2026-03-05")
    page.get_by_label("In force from").fill(timezone.localdate().isoformat())
    page.get_by_label("Reason").first.fill("read and agreed")
    page.get_by_label("Your user name").fill(investigator.username)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Approved: version 1.6 is in force from")
    accessible(page)
    assert protocol_of(version_on(trial, timezone.localdate())).limits["min_anc"].value == 1000

    page.get_by_role("button", name="Log out").click()
    log_in(page, coordinator)
    page.goto(f"{site}/open-visits/")
    accessible(page)
    page.get_by_role("button", name=re.compile("Re-assess.*1.6")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("S-0001: eligible"))
    expect(page.get_by_role("main")).to_contain_text("1.5")
    accessible(page)
    versions = [each.version.number for each in Assessment.objects.select_related("version").order_by("pk")]
    assert versions == ["1.5", "1.6"]
    assert ProtocolVersion.objects.count() == 2
