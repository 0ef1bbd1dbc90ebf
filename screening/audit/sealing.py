"""Seals over the records, which show afterwards whether a row was changed, removed or inserted.

Triggers refuse that while they exist; the owner of the tables can remove them. A seal is an HMAC by SEAL_KEY
over the rows added since the previous seal, and over that seal: without the key nobody can make it fit again.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from criteria.records import canonical
from screening.audit.append_only import protected_models
from screening.models import RecordSeal

SEAL_CHUNK = 1000
SEAL_INTERVAL = timedelta(days=1)
HOUR = 3600.0  # seconds


class BrokenSpan(NamedTuple):
    """A span of rows, behind `after` up to `last`, that is not what was sealed."""

    table: str
    after: int
    last: int


def seal_records() -> int:
    """Seal the rows of each table that were added since its last seal, and return their number."""
    return sum(seal_table(model) for model in sealed_models())


def seal_daily() -> int:
    """Seal as `seal_records` does, and return the number of rows, if there is no seal from the last day.

    0 where there is one.
    """
    newest = RecordSeal.objects.order_by("-created_at").first()
    due = newest is None or newest.created_at < timezone.now() - SEAL_INTERVAL
    return seal_records() if due else 0


class Hourly:
    """A callable for a loop that runs the action once an hour: to find that nothing is new queries every table."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act
        self.done_at: float | None = None

    def __call__(self) -> None:
        if self.done_at is None or monotonic() - self.done_at >= HOUR:
            self.act()
            self.done_at = monotonic()


def sealed_models() -> list[type[Model]]:
    """Return the models whose rows are sealed.

    The seals themselves are chained and need no seal of their own.
    """
    return [model for model in protected_models() if model is not RecordSeal]


def seal_table(model: type[Model]) -> int:
    """Seal the new rows of a table and return their number.

    Writers do not wait while the rows are read; of two concurrent calls, one finds the work done and returns 0.
    """
    table = model._meta.db_table
    with transaction.atomic():
        last = last_row(model)
    before = latest_seal(table)
    after = before.last if before else 0
    if last <= after:
        return 0
    columns = columns_of(model)
    digest, rows = digest_of(settings.SEAL_KEY, model, columns, after, last, before.digest if before else "")
    with transaction.atomic():
        lock_table(RecordSeal)
        if latest_seal(table) != before:
            return 0
        RecordSeal.objects.create(table=table, last=last, rows=rows, columns=" ".join(columns), digest=digest)
    return rows


def columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def latest_seal(table: str) -> RecordSeal | None:
    return RecordSeal.objects.filter(table=table).order_by("-last").first()


def last_row(model: type[Model]) -> int:
    """Return the key of the last row once all present writers have finished.

    No row with a lower key can be added after this. 0 for an empty table.
    """
    lock_table(model)
    return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0)


def lock_table(model: type[Model]) -> None:
    """Lock the table against other writers until the transaction ends.

    On SQLite the transaction has locked them out since its beginning.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def digest_of(key: str, model: type[Model], columns: list[str], after: int, last: int, before: str) -> tuple[str, int]:
    """Return the digest and the number of the rows in a span.

    The first span has no lower bound: no row can be inserted before it under a key that is not a positive
    number.
    """
    span = {"pk__lte": last} | ({"pk__gt": after} if after else {})
    found = model._default_manager.filter(**span).order_by("pk").values_list(*columns)
    mac, rows = hmac.new(key.encode(), " ".join([before, *columns]).encode(), "sha256"), 0
    for values in found.iterator(SEAL_CHUNK):
        mac.update(canonical.dump(dict(zip(columns, map(json_value, values), strict=True))).encode() + b"\n")
        rows += 1
    return mac.hexdigest(), rows


def json_value(value: Any) -> Any:
    """Return the value in a form that JSON can represent, the same on both databases."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if hasattr(value, "isoformat") else value


def broken_seals() -> Iterator[BrokenSpan]:
    """Yield every span that does not fit its seal.

    Rows inserted behind the last seal are not sealed yet.
    """
    models = {model._meta.db_table: model for model in sealed_models()}
    after: dict[str, tuple[int, str]] = {}
    for seal in RecordSeal.objects.order_by("table", "last"):
        first, before = after.get(seal.table, (0, ""))
        model = models.get(seal.table)
        if model is None or not span_fits(seal, model, first, before):
            yield BrokenSpan(seal.table, first, seal.last)
        after[seal.table] = seal.last, seal.digest


def span_fits(seal: RecordSeal, model: type[Model], after: int, before: str) -> bool:
    columns = seal.columns.split()
    if not set(columns) <= set(columns_of(model)):
        return False
    keys = (settings.SEAL_KEY, *settings.SEAL_KEY_FALLBACKS)
    found = (digest_of(key, model, columns, after, seal.last, before) for key in keys)
    return any(hmac.compare_digest(digest, seal.digest) and rows == seal.rows for digest, rows in found)
