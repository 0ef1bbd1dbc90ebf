"""The other trials for which the site screens the same person, by its own reference, never an identity."""

from __future__ import annotations

from collections.abc import Collection

from screening.models import LATEST_ATTEMPT, Subject, SubjectStatus, in_trials, standing_references
from screening.visits.reference import reference_of

CONCURRENT_STUDY = "concurrent_study"  # the part that asks for other studies, in a trial that has one by that key


def screened_elsewhere(subject: Subject, trials: Collection[int]) -> list[SubjectStatus]:
    """Return the statuses, in these trials beside the subject's own, of subjects with the same reference of the site.

    Written in whichever case. A screening number entered in error has given up its reference.
    """
    others = set(trials) - {subject.trial_id}
    if not others or (own := reference_of(subject)) is None:
        return []
    same = standing_references().filter(reference__iexact=own.reference).values("subject")
    rows = SubjectStatus.objects.filter(LATEST_ATTEMPT, in_trials(others), subject__in=same, subject__in_error=None)
    return list(rows.select_related("trial").order_by("trial", "pk"))
