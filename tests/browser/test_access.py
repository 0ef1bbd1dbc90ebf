"""Getting in, keeping accounts, and the end of a session, as people meet them."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import expect

from screening.models import Draft
from tests.browser.conftest import PASSWORD
from tests.support.factories import UserFactory
from tests.support.workplace import assert_fits

pytestmark = pytest.mark.browser


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def type_login(page, site, user):
    page.goto(f"{site}/")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_second_factor_is_set_up_at_the_first_login_and_asked_at_the_next(
    page, site, settings, coordinator, accessible
):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()
    coordinator.set_password(PASSWORD)
    coordinator.save()
    type_login(page, site, coordinator)
    expect(page.get_by_role("heading", name="Set up the second factor")).to_be_visible()
    accessible(page)
    secret = page.locator("code.secret").inner_text().strip()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    accessible(page)
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="To your account").click()
    expect(page.get_by_text("10 recovery codes are left")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Log out").click()
    type_login(page, site, coordinator)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    accessible(page)
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    page.get_by_label("Code").fill(recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Work list")).to_be_visible()


def test_new_person_is_given_an_account_and_a_right(page, site, log_in, superuser, accessible, browser):
    superuser.set_password(PASSWORD)
    superuser.save()
    type_login(page, site, superuser)
    expect(page.get_by_role("heading", name="Accounts")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="New account").click()
    accessible(page)
    for label, text in (("User name", "li.na"), ("First name", "Na"), ("Last name", "Li"), ("Reason", "line 3")):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Create the account").click()
    link = page.get_by_role("textbox", name="Link").input_value()
    accessible(page)
    page.get_by_role("link", name="Grant a right").click()
    accessible(page)
    page.get_by_label("Role").select_option("investigator")
    page.get_by_label("Reason").fill("line 3")
    page.get_by_role("button", name="Grant").click()
    expect(page.get_by_role("row", name=re.compile("principal investigator"))).to_contain_text("line 3")
    accessible(page)
    theirs = browser.new_context().new_page()
    theirs.goto(link)
    accessible(theirs)
    theirs.get_by_label("New password", exact=True).fill("violet kettle sings")
    theirs.get_by_label("New password confirmation").fill("violet kettle sings")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_text("The password is set")).to_be_visible()
    theirs.context.close()


@pytest.mark.layout
def test_pages_of_accounts_fit_a_tablet(page, site, superuser):
    UserFactory(username="a.rather.long.user.name@department", role="administrator", first_name="Wilhelmina")
    superuser.set_password(PASSWORD)
    superuser.save()
    type_login(page, site, superuser)
    page.get_by_role("heading", name="Accounts").wait_for()
    for address in ("/accounts/", "/accounts/new/", f"/accounts/{superuser.pk}/", "/rights/", "/accounts/own/"):
        page.goto(f"{site}{address}")
        assert_fits(page)


def test_end_of_a_session_is_told_and_put_off(page, site, log_in, coordinator, settings, accessible):
    log_in(page, coordinator)
    settings.SESSION_IDLE_SECONDS = 121
    page.goto(f"{site}/")
    notice = page.get_by_role("alertdialog")
    expect(notice).to_be_visible(timeout=8000)
    expect(page.get_by_role("button", name="Stay logged in")).to_be_focused()
    accessible(page)
    settings.SESSION_IDLE_SECONDS = 1800
    page.keyboard.press("Enter")
    expect(notice).to_be_hidden()


def test_session_that_has_ended_shows_the_login(page, site, log_in, coordinator, settings):
    log_in(page, coordinator)
    settings.SESSION_LONGEST_SECONDS = 123
    page.clock.install()
    page.goto(f"{site}/")
    page.clock.run_for(4000)
    expect(page.get_by_text("as long as one may")).to_be_visible(timeout=8000)
    expect(page.get_by_role("button", name="Stay logged in")).to_be_hidden()
    settings.SESSION_LONGEST_SECONDS = 1
    page.clock.run_for(125_000)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible(timeout=8000)


def test_what_is_typed_is_kept_before_the_session_ends_and_it_goes_on(
    page, site, log_in, coordinator, visit, section, settings
):
    log_in(page, coordinator)
    settings.SESSION_IDLE_SECONDS = 123
    page.goto(section(visit, "performance"))
    page.evaluate("document.querySelector('#section-form').removeAttribute('hx-trigger')")
    page.locator("#section-form input[type=text], #section-form input[inputmode]").first.fill("7")
    expect(page.get_by_role("alertdialog")).to_be_visible(timeout=8000)
    page.wait_for_timeout(500)
    assert Draft.objects.filter(visit=visit, author=coordinator).exists()
    settings.SESSION_IDLE_SECONDS = 1800
    page.get_by_role("button", name="Stay logged in").click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.wait_for_timeout(500)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
