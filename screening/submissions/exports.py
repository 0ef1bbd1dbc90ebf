"""The record of an export: one for each file that was asked for, however often the link was clicked."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.models import Exported, LogExport

ONE_CLICK = timedelta(seconds=10)


@transaction.atomic
def record_export(user: User, what: Exported, file_format: str, filters: str, trial: int | None = None) -> None:
    """Record an export before its file is written; `trial` is the key of the only one that is in it.

    A link has no key as a form has, and its page stays: the same file asked for again by the same person within
    `ONE_CLICK` is the same export. Of two at once the second waits, and sees the first one.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    asked = {"what": what, "file_format": file_format, "filters": filters, "created_by": user, "trial_id": trial}
    if not LogExport.objects.filter(**asked, created_at__gt=timezone.now() - ONE_CLICK).exists():
        LogExport.objects.create(**asked)
