"""The forms of an amendment; they accept the input, and the verbs decide whether it is permitted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from criteria.amendments.draft_checks import NUMBER_LENGTH
from criteria.definition.reader import BadDefinition
from criteria.records.refusal import Refused
from screening.views.amendments.definition_upload import uploaded_text
from screening.views.visits.reference_range_form import DAY_ATTRS, DAY_ERROR_MESSAGES, TEXT_ATTRS

TEXTAREA_ATTRS = TEXT_ATTRS | {"rows": 2}
MAX_FAULTS = 50  # shown of a file that is wrong throughout


def reason_field(help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Reason"), help_text=help_text, widget=forms.Textarea(TEXTAREA_ATTRS))


def required_day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        error_messages=DAY_ERROR_MESSAGES,
        widget=forms.TextInput(DAY_ATTRS),
        input_formats=["%Y-%m-%d"],
    )


class AmendmentForm(forms.Form):
    """A form that shows why a verb refused: beside the field that it is about, or on top."""

    use_required_attribute = False

    def refuse(self, why: BadDefinition | Refused) -> None:
        if isinstance(why, Refused):
            self.add_error(
                "password" if why.code in ("password", "locked") and "password" in self.fields else None, why.message
            )
            return
        for place, message in why.faults[:MAX_FAULTS]:
            name = place.removeprefix("version.")
            if name in self.fields:
                self.add_error(name, message)
            else:
                self.add_error(None, f"{place}: {message}" if place else message)
        if len(why.faults) > MAX_FAULTS:
            self.add_error(None, _("And %(count)s more faults.") % {"count": len(why.faults) - MAX_FAULTS})


class PlanForm(AmendmentForm):
    number = forms.CharField(
        label=gettext_lazy("Number of the new version"), max_length=NUMBER_LENGTH, widget=forms.TextInput(TEXT_ATTRS)
    )
    effective_from = required_day_field(
        gettext_lazy("Planned to be in force from"),
        gettext_lazy(
            "Today or later: the past is not rewritten. Whoever approves it confirms the day, or sets another."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("What this version is, for whoever reads the list of versions."),
        required=False,
        widget=forms.Textarea(TEXTAREA_ATTRS),
    )
    reason = reason_field(help_text=gettext_lazy("For example: amendment 2 of the protocol, of 2026-11-02."))


class SourcedForm(AmendmentForm):
    """A form that changes something with a source of its own."""

    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Document, section and page of the amendment."),
        required=False,
        widget=forms.Textarea(TEXTAREA_ATTRS),
    )

    def clean_source(self) -> str | None:
        """Return the typed source, or None where the submitted form did not ask for one."""
        typed: str = self.cleaned_data["source"]
        return typed if self.add_prefix("source") in self.data else None


class ParameterForm(SourcedForm):
    field_order = ("value", "title", "source", "reason")

    value = forms.CharField(label=gettext_lazy("New value"), max_length=60, widget=forms.TextInput(TEXT_ATTRS))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, widget=forms.TextInput(TEXT_ATTRS))
    reason = reason_field()


class WordsForm(SourcedForm):
    field_order = ("statement", "reading", "official_wording", "source", "reason")

    statement = forms.CharField(label=gettext_lazy("Statement"), widget=forms.Textarea(TEXTAREA_ATTRS))
    reading = forms.CharField(
        label=gettext_lazy("Reading"),
        help_text=gettext_lazy(
            "How an unclear wording is read. It is shown as a reading, not as the protocol's words."
        ),
        required=False,
        widget=forms.Textarea(TEXTAREA_ATTRS),
    )
    official_wording = forms.CharField(
        label=gettext_lazy("Official wording"),
        help_text=gettext_lazy("The protocol's own words."),
        required=False,
        widget=forms.Textarea(TEXTAREA_ATTRS),
    )
    reason = reason_field()


class FileForm(AmendmentForm):
    file = forms.FileField(
        label=gettext_lazy("Definition file"),
        help_text=gettext_lazy("YAML, at most 1 MB. It takes the place of all that the draft holds."),
        widget=forms.ClearableFileInput({"class": "form-control", "accept": ".yaml,.yml"}),
    )
    reason = reason_field()

    def clean_file(self) -> str:
        """Return the text of the file."""
        return uploaded_text(self.cleaned_data["file"])


class DecisionForm(AmendmentForm):
    """The form for proposing, rejecting and withdrawing."""

    reason = reason_field()


class ApprovalForm(AmendmentForm):
    committee = forms.CharField(
        label=gettext_lazy("Ethics committee"), max_length=200, widget=forms.TextInput(TEXT_ATTRS)
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference of its approval"), max_length=100, widget=forms.TextInput(TEXT_ATTRS)
    )
    approved_on = required_day_field(gettext_lazy("Approved by it on"))
    effective_from = required_day_field(
        gettext_lazy("In force from"), gettext_lazy("The version comes into force by itself on this day.")
    )
    reason = reason_field(gettext_lazy("Why you approve it."))
    user_name = forms.CharField(
        label=gettext_lazy("Your user name"),
        help_text=gettext_lazy(
            "The first signature of a session needs user name and password, later ones the password alone."
        ),
        max_length=150,
        widget=forms.TextInput(TEXT_ATTRS),
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput({"class": "form-control", "autocomplete": "current-password"}),
    )
