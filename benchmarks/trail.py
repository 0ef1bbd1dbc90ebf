"""`python -m benchmarks.trail --people 20000`: the audit trail with many people in the database of DATABASE_URL.

Fills an empty database, which must be one that nobody needs, or takes the one that it or the log's has filled before.
"""

from __future__ import annotations

import argparse

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.log.measure import analyse, figures, query
from benchmarks.people import INVESTIGATOR, fill
from benchmarks.site import DEFINITION
from criteria.versions.versions import load_definition
from screening.access.trials import read_access
from screening.audit import AuditTrailFilter, audit_trail_page
from screening.models import Subject
from screening.views.audit.forms import AuditTrailForm

FAR = 1000
PAGES = {
    "everything": {},
    "everything, earliest first": {"sort": "earliest"},
    "one person's (a fifth of all)": {"person": "coordinator-3"},
    "one person's (who did nothing)": {"person": "idle"},
    "about one subject": {"subject": "S-0100"},
    "history of a field": {"subject": "S-0100", "path": "labs.anc"},
    "signatures": {"kind": "signatures"},
    "refusals (none)": {"kind": "refusals"},
    "text (in many)": {"search": "source is missing"},
    "text (in none)": {"search": "whatever nobody wrote"},
    "one month": {"since": "2025-03-01", "until": "2025-03-31"},
    "a person, a kind and a month": {
        "person": "coordinator-3",
        "kind": "data",
        "since": "2025-03-01",
        "until": "2025-03-31",
    },
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
    User.objects.get_or_create(username="idle")
    measure()


def measure() -> None:
    client = Client()
    client.force_login(User.objects.get(username=INVESTIGATOR))
    access = read_access(User.objects.get(username=INVESTIGATOR))
    for name, address in PAGES.items():
        filters = AuditTrailForm(query(address)).selected_filter(access)
        show(f"{name}, page 1", client, filters, address)
        if name in list(PAGES)[:3]:
            far = cursor_of(filters, FAR)
            show(f"{name}, page {FAR} or the last", client, filters, address | {"page": far})


def show(what: str, client: Client, filters: AuditTrailFilter, address: dict[str, str]) -> None:
    page = address.get("page")
    print(
        f"{what}, on {connection.vendor}: entries {figures(lambda: audit_trail_page(filters, page))};"
        f" whole request {figures(lambda: get(client, address))}"
    )


def get(client: Client, address: dict[str, str]) -> None:
    response = client.get(reverse("screening:trail"), address)
    if response.status_code != 200:
        raise SystemExit(f"The trail answered {response.status_code} to {address}.")


def cursor_of(filters: AuditTrailFilter, page: int) -> str:
    """Return the cursor of a page in one step: the end of one page as long as all those before it."""
    return audit_trail_page(filters, None, (page - 1) * 50).next or ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20_000)
    main(parser.parse_args().people)
