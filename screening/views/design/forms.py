"""Forms of the design page: each kind of input once, and the questions of a section."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from screening.crf.question import QuestionField
from screening.views.shared.fields import TEXT_ATTRS, RefusableForm, day_field, reason_field


class RowsForm(RefusableForm):
    name = forms.CharField(label=gettext_lazy("Laboratory"), widget=forms.TextInput(TEXT_ATTRS))
    day = day_field(gettext_lazy("Valid from"), gettext_lazy("The first day on which it counts."))
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("", ""), ("female", gettext_lazy("female")), ("male", gettext_lazy("male"))],
        widget=forms.Select({"class": "form-select"}),
    )
    reason = reason_field(required=False)
    seen = forms.BooleanField(
        label=gettext_lazy("I have looked at every case"),
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )


class QuestionsForm(forms.Form):
    ecog = QuestionField(
        must=True,
        label=gettext_lazy("ECOG performance status"),
        widget=forms.RadioSelect({"class": "form-check-input"}, [(str(grade), str(grade)) for grade in range(5)]),
    )
    weight = QuestionField(
        "kg", label=gettext_lazy("Weight"), widget=forms.TextInput(TEXT_ATTRS | {"class": "form-control typed-number"})
    )
