"""Seals over the records, which show afterwards whether a row was changed, removed or put in between.

Triggers refuse that as long as they stand; whoever owns the tables can take them away. A seal is an HMAC by SEAL_KEY
over the rows that came since the one before, and over that one: without the key nobody can make it fit again.
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
from screening.audit.append_only import protected
from screening.models import RecordSeal

CHUNK = 1000
EVERY = timedelta(days=1)
HOUR = 3600.0  # seconds


class Broken(NamedTuple):
    """A span of rows, behind `after` up to `last`, that is not what was sealed."""

    table: str
    after: int
    last: int


def seal_records() -> int:
    """Seals what came since the last time in each table; how many rows that were."""
    return sum(seal_table(model) for model in sealed_models())


def seal_daily() -> int:
    """As `seal_records`, where the last time is a day ago."""
    newest = RecordSeal.objects.order_by("-created_at").first()
    due = newest is None or newest.created_at < timezone.now() - EVERY
    return seal_records() if due else 0


class Hourly:
    """Called at every turn, does what is due once an hour: to find that nothing is new asks every table."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act
        self.done_at: float | None = None

    def __call__(self) -> None:
        if self.done_at is None or monotonic() - self.done_at >= HOUR:
            self.act()
            self.done_at = monotonic()


def sealed_models() -> list[type[Model]]:
    """The seals go on from one another, so they need none of their own."""
    return [model for model in protected() if model is not RecordSeal]


def seal_table(model: type[Model]) -> int:
    """Nobody who writes waits while the rows are read; of two who seal at once one finds it done."""
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
        lock(RecordSeal)
        if latest_seal(table) != before:
            return 0
        RecordSeal.objects.create(table=table, last=last, rows=rows, columns=" ".join(columns), digest=digest)
    return rows


def columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def latest_seal(table: str) -> RecordSeal | None:
    return RecordSeal.objects.filter(table=table).order_by("-last").first()


def last_row(model: type[Model]) -> int:
    """Once everybody who is writing has done: no row with a lower key may come after this."""
    lock(model)
    return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0)


def lock(model: type[Model]) -> None:
    """Against other writers, until the transaction ends; on SQLite it has locked them out from its beginning."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def digest_of(key: str, model: type[Model], columns: list[str], after: int, last: int, before: str) -> tuple[str, int]:
    """The first span has no lower end: nothing can be put before it, by a key that is no positive number."""
    span = {"pk__lte": last} | ({"pk__gt": after} if after else {})
    found = model._default_manager.filter(**span).order_by("pk").values_list(*columns)
    mac, rows = hmac.new(key.encode(), " ".join([before, *columns]).encode(), "sha256"), 0
    for values in found.iterator(CHUNK):
        mac.update(canonical.dump(dict(zip(columns, map(plain, values), strict=True))).encode() + b"\n")
        rows += 1
    return mac.hexdigest(), rows


def plain(value: Any) -> Any:
    """As JSON can say it; the same on both databases."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if hasattr(value, "isoformat") else value


def broken_seals() -> Iterator[Broken]:
    """Every span that does not fit its seal. What was inserted behind the last seal is not sealed yet."""
    models = {model._meta.db_table: model for model in sealed_models()}
    after: dict[str, tuple[int, str]] = {}
    for seal in RecordSeal.objects.order_by("table", "last"):
        first, before = after.get(seal.table, (0, ""))
        model = models.get(seal.table)
        if model is None or not fits(seal, model, first, before):
            yield Broken(seal.table, first, seal.last)
        after[seal.table] = seal.last, seal.digest


def fits(seal: RecordSeal, model: type[Model], after: int, before: str) -> bool:
    columns = seal.columns.split()
    if not set(columns) <= set(columns_of(model)):
        return False
    keys = (settings.SEAL_KEY, *settings.SEAL_KEY_FALLBACKS)
    found = (digest_of(key, model, columns, after, seal.last, before) for key in keys)
    return any(hmac.compare_digest(digest, seal.digest) and rows == seal.rows for digest, rows in found)
