from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = _("Screening")

    def ready(self) -> None:
        from criteria.versions.versions import loaded
        from screening.access import recording
        from screening.signals import records_added
        from screening.worklist.status import on_records_added

        recording.connect()
        records_added.connect(on_records_added)
        post_migrate.connect(after_migrating, sender=self)
        loaded.connect(renew_standings)


def after_migrating(using: str, **kwargs: Any) -> None:
    """A migration may have remade a table and lost its triggers, or added the work list to a database in use."""
    from screening.audit import append_only
    from screening.worklist import status

    append_only.install(connections[using])
    call_command("createcachetable", database=using, verbosity=0)  # where the cache is one, it is made once
    status.complete(using)


def renew_standings(version: Any, **kwargs: Any) -> None:
    """People who are screened already may fall under the new version."""
    from screening.worklist import status

    status.renew(version)
