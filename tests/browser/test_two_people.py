"""Two people in one section, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.workplace import TABLET, kept, resize, save, weight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_second_to_save_sees_both_versions_field_by_field_and_chooses(
    page: Page, section, log_in, accessible, full, coordinator, colleague
):
    resize(page, TABLET)
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    colleague.goto(section(full, "vitals"))
    weight(colleague).fill("60")
    colleague.get_by_label(re.compile("^Height")).fill("170")
    kept(colleague)

    weight(page).fill("62")
    expect(page.locator("#others")).to_contain_text(f"{colleague.user_name} is typing in this section too")
    accessible(page)
    colleague.get_by_label("From the list").select_option("source")
    save(colleague)
    expect(colleague.get_by_role("status")).to_contain_text("saved as revision 2")

    page.get_by_label(re.compile("^Systolic")).fill("131")
    expect(page.locator("#others")).to_contain_text("saved by somebody else after you opened it")
    save(page)
    alert = page.get_by_role("alert").filter(has_text="Somebody saved this section while you were typing")
    expect(alert).to_be_focused()
    accessible(page)
    alert.get_by_text("2 differences that only one of you made").click()
    expect(alert.get_by_label("take theirs: 170 cm")).to_be_checked()
    expect(alert.get_by_label("take yours: 131 mmHg")).to_be_checked()
    alert.get_by_label("take theirs: 60 kg").check()
    accessible(page)
    page.get_by_label("In your words").fill("second measurement")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 3")
    vitals = full.latest_revision().document["vitals"]
    assert (vitals["weight_kg"], vitals["height_cm"], vitals["systolic_bp"]) == (60, 170, 131)
