"""The banner on every page about a subject: who it is, which visit, which first dose, status and decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from screening.models import LogDecision, Sex, Subject, SubjectStatus, Visit
from screening.visits.applicable_version import visit_date
from screening.visits.days import planned_day
from screening.visits.entered_in_error import mark_of, mark_of_subject
from screening.visits.reference_ranges import age_on, sex_in


class SubjectBanner(NamedTuple):
    """What the banner says; `sex`, `age`, `day` and `planned` are empty where they are not known.

    `overall` is the status now, empty where there is none; `decided` what was decided, or what is waited for.
    """

    subject: Subject
    visit: Visit | None
    sex: str
    age: str
    day: date | None
    planned: date | None
    overall: str
    decided: str


def subject_banner(
    subject: Subject, visit: Visit | None = None, document: Mapping[str, Any] | None = None
) -> SubjectBanner:
    """Return the banner of a visit by what is known of it in `document`, by its latest revision where none is given.

    Without a visit it is that of the subject's latest attempt. No query, where the visit was read with its status
    and the document is given.
    """
    mark = mark_of(visit) if visit else mark_of_subject(subject)
    status: SubjectStatus | None = getattr(visit or subject, "status", None)
    if document is None:
        document = latest_document(visit, status)
    day = visit_date(document)
    return SubjectBanner(
        subject,
        visit or (status.visit if status else None),
        sex_text(document),
        age_text(document, day),
        day,
        planned_day(document),
        status.overall if status and not mark else "",
        _("entered in error") if mark else decided_text(status),
    )


def latest_document(visit: Visit | None, status: SubjectStatus | None) -> Mapping[str, Any]:
    if status is not None:
        return status.revision.document if status.revision else {}
    return visit.latest_revision().document if visit else {}


def sex_text(document: Mapping[str, Any]) -> str:
    sex = sex_in(document)
    return str(Sex(sex).label) if sex in (Sex.MALE, Sex.FEMALE) else ""


def age_text(document: Mapping[str, Any], day: date | None) -> str:
    """Return the completed years on the day of the visit; two numbers where the date of birth is partial."""
    age = age_on(document, day) if day else None
    if age is None:
        return ""
    if age.is_point:
        return _("%(years)s years") % {"years": age.low}
    return _("%(youngest)s to %(oldest)s years") % {"youngest": age.low, "oldest": age.high}


def decided_text(status: SubjectStatus | None) -> str:
    if status is None or status.visit_id is None:
        return _("no visit yet")
    if status.enrolment_number:
        return _("enrolled as %(number)s") % {"number": status.enrolment_number}
    if status.decision:
        return str(LogDecision(status.decision).label)
    if status.awaiting:
        return _("awaits the investigator")
    return _("not yet decided") if status.overall else _("cannot be evaluated")
