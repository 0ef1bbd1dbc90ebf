"""Every page at the widths of a phone, a tablet, a desk and a wall, and at twice the size; light, dark, forced."""

import pytest
from playwright.sync_api import Page, expect

from screening.models import Question
from screening.visits.save import register_subject
from tests.support.factories import GrantFactory, ReferenceRangeFactory
from tests.support.reviewed import assessed
from tests.support.workplace import DESKTOP, PHONE, TABLET, resize

pytestmark = [pytest.mark.browser, pytest.mark.layout, pytest.mark.django_db(transaction=True)]

WALL, TWICE = (1920, 1080), (640, 450)  # at 200 % a desk's 1280 are 640
BESIDE, SMALLEST = (1008, 800), (320, 640)  # where boxes come to stand beside each other; WCAG 1.4.10
SIZES = (WALL, DESKTOP, BESIDE, TABLET, TWICE, PHONE, SMALLEST)
CALENDAR = "?from=2026-11-30"  # a Monday: two months begin in the first week
FAULTS = """() => {
  const found = [], room = document.documentElement, ids = new Set();
  if (room.scrollWidth > room.clientWidth) found.push(`${room.scrollWidth} wide`);
  for (const part of document.querySelectorAll('main :is(input, select, textarea, button, table, .badge-state)')) {
    let box = part.parentElement;
    while (['inline', 'contents'].includes(getComputedStyle(box).display)) box = box.parentElement;
    if (!part.checkVisibility() || getComputedStyle(box).overflowX !== 'visible') continue;
    const beyond = part.getBoundingClientRect().right - box.getBoundingClientRect().right;
    if (beyond > 1.5) found.push(`${part.name || part.className} ${Math.round(beyond)} beyond its box`);
  }
  for (const {id} of document.querySelectorAll('[id]')) {
    if (ids.has(id)) found.push(`twice: ${id}`);
    ids.add(id);
  }
  for (const table of document.querySelectorAll('table.cards')) {
    if (table.parentElement.scrollWidth > table.parentElement.clientWidth) found.push(`cut: ${table.className}`);
    const titles = [...table.tHead.rows[0].cells].map(cell => cell.textContent.replace(/[▲▼↕]/, '').trim());
    for (const cell of table.querySelectorAll('td[data-label]'))
      if (cell.dataset.label !== titles[cell.cellIndex])
        found.push(`${cell.dataset.label} under ${titles[cell.cellIndex]}`);
  }
  for (const head of document.querySelectorAll('th')) if (!head.textContent.trim()) found.push('empty table header');
  const words = [...document.querySelectorAll('svg text')].map(text => text.getBoundingClientRect());
  const meet = (one, other, low, high) => one[low] < other[high] - 2 && other[low] < one[high] - 2;
  for (const [index, one] of words.entries())
    for (const other of words.slice(index + 1))
      if (meet(one, other, 'left', 'right') && meet(one, other, 'top', 'bottom')) found.push('words over words');
  return found;
}"""


@pytest.fixture
def pages(live_server, trial, version, coordinator, investigator, cases):
    """The addresses of all kinds of pages that coordinator and investigator have, with something on each."""
    found = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    unknown = assessed(trial, coordinator, cases["nothing-known"]["document"])
    register_subject(trial, coordinator)
    visit = found.revision.visit
    Question.objects.create(visit=visit, text="Who saw him?", path="performance.ecog", created_by=investigator)
    limit = ReferenceRangeFactory(trial=trial, created_by=coordinator, laboratory="City laboratory")
    return (
        *("", "log/", "review/", "trail/", "rights/", "protocol/", "protocol/compare/", "what-if/", "open-visits/"),
        *("reference-ranges/", f"reference-ranges/{limit.pk}/", "consent-forms/", "accounts/own/", "design-system/"),
        *("former-failures/", f"protocol/versions/{version.pk}/", "protocol/parameters/min_anc/"),
        *(f"subjects/{visit.subject_id}/", f"subjects/{visit.subject_id}/visits/new/", f"visits/{visit.pk}/{CALENDAR}"),
        *(f"visits/{visit.pk}/sections/{code}/" for code in ("laboratory", "history", "therapies")),
        *(f"visits/{visit.pk}/revisions/", f"visits/{visit.pk}/fields/?path=performance.ecog"),
        *(f"assessments/{each.pk}/{kind}" for each in (found, unknown) for kind in ("", "review/")),
    )


@pytest.fixture
def everybody(coordinator):
    """One person who is coordinator and investigator."""
    GrantFactory(account=coordinator, role="investigator")
    return coordinator


def test_no_page_overflows_overprints_or_has_an_id_twice_when_the_screen_is_of_any_width(
    page: Page, site, log_in, pages, everybody
):
    log_in(page, everybody)
    found = {}
    for address in pages:
        page.goto(f"{site}/{address}")
        for size in SIZES:
            resize(page, size)
            found[address, size[0]] = page.evaluate(FAULTS)
    assert {where: faults for where, faults in found.items() if faults} == {}


@pytest.mark.parametrize("seen", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced"])
def test_axe_finds_nothing_when_the_screen_is_dark_or_its_colours_are_forced(
    page: Page, site, log_in, accessible, pages, everybody, seen
):
    page.emulate_media(**seen)
    log_in(page, everybody)
    for address in ("design-system/", "", *(each for each in pages if "laboratory/" in each or "/review/" in each)):
        page.goto(f"{site}/{address}")
        accessible(page)


def test_assessment_is_dark_on_light_without_what_is_for_the_screen_when_it_is_printed(
    page: Page, site, log_in, pages, everybody
):
    log_in(page, everybody)
    page.goto(f"{site}/{next(each for each in pages if each.startswith('assessments/'))}")
    page.emulate_media(media="print", color_scheme="dark")
    title = page.get_by_role("heading", name="I03 ECOG performance status")
    expect(title).to_be_visible()
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    assert title.evaluate("title => getComputedStyle(title).color") == "rgb(22, 36, 47)"


def test_menu_is_used_by_keyboard_when_the_screen_is_narrow(page: Page, site, log_in, accessible, everybody):
    resize(page, PHONE)
    log_in(page, everybody)
    page.goto(f"{site}/design-system/")
    accessible(page)
    menu, button = page.get_by_role("navigation", name="Main"), page.get_by_role("button", name="Menu")
    expect(menu).to_be_hidden()
    button.press("Enter")
    expect(menu.get_by_role("link", name="Screening log")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="Screening log").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("log")
