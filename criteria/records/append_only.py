"""Append-only tables: database triggers refuse every change but the insertion of new rows.

The database itself enforces this, so no code path bypasses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

ModelClasses = Iterable[type[Model]]

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

# ENABLE ALWAYS, because session_replication_role = replica would silence an ordinary trigger.
POSTGRESQL_TRIGGERS = (
    "CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION append_only_refuse()",
    "CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only_rows",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only_truncate",
)

# REPLACE removes the row in its way without firing DELETE triggers, so an insert over an existing row is refused first.
SQLITE_TRIGGERS = (
    "CREATE TRIGGER {update} BEFORE UPDATE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{name} is append-only: UPDATE refused'); END",
    "CREATE TRIGGER {delete} BEFORE DELETE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{name} is append-only: DELETE refused'); END",
    "CREATE TRIGGER {replace} BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_key})"
    " BEGIN SELECT RAISE(ABORT, '{name} is append-only: REPLACE refused'); END",
)


def install_triggers(connection: BaseDatabaseWrapper, models: ModelClasses) -> None:
    """Install the triggers on every table that exists; recreate those of an earlier run."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove_triggers(connection, models)
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for model in models_with_tables(connection, models):
            for statement in trigger_statements(connection, model):
                cursor.execute(statement)


def remove_triggers(connection: BaseDatabaseWrapper, models: ModelClasses) -> None:
    with connection.cursor() as cursor:
        for model in models_with_tables(connection, models):
            for statement in drop_statements(connection, model):
                cursor.execute(statement)


def models_with_tables(connection: BaseDatabaseWrapper, models: ModelClasses) -> list[type[Model]]:
    tables = set(connection.introspection.table_names())
    return [model for model in models if model._meta.db_table in tables]


def trigger_statements(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
    name = model._meta.db_table
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        return [statement.format(table=quote(name)) for statement in POSTGRESQL_TRIGGERS]
    triggers = {event: quote(trigger) for event, trigger in sqlite_trigger_names(model).items()}
    same_key = " OR ".join(key_condition(columns, quote) for columns in unique_keys(model))
    return [s.format(name=name, table=quote(name), same_key=same_key, **triggers) for s in SQLITE_TRIGGERS]


def drop_statements(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        table = quote(model._meta.db_table)
        return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in ("append_only_rows", "append_only_truncate")]
    return [f"DROP TRIGGER IF EXISTS {quote(name)}" for name in sqlite_trigger_names(model).values()]


def sqlite_trigger_names(model: type[Model]) -> dict[str, str]:
    """Return SQLite's trigger names by event; they share one namespace, so each contains its table's name."""
    return {event: f"{model._meta.db_table}_append_only_{event}" for event in ("update", "delete", "replace")}


def unique_keys(model: type[Model]) -> Iterator[list[str]]:
    """Yield the columns of each key by which a new row could collide with, and so replace, an old one."""
    meta = model._meta
    columns = {field.name: str(field.column) for field in meta.concrete_fields}
    yield from ([str(field.column)] for field in meta.concrete_fields if field.unique)
    yield from ([columns[name] for name in constraint.fields] for constraint in meta.total_unique_constraints)
    yield from ([columns[name] for name in names] for names in meta.unique_together)


def key_condition(columns: list[str], quote: Callable[[str], str]) -> str:
    return "(" + " AND ".join(f"{quote(column)} = NEW.{quote(column)}" for column in columns) + ")"
