"""Saving: one visit's assessment (evaluate, fingerprint, 42 verdict rows) as one transaction, on the database of
DATABASE_URL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, reset_queries
from django.test.runner import DiscoverRunner

from criteria.versions import load
from screening.assess import assess
from screening.revise import open_visit, register_subject
from tests.random_documents import eligible

ROUNDS = 30
DEFINITION = Path(__file__).parent.parent / "criteria" / "protocols" / "NCT05990231.yaml"


def main() -> None:
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        measure()
    finally:
        runner.teardown_databases(databases)


def measure() -> None:
    version, _ = load(DEFINITION.read_text(encoding="utf-8"))
    author = get_user_model().objects.create_user("coordinator")
    visit = open_visit(
        register_subject(version.trial, author), author, eligible("male", date(2026, 3, 9), date(2026, 3, 16))
    )
    revision = visit.latest_revision()
    assess(revision, author)
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        assess(revision, author)
        times.append(perf_counter() - start)
    print(
        f"assessing and saving a visit on {connection.vendor}:"
        f" {median(times) * 1e3:.1f} ms, {queries(revision, author)} queries"
    )


def queries(revision, author) -> int:
    settings.DEBUG = True
    reset_queries()
    assess(revision, author)
    return len(connection.queries)
