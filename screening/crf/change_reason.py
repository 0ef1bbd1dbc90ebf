"""The form for the reason for a change of saved data: a reason from a list, one's own words, or both."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from criteria.vocabulary.values import text_fault
from screening.crf.question import SELECT_ATTRIBUTES

LONGEST_REASON = 500
OTHER = "other"
CAUSES = {
    "transcription": _("transcription error"),
    "source": _("corrected against the source document"),
    "reissued": _("result reissued by the laboratory"),
    "information": _("new information from the subject"),
    "misfiled": _("entered for the wrong subject or visit"),
    OTHER: _("other, said beside"),
}


def refuse_identity(text: str) -> None:
    if message := text_fault(text):
        raise ValidationError(message)


class ChangeReasonForm(forms.Form):
    """The reason for a change; `reason_text` is what is stored, empty where no reason was given."""

    cause = forms.ChoiceField(
        label=_("From the list"),
        choices=[("", ""), *CAUSES.items()],
        required=False,
        widget=forms.Select(SELECT_ATTRIBUTES),
    )
    reason = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=LONGEST_REASON,
        validators=[refuse_identity],
        widget=forms.TextInput({"class": "form-control", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("cause") == OTHER and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("Say which other reason."))
        return given

    @property
    def is_touched(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def reason_text(self) -> str:
        cause, text = (self.cleaned_data.get(name, "") for name in ("cause", "reason"))
        return ": ".join(filter(None, ["" if cause in ("", OTHER) else str(CAUSES[cause]), text]))
