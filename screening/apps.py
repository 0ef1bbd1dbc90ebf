from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = _("Screening")

    def ready(self) -> None:
        post_migrate.connect(protect, sender=self)


def protect(using: str, **kwargs: Any) -> None:
    """After every migration, for one may have remade a table and lost its triggers."""
    from screening import append_only, permissions

    append_only.install(connections[using])
    permissions.create_groups(using)
