"""The tables that nobody may rewrite: what the trial asks, what was entered, and what was found."""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from criteria import append_only
from screening.models import Draft, SimulationProgress, Standing

# No records: what is typed but not saved, what is only computed, and how far a computation has come.
WORKING = (Draft, Standing, SimulationProgress)


def protected() -> list[type[Model]]:
    """Every table of records: a new model is protected from its first migration, without being named here."""
    models = (model for app in ("criteria", "screening") for model in apps.get_app_config(app).get_models())
    return [model for model in models if model not in WORKING]


def install(connection: BaseDatabaseWrapper) -> None:
    append_only.install(connection, protected())


def remove(connection: BaseDatabaseWrapper) -> None:
    append_only.remove(connection, protected())
