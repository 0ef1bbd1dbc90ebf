"""The forms of an amendment; they accept the input, and the verbs decide whether it is permitted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from criteria.amendments.draft_checks import NUMBER_LENGTH
from criteria.definition.reader import BadDefinition
from criteria.records.refusal import Refused
from screening.views.amendments.definition_upload import uploaded_text
from screening.views.shared.fields import TEXT_ATTRS, TEXTAREA_ATTRS, day_field, reason_field

CHANGE_REASON_HELP = gettext_lazy("For example: amendment 2, section 5.1, on the advice of the safety board.")
MAX_FAULTS = 50  # shown of a file that is wrong throughout


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
        label=gettext_lazy("Number of the new version"),
        help_text=gettext_lazy("Numbered as the versions before it, and higher than each of them."),
        max_length=NUMBER_LENGTH,
        widget=forms.TextInput(TEXT_ATTRS),
    )
    effective_from = day_field(
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
    sponsor_version = forms.CharField(
        label=gettext_lazy("Version of the sponsor's protocol"),
        help_text=gettext_lazy("As printed on the protocol from which the criteria are taken."),
        required=False,
        max_length=40,
        widget=forms.TextInput(TEXT_ATTRS),
    )
    sponsor_date = day_field(gettext_lazy("Day of the sponsor's protocol"), required=False)
    reason = reason_field(help_text=gettext_lazy("For example: amendment 2 of the protocol, of 2026-11-02."))

    def clean_sponsor_version(self) -> str | None:
        """Return what was typed, or None where the submitted form did not ask for it."""
        typed: str = self.cleaned_data["sponsor_version"]
        return typed if self.add_prefix("sponsor_version") in self.data else None


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
    reason = reason_field(help_text=CHANGE_REASON_HELP)

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].unit = unit  # type: ignore[attr-defined]


class WordsForm(SourcedForm):
    field_order = ("statement", "reading", "official_wording", "source", "reason")

    statement = forms.CharField(label=gettext_lazy("Statement"), widget=forms.Textarea(TEXTAREA_ATTRS))
    reading = forms.CharField(
        label=gettext_lazy("Interpretation"),
        help_text=gettext_lazy(
            "How an unclear wording is interpreted, one line for each interpretation. It is shown as an interpretation,"
            " not as the protocol's words."
        ),
        required=False,
        widget=forms.Textarea(TEXTAREA_ATTRS),
    )
    official_wording = forms.CharField(
        label=gettext_lazy("Official wording"),
        help_text=gettext_lazy(
            "The protocol's own words. In several languages, each begins a line with its tag in brackets: [zh] … [en] …"
        ),
        required=False,
        widget=forms.Textarea(TEXTAREA_ATTRS),
    )
    reason = reason_field(help_text=CHANGE_REASON_HELP)


class PreviewForm(AmendmentForm):
    file = forms.FileField(
        label=gettext_lazy("Definition file"),
        help_text=gettext_lazy("YAML, at most 512 kB."),
        widget=forms.ClearableFileInput({"class": "form-control", "accept": ".yaml,.yml"}),
    )

    def clean_file(self) -> str:
        """Return the text of the file."""
        return uploaded_text(self.cleaned_data["file"])


class FileForm(PreviewForm):
    reason = reason_field(help_text=CHANGE_REASON_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("YAML, at most 512 kB. It takes the place of all that the draft holds.")


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
    approved_on = day_field(gettext_lazy("Approved by it on"))
    effective_from = day_field(
        gettext_lazy("In force from"), gettext_lazy("The version comes into force by itself on this day.")
    )
    reason = reason_field(help_text=gettext_lazy("Why you approve it."))
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
