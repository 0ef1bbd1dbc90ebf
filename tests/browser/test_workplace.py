"""The section page as a workplace: the panel follows what is typed, and nothing of that is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from screening.models import Draft
from screening.revise import open_visit, register_subject, save_section
from tests.browser.conftest import PASSWORD
from tests.factories import ReferenceRangeFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTH_SIZES = pytest.mark.parametrize("size", [(1280, 900), (820, 1180)], ids=["desktop", "tablet"])


@pytest.fixture
def full(site, trial, coordinator, cases):
    """The visit of an eligible man."""
    return open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])


@pytest.fixture
def section(site):
    return lambda visit, code: f"{site}/visits/{visit.pk}/sections/{code}/"


@pytest.fixture
def colleague(browser: Browser, log_in):
    """A second coordinator in a browser of their own."""
    context = browser.new_context()
    page = context.new_page()
    user = UserFactory(role="coordinator")
    log_in(page, user)
    page.user_name = user.username
    yield page
    context.close()


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def panel(page: Page):
    return page.locator("#panel")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def kept(page: Page) -> None:
    expect(page.locator("#kept")).to_contain_text(re.compile(r"Draft kept \d\d:\d\d:\d\d"))


def weight(page: Page):
    return page.get_by_label(re.compile(r"^Weight \("))


@BOTH_SIZES
def test_panel_follows_what_is_typed_and_nothing_is_saved(
    page: Page, section, log_in, accessible, full, coordinator, size
):
    resize(page, size)
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    expect(panel(page)).to_contain_text("Eligible")
    accessible(page)

    page.get_by_label("Neutrophils, value").fill("1.49")
    expect(panel(page)).to_contain_text("Ineligible")
    expect(panel(page)).to_contain_text("I08 pass → becomes fail")
    expect(panel(page)).to_contain_text("neutrophils: 0.01 10*9/L from the limit")
    expect(page.locator("#live-line")).to_contain_text("ineligible, 1 fail, 0 unknown, 38 pass; changed: I08 fail")
    kept(page)
    accessible(page)

    page.get_by_label("Neutrophils, value").fill("1.5")
    expect(panel(page)).to_contain_text("Eligible")
    expect(panel(page)).not_to_contain_text("Changed by this entry")
    assert full.revisions.count() == 1


def test_missing_fact_leads_to_its_field_and_loses_nothing(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "performance"))
    page.get_by_label(re.compile("Life expectancy")).fill("6")
    expect(panel(page)).to_contain_text("I04 unknown → becomes pass")
    panel(page).get_by_text(re.compile("more$")).click()
    panel(page).get_by_role("link", name="Performance status: ECOG performance status").click()
    expect(page.locator("#at-performance-ecog")).to_be_in_viewport()
    expect(page.get_by_label(re.compile("Life expectancy"))).to_have_value("6")


def test_failure_for_good_is_said_first(page: Page, section, log_in, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "history"))
    page.get_by_role("group", name="Myocarditis", exact=True).get_by_label("past", exact=True).check()
    expect(panel(page)).to_contain_text("E13 fails for good: nothing more need be collected.")


# Nothing lost


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
    expect(page.get_by_text(re.compile(r"Draft of \d{4}-\d\d-\d\d \d\d:\d\d UTC, not saved"))).to_be_visible()
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


# Two people in one section


@BOTH_SIZES
def test_second_to_save_sees_both_versions_field_by_field_and_chooses(
    page: Page, section, log_in, accessible, full, coordinator, colleague, size
):
    resize(page, size)
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


# Fewer mistakes


@BOTH_SIZES
def test_number_is_asked_when_its_unit_changes(page: Page, section, log_in, accessible, full, coordinator, size):
    resize(page, size)
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    page.get_by_label("Haemoglobin, unit").select_option("g/dL")
    question = page.get_by_role(
        "group", name="The unit was changed from g/L to g/dL, the number was not. Which is right?"
    )
    accessible(page)
    page.get_by_label("From the list").select_option("transcription")
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("Which is right?")
    question.get_by_label("118 g/L, which is 11.8 g/dL").check()
    expect(panel(page)).to_contain_text("Eligible")
    expect(question.get_by_label("118 g/L, which is 11.8 g/dL")).to_be_checked()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    expect(page.get_by_label("Haemoglobin, value")).to_have_value("11.8")


def test_number_that_is_typed_anew_with_its_unit_is_not_asked(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "laboratory"))
    page.get_by_label("Collected on").fill("2026-03-08")
    page.get_by_label("Haemoglobin, unit").select_option("g/dL")
    page.get_by_label("Haemoglobin, value").fill("118")
    page.get_by_label("Haemoglobin, unit").select_option("g/L")
    expect(page.get_by_text("the number was not. Which is right?").first).to_be_visible()
    page.get_by_label("Haemoglobin, value").fill("117")
    expect(page.get_by_text("the number was not. Which is right?")).to_have_count(0)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    result = {"analyte": "haemoglobin", "value": 117, "unit": "g/L", "collected": "2026-03-08"}
    assert visit.latest_revision().document["labs"] == [result]


@BOTH_SIZES
def test_implausible_value_is_asked_back_and_kept_once_confirmed(
    page: Page, section, log_in, accessible, visit, coordinator, size
):
    resize(page, size)
    log_in(page, coordinator)
    page.goto(section(visit, "vitals"))
    weight(page).fill("610")
    expect(page.get_by_label("610 kg is right: confirmed against the source")).to_be_visible()
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("possible but implausible")
    accessible(page)
    page.get_by_label("610 kg is right: confirmed against the source").check()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")


def test_limit_of_the_laboratory_is_shown_before_it_is_saved(
    page: Page, section, log_in, accessible, visit, coordinator, administrator
):
    trial = visit.subject.trial
    ReferenceRangeFactory(trial=trial, created_by=administrator, analyte="bilirubin_total", unit="umol/L", uln=21)
    log_in(page, coordinator)
    page.goto(section(visit, "laboratory"))
    expect(page.get_by_label("Total bilirubin, unit")).to_have_value("umol/L")
    page.get_by_label("Collected on").fill("2026-03-08")
    page.get_by_label("Total bilirubin, value").fill("12")
    expect(page.locator("#at-labs-bilirubin_total")).to_contain_text(
        "upper limit 21 umol/L, from the laboratory's ranges"
    )
    accessible(page)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("Total bilirubin 21")
    expect(page.get_by_label("Total bilirubin, upper limit of normal")).to_have_value("21")


def test_result_that_counts_is_marked_as_soon_as_there_are_two(page: Page, section, log_in, full, coordinator):
    log_in(page, coordinator)
    page.goto(section(full, "laboratory"))
    page.get_by_role("button", name="Another result for Neutrophils").click()
    page.get_by_label("Neutrophils, value").last.fill("1.2")
    page.get_by_label("Neutrophils, unit").last.select_option("10*9/L")
    page.get_by_label("Neutrophils, collection day").last.fill("2026-03-01")
    rows = page.locator("#at-labs-anc .result")
    expect(rows.first).to_contain_text("this one counts")
    expect(rows.last).not_to_contain_text("this one counts")
    expect(panel(page)).to_contain_text("Retests")


def test_open_conditions_are_answered_absent_at_once_and_marked(
    page: Page, section, log_in, accessible, visit, coordinator
):
    log_in(page, coordinator)
    page.goto(section(visit, "history"))
    page.get_by_role("group", name="Infection", exact=True).get_by_label("past", exact=True).check()
    page.get_by_role("button", name="Answer the open ones: absent").click()
    expect(page.get_by_text("Set to absent, marked below; not saved yet: 35")).to_be_visible()
    expect(page.locator(".condition.is-set")).to_have_count(35)
    expect(panel(page)).to_contain_text("E13 unknown → becomes pass")
    accessible(page)
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    statuses = [entry["status"] for entry in visit.latest_revision().document["history"]]
    assert (statuses.count("absent"), statuses.count("past")) == (35, 1)


def test_history_of_a_field_opens_where_it_stands(page: Page, section, log_in, accessible, full, coordinator):
    vitals = full.latest_revision().document["vitals"]
    save_section(full, "vitals", {"vitals": vitals | {"height_cm": 169}}, 1, coordinator, "measured again")
    log_in(page, coordinator)
    page.goto(section(full, "vitals"))
    page.get_by_role("link", name="history of Height").click()
    shown = page.get_by_role("table", name="History of")
    expect(shown).to_contain_text("measured again")
    expect(shown).to_contain_text("169 cm")
    accessible(page)
    page.get_by_role("link", name="history of Height").click()
    expect(shown).to_have_count(0)


# Re-screening


@BOTH_SIZES
def test_screen_failure_is_screened_again_from_what_is_still_so(
    page: Page, section, log_in, accessible, full, coordinator, size
):
    labs = full.latest_revision().document["labs"]
    low = [result | ({"value": 1} if result["analyte"] == "anc" else {}) for result in labs]
    save_section(full, "laboratory", {"labs": low}, 1, coordinator, "reissued")
    second = open_visit(full.subject, coordinator, {"visit": {"date": "2026-04-20"}})
    resize(page, size)
    log_in(page, coordinator)
    page.goto(section(second, "laboratory"))
    expect(page.get_by_label("Neutrophils, value")).to_have_value("")

    page.goto(section(second, "disease"))
    expect(page.get_by_text("Taken over from visit 1").first).to_be_visible()
    expect(panel(page)).to_contain_text("To be confirmed, so not counted")
    accessible(page)
    save(page)
    expect(page.get_by_text("not confirmed yet: Disease, Lesions that can be measured")).to_be_visible()
    page.get_by_label("Checked against the source today: still so: Disease").check()
    expect(panel(page)).to_contain_text("I05 unknown → becomes pass")
    page.get_by_label("Checked against the source today: still so: Lesions").check()
    page.get_by_label("This list is complete").check()
    save(page)
    expect(page.get_by_role("status")).to_contain_text("saved as revision 2")
    assert second.latest_revision().document["lesions"] == full.latest_revision().document["lesions"]
    assert full.revisions.count() == 2


# The keyboard alone


def test_section_is_typed_and_saved_by_the_keyboard_alone(page: Page, section, log_in, visit, coordinator):
    log_in(page, coordinator)
    page.goto(section(visit, "performance"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # from “not known” to the first answer
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("nine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Performance status: Life expectancy").first).to_be_focused()
    life = page.get_by_label(re.compile("Life expectancy"))
    life.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/sections/disease/#form$"))
    expect(page.get_by_role("status")).to_be_in_viewport()
    assert visit.latest_revision().document["performance"] == {"ecog": 1, "life_expectancy_months": 9}
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "disease-histology"
