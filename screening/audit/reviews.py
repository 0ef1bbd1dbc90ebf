"""Records of the inspection of the audit trail: its opening, and the review of a part of it (ICH E6(R3) 4.2.3)."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from criteria.models import Trial
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import required_text_fault
from screening.access.trials import may_in_each
from screening.audit.filters import AuditTrailFilter, matching_sources, trail_filter_text
from screening.models import AccessEvent, AccessKind, TrailReview


@transaction.atomic
def record_review(filters: AuditTrailFilter, remark: str, user: User) -> TrailReview:
    """Record the review of a part of the audit trail, with the present number of entries in it.

    It covers one trial, the one chosen or the only one there is. PermissionDenied, or BadDocument for a faulty remark,
    and where a trial must be chosen first.
    """
    if not may_in_each(user, "trail", trials=filters.trials):
        raise PermissionDenied
    if message := required_text_fault(remark, _("say what you looked at and found")):
        raise BadDocument([Fault("remark", message)])
    trial = reviewed_trial(filters)
    rows = [rows for _index, _source, rows in matching_sources(filters)]
    newest = [at for each in rows if (at := each.order_by("-created_at").values_list("created_at", flat=True).first())]
    return TrailReview.objects.create(
        trial=trial,
        filters=trail_filter_text(filters),
        entries=sum(each.count() for each in rows),
        newest=max(newest, default=None),
        remark=remark.strip(),
        created_by=user,
    )


def reviewed_trial(filters: AuditTrailFilter) -> Trial | None:
    """Return the trial that a review covers; None where there is no trial yet, or one alone, which needs no name."""
    if filters.only_trial is not None:
        return Trial.objects.get(pk=filters.only_trial)
    if Trial.objects.count() > 1:
        raise BadDocument([Fault("remark", _("choose one trial above first: a review covers one"))])
    return Trial.objects.first()


def record_opening(user: User, address: str) -> None:
    AccessEvent.objects.create(created_by=user, kind=AccessKind.OPENED, address=address)
