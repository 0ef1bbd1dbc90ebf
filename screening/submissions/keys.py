"""The key of a form: claimed with the first record that the form writes, in the same transaction.

Whatever sends the form again, a double click or a reload, finds the key claimed: it writes nothing, and is answered
as the first one was. A form that is refused writes no record and so claims nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.db.models import Model
from django.db.models.signals import pre_save
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from criteria.records.record import Record
from screening.models import AccessEvent, EditCheckQuery, FormKey, Refusal, SigningFailure

KEY_INPUT = "form_key"
# Of what a form sends, what can differ from one click to the next.
SENDING_INPUTS = {KEY_INPUT, "csrfmiddlewaretoken", "draft"}
# Tell that a form was not taken, or of a login.
REFUSED_MODELS = (AccessEvent, EditCheckQuery, Refusal, SigningFailure)
ADDRESS_LENGTH = 200
KEPT = timedelta(days=7)  # for longer no page waits to be sent again


class SentBefore(Exception):
    """The form was taken before, under `key`: what it asks for is done, and nothing was written again."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__("this form was taken before")


class Submission:
    """A form as it was sent; `claimed` once its key was written down for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.claimed = False

    @property
    def own_key(self) -> str:
        """The form's own key; empty where it has none, or nobody is logged in: it is then taken as often as sent."""
        return self.request.POST.get(KEY_INPUT, "") if self.request.user.is_authenticated else ""

    @cached_property
    def key(self) -> str:
        """The form's own key together with its sender, address and content.

        With other content it is another submission: what somebody corrected before sending the page again is never
        dropped. A password is no part of the content: no form of it is kept.
        """
        request = self.request
        lists = sorted(request.POST.lists())
        content = [(name, values) for name, values in lists if name not in SENDING_INPUTS and "password" not in name]
        files = [(name, [digest_of_file(file) for file in each]) for name, each in sorted(request.FILES.lists())]
        sent = [self.own_key, request.user.pk, request.get_full_path(), urlencode(content, doseq=True), files]
        return salted_hmac("screening.submissions", "\n".join(map(str, sent)), algorithm="sha256").hexdigest()


def digest_of_file(file: UploadedFile) -> str:
    return sha256(b"".join(file.chunks())).hexdigest()


CURRENT: ContextVar[Submission | None] = ContextVar("submission", default=None)


@contextmanager
def current_submission(request: HttpRequest) -> Iterator[Submission]:
    """Hold what a request sent as the current submission, which the records written meanwhile belong to."""
    submission = Submission(request)
    token = CURRENT.set(submission)
    try:
        yield submission
    finally:
        CURRENT.reset(token)


def new_key() -> str:
    return secrets.token_urlsafe(16)


def connect_signals() -> None:
    pre_save.connect(claim_with_record, dispatch_uid="screening.submissions")


def claim_with_record(sender: type[Model], **kwargs: Any) -> None:
    """Claim the current form's key before the first record that it writes."""
    if issubclass(sender, Record) and sender not in REFUSED_MODELS:
        claim_form_key()


def claim_form_key() -> None:
    """Claim the current form's key within the present transaction; for what is written without a record, call it.

    SentBefore where it is claimed: who sends the form at the same moment waits here for the first one's end.
    """
    submission = unclaimed_submission()
    if submission is None:
        return
    request, key = submission.request, submission.key
    try:
        FormKey.objects.create(key=key, created_by_id=request.user.pk or 0, address=request.path[:ADDRESS_LENGTH])
    except IntegrityError as error:
        raise SentBefore(key) from error
    submission.claimed = True


def refuse_repeated() -> None:
    """Raise SentBefore where the current form was taken before: what refuses it now is what it did itself."""
    if key := repeated_key():
        raise SentBefore(key)


def repeated_key() -> str:
    """Return the key of the current form where it was taken before, and has written nothing now; else nothing."""
    submission = unclaimed_submission()
    if submission is None or not FormKey.objects.filter(key=submission.key).exists():
        return ""
    return submission.key


def forget_old_keys() -> int:
    """Delete the keys of forms taken long ago, with what was answered; return how many there were."""
    deleted, _by_model = FormKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return deleted


def unclaimed_submission() -> Submission | None:
    """Return the current submission, if it has a key that it did not claim yet."""
    submission = CURRENT.get()
    return submission if submission and submission.own_key and not submission.claimed else None
