"""A screen failure that is screened again."""

import pytest
from playwright.sync_api import Page, expect

from screening.visits.save import open_visit, save_section
from tests.support.workplace import TABLET, panel, resize, save

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_screen_failure_is_screened_again_from_what_is_still_so(
    page: Page, section, log_in, accessible, full, coordinator
):
    labs = full.latest_revision().document["labs"]
    low = [result | ({"value": 1} if result["analyte"] == "anc" else {}) for result in labs]
    save_section(full, "laboratory", {"labs": low}, 1, coordinator, "reissued")
    second = open_visit(full.subject, coordinator, {"visit": {"date": "2026-04-20"}})
    resize(page, TABLET)
    log_in(page, coordinator)
    page.goto(section(second, "laboratory"))
    expect(page.get_by_label("Neutrophils, value")).to_have_value("")

    page.goto(section(second, "disease"))
    expect(page.get_by_text("Taken over from visit 1").first).to_be_visible()
    expect(panel(page)).to_contain_text("To be confirmed, so not counted")
    accessible(page)
    save(page)
    expect(page.get_by_text("not confirmed yet: Disease, Lesions that can be measured")).to_be_visible()
    page.get_by_label("Checked against the source today: what stands here is right: Disease").check()
    expect(panel(page)).to_contain_text("I05 not yet known → becomes met")
    page.get_by_label("Checked against the source today: what stands here is right: Lesions").check()
    page.get_by_label("This list is complete").check()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert second.latest_revision().document["lesions"] == full.latest_revision().document["lesions"]
    assert full.revisions.count() == 2
