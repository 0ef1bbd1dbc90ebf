"""A contradiction between answers: asked while typing, kept with a reason only, gone with the contradiction."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.workplace import panel, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "HBsAg is positive, and no antiviral therapy is given or planned."
WHY = "Antiviral therapy is declined so far."


@pytest.mark.usefixtures("in_time")
def test_contradiction_is_asked_kept_with_a_reason_and_gone_when_it_is_cleared(
    page: Page, site, section, log_in, accessible, full, coordinator
):
    log_in(page, coordinator)
    page.goto(section(full, "infections"))
    page.get_by_role("group", name="HBsAg").get_by_label("positive").check()
    antiviral = page.get_by_role("group", name="Antiviral therapy for hepatitis B")
    antiviral.get_by_label("no", exact=True).check()
    expect(panel(page)).to_contain_text(QUESTION)
    expect(antiviral).to_contain_text("Check C17")
    accessible(page)

    page.get_by_label("From the list").select_option("source")
    save(page)
    asked = page.get_by_role("alert").filter(has_text="Nothing was saved yet")
    expect(asked).to_contain_text(QUESTION)
    accessible(page)
    assert full.revisions.count() == 1
    asked.get_by_label("Why it is right all the same (Check C17)").fill(WHY)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    page.goto(f"{site}/visits/{full.pk}/")
    checks = page.get_by_role("region", name="Checks of what was entered")
    expect(checks).to_contain_text(WHY)
    accessible(page)

    page.goto(section(full, "infections"))
    antiviral.get_by_label("yes", exact=True).check()
    expect(panel(page)).not_to_contain_text(QUESTION)
    page.get_by_label("From the list").select_option("information")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 3")
    page.goto(f"{site}/visits/{full.pk}/")
    expect(page.get_by_role("heading", name=re.compile("Status now"))).to_be_visible()
    expect(checks).to_have_count(0)
