"""The answer to a form: kept with its key, and given again to whoever sends the form once more."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from screening.models import FormKey
from screening.submissions.keys import SentBefore, Submission, current_submission, repeated_key

LONGEST_WAIT = 5.0  # seconds for the answer of the first one, which has written its records by then
LOOK_AGAIN = 0.05  # seconds
# How a form is answered that wrote nothing. Whoever lost the right to send it stays refused.
NOTHING_DONE = {HTTPStatus.FOUND, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}


class TakenOnce:
    """Middleware by which a form is taken once; outside of the sessions, so that an answer is kept with its session.

    The records claim the form's key (`screening.submissions.keys`), whatever view writes them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self.get_response(request)
        with current_submission(request) as submission:
            response = self.get_response(request)
            if submission.claimed:
                keep_answer(submission, response)
        return response


class AnsweredAsBefore:
    """Middleware, innermost: a form that was taken before is answered as it was then.

    Also where the view found nothing to do or something in its way, and no record came to claim the key again:
    what stands in the way is what the form did itself, or came after it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in NOTHING_DONE and (key := repeated_key()):
            return first_answer(request, key)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return first_answer(request, exception.key) if isinstance(exception, SentBefore) else None


def keep_answer(submission: Submission, response: HttpResponse) -> None:
    """Keep where the answer leads, and what it says; nothing where the claim was rolled back with its records."""
    request = submission.request
    said = [[message.level, str(message.message)] for message in messages.get_messages(request)]
    answer = response.headers.get("Location") or request.path
    FormKey.objects.filter(key=submission.key).update(answer=answer, messages=said)


def first_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Return the answer that the form got when it was taken, in the session as that answer left it.

    Where the server stopped in between there is none; the form's own address leads on by GET.
    """
    taken = wait_for_answer(key)
    request.session = type(request.session)(request.session.session_key)
    request._messages = default_storage(request)  # type: ignore[attr-defined]
    for level, text in taken.messages:
        add_message_once(request, level, text)
    return HttpResponseRedirect(taken.answer or request.path)


def add_message_once(request: HttpRequest, level: int, text: str) -> None:
    """Add a message, unless it waits there already: the first answer was then never looked at."""
    if Message(level, text) not in messages.get_messages(request):
        messages.add_message(request, level, text)


def wait_for_answer(key: str) -> FormKey:
    end = time.monotonic() + LONGEST_WAIT
    while True:
        taken = FormKey.objects.get(key=key)
        if taken.answer or time.monotonic() > end:
            return taken
        time.sleep(LOOK_AGAIN)
