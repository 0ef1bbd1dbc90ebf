import os
import shutil
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.template import Context, Template
from django.test import TransactionTestCase
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker

from criteria.models import Criterion, Parameter, ProtocolVersion, Trial
from criteria.records import canonical
from criteria.versions.versions import load_definition
from screening.audit import append_only
from tests.support import world
from tests.support.factories import UserFactory

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop running in the tests' thread

ROOT = Path(__file__).parent.parent
PROTOCOL = ROOT / "criteria/protocols/NCT05990231.yaml"
CASES = ROOT / "tests/data/cases.jsonl"

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)
NO_CHROMIUM = "no Chromium: apt install chromium-headless-shell libatomic1 (or chromium), or set CHROMIUM to its path"

flush = TransactionTestCase._fixture_teardown


def flush_past_the_triggers(case: TransactionTestCase) -> None:
    """Empties the tables after a transactional test; the flush then sends post_migrate, which protects them anew."""
    for each in connections.all():
        append_only.remove(each)
    flush(case)


TransactionTestCase._fixture_teardown = flush_past_the_triggers


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it uses. Without a browser its tests are left out; in CI they are run, and fail.

    Browser tests come last: a request that a closed page leaves behind must not meet the transactions of
    `tests.support.world`.
    """
    for item in items:
        mark = mark_of(item)
        item.add_marker(mark)
        if mark == "browser" and not (CHROMIUM or "CI" in os.environ):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def mark_of(item: pytest.Item) -> str:
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("browser") or fixtures & {"page", "context", "browser"}:
        return "browser"
    asks = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}
    if asks or is_of_django(item):
        return "database"
    return "unit"


@pytest.fixture(scope="session", autouse=True)
def only_pages_are_reported(django_test_environment: None) -> Iterator[None]:
    """Report to a test's client the template that a view rendered, not those that it extends or includes.

    Django copies the whole context for each: a quarter of a long page's time. `response.context` has what the view
    gave; `assertTemplateUsed` knows no part of a page.
    """
    report = Template._render

    def render(template: Template, context: Context) -> SafeString:
        return report(template, context) if context.template is template else template.nodelist.render(context)

    Template._render = render
    yield
    Template._render = report


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not CHROMIUM:
        pytest.fail(NO_CHROMIUM)
    switches = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    return {"executable_path": CHROMIUM, "args": [*switches.split(), "--no-first-run", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Ends what is still connected before PostgreSQL is asked to drop the tests' database: the server of the browser
    tests keeps a connection for as long as a browser does, and one worker's browser may be closed last of all.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        world.open_layers(())
        if connection.vendor == "postgresql":
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture(scope="session")
def no_layers(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        world.open_layers(())


@pytest.fixture(scope="session")
def playwright(no_layers: None, playwright: Any, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """The plugin's own; while its event loop runs, Django gives the same thread another connection, so that what was
    opened before it starts, or while it runs, must be closed by then.
    """
    yield playwright
    with django_db_blocker.unblock():
        world.open_layers(())


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open what a test starts from before its own transaction begins, and nothing around one that commits, nor around
    a class of Django's own, which closes the connection behind it.
    """
    fixtures: Collection[str] | None = None
    if fixturedef.argname == "_django_db_helper":
        fixtures = () if commits(request) else request.fixturenames
    elif fixturedef.argname == "_django_setup_unittest" and is_of_django(request.node):
        fixtures = ()
    if fixtures is not None:
        with request.getfixturevalue("django_db_blocker").unblock():
            world.open_layers(fixtures)
    made = yield
    if fixtures is not None and request.node.get_closest_marker("unit"):  # only now: pytest tears down what was set up
        pytest.fail("asks for the database when it runs: name the fixture, or mark it with django_db")
    return made


def is_of_django(node: pytest.Item | pytest.Collector) -> bool:
    return issubclass(getattr(node, "cls", None) or object, TransactionTestCase)


def commits(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    asked = mark and (mark.args or mark.kwargs.get("transaction") or mark.kwargs.get("reset_sequences"))
    return bool(asked or {"transactional_db", "live_server"} & set(request.fixturenames))


LOADED: list[list[Any]] = []  # the rows of the protocol, once they were loaded: reading the file takes long


def write_protocol() -> ProtocolVersion:
    if LOADED:
        for rows in LOADED:
            type(rows[0]).objects.bulk_create(rows)
    else:
        load_definition(PROTOCOL.read_text())
        LOADED.extend(list(model.objects.all()) for model in (Trial, ProtocolVersion, Criterion, Parameter))
    return ProtocolVersion.objects.select_related("trial").get()


@world.layer_fixture
def kept_version() -> ProtocolVersion:
    return write_protocol()


@world.layer_fixture
def kept_coordinator() -> User:
    return UserFactory(role="coordinator")


@world.layer_fixture
def kept_investigator() -> User:
    return UserFactory(role="investigator")


@world.layer_fixture
def kept_administrator() -> User:
    return UserFactory(role="administrator")


@pytest.fixture
def version(kept_version: ProtocolVersion) -> ProtocolVersion:
    return kept_version


@pytest.fixture
def trial(version: ProtocolVersion) -> Trial:
    return version.trial


@pytest.fixture
def coordinator(kept_coordinator: User) -> User:
    return kept_coordinator


@pytest.fixture
def investigator(kept_investigator: User) -> User:
    return kept_investigator


@pytest.fixture
def administrator(kept_administrator: User) -> User:
    return kept_administrator


@pytest.fixture
def monitor(db: None) -> User:
    return UserFactory(role="monitor")


@pytest.fixture
def superuser(db: None) -> User:
    return UserFactory(role="superuser")


@pytest.fixture(scope="session")
def cases() -> dict[str, dict[str, Any]]:
    return examples()


@cache
def examples() -> dict[str, dict[str, Any]]:
    """The example cases by their id; numbers are read exactly."""
    rows = (canonical.parse(line) for line in CASES.read_text().splitlines())
    return {row["id"]: row for row in rows}
