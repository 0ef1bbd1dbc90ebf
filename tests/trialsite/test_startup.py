"""What is unsafe for a site, one thing at a time; and who could enter it."""

import gc
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.db import OperationalError, connection

from criteria.definition.reader import place_of_edition
from criteria.versions import versions
from criteria.versions.versions import Tampered
from tests.support.factories import UserFactory
from trialsite.demonstration_accounts import ACCOUNTS
from trialsite.passwords import NotPublic
from trialsite.settings import base
from trialsite.startup import (
    REQUIRED_MIDDLEWARE,
    YEAR_SECONDS,
    account_faults,
    load_pages,
    load_versions,
    make_ready,
    refuse_unsafe,
    settings_faults,
    without_collector,
)

SAFE = {
    "DEBUG": False,
    "DEMONSTRATION": False,
    "DEMONSTRATION_ACCOUNTS": (),
    "SECRET_KEY": "x7-Qk" * 12,
    "SEAL_KEY": "y8+Rm" * 12,
    "ALLOWED_HOSTS": ["screening.example.org", ".example.org"],
    "CSRF_TRUSTED_ORIGINS": ["https://screening.example.org"],
    "SECURE_SSL_REDIRECT": True,
    "SECOND_FACTOR_REQUIRED": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": YEAR_SECONDS,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "ALLOW_SQLITE": False,
    "MIDDLEWARE": list(REQUIRED_MIDDLEWARE),
}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}


def found(**changes) -> list[str]:
    return settings_faults(SimpleNamespace(**SAFE | changes))


def test_nothing_is_found_when_all_is_safe():
    assert found() == []
    assert found(DATABASES=SQLITE, ALLOW_SQLITE=True) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", True),
        ("DEMONSTRATION", True),
        ("DEMONSTRATION_ACCOUNTS", ACCOUNTS),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "ab" * 40),
        ("SECRET_KEY", "django-insecure-" + "x7-Qk" * 12),
        ("SEAL_KEY", "x7-Qk" * 9),
        ("SEAL_KEY", SAFE["SECRET_KEY"]),
        ("ALLOWED_HOSTS", []),
        ("ALLOWED_HOSTS", ["screening.example.org", "*"]),
        ("CSRF_TRUSTED_ORIGINS", ["http://screening.example.org"]),
        ("SECURE_SSL_REDIRECT", False),
        ("SECOND_FACTOR_REQUIRED", False),
        ("SESSION_COOKIE_SECURE", False),
        ("CSRF_COOKIE_SECURE", False),
        ("SECURE_HSTS_SECONDS", YEAR_SECONDS - 1),
        ("DATABASES", SQLITE),
        ("MIDDLEWARE", [guard for guard in REQUIRED_MIDDLEWARE if "csp" not in guard]),
    ],
)
def test_setting_is_named_when_it_is_unsafe(name, value):
    (said,) = found(**{name: value})
    assert name in said.split(" must ")[0]


def test_every_fault_is_named_when_there_are_several():
    assert len(found(DEBUG=True, SECRET_KEY="short", MIDDLEWARE=[])) == 2 + len(REQUIRED_MIDDLEWARE)


def test_every_guard_stands_in_the_settings():
    assert set(REQUIRED_MIDDLEWARE) <= set(base.MIDDLEWARE)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "password", "role"), ACCOUNTS)
def test_account_of_the_demonstration_is_named_when_it_is_active(name, password, role):
    user = UserFactory(role=role, username=name, password=make_password(password))
    (said,) = account_faults()
    assert f"“{name}”" in said
    assert password not in said
    user.is_active = False
    user.save()
    assert account_faults() == []


@pytest.mark.django_db
def test_account_is_named_when_its_public_password_is_another_accounts():
    UserFactory(role="coordinator", username="coordinator", password=make_password("administrator-demo"))
    assert len(account_faults()) == 1


@pytest.mark.django_db
def test_account_is_no_fault_when_only_its_name_is_the_demonstrations():
    UserFactory(role="coordinator", username="coordinator", password=make_password("nobody else knows this"))
    assert account_faults() == []


@pytest.mark.django_db
def test_accounts_are_no_fault_when_the_database_is_not_migrated(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: [])
    assert account_faults() == []


@pytest.mark.django_db
def test_database_that_does_not_answer_is_a_fault_among_the_others(monkeypatch, settings):
    def away(*_):
        raise OperationalError("could not connect")

    monkeypatch.setattr(connection.introspection, "table_names", away)
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match=r"(?s)SECRET_KEY must.*could not connect"):
        refuse_unsafe()


@pytest.mark.django_db
def test_worker_does_not_work_when_the_site_is_unsafe(settings):
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="SECURE_SSL_REDIRECT must"):
        call_command("work")


def test_tests_and_demonstration_are_not_asked():
    refuse_unsafe()


def test_public_password_is_refused_to_everybody():
    for _name, password, _role in ACCOUNTS:
        with pytest.raises(ValidationError, match="public"):
            NotPublic().validate(password)
    NotPublic().validate("nobody else knows this")


@pytest.fixture
def open_connections(monkeypatch):
    """The connections of a test hold its transaction: they stay open."""
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)


def test_version_in_force_is_compiled_when_a_process_is_made_ready(version, open_connections, monkeypatch):
    frozen = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    place_of_edition.cache_clear()
    make_ready()
    (edition,) = place_of_edition(version.definition_sha256)
    assert all("outcome" in vars(compiled) for compiled in edition.protocol.compiled)
    assert frozen


def test_every_template_of_a_page_is_compiled_when_a_process_is_made_ready(monkeypatch):
    compiled = []
    monkeypatch.setattr("django.template.loader.get_template", compiled.append)
    load_pages()
    assert {"base.html", "screening/review/page.html"} <= set(compiled)


def test_process_becomes_ready_all_the_same_when_a_version_is_tampered_with(version, open_connections, monkeypatch):
    def refuse(_sha256):
        raise Tampered

    place_of_edition.cache_clear()
    monkeypatch.setattr(versions, "published_definition", refuse)
    load_versions()
    assert place_of_edition(version.definition_sha256) == []


@pytest.mark.django_db
def test_process_becomes_ready_when_the_database_is_not_migrated_yet(open_connections, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda *args, **kwargs: [])
    load_versions()


def test_collector_goes_on_after_it_was_set_aside():
    with without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()
