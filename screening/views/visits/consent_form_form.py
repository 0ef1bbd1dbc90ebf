"""The form with which the administrator records an approved version of the consent form."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy

from criteria.vocabulary import Fault
from screening.views.shared.fields import TEXT_ATTRS, day_field
from screening.visits.consent import LONGEST_NOTE, LONGEST_VERSION


class ConsentFormForm(forms.Form):
    use_required_attribute = False

    version = forms.CharField(
        label=gettext_lazy("Version"),
        help_text=gettext_lazy("As it is printed on the form. The same version again corrects it."),
        max_length=LONGEST_VERSION,
        widget=forms.TextInput(TEXT_ATTRS),
    )
    approved_on = day_field(gettext_lazy("Approved on"), gettext_lazy("The day of the ethics committee's approval."))
    valid_from = day_field(gettext_lazy("First day"), gettext_lazy("From which the site uses it."))
    in_error = forms.BooleanField(
        label=gettext_lazy("There is no such version: it was entered in error"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For a correction: why."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(TEXT_ATTRS),
    )

    def refuse(self, faults: Iterable[Fault]) -> None:
        for path, message in faults:
            self.add_error(path if path in self.fields else None, message)
