import os
import subprocess
import sys

import pytest

SECRET = "x7" * 30
KEYS = {"SECRET_KEY": SECRET, "SEAL_KEY": "y8" * 30}
COOKIES = "__Host-sessionid __Host-csrftoken"  # which a browser takes from this host alone, by HTTPS alone
DATABASE = "postgres://screening@db.example.org/screening"


def import_production(**environment: str) -> subprocess.CompletedProcess[str]:
    asked = ("SECRET_KEY", "SEAL_KEY", "SEAL_KEY_FALLBACKS", "ALLOWED_HOSTS", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if name not in asked}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import trialsite.settings.production as s; print(s.DEBUG, s.DEMONSTRATION, s.SEAL_KEY_FALLBACKS,"
            " s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)",
        ],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_key_hosts_and_database_are_given():
    result = import_production(**KEYS, ALLOWED_HOSTS="screening.example.org", DATABASE_URL=DATABASE)
    assert result.stdout == f"False False [] {COOKIES}\n", result.stderr


def test_earlier_keys_of_the_seals_are_known_when_they_are_given():
    site = {"ALLOWED_HOSTS": "screening.example.org", "DATABASE_URL": DATABASE}
    result = import_production(**KEYS, **site, SEAL_KEY_FALLBACKS="one,two")
    assert result.stdout == f"False False ['one', 'two'] {COOKIES}\n", result.stderr


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"ALLOWED_HOSTS": "a.example"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "a.example", "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "a.example", "SECRET_KEY": "insecure" + SECRET}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "a.example", "SECRET_KEY": SECRET}, "SEAL_KEY"),
        ({"ALLOWED_HOSTS": "a.example", "SECRET_KEY": SECRET, "SEAL_KEY": ""}, "SEAL_KEY"),
        ({"ALLOWED_HOSTS": "a.example", "SECRET_KEY": SECRET, "SEAL_KEY": "short"}, "SEAL_KEY"),
        ({"ALLOWED_HOSTS": "a.example", "SECRET_KEY": SECRET, "SEAL_KEY": "insecure" + SECRET}, "SEAL_KEY"),
        ({"ALLOWED_HOSTS": "a.example", "SECRET_KEY": SECRET, "SEAL_KEY": SECRET}, "SEAL_KEY"),
        (KEYS | {"ALLOWED_HOSTS": "a.example"}, "DATABASE_URL"),
        (KEYS | {"DATABASE_URL": DATABASE}, "ALLOWED_HOSTS"),
        (KEYS | {"DATABASE_URL": DATABASE, "ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        (KEYS | {"DATABASE_URL": DATABASE, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ],
)
def test_production_refuses_to_start_when_something_is_missing_or_unsafe(environment, named):
    result = import_production(**environment)
    assert result.returncode != 0
    assert f"ImproperlyConfigured: {named}" in result.stderr or f"Set the {named}" in result.stderr
