"""The filter of the audit trail, as its address states it, and the remark of a review."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from screening.access.trials import RequestAccess
from screening.audit import KINDS, AuditTrailFilter
from screening.crf.change_reason import refuse_identity
from screening.views.log.forms import ANY_CHOICE, choice_filter_field, day_filter_field
from screening.views.shared.fields import DayField
from screening.views.shared.filter_form import FilterForm
from screening.visits.labels import PATH

AUDIT_TRAIL_ORDERS = {"latest": _("latest first"), "earliest": _("earliest first")}
SEARCH_ATTRS = {"class": "form-control", "autocomplete": "off", "type": "search"}


def search_field(label: object, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, widget=forms.TextInput(SEARCH_ATTRS), **more)  # type: ignore[arg-type]


def recorded_day_field(label: object) -> DayField:
    """Return a field for a day on which a record can have been made.

    The first and last days of the calendar do not have a midnight in every time zone.
    """
    message = _("There are no records of that day: type a day from 1900 to 2999.")
    field = day_filter_field(label)
    field.validators += [MinValueValidator(date(1900, 1, 1), message), MaxValueValidator(date(2999, 12, 31), message)]
    return field


class AuditTrailForm(FilterForm):
    orders = AUDIT_TRAIL_ORDERS
    filters = ("kind", "person", "subject", "path", "search", "since", "until")

    kind = choice_filter_field(_("Kind"), [ANY_CHOICE, *KINDS.items()])
    person = choice_filter_field(_("User"))
    subject = search_field(_("Screening number"), 20, validators=[refuse_identity])
    path = search_field(_("Field, such as labs.anc"), 200)
    search = search_field(_("Text or value"), 100, validators=[refuse_identity])  # an export says for what was searched
    since = recorded_day_field(_("From"))
    until = recorded_day_field(_("To"))
    sort = choice_filter_field(_("Order"), AUDIT_TRAIL_ORDERS.items)

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        names = User.objects.order_by("username").values_list("username", flat=True)
        self.fields["person"].choices = [ANY_CHOICE, *((name, name) for name in names)]  # type: ignore[attr-defined]
        self.full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        path = cleaned.get("path", "")
        if path and not PATH.fullmatch(path):
            self.add_error("path", _("This is no path of a field, such as labs.anc or performance.ecog."))
        elif "[" in path and not cleaned.get("subject"):
            message = _("A number in brackets means an entry of one subject: type the screening number too.")
            self.add_error("path", message)
        first, last = cleaned.get("since"), cleaned.get("until")
        if first and last and last < first:
            self.add_error("until", _("This is before the first day: type that day or a later one."))
        return cleaned

    def selected_filter(self, access: RequestAccess) -> AuditTrailFilter:
        """Return the filter, of the trial that the user works in or of each of theirs."""
        active = {name: value for name, value in self.cleaned_data.items() if name in self.filters and value}
        trials = access.seen_trials()
        trial = ", ".join(access.codes[key] for key in sorted(trials or ()))
        return AuditTrailFilter(**active, oldest_first=self.order == "earliest", trials=trials, trial=trial)


class AuditReviewForm(forms.Form):
    use_required_attribute = False
    remark = forms.CharField(
        label=_("What you looked at, and what you found"),
        widget=forms.Textarea({"class": "form-control", "rows": 2}),
    )
