"""That somebody looked at the trail: opened it, and said to have reviewed a part of it (ICH E6(R3) 4.2.3)."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.values import text_fault
from screening.access.permissions import may
from screening.audit.filters import TrailFilter, described, matching
from screening.models import AccessEvent, AccessKind, TrailReview


def record_review(filters: TrailFilter, remark: str, user: User) -> TrailReview:
    """What there was to be reviewed is counted now. PermissionDenied, or BadDocument for a faulty remark."""
    if not may(user, "trail"):
        raise PermissionDenied
    if message := text_fault(remark) if remark.strip() else _("say what you looked at and found"):
        raise BadDocument([Fault("remark", message)])
    rows = [rows for _index, _source, rows in matching(filters)]
    newest = [at for each in rows if (at := each.order_by("-created_at").values_list("created_at", flat=True).first())]
    return TrailReview.objects.create(
        filters=described(filters),
        entries=sum(each.count() for each in rows),
        newest=max(newest, default=None),
        remark=remark.strip(),
        created_by=user,
    )


def record_opening(user: User, address: str) -> None:
    AccessEvent.objects.create(created_by=user, kind=AccessKind.OPENED, address=address)
