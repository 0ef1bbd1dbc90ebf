"""What keeps a site from starting: settings that are unsafe for real people's data, and accounts that anybody can use.

The settings are looked at when they are final, so that a site's own module which changes those of production is too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from trialsite.demonstration_accounts import NAMES, PASSWORDS

YEAR = 31_536_000  # seconds
GUARDS = (
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


def is_weak(key: str) -> bool:
    return len(key) < 50 or len(set(key)) < 5 or "insecure" in key


def has_sqlite(settings: Any) -> bool:
    return any(each["ENGINE"].endswith(".sqlite3") for each in settings.DATABASES.values())


def is_any(host: str) -> bool:
    return host in ("*", ".") or not host.strip()


UNSAFE: tuple[tuple[Callable[[Any], Any], str], ...] = (
    (lambda s: s.DEBUG, "DEBUG must be off: its error pages show data and settings to whoever meets them."),
    (
        lambda s: s.DEMONSTRATION or s.DEMONSTRATION_ACCOUNTS,
        "DEMONSTRATION and DEMONSTRATION_ACCOUNTS must be off: the demonstration's passwords are public.",
    ),
    (
        lambda s: is_weak(s.SECRET_KEY),
        "SECRET_KEY must be a secret of at least 50 random characters, kept out of the code.",
    ),
    (
        lambda s: is_weak(s.SEAL_KEY) or s.SEAL_KEY == s.SECRET_KEY,
        "SEAL_KEY must be a secret of at least 50 random characters, other than SECRET_KEY.",
    ),
    (
        lambda s: not s.ALLOWED_HOSTS or any(map(is_any, s.ALLOWED_HOSTS)),
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
        lambda s: s.SECURE_HSTS_SECONDS < YEAR,
        "SECURE_HSTS_SECONDS must be a year, 31536000, or more: browsers must keep to HTTPS by themselves.",
    ),
    (
        lambda s: has_sqlite(s) and not s.ALLOW_SQLITE,
        "DATABASES must be PostgreSQL. A site of one computer may say ALLOW_SQLITE=yes to keep its data in SQLite.",
    ),
)


def faults(settings: Any) -> list[str]:
    """Everything unsafe in these settings, each with what would be right."""
    missing = [guard for guard in GUARDS if guard not in settings.MIDDLEWARE]
    return [said for is_so, said in UNSAFE if is_so(settings)] + [
        f"MIDDLEWARE must hold {guard}: without it the pages are not guarded." for guard in missing
    ]


def account_faults() -> list[str]:
    """The active accounts that came with the demonstration's data and still open with one of its passwords.

    Only accounts of its names are tried: to try a password takes long on purpose, and a site has many accounts.
    That nobody else has such a password is for `trialsite.passwords` to see to.
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
        if any(check_password(password, encoded) for password in PASSWORDS)
    ]


def accounts_named_alike() -> list[tuple[str, str]]:
    """Name and encoded password of each active account that is called as in the demonstration."""
    from django.contrib.auth.models import User
    from django.db import connection

    with connection.temporary_connection() as cursor:  # none is left open for the processes that a server forks
        if User._meta.db_table not in connection.introspection.table_names(cursor):
            return []  # not migrated yet
        return list(User.objects.filter(is_active=True, username__in=NAMES).values_list("username", "password"))


def refuse(found: list[str]) -> None:
    if found:
        raise ImproperlyConfigured("\n".join(["this site is not safe to start:", *found]))


def refuse_unsafe() -> None:
    """ImproperlyConfigured with everything that is unsafe; asked by whatever serves or works. Only sites are asked."""
    from django.conf import settings

    if settings.PRODUCTION:
        refuse(faults(settings) + account_faults())
