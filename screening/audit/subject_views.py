"""Who viewed which subject, on record once a day: whoever is shown the banner of a subject has viewed it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from screening.models import Subject, SubjectView

VIEWED_SESSION_KEY = "subjects_viewed"  # in the session: the day, and the subjects whose view of that day is on record


def note_shown_subject(request: HttpRequest, subject: Subject) -> None:
    """Note for `SubjectViews` that the answer to the request shows the subject."""
    request.shown_subject = subject.pk  # type: ignore[attr-defined]


class SubjectViews:
    """Middleware that records the first view of a subject by a user on a day.

    Of pages that are opened, not of the answers to forms: a form belongs to a page that was opened. The session
    remembers what is on record, so that further views of the day ask nothing of the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        subject: int | None = getattr(request, "shown_subject", None)
        if subject is not None and request.method == "GET" and isinstance(request.user, User):
            record_subject_view(request, request.user, subject)
        return response


def record_subject_view(request: HttpRequest, user: User, subject: int) -> None:
    day = timezone.localdate()
    viewed = request.session.get(VIEWED_SESSION_KEY)
    if not viewed or viewed["day"] != day.isoformat():
        viewed = {"day": day.isoformat(), "subjects": []}
    if subject not in viewed["subjects"]:
        SubjectView.objects.get_or_create(subject_id=subject, created_by=user, day=day)
        viewed["subjects"].append(subject)
        request.session[VIEWED_SESSION_KEY] = viewed
