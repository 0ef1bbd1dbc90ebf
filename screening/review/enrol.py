"""Enrolment of a subject who was confirmed eligible in one of the places of the trial."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from criteria.models import Trial
from criteria.records.refusal import Refused
from screening.access.permissions import may
from screening.models import Enrolment, Signature
from screening.signals import records_added
from screening.signatures.refusals import refuse_enrolment
from screening.visits.lock import lock_visit


class EnrolmentPlaces(NamedTuple):
    """The places of a trial in use and planned; `planned` is None where the trial specifies no number."""

    enrolled: int
    planned: int | None

    @property
    def remaining(self) -> int | None:
        return None if self.planned is None else max(self.planned - self.enrolled, 0)


def enrolment_places(trial: Trial) -> EnrolmentPlaces:
    return EnrolmentPlaces(trial.enrolments.count(), trial.planned_enrolment)


def places_of_trials(trials: Collection[int] | None = None) -> list[tuple[Trial, EnrolmentPlaces]]:
    """Return these trials, by default each, with its places, in one query."""
    rows = Trial.objects.annotate(enrolled=Count("enrolments"))
    rows = rows if trials is None else rows.filter(pk__in=trials)
    return [(trial, EnrolmentPlaces(trial.enrolled, trial.planned_enrolment)) for trial in rows]


@transaction.atomic
def enrol(signature: Signature, user: User) -> Enrolment:
    """Enrol the subject whose eligibility was signed under the next enrolment number of the trial.

    PermissionDenied, or Refused with the first of these codes that applies: unfit, enrolled, withdrawn, void,
    entered_in_error, superseded, closed, question, check, passed, disagreement, broken, ahead,
    full.
    """
    if not may(user, "enrol", signature.assessment.version.trial_id):
        raise PermissionDenied
    # The trial before its people, as whoever publishes a version does. Without its key: a person of the trial who is
    # saved meanwhile refers to this row and need not wait.
    trials = Trial.objects.select_for_update(of=["self"], no_key=True)
    trial = trials.get(subjects__visits__revisions__assessments=signature.assessment_id)
    signature = lock_signature(signature)
    subject = signature.assessment.revision.visit.subject
    refuse_enrolment(signature, subject)
    taken, planned = enrolment_places(trial)
    if planned is not None and taken >= planned:
        raise Refused("full", _("All %(planned)d places are taken.") % {"planned": planned})
    enrolment = Enrolment.objects.create(
        subject=subject,
        trial=trial,
        number=f"E-{taken + 1:03}",  # no row ever goes away, so none is counted twice
        signature=signature,
        enrolled_on=timezone.localdate(),
        created_by=user,
    )
    records_added.send(sender=Enrolment, subject=subject, visit=signature.assessment.revision.visit)
    return enrolment


def lock_signature(signature: Signature) -> Signature:
    """Lock the visit and the subject of a signature, and read it again."""
    found = Signature.objects.select_related("assessment__version", "assessment__revision").get(pk=signature.pk)
    found.assessment.revision.visit = lock_visit(found.assessment.revision.visit_id)
    return found
