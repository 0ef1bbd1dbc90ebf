"""The forms about one reference range of the site's laboratories: to enter it, to end it, to mark it wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from criteria.rules.units import unit_text
from criteria.vocabulary import Fault, Vocabulary
from screening.models import Sex
from screening.views.shared.fields import (
    TEXT_ATTRS,
    NumberField,
    RefusableForm,
    WholeNumberField,
    day_field,
    reason_field,
)
from screening.visits.labels import sentence_case
from screening.visits.reference_ranges import LONGEST_LABORATORY, RangeValues, analytes, limit_key

NUMBER_ATTRS = TEXT_ATTRS | {"class": "form-control typed-number", "inputmode": "decimal"}
FAULT_FIELDS = {"analyte": "test", "unit": "test"}  # where a fault of another name is shown


def age_field(label: Any) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        help_text=gettext_lazy("Completed years on the day of collection; blank for any."),
        required=False,
        widget=forms.TextInput(NUMBER_ATTRS | {"inputmode": "numeric"}),
    )


class RangeForm(forms.Form):
    """The form to enter a range; `doubt` is why its upper limit is asked back, empty where it is not."""

    use_required_attribute = False

    laboratory = forms.CharField(
        label=gettext_lazy("Laboratory"),
        max_length=LONGEST_LABORATORY,
        widget=forms.TextInput(TEXT_ATTRS | {"list": "laboratories"}),
    )
    test = forms.ChoiceField(
        label=gettext_lazy("Test and unit"), widget=forms.Select({"class": "form-select"}), choices=()
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), required=False, choices=Sex.choices, widget=forms.Select({"class": "form-select"})
    )
    age_from = age_field(gettext_lazy("Lowest age"))
    age_until = age_field(gettext_lazy("Highest age"))
    lln = NumberField(label=gettext_lazy("Lower limit of normal"), required=False, widget=forms.TextInput(NUMBER_ATTRS))
    uln = NumberField(label=gettext_lazy("Upper limit of normal"), required=False, widget=forms.TextInput(NUMBER_ATTRS))
    valid_from = day_field(gettext_lazy("Valid from"))
    valid_until = day_field(
        gettext_lazy("Valid until"), gettext_lazy("The last day; blank while it holds."), required=False
    )
    none = forms.BooleanField(
        label=gettext_lazy("The laboratory gives no upper limit from then on"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("For example: laboratory's list of reference ranges, edition of 2026-01."),
        max_length=200,
        widget=forms.TextInput(TEXT_ATTRS),
    )

    def __init__(self, vocabulary: Vocabulary, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("choose")), *test_choices(vocabulary)]
        self.fields["test"].choices = choices  # type: ignore[attr-defined]
        self.doubt = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        stated = cleaned.get("uln") is not None
        if stated and cleaned.get("none"):
            self.add_error("none", _("A limit is typed as well: leave one of the two."))
        elif not stated and not cleaned.get("none") and "uln" not in self.errors:
            self.add_error("uln", _("Type the limit, or tick that the laboratory gives none."))
        return cleaned

    @property
    def range_values(self) -> RangeValues:
        """The values of a valid form."""
        analyte, _space, unit = self.cleaned_data["test"].partition(" ")
        rest = {name: self.cleaned_data[name] for name in RangeValues._fields if name not in FAULT_FIELDS}
        return RangeValues(analyte=analyte, unit=unit, **rest)

    @property
    def limit_key(self) -> str:
        """By what the upper limit is known that was asked back."""
        values = self.range_values
        return limit_key(values.analyte, values.unit, values.uln)

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Show the faults at their inputs; a doubtful limit is asked back at its own."""
        for path, message in faults:
            if path == "confirmed":
                self.doubt = message
                self.fields["uln"].widget.attrs["aria-invalid"] = "true"
                continue
            name = FAULT_FIELDS.get(path, path)
            self.add_error(name if name in self.fields else None, message)


class EndForm(RefusableForm):
    last_day = day_field(
        gettext_lazy("Last day"), gettext_lazy("The last day of collection for which the range holds.")
    )
    reason = reason_field()


class WrongForm(RefusableForm):
    reason = reason_field()


def test_choices(vocabulary: Vocabulary) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the tests whose limit counts, each with the units in which it is reported: `creatinine umol/L`."""
    for code, analyte in analytes(vocabulary).items():
        if analyte.uln or analyte.lln:
            label = sentence_case(analyte.label)
            yield label, [(f"{code} {unit}", f"{label}, {unit_text(unit)}") for unit in analyte.unit_names]
