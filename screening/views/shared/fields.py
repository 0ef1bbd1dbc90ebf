"""The inputs that many forms have, and the form that shows why an action refused it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from criteria.records.refusal import Refused
from criteria.vocabulary import Fault
from criteria.vocabulary.faults import Faulty
from criteria.vocabulary.spellings import date_readings, read_number
from criteria.vocabulary.values import date_fault, not_a_number_text
from screening.crf.typed import read_date

TEXT_ATTRS = {"class": "form-control", "autocomplete": "off"}
TEXTAREA_ATTRS = TEXT_ATTRS | {"rows": 2}
DAY_ATTRS = TEXT_ATTRS | {"class": "form-control typed-date", "placeholder": "YYYY-MM-DD", "data-date": ""}
DAY_ERROR_MESSAGES = {"invalid": gettext_lazy("This is not a whole date such as 2026-03-14.")}
REASON = gettext_lazy("Reason")


def reason_field(label: Any = REASON, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=required, widget=forms.Textarea(TEXTAREA_ATTRS))


class DayField(forms.DateField):
    """A whole date, in any spelling that has one meaning; in ISO 8601 of any year, as rights may end in 2999."""

    input_formats = ("%Y-%m-%d",)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            if day := read_date(value, whole=True):
                return date.fromisoformat(day)
            if len(date_readings(value)) > 1:
                raise forms.ValidationError(date_fault(value, whole=True), code="invalid")
        return super().to_python(value)


class TypedNumber(forms.Field):
    """A number as it is read in a section; Python also accepts 1_000, 1e30 and the digits of other scripts."""

    is_whole = False

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        if (number := read_number(value)) is None:
            raise forms.ValidationError(not_a_number_text(value, whole=self.is_whole), code="invalid")
        return super().to_python(number)


class NumberField(TypedNumber, forms.DecimalField): ...


class WholeNumberField(TypedNumber, forms.IntegerField):
    is_whole = True


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> DayField:
    return DayField(
        label=label,
        help_text=help_text,
        required=required,
        error_messages=DAY_ERROR_MESSAGES,
        widget=forms.TextInput(DAY_ATTRS),
    )


class RefusableForm(forms.Form):
    """A form that shows why an action refused what was entered: beside the field that it is about, or on top."""

    use_required_attribute = False

    def refuse(self, why: Refused | Faulty) -> None:
        for path, message in why.faults if isinstance(why, Faulty) else [Fault("", why.message)]:
            self.add_error(path if path in self.fields else None, message)
