"""The first password, set by a link that an account administrator hands to the owner; it works once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from screening.access.accounts import record_account_change
from screening.models import AccountStep


class AccessLink(PasswordResetConfirmView):
    template_name = "account/access_link.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> User | None:
        found: Any = super().get_user(uidb64)
        return found if found is not None and found.is_active else None

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        record_account_change(form.user, AccountStep.PASSWORD, form.user)
        messages.success(self.request, _("The password is set. Log in with it now."))
        return response


def link_for(request: HttpRequest, account: User) -> str:
    """Return the link; it is void after its use, after new access is given, and PASSWORD_RESET_TIMEOUT."""
    token = default_token_generator.make_token(account)
    address = reverse("access-link", args=[urlsafe_base64_encode(force_bytes(account.pk)), token])
    return request.build_absolute_uri(address)
