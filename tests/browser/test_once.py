"""A double click on what writes: one record, and the page that the first click leads to."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from screening.models import (
    Assessment,
    Attestation,
    Enrolment,
    Question,
    ReferenceRange,
    Refusal,
    Revision,
    Signature,
    Subject,
    Visit,
    VisitInError,
)
from tests.browser.conftest import PASSWORD
from tests.support.reviewed import assessed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "Which sample was it?"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def tab(request, browser: Browser):
    """A tab with or without scripts: without them both clicks reach the server."""
    context = browser.new_context(java_script_enabled=request.param)
    yield context.new_page()
    context.close()


def twice(tab: Page, name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).first.dblclick()


def the_coordinators(tab: Page, site: str) -> None:
    """Register, open, save, assess, and mark the visit as entered in error."""
    tab.get_by_role("link", name="New subject").click()
    twice(tab, "Register")
    expect(tab.get_by_role("status")).to_contain_text("registered.")
    subject = Subject.objects.latest("pk")
    tab.get_by_role("link", name="New screening visit").click()
    tab.locator("input[name=visit-date]").fill("2026-03-09")
    twice(tab, "Open the visit")
    expect(tab.get_by_role("status")).to_contain_text("Visit 1 opened.")
    visit = Visit.objects.get(subject=subject)
    tab.goto(f"{site}/visits/{visit.pk}/sections/vitals/")
    tab.get_by_label(re.compile(r"^Weight \(")).fill("61")
    twice(tab, "Save")
    expect(tab.get_by_role("status").first).to_contain_text("saved as revision 2.")
    tab.goto(f"{site}/visits/{visit.pk}/")
    twice(tab, "Assess")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("undetermined")
    tab.goto(f"{site}/visits/{visit.pk}/entered-in-error/")
    tab.get_by_label("Reason").fill("opened for another person")
    twice(tab, "Mark as entered in error")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("entered in error")
    assert (visit.revisions.count(), Revision.objects.count(), Assessment.objects.count()) == (2, 3, 2)
    assert (Subject.objects.count(), Visit.objects.count(), VisitInError.objects.count()) == (2, 2, 1)


def the_investigators(tab: Page, site: str, assessment: Assessment, user_name: str) -> None:
    """Attest, sign, enrol and ask."""
    tab.goto(f"{site}/assessments/{assessment.pk}/review/")
    for box in tab.locator("input[name=as-recorded]").all():
        box.check()
    twice(tab, "Record what is marked")
    expect(tab.get_by_role("status").first).to_contain_text("Attested as recorded: 12")
    decision = tab.get_by_role("region", name="Decision")
    decision.get_by_label("Your user name").first.fill(user_name)
    decision.get_by_label("Your password").first.fill(PASSWORD)
    decision.get_by_role("button", name=re.compile("^Sign")).first.dblclick()
    expect(tab.get_by_role("status").first).to_contain_text("Signed: confirmed eligible.")
    tab.goto(f"{site}/signatures/{Signature.objects.get().pk}/enrol/")
    tab.get_by_role("button", name=re.compile("^Enrol")).dblclick()
    expect(tab.get_by_role("status").first).to_contain_text("is enrolled under E-001.")
    tab.goto(f"{site}/assessments/{assessment.pk}/review/")
    tab.get_by_text("Ask about the visit as a whole").click()
    tab.get_by_label("Question to the coordinator").fill(QUESTION)
    twice(tab, "Ask")
    expect(tab.get_by_role("status").first).to_contain_text("Asked.")
    assert Attestation.objects.count() == 12
    assert (Question.objects.count(), Signature.objects.count(), Enrolment.objects.count()) == (1, 1, 1)


def the_administrators(tab: Page, site: str) -> None:
    tab.goto(f"{site}/reference-ranges/")
    tab.get_by_label(re.compile("^Test")).select_option(index=1)
    tab.get_by_label(re.compile("^Upper limit")).first.fill("104")
    tab.get_by_label("Valid from").fill("2026-01-01")
    tab.locator("[name=laboratory]").fill("central laboratory")
    tab.locator("[name=source]").fill("laboratory's list")
    twice(tab, "Enter")
    expect(tab.get_by_role("status").first).to_contain_text("Entered:")
    assert ReferenceRange.objects.count() == 1


@pytest.mark.usefixtures("in_time")
def test_double_click_makes_one_record(tab, site, log_in, trial, coordinator, investigator, administrator, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    log_in(tab, coordinator)
    the_coordinators(tab, site)
    for user in (investigator, administrator):
        tab.context.clear_cookies()
        log_in(tab, user)
        if user == investigator:
            the_investigators(tab, site, assessment, investigator.username)
        else:
            the_administrators(tab, site)
    assert not Refusal.objects.exists()
