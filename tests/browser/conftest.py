from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from criteria.models import Trial
from screening.models import Visit
from screening.visits.save import open_visit, register_subject
from tests.support.factories import UserFactory
from tests.support.reviewed import IN_TIME

PASSWORD = "a long enough password"

expect.set_options(timeout=15_000)  # how long a sentence may take to be there: on a busy machine a save takes over 5 s


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of the plugin's own, which pytest 9 warns of; where the server is, only each test knows: `site`."""


@pytest.fixture
def site(live_server: LiveServer) -> str:
    return live_server.url


@pytest.fixture
def visit(live_server: LiveServer, trial: Trial, coordinator: User) -> Visit:
    """An empty visit of the coordinator's."""
    return open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})


@pytest.fixture(autouse=True)
def quiet(context: BrowserContext) -> Iterator[None]:
    """No page may break the content security policy or raise an error in its scripts."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            found.append(message.text)

    context.on("console", hear)
    context.on("weberror", lambda error: found.append(str(error.error)))
    yield
    assert found == []


ACTIONS = ("check", "click", "fill", "focus", "press", "press_sequentially", "select_option", "set_checked", "uncheck")


@pytest.fixture(autouse=True)
def loaded(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test does, it does on a page that has loaded, as people do.

    What a page shows may be there before the scripts that hear keys and choices.
    """
    for name in ACTIONS:
        monkeypatch.setattr(Locator, name, after_loading(getattr(Locator, name)))
    for name in ("press", "type"):
        monkeypatch.setattr(page.keyboard, name, partial(on_loaded, page, getattr(page.keyboard, name)))


def after_loading(act: Callable[..., Any]) -> Callable[..., Any]:
    return lambda locator, *args, **options: on_loaded(locator.page, act, locator, *args, **options)


def on_loaded(page: Page, act: Callable[..., Any], *args: Any, **options: Any) -> Any:
    page.wait_for_load_state()
    return act(*args, **options)


@pytest.fixture
def log_in(site: str) -> Callable[[Page, User], None]:
    """Logs somebody in through the page that people use."""

    def enter(page: Page, user: User) -> None:
        user.set_password(PASSWORD)
        user.save()
        page.goto(f"{site}/")
        page.get_by_label("User name").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Work list").wait_for()

    return enter


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails where axe finds a violation on the page.

    It takes long and sees the same elements whatever the database, so that it is asked on SQLite only; nothing is
    loaded a second time (`preload`), which only rules for sound and for turned screens need.
    """
    axe = Axe()

    def check(page: Page) -> None:
        if connection.vendor != "sqlite":
            return
        page.wait_for_load_state()
        results: Any = axe.run(page, options={"resultTypes": ["violations"], "preload": False})
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture
def in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: IN_TIME)


@pytest.fixture
def full(live_server: LiveServer, trial: Trial, coordinator: User, cases: dict[str, Any]) -> Visit:
    """The visit of an eligible man."""
    return open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])


@pytest.fixture
def section(site: str) -> Callable[[Visit, str], str]:
    """The address of a section of a visit."""
    return lambda visit, code: f"{site}/visits/{visit.pk}/sections/{code}/"


@pytest.fixture
def colleague(browser: Browser, log_in: Callable[[Page, User], None]) -> Iterator[Page]:
    """A second coordinator in a browser of their own."""
    context = browser.new_context()
    page = context.new_page()
    user = UserFactory(role="coordinator")
    log_in(page, user)
    page.user_name = user.username  # type: ignore[attr-defined]
    yield page
    context.close()
