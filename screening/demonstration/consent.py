"""The versions of an invented consent form: one that was replaced, and one in use."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from criteria.models import Trial
from screening.visits.consent import add_consent_form_version

EARLIER, CURRENT = "1.0", "1.1"
VERSIONS = ((EARLIER, 400, 390), (CURRENT, 60, 50))  # approved, and in use from, so many days ago


@transaction.atomic
def create_consent_forms(trial: Trial, author: User) -> int:
    """Create the versions, and return how many: all, or none where the trial has some already."""
    if trial.consent_form_versions.exists():
        return 0
    today = timezone.localdate()
    for version, approved, first in VERSIONS:
        add_consent_form_version(
            trial,
            author,
            version=version,
            approved_on=today - timedelta(approved),
            valid_from=today - timedelta(first),
        )
    return len(VERSIONS)
