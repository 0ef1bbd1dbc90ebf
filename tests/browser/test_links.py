"""Links to a field: whoever follows one can type at once."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def laboratory(page: Page, site, visit, log_in, coordinator):
    log_in(page, coordinator)
    return f"{site}/visits/{visit.pk}/sections/laboratory/"


def test_a_link_from_another_page_leads_into_the_value(page: Page, laboratory):
    page.goto(f"{laboratory}#at-labs-anc")
    expect(page.get_by_label("Neutrophils, value")).to_be_focused()


def test_a_link_in_a_refusal_leads_into_the_field_each_time(page: Page, laboratory):
    page.goto(laboratory)
    value = page.get_by_label("Neutrophils, value")
    value.fill("1,490")
    value.press("Enter")
    link = page.get_by_role("alert").get_by_role("link", name="Neutrophils: Value")
    for _ in range(2):
        link.focus()
        link.press("Enter")
        expect(value).to_be_focused()
