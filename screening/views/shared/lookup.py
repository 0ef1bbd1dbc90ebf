"""The objects of a request: rows by the numbers in its address, or 404, and the user who sent it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from criteria.models import Amendment, Trial
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Section, Vocabulary
from screening.access.trials import TrialNotChosen, access_of
from screening.audit.refusals import refusals_on_record
from screening.crf.rows import whole_number
from screening.models import Assessment, Revision, Subject, Visit
from screening.visits.applicable_version import applicable_version
from screening.visits.entered_in_error import MARKS


def author_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def record_refusals(
    request: HttpRequest, about: Visit | Amendment | User | None = None
) -> AbstractContextManager[None]:
    """Return a context manager for a verb that may refuse: it puts a refusal on record."""
    place = request.resolver_match.view_name if request.resolver_match else ""
    return refusals_on_record(author_of(request), place, about)


def is_of_another_user(request: HttpRequest) -> bool:
    """Return whether another user opened the form than the one logged in now: nobody signs for another."""
    own = str(author_of(request).pk)
    return request.POST.get("author", own) != own


def trials_of(request: HttpRequest) -> list[Trial]:
    """Return the trials in which the user has the verb that the request asks for, in the order of loading."""
    access = access_of(request)
    rows = Trial.objects.order_by("pk")
    return list(rows if access.seen_all(access.verb) else rows.filter(pk__in=access.trials_with(access.verb)))


def trial_or_404(request: HttpRequest, trials: Sequence[Trial], code: str | None) -> Trial:
    """Return the trial that a page shows: that of the code, else the only one, else the one chosen last.

    Http404 for the code of no trial of theirs, and where there is none; TrialNotChosen where there are several and none
    was chosen.
    """
    access = access_of(request)
    if code is None and len(trials) > 1:
        found = next((trial for trial in trials if trial.pk == access.chosen), None)
        if found is None:
            raise TrialNotChosen
    else:
        found = next((trial for trial in trials if code in (None, trial.code)), None)
    if found is None:
        raise Http404
    access.shown = found.pk
    return found


def subject_or_404(pk: int) -> Subject:
    related = "trial", "status__visit", "status__revision", "created_by", "in_error__created_by"
    return get_object_or_404(Subject.objects.select_related(*related), pk=pk)


def visit_or_404(pk: int) -> Visit:
    return get_object_or_404(Visit.objects.select_related("subject__trial", "status", *MARKS), pk=pk)


def revision_or_404(visit: Visit, number: int) -> Revision:
    return get_object_or_404(visit.revisions.select_related("created_by"), number=number)


def posted_revision_or_404(request: HttpRequest, visit: int) -> Revision:
    """Return the revision of a visit that the form was made from, with the visit and its subject, in one query."""
    number = whole_number(request.POST.get("revision")) or 0
    rows = Revision.objects.select_related("visit__subject__trial", "visit__status")
    return get_object_or_404(rows, visit__in=Visit.objects.filter(pk=visit), number=number)


def latest_revision_of(visit: Visit) -> Revision:
    return visit.revisions.select_related("created_by").latest("number")


def assessment_or_404(pk: int) -> Assessment:
    related = ["created_by", "version__trial", "revision__visit__subject__trial"]
    related += ["revision__visit__status", "revision__visit__subject__status"]
    related += [f"revision__visit__{mark}__created_by" for mark in MARKS]
    return get_object_or_404(Assessment.objects.select_related(*related), pk=pk)


def vocabulary_for(visit: Visit, revision: Revision) -> Vocabulary:
    """Return the questions of the protocol version under which the visit falls."""
    return protocol_of(applicable_version(visit, revision.document)).vocabulary


def section_or_404(vocabulary: Vocabulary, code: str) -> Section:
    try:
        return vocabulary.section(code)
    except KeyError:
        raise Http404(_("There is no section %(code)s.") % {"code": code}) from None


def posted_values(request: HttpRequest, *names: str) -> dict[str, str]:
    """Return these of the posted inputs and no others."""
    return {name: request.POST.get(name, "") for name in names}
