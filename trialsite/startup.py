"""Checks that keep an unsafe site from starting: settings, and accounts that anybody could use.

The settings are checked when they are final, so that a site's own module which changes those of production
is checked too.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from trialsite.demonstration_accounts import DEMONSTRATION_NAMES, DEMONSTRATION_PASSWORDS

YEAR_SECONDS = 31_536_000  # seconds
REQUIRED_MIDDLEWARE = (
    "trialsite.middleware.closed_doors",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "trialsite.middleware.no_store",
    "trialsite.middleware.Uploads",
    "django.middleware.csrf.CsrfViewMiddleware",
    "screening.access.sessions.SessionLimits",
    "trialsite.middleware.LoginRequired",
    "screening.access.guard.Guard",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def is_weak_key(key: str) -> bool:
    return len(key) < 50 or len(set(key)) < 5 or "insecure" in key


def has_sqlite(settings: Any) -> bool:
    return any(each["ENGINE"].endswith(".sqlite3") for each in settings.DATABASES.values())


def is_wildcard_host(host: str) -> bool:
    return host in ("*", ".") or not host.strip()


UNSAFE_SETTINGS: tuple[tuple[Callable[[Any], Any], str], ...] = (
    (lambda s: s.DEBUG, "DEBUG must be off: its error pages show data and settings to whoever meets them."),
    (
        lambda s: s.DEMONSTRATION or s.DEMONSTRATION_ACCOUNTS,
        "DEMONSTRATION and DEMONSTRATION_ACCOUNTS must be off: the demonstration's passwords are public.",
    ),
    (
        lambda s: is_weak_key(s.SECRET_KEY),
        "SECRET_KEY must be a secret of at least 50 random characters, kept out of the code.",
    ),
    (
        lambda s: is_weak_key(s.SEAL_KEY) or s.SEAL_KEY == s.SECRET_KEY,
        "SEAL_KEY must be a secret of at least 50 random characters, other than SECRET_KEY.",
    ),
    (
        lambda s: not s.ALLOWED_HOSTS or any(map(is_wildcard_host, s.ALLOWED_HOSTS)),
        "ALLOWED_HOSTS must name the hosts of this site, separated by commas.",
    ),
    (
        lambda s: not all(origin.startswith("https://") for origin in s.CSRF_TRUSTED_ORIGINS),
        "CSRF_TRUSTED_ORIGINS must begin with https:// each: what comes by plain HTTP can be changed on its way.",
    ),
    (
        lambda s: not s.SECURE_SSL_REDIRECT,
        "SECURE_SSL_REDIRECT must be on: nothing is shown or taken by plain HTTP. Behind a proxy set BEHIND_PROXY.",
    ),
    (
        lambda s: not s.SECOND_FACTOR_REQUIRED,
        "SECOND_FACTOR_REQUIRED must be on: a password that was seen or guessed lets nobody in by itself.",
    ),
    (lambda s: not s.SESSION_COOKIE_SECURE, "SESSION_COOKIE_SECURE must be on: the session never goes by plain HTTP."),
    (lambda s: not s.CSRF_COOKIE_SECURE, "CSRF_COOKIE_SECURE must be on: the form token never goes by plain HTTP."),
    (
        lambda s: s.SECURE_HSTS_SECONDS < YEAR_SECONDS,
        "SECURE_HSTS_SECONDS must be a year, 31536000, or more: browsers must keep to HTTPS by themselves.",
    ),
    (
        lambda s: has_sqlite(s) and not s.ALLOW_SQLITE,
        "DATABASES must be PostgreSQL. A site of one computer may say ALLOW_SQLITE=yes to keep its data in SQLite.",
    ),
)


def settings_faults(settings: Any) -> list[str]:
    """Return everything unsafe in these settings, each with what would be right."""
    missing = [guard for guard in REQUIRED_MIDDLEWARE if guard not in settings.MIDDLEWARE]
    return [said for is_so, said in UNSAFE_SETTINGS if is_so(settings)] + [
        f"MIDDLEWARE must hold {guard}: without it the pages are not guarded." for guard in missing
    ]


def account_faults() -> list[str]:
    """Return the active demonstration accounts that still have one of the demonstration's passwords, as messages.

    Only accounts with the names of the demonstration are tried: checking a password is slow on purpose, and a
    site has many accounts. `trialsite.passwords` keeps other accounts from having such a password. Where the
    database does not answer, that is the only message.
    """
    from django.contrib.auth.hashers import check_password
    from django.db import OperationalError

    try:
        accounts = accounts_named_alike()
    except OperationalError as error:
        return [f"The database must answer, so that its accounts can be looked at: {error}"]
    return [
        f"The account “{name}” opens with a public password of the demonstration: change it, or deactivate the account."
        for name, encoded in accounts
        if any(check_password(password, encoded) for password in DEMONSTRATION_PASSWORDS)
    ]


def accounts_named_alike() -> list[tuple[str, str]]:
    """Return name and encoded password of each active account named as in the demonstration."""
    from django.contrib.auth.models import User
    from django.db import connection

    with connection.temporary_connection() as cursor:  # none is left open for the processes that a server forks
        if User._meta.db_table not in connection.introspection.table_names(cursor):
            return []  # not migrated yet
        return list(
            User.objects.filter(is_active=True, username__in=DEMONSTRATION_NAMES).values_list("username", "password")
        )


def refuse_start(found: list[str]) -> None:
    if found:
        raise ImproperlyConfigured("\n".join(["this site is not safe to start:", *found]))


def refuse_unsafe() -> None:
    """Refuse to start an unsafe site: ImproperlyConfigured with everything that is unsafe.

    Every process that serves or works calls it. Only sites (PRODUCTION) are checked.
    """
    from django.conf import settings

    if settings.PRODUCTION:
        refuse_start(settings_faults(settings) + account_faults())


def make_ready() -> None:
    """Load before the first request what any may need, and keep the collector from it.

    Otherwise the first page takes half a second longer, and each full collection, in the midst of an answer, goes
    through all that the process has loaded: more than 100 ms. Every process that serves calls it.
    """
    load_versions()
    load_pages()
    gc.collect()
    gc.freeze()


def load_versions() -> None:
    """Compile the version of each trial that is in force; none where the database is not migrated yet."""
    from django.db import connections

    from criteria.models import ProtocolVersion, Trial
    from criteria.versions.versions import Tampered, protocol_of
    from screening.visits.applicable_version import versions_by_today

    if ProtocolVersion._meta.db_table in connections["default"].introspection.table_names():
        in_force = {version.trial_id: version for version in reversed(versions_by_today(Trial.objects.all()))}
        for version in in_force.values():
            with suppress(Tampered):  # which whoever asks for it is told
                protocol_of(version).compile()
    connections.close_all()  # none is left open for the processes that a server forks


def load_pages() -> None:
    """Import the pages, and compile their templates."""
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    folders: Any = settings.TEMPLATES[0]["DIRS"]
    for folder in folders:
        for path in Path(folder).rglob("*.html"):
            get_template(path.relative_to(folder).as_posix())


@contextmanager
def without_collector() -> Iterator[None]:
    """Set the collector of cycles aside while much is made that stays: it goes through all of that again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
