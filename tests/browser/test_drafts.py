"""Nothing that is typed is lost: not with the session, the browser or the server, nor by another window."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from screening.models import Draft
from tests.browser.conftest import PASSWORD
from tests.support.workplace import DESKTOP, PHONE, TABLET, assert_fits, kept, save, weight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_session_that_ends_in_mid_form_loses_nothing(page: Page, section, log_in, accessible, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    weight(page).fill("58")
    kept(page)
    Session.objects.all().delete()

    page.get_by_label(re.compile("^Height")).fill("169")
    gone = page.get_by_role("alert").filter(has_text="You are no longer logged in")
    expect(gone).to_contain_text("has not been kept since")
    accessible(page)
    save(page)
    expect(gone).to_be_visible()
    expect(page.get_by_label(re.compile("^Height"))).to_have_value("169")
    assert full.revisions.count() == 1

    with page.context.expect_page() as opened:
        gone.get_by_role("link", name="Log in again").click()
    login = opened.value
    login.get_by_label("User name").fill(coordinator.username)
    login.get_by_label("Password").fill(PASSWORD)
    login.get_by_role("button", name="Log in").click()
    login.get_by_role("link", name="Laboratory").first.wait_for()
    login.close()

    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # a browser without a screen sends none
    expect(gone).to_be_hidden()
    kept(page)
    assert "vitals-height_cm=169" in Draft.objects.get().data
    page.get_by_label("From the list").select_option("source")
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert (
        full.latest_revision().document["vitals"] | {"weight_kg": 58, "height_cm": 169}
        == (full.latest_revision().document["vitals"])
    )
    assert not Draft.objects.exists()


def test_draft_is_found_again_after_the_session_was_lost(page: Page, section, log_in, accessible, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    weight(page).fill("58")
    kept(page)
    Session.objects.all().delete()
    page.goto(section(full, "vitals"))
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    expect(page.get_by_text(re.compile(r"Draft of \d{4}-\d\d-\d\d \d\d:\d\d \(UTC\), not saved"))).to_be_visible()
    expect(weight(page)).to_have_value("58")
    accessible(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_role("status")).to_contain_text("The draft was discarded")
    expect(weight(page)).not_to_have_value("58")


def test_last_keystrokes_are_kept_when_the_browser_is_closed_at_once(
    page: Page, browser: Browser, section, log_in, full, coordinator
):
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    weight(page).fill("57")
    page.close(run_before_unload=False)
    second = browser.new_context().new_page()
    log_in(second, coordinator)
    second.goto(section(full, "vitals"))
    expect(weight(second)).to_have_value("57")
    second.context.close()


def test_server_that_does_not_answer_is_told_and_what_was_typed_stays(page: Page, section, log_in, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    page.route("**/live/", lambda route: route.abort())
    weight(page).fill("58")
    silent = page.get_by_role("alert").filter(has_text="The server does not answer")
    expect(silent).to_be_visible()
    save(page)
    expect(weight(page)).to_have_value("58")
    page.unroute("**/live/")
    weight(page).fill("59")
    expect(silent).to_be_hidden()
    kept(page)


def test_draft_of_one_window_stays_when_nothing_was_typed_in_the_other(page: Page, section, log_in, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    saved = weight(page).input_value()
    other = page.context.new_page()
    other.goto(section(full, "vitals"))
    weight(page).fill("58")
    kept(page)
    with other.expect_response("**/live/"):
        weight(other).dispatch_event("change")
    expect(other.locator("#kept")).to_contain_text("as saved in revision 1")
    assert "vitals-weight_kg=58" in Draft.objects.get().data

    weight(page).fill(saved)
    expect(page.locator("#kept")).to_contain_text("as saved in revision 1")
    assert not Draft.objects.exists()


def test_day_for_all_results_is_there_again_though_no_result_was_typed(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "laboratory"))
    with page.expect_response("**/live/"):
        page.get_by_label("Haemoglobin, unit").select_option("g/dL")
    expect(page.locator("#kept")).to_contain_text("as saved in revision 1")
    page.get_by_label("Collected on").fill("2026-03-08")
    kept(page)
    page.goto(section(visit, "laboratory"))
    expect(page.get_by_label("Collected on")).to_have_value("2026-03-08")


def test_assessment_stops_at_a_draft_until_it_is_saved_or_knowingly_discarded(
    page: Page, section, site, log_in, accessible, full, coordinator
):
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    weight(page).fill("58")
    kept(page)
    page.goto(f"{site}/visits/{full.pk}/")
    page.get_by_role("button", name="Assess").click()
    expect(page.get_by_role("alert")).to_contain_text("Not assessed.")
    expect(page.get_by_role("table")).to_contain_text("58 kg")
    assert_fits(page, sizes=(PHONE, TABLET, DESKTOP), check=accessible)
    assert not full.latest_revision().assessments.exists()

    page.get_by_role("link", name="Go to Vital signs and save").click()
    expect(weight(page)).to_have_value("58")
    page.goto(f"{site}/visits/{full.pk}/")
    page.get_by_role("button", name="Assess").click()
    page.get_by_role("button", name="Discard what I typed, and assess").click()
    expect(page.get_by_role("heading", name="eligible").first).to_be_visible()
    assert not Draft.objects.exists()
    assert full.latest_revision().assessments.exists()
