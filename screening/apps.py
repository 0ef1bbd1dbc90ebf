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
        from criteria.versions.versions import version_loaded
        from screening.access import recording
        from screening.signals import records_added
        from screening.submissions import keys
        from screening.worklist.status import on_records_added

        recording.connect_signals()
        keys.connect_signals()
        records_added.connect(on_records_added)
        post_migrate.connect(prepare_database, sender=self)
        version_loaded.connect(renew_statuses)


def prepare_database(using: str, **kwargs: Any) -> None:
    """Install the triggers, the cache table, and missing rows of the work list and the search after a migration.

    A migration may have recreated a table and lost its triggers, or added a computed table to a database in use.
    """
    from screening.audit import append_only
    from screening.visits import changed_fields
    from screening.worklist import status

    append_only.install(connections[using])
    call_command("createcachetable", database=using, verbosity=0)  # where the cache is one, it is made once
    status.add_missing_statuses(using)
    changed_fields.add_missing_changed_fields(using)


def renew_statuses(version: Any, **kwargs: Any) -> None:
    """Renew the status of the subjects in screening: they may fall under the new version."""
    from screening.worklist import status

    status.refresh_for_version(version)
