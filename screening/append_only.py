"""The tables that nobody may rewrite: what the trial asks, what was entered, and what was found."""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from criteria import append_only


def protected() -> list[type[Model]]:
    """Every table of the domain: a new model is protected from its first migration, without being named here."""
    return [model for app in ("criteria", "screening") for model in apps.get_app_config(app).get_models()]


def install(connection: BaseDatabaseWrapper) -> None:
    append_only.install(connection, protected())


def remove(connection: BaseDatabaseWrapper) -> None:
    append_only.remove(connection, protected())
