"""`python -m benchmarks.way`: count the product files and calls that one laboratory value passes.

The value is entered beside the panel (`live`), then saved, then assessed; caches are filled before. Counts, not times:
the same on every machine.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from django.test import Client
from django.urls import reverse

from benchmarks.site import coordinator, full_visit, in_database
from criteria.versions.versions import protocol_of
from screening.crf import SectionForm
from screening.models import Visit
from tests.support.submission import submitted

ROOT = Path(__file__).parent.parent
PRODUCT = tuple(str(ROOT / name) + os.sep for name in ("criteria", "screening", "trialsite"))


def main() -> None:
    in_database(measure)


def measure() -> None:
    author = coordinator()
    visit = full_visit(author)
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
