"""The first password, set by a link that an account administrator hands to the owner; it works once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from screening.access.accounts import record_account_change
from screening.models import AccountStep
from screening.submissions.middleware import add_message_once

SET_SESSION_KEY = "password_set"  # in the session: of which account the form set the password


class AccessLink(PasswordResetConfirmView):
    """The form of the first password; who sends it twice has set it once, and is told so both times."""

    template_name = "account/access_link.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> User | None:
        found: Any = super().get_user(uidb64)
        return found if found is not None and found.is_active else None

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        now = User.objects.select_for_update(no_key=True).get(pk=form.user.pk)
        if now.password == form.user.password:  # else the same form set it at this moment
            super().form_valid(form)
            record_account_change(form.user, AccountStep.PASSWORD, form.user)
            self.request.session[SET_SESSION_KEY] = form.user.pk
            self.request.session.save()  # with the password: who finds the link void must find this
        return self.lead_to_login(form.user)

    def render_to_response(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or that the link is void; to whoever sends the form again, the answer that it had."""
        is_void = self.request.method == "POST" and not self.validlink
        if is_void and self.user and self.account_set_in_session() == self.user.pk:
            return self.lead_to_login(self.user)
        return super().render_to_response(*args, **kwargs)

    def account_set_in_session(self) -> int | None:
        """Return of which account the session set the password, by what is stored of it at this moment."""
        key, store = self.request.session.session_key, type(self.request.session)
        found: int | None = store(key).get(SET_SESSION_KEY)
        return found

    def lead_to_login(self, account: User) -> HttpResponse:
        self.request.session[SET_SESSION_KEY] = account.pk  # this session may have been read before it was there
        add_message_once(self.request, messages.SUCCESS, _("The password is set. Log in with it now."))
        return redirect(self.get_success_url())


def link_for(request: HttpRequest, account: User) -> str:
    """Return the link; it is void after its use, after new access is given, and PASSWORD_RESET_TIMEOUT."""
    token = default_token_generator.make_token(account)
    address = reverse("access-link", args=[urlsafe_base64_encode(force_bytes(account.pk)), token])
    return request.build_absolute_uri(address)
