"""Append-only tables, which nobody may rewrite: the protocol, the entered data, the findings, the users."""

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from criteria.records import append_only
from screening.models import (
    ChangedField,
    ChosenTrial,
    Draft,
    FormKey,
    SavedFilter,
    SimulationProgress,
    SubjectStatus,
)

# No records: what is typed but not saved, what is only computed, how far a computation has come, which forms were
# taken, by which filters somebody likes to look at a list, and in which trial somebody works.
WORKING = (ChangedField, ChosenTrial, Draft, FormKey, SavedFilter, SubjectStatus, SimulationProgress)

# An account changes (its password, whether it is active), but never goes away, and never gets another name: what it
# did would be another's.
ACCOUNT_TRIGGERS = {
    "postgresql": {
        "account_stays": "BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION append_only_refuse()",
        "account_table_stays": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()",
        "account_keeps_name": "BEFORE UPDATE ON {table} FOR EACH ROW"
        " WHEN (OLD.username IS DISTINCT FROM NEW.username) EXECUTE FUNCTION append_only_refuse()",
    },
    "sqlite": {
        "account_stays": "BEFORE DELETE ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'auth_user is append-only: DELETE refused'); END",
        "account_keeps_name": "BEFORE UPDATE ON {table} WHEN OLD.username IS NOT NEW.username"
        " BEGIN SELECT RAISE(ABORT, 'auth_user is append-only: UPDATE refused'); END",
    },
}


def protected_models() -> list[type[Model]]:
    """Return the models of all tables of records.

    A new model is protected from its first migration on, without being listed here.
    """
    models = (model for app in ("criteria", "screening") for model in apps.get_app_config(app).get_models())
    return [model for model in models if model not in WORKING]


def install(connection: BaseDatabaseWrapper) -> None:
    append_only.install_triggers(connection, protected_models())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        remove_from_accounts(connection)
        if append_only.models_with_tables(connection, [User]):
            table = connection.ops.quote_name(User._meta.db_table)
            for name, trigger in ACCOUNT_TRIGGERS[connection.vendor].items():
                cursor.execute(f"CREATE TRIGGER {name} {trigger.format(table=table)}")


def remove(connection: BaseDatabaseWrapper) -> None:
    append_only.remove_triggers(connection, protected_models())
    remove_from_accounts(connection)


def remove_from_accounts(connection: BaseDatabaseWrapper) -> None:
    on = f" ON {connection.ops.quote_name(User._meta.db_table)}" if connection.vendor == "postgresql" else ""
    if not append_only.models_with_tables(connection, [User]):
        return
    with connection.cursor() as cursor:
        for name in ACCOUNT_TRIGGERS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
