"""Time the pages of a visit with many revisions, as whole requests on the database of DATABASE_URL.

By Django's test client, in processor time of the thread.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from statistics import median
from time import thread_time_ns

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.saving import queries
from benchmarks.site import coordinator, full_visit, in_database
from screening.access.rights import grant_by_command
from screening.eligibility.assess import assess
from screening.models import Visit
from screening.visits.save import save_section

ROUNDS = 15
REVISIONS = 500


def main() -> None:
    in_database(measure)


def measure() -> None:
    author = coordinator()
    visit = full_visit(author)
    revise(visit, author)
    assessment = assess(visit.latest_revision(), author)
    entering, reviewing = client_of(author), client_of(investigator())
    section = partial(reverse, "screening:section")
    pages = {
        "review": (reviewing, reverse("screening:review", args=[assessment.pk])),
        "history of revisions": (entering, reverse("screening:revisions", args=[visit.pk])),
        "form of the medical history": (entering, section(args=[visit.pk, "history"])),
        "form of the laboratory": (entering, section(args=[visit.pk, "laboratory"])),
        "page of the visit": (entering, reverse("screening:visit", args=[visit.pk])),
        "work list": (entering, reverse("screening:subjects")),
    }
    gc.collect()
    gc.freeze()  # as a server does when it starts (`trialsite.startup.make_ready`)
    for name, (client, address) in pages.items():
        show(name, partial(answered, client, address))
    gc.unfreeze()


def revise(visit: Visit, author: User) -> None:
    """Save a section of a visit until it has as many revisions."""
    latest = visit.latest_revision()
    while latest.number < REVISIONS:
        part = {"performance": latest.document["performance"] | {"life_expectancy_months": 7 + latest.number % 40}}
        latest = save_section(visit, "performance", part, latest.number, author, reason="measured")


def investigator() -> User:
    user = User.objects.create_user("investigator")
    grant_by_command(user, "investigator", "benchmark")
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answered(client: Client, address: str) -> int:
    """Return the bytes of an answer."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return len(answer.content)


def show(name: str, act: Callable[[], int]) -> None:
    size = act()  # which fills caches
    times = [time_of_request(act) for _ in range(ROUNDS)]
    print(
        f"{name} at {REVISIONS} revisions on {connection.vendor}: {median(times) / 1e6:.0f} ms of processor time"
        f" ({min(times) / 1e6:.0f} to {max(times) / 1e6:.0f}), {queries(act)} queries, {size / 1024:.0f} KiB"
    )


def time_of_request(act: Callable[[], int]) -> int:
    start = thread_time_ns()
    act()
    return thread_time_ns() - start


if __name__ == "__main__":
    main()
