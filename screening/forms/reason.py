"""Why something that was saved before changes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from criteria.vocabulary.values import text_fault

LONGEST = 500


def refuse_identity(text: str) -> None:
    if message := text_fault(text):
        raise ValidationError(message)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason, if you change something saved before"),
        help_text=_("For example: transcription error, corrected against the source document."),
        required=False,
        max_length=LONGEST,
        validators=[refuse_identity],
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
    )
