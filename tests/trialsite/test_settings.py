"""Production does not start with what is unsafe: as it is imported, as it is served, as it works."""

import os
import subprocess
import sys

import pytest

SECRET = "x7-Qk" * 12
KEYS = {"SECRET_KEY": SECRET, "SEAL_KEY": "y8+Rm" * 12}
DATABASE = "postgres://screening@db.example.org/screening"
SITE = KEYS | {"ALLOWED_HOSTS": "screening.example.org", "DATABASE_URL": DATABASE}
ASKED = {*SITE, "SEAL_KEY_FALLBACKS", "CSRF_TRUSTED_ORIGINS", "ALLOW_SQLITE", "DEBUG", "DJANGO_SETTINGS_MODULE"}
PRINTED = """
import trialsite.settings.production as s
print(s.DEBUG, s.DEMONSTRATION, s.SEAL_KEY_FALLBACKS, s.SESSION_COOKIE_NAME)
"""


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ASKED}
    return subprocess.run(
        [sys.executable, "-"], input=code, env=kept | environment, capture_output=True, text=True, check=False
    )


def test_production_starts_when_keys_hosts_and_database_are_given():
    result = python(PRINTED, **SITE, DEBUG="false", SEAL_KEY_FALLBACKS="one,two")
    assert result.stdout == "False False ['one', 'two'] __Host-sessionid\n", result.stderr


@pytest.mark.parametrize(
    ("database", "seconds"),
    [
        (DATABASE, 600),
        (f"{DATABASE}?conn_max_age=60", 60),
        (f"{DATABASE}?conn_max_age=0", 0),
        ("sqlite:////tmp/site.sqlite3", 600),
    ],
)
def test_connections_are_kept_and_tried_first_unless_the_address_says_otherwise(database, seconds):
    printed = (
        "from trialsite.settings.base import DATABASES as d; c = d['default'];"
        " print(c['CONN_MAX_AGE'], c['CONN_HEALTH_CHECKS'])"
    )
    result = python(printed, **SITE | {"DATABASE_URL": database})
    assert result.stdout.split() == [str(seconds), "True"], result.stderr


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, ("SECRET_KEY", "SEAL_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "DATABASES")),
        (SITE | {"SECRET_KEY": "short", "SEAL_KEY": "short"}, ("SECRET_KEY", "SEAL_KEY")),
        (SITE | {"SECRET_KEY": "insecure" + SECRET, "SEAL_KEY": "insecure" + SECRET}, ("SECRET_KEY", "SEAL_KEY")),
        (SITE | {"SEAL_KEY": SECRET, "ALLOWED_HOSTS": "*"}, ("SEAL_KEY", "ALLOWED_HOSTS")),
        (SITE | {"ALLOWED_HOSTS": "", "DEBUG": "true"}, ("ALLOWED_HOSTS", "DEBUG")),
        (SITE | {"DATABASE_URL": "sqlite:////tmp/site.sqlite3", "ALLOW_SQLITE": "no"}, ("DATABASES",)),
        (SITE | {"CSRF_TRUSTED_ORIGINS": "https://a.example,http://b.example"}, ("CSRF_TRUSTED_ORIGINS",)),
    ],
)
def test_production_refuses_everything_at_once_when_something_is_missing_or_unsafe(environment, named):
    result = python(PRINTED, **environment)
    assert result.returncode != 0
    told = result.stderr.partition("ImproperlyConfigured: ")[2].splitlines()[1:]
    assert {line.split()[0] for line in told} == set(named)


@pytest.fixture
def own_module(tmp_path):
    """The server, started with a site's own module, which imports production and changes it; its database is empty."""

    def serve(changes: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "own_site.py").write_text(f"from trialsite.settings.production import *\n{changes}\n")
        path = {"PYTHONPATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "own_site"}
        database = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "ALLOW_SQLITE": "yes"}
        return python("import trialsite.wsgi; print('served')", **SITE | database | path)

    return serve


def test_site_is_served_when_its_own_module_changes_nothing_unsafe(own_module):
    result = own_module("TIME_ZONE = 'Asia/Shanghai'")
    assert result.stdout == "served\n", result.stderr


def test_site_is_not_served_when_its_own_module_makes_it_unsafe(own_module):
    result = own_module("DEBUG = True\nSECURE_SSL_REDIRECT = False\nMIDDLEWARE.remove('csp.middleware.CSPMiddleware')")
    assert (result.returncode != 0, result.stdout) == (True, "")
    for named in ("\nDEBUG", "\nSECURE_SSL_REDIRECT", "\nMIDDLEWARE must hold csp.middleware.CSPMiddleware"):
        assert named in result.stderr


def test_demonstration_is_served_as_it_is():
    demonstration = {"DJANGO_SETTINGS_MODULE": "trialsite.settings.demonstration"}
    result = python("import trialsite.wsgi; print('served')", **demonstration)
    assert result.stdout == "served\n", result.stderr
