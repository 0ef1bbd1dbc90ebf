"""The form with which the administrator enters one upper limit of normal of the site's laboratory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from criteria.rules.units import unit_text
from criteria.vocabulary import Fault, Vocabulary
from screening.crf.values import NUMBER_PATTERN as NUMBER_TYPED
from screening.models import Sex
from screening.visits.labels import sentence_case
from screening.visits.reference_ranges import analytes

TEXT_ATTRS = {"class": "form-control", "autocomplete": "off"}
DAY_ATTRS = TEXT_ATTRS | {"class": "form-control typed-date", "inputmode": "numeric", "placeholder": "YYYY-MM-DD"}
NUMBER_ATTRS = TEXT_ATTRS | {"class": "form-control typed-number", "inputmode": "decimal"}
DAY_ERROR_MESSAGES = {"invalid": gettext_lazy("This is not a whole date such as 2026-03-14.")}
FAULT_FIELDS = {"analyte": "test", "unit": "test"}  # where a fault of another name is shown


class RangeValues(NamedTuple):
    """The arguments of `visits.reference_ranges.add_range`.

    `uln` is None if the laboratory gives no limit from that day.
    """

    analyte: str
    unit: str
    sex: str
    uln: Decimal | None
    valid_from: date
    valid_until: date | None
    source: str


class RangeForm(forms.Form):
    use_required_attribute = False

    test = forms.ChoiceField(
        label=gettext_lazy("Test and unit"), widget=forms.Select({"class": "form-select"}), choices=()
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), required=False, choices=Sex.choices, widget=forms.Select({"class": "form-select"})
    )
    uln = forms.DecimalField(
        label=gettext_lazy("Upper limit of normal"), required=False, widget=forms.TextInput(NUMBER_ATTRS)
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Valid from"),
        error_messages=DAY_ERROR_MESSAGES,
        widget=forms.TextInput(DAY_ATTRS),
        input_formats=["%Y-%m-%d"],
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("The last day; blank while it holds."),
        required=False,
        error_messages=DAY_ERROR_MESSAGES,
        widget=forms.TextInput(DAY_ATTRS),
        input_formats=["%Y-%m-%d"],
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

    def clean_uln(self) -> Any:
        """Return the limit, read as in a section.

        Python also accepts 1_000, 1e30 and the digits of other scripts as numbers.
        """
        field = self.fields["uln"]
        if self.cleaned_data["uln"] is not None and not NUMBER_TYPED.fullmatch(str(self.data.get("uln", "")).strip()):
            raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
        return self.cleaned_data["uln"]

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

    def refuse(self, faults: Iterable[Fault]) -> None:
        for path, message in faults:
            name = FAULT_FIELDS.get(path, path)
            self.add_error(name if name in self.fields else None, message)


def test_choices(vocabulary: Vocabulary) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the tests whose limit counts, each with the units in which it is reported: `creatinine umol/L`."""
    for code, analyte in analytes(vocabulary).items():
        if analyte.uln:
            label = sentence_case(analyte.label)
            yield label, [(f"{code} {unit}", f"{label}, {unit_text(unit)}") for unit in analyte.unit_names]
