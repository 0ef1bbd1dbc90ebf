"""A page that is one form, and the action that takes what is entered in it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from criteria.models import Amendment
from criteria.records.refusal import Refused
from criteria.vocabulary.faults import Faulty
from screening.models import Visit
from screening.views.shared.lookup import record_refusals

Action = Callable[[dict[str, Any]], str]


class ActionForm(Protocol):
    """A form that shows why an action refused what was entered."""

    cleaned_data: dict[str, Any]

    def is_valid(self) -> bool: ...

    def refuse(self, why: Any) -> None: ...


def submit(
    request: HttpRequest, form: ActionForm, action: Action, about: Visit | Amendment | User | None = None
) -> bool:
    """Run `action` with what was posted, and show the message that it returns.

    False where nothing was posted or where form or action refused it, which the form then shows and the records keep.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        with record_refusals(request, about):
            message = action(form.cleaned_data)
    except (Faulty, Refused) as why:
        form.refuse(why)
        return False
    messages.success(request, message)
    return True


def form_page(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    """Render a page with its form, which keeps what was entered; 422 where it was refused."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)
