"""`python -m benchmarks.way`: count the product files and calls that one laboratory value passes.

The value is entered beside the panel (`live`), then saved, then assessed; caches are filled before. Counts, not times:
the same on every machine.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trialsite.settings.test")
django.setup()

from django.contrib.auth.models import User  # noqa: E402  (the models need Django set up)
from django.test import Client  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.saving import DEFINITION  # noqa: E402
from criteria.versions.versions import load_definition, protocol_of  # noqa: E402
from screening.access.rights import grant_by_command  # noqa: E402
from screening.crf import SectionForm  # noqa: E402
from screening.models import Visit  # noqa: E402
from screening.visits.save import open_visit, register_subject  # noqa: E402
from tests.support.random_documents import eligible  # noqa: E402
from tests.support.submission import submitted  # noqa: E402

ROOT = Path(__file__).parent.parent
PRODUCT = tuple(str(ROOT / name) + os.sep for name in ("criteria", "screening", "trialsite"))


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
    subject = register_subject(version.trial, author)
    visit = open_visit(subject, author, eligible("male", date(2026, 3, 9), date(2026, 3, 16)))
    client = Client()
    client.force_login(author)
    for value in ("3.1", "3.2"):  # the first time fills the caches
        counts = {
            "entering": way(lambda value=value: post(client, visit, "section-live", value)),
            "saving": way(lambda value=value: post(client, visit, "section", value)),
            "assessing": way(lambda: client.post(reverse("screening:visit-assess", args=[visit.pk]), numbers(visit))),
        }
    for what, calls in counts.items():
        print(f"{what} one laboratory value: {len(calls)} product files, {sum(calls.values()):,} calls")


def numbers(visit: Visit) -> dict[str, int]:
    return {"revision": visit.latest_revision().number}


def post(client: Client, visit: Visit, address: str, value: str) -> None:
    revision = visit.latest_revision()
    section = protocol_of(visit.subject.trial.versions.get()).vocabulary.section("laboratory")
    form = SectionForm(section, revision.document)
    row = next(row for row in form.all_result_rows if row.code == "anc")
    typed = submitted(form)
    typed[row.add_prefix("value")] = value
    body = dict(typed.lists()) | {"base": str(revision.number), "reason": "corrected"}
    status = client.post(reverse(f"screening:{address}", args=[visit.pk, "laboratory"]), body).status_code
    if status not in (200, 302):
        raise SystemExit(f"{address} answered {status}")


def way(act: Callable[[], Any]) -> Counter[str]:
    """Return the calls in each product file while `act` runs."""
    calls: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(PRODUCT):
            calls[frame.f_code.co_filename] += 1

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


if __name__ == "__main__":
    main()
