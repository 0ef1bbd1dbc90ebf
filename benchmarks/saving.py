"""Time saving a section, assessing a visit, and the preview panel, on the database of DATABASE_URL.

An assessment evaluates, fingerprints and writes 42 verdict rows. Each action is one transaction, with the subject
status that follows from it. Beside each, in turn with it, its yardstick: the same rows, written bare.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from statistics import median
from time import perf_counter, process_time
from typing import Any

from django.conf import settings
from django.db import connection, reset_queries, transaction
from django.db.models import Model

from benchmarks import live
from benchmarks.site import coordinator, full_visit, in_database
from screening.eligibility.assess import assess
from screening.models import Assessment, ChangedField, Revision, SubjectStatus, Verdict, Visit
from screening.visits.save import save_section

ROUNDS = 30


def main() -> None:
    in_database(measure)


def measure() -> None:
    author = coordinator()
    visit, other = full_visit(author), full_visit(author)
    months, latest = count(1), [visit.latest_revision()]

    def save() -> None:
        part = {"performance": latest[0].document["performance"] | {"life_expectancy_months": next(months)}}
        latest[0] = save_section(visit, "performance", part, latest[0].number, author, reason="measured")

    show("saving a section", save, saved_rows(other))
    made = assess(latest[0], author)
    show("assessing and saving a visit", lambda: assess(made.revision, author), assessed_rows(made))
    live.measure(visit, author)


def saved_rows(visit: Visit) -> Callable[[], None]:
    """Return what writes the rows of a saved section: a revision, what it changed, and the row of the work list."""
    latest, status = visit.latest_revision(), SubjectStatus.objects.get(visit=visit)
    numbers = count(latest.number + 1)

    @transaction.atomic
    def write() -> None:
        copy = Revision(**values_of(latest) | {"number": next(numbers)})
        copy.save()
        changed = ChangedField(revision=copy, path="performance.life_expectancy_months", words="7 months\n8 months")
        ChangedField.objects.bulk_create([changed])
        status.save()

    return write


def assessed_rows(made: Assessment) -> Callable[[], None]:
    """Return what writes the rows of an assessment: itself, its verdicts, and the row of the work list."""
    verdicts, status = list(made.verdicts.all()), SubjectStatus.objects.get(visit=made.revision.visit_id)

    @transaction.atomic
    def write() -> None:
        copy = Assessment(**values_of(made))
        copy.save()
        Verdict.objects.bulk_create(Verdict(**values_of(each) | {"assessment_id": copy.pk}) for each in verdicts)
        status.save()

    return write


def values_of(row: Model) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {field.attname: getattr(row, field.attname) for field in fields if not field.primary_key}


def show(what: str, act: Callable[[], Any], bare: Callable[[], Any]) -> None:
    taken: dict[Callable[[], Any], list[tuple[float, float]]] = {act: [], bare: []}
    for each in (act, bare) * (ROUNDS + 1):
        clock, processor = perf_counter(), process_time()
        each()
        taken[each].append((perf_counter() - clock, process_time() - processor))
    medians = {each: [median(times) for times in zip(*taken[each][1:], strict=True)] for each in (act, bare)}
    (clock, processor), (_clock, least) = medians[act], medians[bare]
    print(
        f"{what} on {connection.vendor}: {clock * 1e3:.1f} ms, {processor * 1e3:.1f} ms of processor time,"
        f" {processor / least:.1f} times the bare rows, {queries(act)} queries"
    )


def queries(act: Callable[[], Any]) -> int:
    settings.DEBUG = True
    reset_queries()
    act()
    settings.DEBUG = False
    return len(connection.queries)


if __name__ == "__main__":
    main()
