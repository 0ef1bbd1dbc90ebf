"""Which part of the trail is shown, as the address says it; and the remark of a review."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from screening.audit import KINDS, TrailFilter
from screening.crf.change_reason import refuse_identity
from screening.views.log.forms import ANY, choice_field, day_field
from screening.views.shared.filter_form import FilterForm
from screening.visits.labels import PATH

ORDERS = {"latest": _("latest first"), "earliest": _("earliest first")}
SEARCH = {"class": "form-control", "autocomplete": "off", "type": "search"}


def text_field(label: object, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, widget=forms.TextInput(SEARCH), **more)  # type: ignore[arg-type]


def recorded_day(label: object) -> forms.DateField:
    """A day of which a record can be: the calendar's first and last ones have no midnight in every time zone."""
    message = _("Nothing was recorded then: type a day from 1900 to 2999.")
    field = day_field(label)
    field.validators += [MinValueValidator(date(1900, 1, 1), message), MaxValueValidator(date(2999, 12, 31), message)]
    return field


class TrailForm(FilterForm):
    orders = ORDERS
    filters = ("kind", "person", "subject", "path", "search", "since", "until")

    kind = choice_field(_("Kind"), [ANY, *KINDS.items()])
    person = choice_field(_("Person"))
    subject = text_field(_("Screening number"), 20, validators=[refuse_identity])
    path = text_field(_("Field, such as labs.anc"), 200)
    search = text_field(_("Text"), 100, validators=[refuse_identity])  # an export says for what was searched
    since = recorded_day(_("From"))
    until = recorded_day(_("To"))
    sort = choice_field(_("Order"), ORDERS.items)

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        names = User.objects.order_by("username").values_list("username", flat=True)
        self.fields["person"].choices = [ANY, *((name, name) for name in names)]  # type: ignore[attr-defined]
        self.full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("path") and not cleaned.get("subject"):
            self.add_error("path", _("The history of a field is that of a person: type the screening number too."))
        elif cleaned.get("path") and not PATH.fullmatch(cleaned["path"]):
            self.add_error("path", _("This is no path of a field, such as labs.anc or performance.ecog."))
        first, last = cleaned.get("since"), cleaned.get("until")
        if first and last and last < first:
            self.add_error("until", _("This is before the first day: type that day or a later one."))
        return cleaned

    def chosen(self) -> TrailFilter:
        said = {name: value for name, value in self.cleaned_data.items() if name in self.filters and value}
        return TrailFilter(**said, oldest_first=self.order == "earliest")


class ReviewForm(forms.Form):
    use_required_attribute = False
    remark = forms.CharField(
        label=_("What you looked at, and what you found"),
        widget=forms.Textarea({"class": "form-control", "rows": 2}),
    )
