"""Who held which rights on a day, as a monitor asks for it."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from screening.access.rights import grant_role, revoke_grant
from tests.support.factories import UserFactory
from tests.support.workplace import TABLET, assert_fits, resize

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rights_of_a_day_are_shown_and_taken_away(page: Page, log_in, accessible, site, monitor, superuser):
    maria = UserFactory(username="maria", first_name="Maria", last_name="Li")
    revoke_grant(grant_role(maria, "coordinator", "delegation log", superuser), "left the trial", superuser)
    resize(page, TABLET)
    log_in(page, monitor)
    page.goto(f"{site}/rights/")
    row = page.get_by_role("row", name="maria")
    for text in ("study coordinator", "delegation log", "left the trial", f"by {superuser.username}"):
        expect(row).to_contain_text(text)
    assert_fits(page, check=accessible)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert download.value.suggested_filename == f"rights-{timezone.localdate().isoformat()}.csv"
    assert "maria,Maria Li,study coordinator" in download.value.path().read_text(encoding="utf-8-sig")


def test_day_without_rights_and_one_that_makes_no_sense_are_said(page: Page, log_in, accessible, site, monitor):
    log_in(page, monitor)
    page.goto(f"{site}/rights/")
    day = page.get_by_label("On the day")
    day.fill("1999-12-31")
    day.press("Enter")
    expect(page.get_by_text("Nobody held a right on that day")).to_be_visible()
    accessible(page)
    for wrong in ("31.13.1999", "9999-12-31"):
        day.fill(wrong)
        day.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("This is not a whole date")
        accessible(page)
