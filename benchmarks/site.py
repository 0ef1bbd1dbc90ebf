"""What the benchmarks of a site start from: a database of their own, in it a coordinator with a full visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.contrib.auth.models import User
from django.test.runner import DiscoverRunner

from criteria.versions.versions import load_definition
from screening.access.rights import grant_by_command
from screening.models import Visit
from screening.visits.save import open_visit, register_subject
from tests.support.random_documents import eligible

DEFINITION = Path(__file__).parent.parent / "criteria" / "protocols" / "NCT05990231.yaml"


def in_database(measure: Callable[[], None]) -> None:
    """Measure in an empty database beside that of DATABASE_URL, which is removed afterwards."""
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        measure()
    finally:
        runner.teardown_databases(databases)


def coordinator(name: str = "coordinator") -> User:
    user = User.objects.create_user(name)
    grant_by_command(user, "coordinator", "benchmark")
    return user


def full_visit(author: User) -> Visit:
    """Open the visit of a man who meets every criterion, under the definition at hand."""
    version, _ = load_definition(DEFINITION.read_text(encoding="utf-8"))
    subject = register_subject(version.trial, author)
    return open_visit(subject, author, eligible("male", date(2026, 3, 9), date(2026, 3, 16)))
