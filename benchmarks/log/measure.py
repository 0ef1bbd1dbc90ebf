"""The log's first page, its 1000th and filtered ones: the rows alone, the counts above them, the whole request."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.people import INVESTIGATOR, fill
from benchmarks.site import DEFINITION
from criteria.models import Trial
from criteria.versions.versions import load_definition
from screening.log.counts import log_counts
from screening.log.filter import LogFilter
from screening.log.pages import log_page
from screening.models import Subject
from screening.review.queue import review_queue_page
from screening.views.log.forms import LogForm

ROUNDS = 15
FAR = 1000
PAGES = {
    "everybody": {},
    "by day, latest first": {"sort": "-visit_date"},
    "failed E05 (one in eight)": {"criterion": "E05"},
    "failed E27 (one in 1,300)": {"criterion": "E27"},
    "failed E27, by day": {"criterion": "E27", "sort": "-visit_date"},
    "failed E06 (six people)": {"criterion": "E06"},
    "not enrolled, one month": {
        "decision": "not_enrolled",
        "screened_from": "2025-03-01",
        "screened_to": "2025-03-31",
    },
    "ineligible, one coordinator, by day": {
        "outcome": "ineligible",
        "coordinator": "coordinator-3",
        "sort": "-visit_date",
    },
    "enrolled": {"decision": "enrolled"},
    "open, of version 1.3": {"decision": "open", "version": "1.3"},
}


def main(people: int) -> None:
    call_command("migrate", verbosity=0)
    version, _ = load_definition(DEFINITION.read_text(encoding="utf-8"))
    found = Subject.objects.count()
    if found not in (0, people):
        raise SystemExit(f"This database holds {found} people: name an empty one in DATABASE_URL.")
    if not found:
        fill(version, people)
        analyse()
    measure()


def analyse() -> None:
    """As the database does by itself overnight."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def measure() -> None:
    client = Client()
    client.force_login(User.objects.get(username=INVESTIGATOR))
    trials = list(Trial.objects.all())
    for name, address in PAGES.items():
        filters = LogForm(query(address), trials).selected_filter()
        show(f"{name}, page 1", client, filters, address)
        far = cursor_of(filters, FAR) if name in list(PAGES)[:3] else None
        if far:
            show(f"{name}, page {FAR} or the last", client, filters, address | {"page": far})
    print(f"review queue, page 1, on {connection.vendor}: {figures(review_queue_page)}")


def query(address: dict[str, str]) -> QueryDict:
    found = QueryDict(mutable=True)
    found.update(address)
    return found


def show(what: str, client: Client, filters: LogFilter, address: dict[str, str]) -> None:
    page = address.get("page")
    print(
        f"{what}, on {connection.vendor}:"
        f" rows {figures(lambda: log_page(filters, page))};"
        f" counts {figures(lambda: log_counts(filters))};"
        f" whole request {figures(lambda: get(client, address))}"
    )


def get(client: Client, address: dict[str, str]) -> None:
    response = client.get(reverse("screening:log"), address)
    if response.status_code != 200:
        raise SystemExit(f"The log answered {response.status_code} to {address}.")


def cursor_of(filters: LogFilter, page: int) -> str | None:
    """Return the cursor of a page, found page by page as a reader would; the last page's where there are fewer."""
    cursor = None
    for _ in range(page - 1):
        following = log_page(filters, cursor).next
        if following is None:
            break
        cursor = following
    return cursor


def figures(act: Callable[[], Any]) -> str:
    act()
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        act()
        times.append((perf_counter() - start) * 1e3)
    with CaptureQueriesContext(connection) as queries:
        act()
    return f"{median(times):.1f} ms (up to {max(times):.1f}), {len(queries)} queries"
