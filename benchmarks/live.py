"""Time the answer of the preview panel beside each form of a full visit.

From the request to the last byte, by Django's test client on the database of DATABASE_URL. Each answer keeps the
draft, too.
"""

from __future__ import annotations

import gc
from functools import partial
from statistics import median

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.engine import seconds
from benchmarks.site import coordinator, full_visit, in_database
from criteria.versions.versions import protocol_of
from screening.crf import SectionForm
from screening.models import Visit
from screening.visits.applicable_version import version_for_new_visit
from tests.support.submission import submitted

ROUNDS = 15
LIMIT = 200  # ms


def main() -> None:
    author = coordinator()
    measure(full_visit(author), author)


def measure(visit: Visit, author: User) -> None:
    """Require that `author` is a coordinator."""
    client = Client(headers={"HX-Request": "true"})
    client.force_login(author)
    revision = visit.latest_revision()
    slowest = []
    gc.collect()
    gc.freeze()  # as a server does when it starts (`trialsite.startup.make_ready`)
    for section in protocol_of(version_for_new_visit(visit.subject.trial, revision.document)).vocabulary.sections:
        address = reverse("screening:section-live", args=[visit.pk, section.code])
        typed = submitted(SectionForm(section, revision.document))
        body = dict(typed.lists()) | {"base": str(revision.number)}
        request = partial(answered, client, address)
        request(body)  # which fills caches
        times = [seconds(request, body) * 1000 for _ in range(ROUNDS)]
        slowest.append(max(times))
        print(
            f"panel beside {section.code} on {connection.vendor}: {median(times):.0f} ms (slowest {max(times):.0f} ms)"
        )
    gc.unfreeze()
    print(f"slowest answer of all: {max(slowest):.0f} ms; the bound is {LIMIT} ms")


def answered(client: Client, address: str, body: dict[str, object]) -> None:
    status = client.post(address, body).status_code
    if status != 200:
        raise SystemExit(f"{address} answered {status}")


if __name__ == "__main__":
    in_database(main)
