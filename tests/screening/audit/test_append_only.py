"""Every route by which a row could be changed or lost, tried on every table of the domain."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F

from screening.audit.append_only import ACCOUNT_TRIGGERS, WORKING, install, protected_models, remove
from screening.models import ChangedField, ChosenTrial, Draft, FormKey, SavedFilter, SimulationProgress, SubjectStatus
from tests.support.factories import UserFactory, a_row_of_each
from tests.support.world import layer_fixture

Model = type[models.Model]

PROTECTED = protected_models()
EVERY_MODEL = pytest.mark.parametrize("model", PROTECTED, ids=lambda model: model._meta.label)

WITH_KEYS = [
    model
    for model in PROTECTED
    if model._meta.total_unique_constraints or any(f.unique for f in model._meta.fields if not f.primary_key)
]


@layer_fixture
def kept_rows(kept_version, kept_coordinator) -> None:
    a_row_of_each(kept_version.trial, kept_coordinator)


@pytest.fixture
def rows(kept_rows) -> None:
    connection.check_constraints()  # PostgreSQL alters and truncates no table that has checks pending


def some_field(model: Model) -> str:
    return next(field.name for field in model._meta.concrete_fields if not field.primary_key)


def table(model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def save(model: Model) -> None:
    model.objects.first().save()


def delete(model: Model) -> None:
    model.objects.first().delete()


def update_all(model: Model) -> None:
    model.objects.update(**{some_field(model): F(some_field(model))})


def delete_all(model: Model) -> None:
    model.objects.all().delete()


def delete_unchecked(model: Model) -> None:
    queryset = model.objects.all()
    queryset._raw_delete(queryset.db)


def bulk_update(model: Model) -> None:
    model.objects.bulk_update(model.objects.all(), [some_field(model)])


def upsert(model: Model) -> None:
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_create(
        list(model.objects.all()), update_conflicts=True, unique_fields=["pk"], update_fields=fields
    )


def raw_update(model: Model) -> None:
    run(f"UPDATE {table(model)} SET id = id")


def raw_delete(model: Model) -> None:
    run(f"DELETE FROM {table(model)}")


ROUTES = (save, delete, update_all, delete_all, delete_unchecked, bulk_update, upsert, raw_update, raw_delete)


def assert_refused(route: Callable[[Model], Any], model: Model) -> None:
    before = list(model.objects.order_by("pk").values())
    assert before
    with pytest.raises(IntegrityError), transaction.atomic():
        route(model)
    assert list(model.objects.order_by("pk").values()) == before


@EVERY_MODEL
def test_rows_stay_as_they_were_by_every_route(model, rows):
    for route in ROUTES:
        assert_refused(route, model)


@EVERY_MODEL
def test_refusal_names_the_table_and_the_operation(model, rows):
    for route, operation in ((raw_update, "UPDATE"), (raw_delete, "DELETE")):
        message = f"{model._meta.db_table} is append-only: {operation} refused"
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            route(model)


if connection.vendor == "sqlite":

    @EVERY_MODEL
    def test_replacing_by_the_same_id_is_refused(model, rows):
        assert_refused(lambda model: run(f"INSERT OR REPLACE INTO {table(model)} SELECT * FROM {table(model)}"), model)

    @pytest.mark.parametrize("model", WITH_KEYS, ids=lambda model: model._meta.label)
    def test_replacing_by_another_unique_key_is_refused(model, rows):
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.primary_key)
        sql = f"INSERT OR REPLACE INTO {table(model)} ({columns}) SELECT {columns} FROM {table(model)}"
        assert_refused(lambda model: run(sql), model)

else:

    @EVERY_MODEL
    def test_truncating_is_refused(model, rows):
        assert_refused(lambda model: run(f"TRUNCATE {table(model)} CASCADE"), model)

    @EVERY_MODEL
    def test_triggers_fire_when_the_session_poses_as_a_replica(model, rows):
        def update_as_replica(model: Model) -> None:
            run("SET LOCAL session_replication_role = replica")
            raw_update(model)

        assert_refused(update_as_replica, model)


def test_every_model_of_the_domain_is_protected_but_what_is_typed_and_what_is_computed():
    own = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in ("criteria", "screening")]
    assert set(PROTECTED) == set(own) - set(WORKING)
    assert set(WORKING) == {ChangedField, ChosenTrial, Draft, FormKey, SavedFilter, SubjectStatus, SimulationProgress}


@pytest.mark.django_db
def test_installing_twice_leaves_one_set_of_triggers():
    def triggers() -> list[Any]:
        catalogue = {
            "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2",
            "postgresql": "SELECT tgname, tgrelid::regclass::text, tgenabled FROM pg_trigger"
            " WHERE NOT tgisinternal ORDER BY 1, 2",
        }
        with connection.cursor() as cursor:
            cursor.execute(catalogue[connection.vendor])
            return cursor.fetchall()

    before = triggers()
    install(connection)
    assert triggers() == before
    of_records = len(PROTECTED) * {"sqlite": 3, "postgresql": 2}[connection.vendor]
    assert len(before) == of_records + len(ACCOUNT_TRIGGERS[connection.vendor])


def rename_account(model: Model) -> None:
    model.objects.update(username="somebody-else")


@pytest.mark.parametrize("route", [delete_unchecked, raw_delete, rename_account])
def test_account_stays_under_its_name_by_every_route(route, db):
    """Also one that did nothing yet: its name must not go to another person."""
    UserFactory()
    assert_refused(route, User)


def test_account_can_be_changed_but_for_its_name(coordinator):
    coordinator.set_password("another long password")
    coordinator.is_active = False
    coordinator.save()
    coordinator.refresh_from_db()
    assert not coordinator.is_active


def test_rows_can_be_changed_when_the_triggers_are_taken_away(rows):
    """Otherwise something else might refuse in the tests above, and the triggers might do nothing."""
    remove(connection)
    for model in PROTECTED:
        raw_update(model)


@pytest.mark.parametrize("round", ["first", "after a flush"])
@pytest.mark.django_db(transaction=True)
def test_triggers_stand_when_a_transactional_test_begins(round, trial):
    assert_refused(raw_update, type(trial))
