"""Time saving a section, assessing a visit, and the preview panel, on the database of DATABASE_URL.

An assessment evaluates, fingerprints and writes 42 verdict rows. Each action is one transaction, with the subject
status that follows from it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, reset_queries
from django.test.runner import DiscoverRunner

from benchmarks import live
from criteria.versions.versions import load_definition
from screening.access.rights import grant_by_command
from screening.eligibility.assess import assess
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.random_documents import eligible

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
    version, _ = load_definition(DEFINITION.read_text(encoding="utf-8"))
    author = User.objects.create_user("coordinator")
    grant_by_command(author, "coordinator", "benchmark")
    visit = open_visit(
        register_subject(version.trial, author), author, eligible("male", date(2026, 3, 9), date(2026, 3, 16))
    )
    months = count(1)

    def save() -> None:
        latest = visit.latest_revision()
        part = {"performance": latest.document["performance"] | {"life_expectancy_months": next(months)}}
        save_section(visit, "performance", part, latest.number, author, reason="measured")

    show("saving a section", save)
    show("assessing and saving a visit", lambda: assess(visit.latest_revision(), author))
    live.measure(visit, author)


def show(what: str, act: Callable[[], Any]) -> None:
    act()
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        act()
        times.append(perf_counter() - start)
    print(f"{what} on {connection.vendor}: {median(times) * 1e3:.1f} ms, {queries(act)} queries")


def queries(act: Callable[[], Any]) -> int:
    settings.DEBUG = True
    reset_queries()
    act()
    settings.DEBUG = False
    return len(connection.queries)
