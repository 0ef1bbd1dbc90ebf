"""The forms about accounts; they accept the input, and the verbs decide whether it is permitted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.models import Trial
from screening.models import Role
from screening.views.audit.forms import recorded_day_field
from screening.views.shared.fields import TEXT_ATTRS, RefusableForm, day_field, reason_field
from screening.views.shared.filter_form import FilterForm


class AccountForm(RefusableForm):
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])


class NamesForm(AccountForm):
    first_name = forms.CharField(label=_("First name"), max_length=150, widget=forms.TextInput(TEXT_ATTRS))
    last_name = forms.CharField(
        label=_("Last name"),
        help_text=_("First and last name are printed with whatever this user signs."),
        max_length=150,
        widget=forms.TextInput(TEXT_ATTRS),
    )


class NewAccountForm(NamesForm):
    username = forms.CharField(
        label=_("User name"),
        help_text=_("Given once and for all: it can be neither changed nor given to another user."),
        max_length=150,
        widget=forms.TextInput(TEXT_ATTRS),
    )
    field_order = ("username", "first_name", "last_name", "reason")


class GrantForm(AccountForm):
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("choose")), *Role.choices], widget=forms.Select({"class": "form-select"})
    )
    trial = forms.ChoiceField(
        label=_("Trial"),
        help_text=_("A right holds in one trial; that of a superuser, who keeps accounts, in none."),
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )
    holds_from = day_field(_("Holds from"))
    holds_until = day_field(_("Last day"), _("Empty: until it is revoked."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = list(Trial.objects.order_by("pk").values_list("code", flat=True))
        if len(codes) > 1:
            self.fields["trial"].choices = [("", _("choose")), *((code, code) for code in codes)]  # type: ignore[attr-defined]
        else:
            del self.fields["trial"]


class AccountReasonForm(AccountForm):
    """The form of an action that needs a reason and nothing else."""


class RightsForm(FilterForm):
    orders = {"": ""}
    filters = ("day",)

    day = recorded_day_field(_("On the day"))

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        self.full_clean()

    def selected_day(self) -> date:
        """Return the day; today if none is named."""
        return self.cleaned_data.get("day") or timezone.localdate()
