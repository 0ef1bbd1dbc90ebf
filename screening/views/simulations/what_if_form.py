"""The form of other values for a protocol version's parameters, to be simulated and not to be stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from criteria.amendments.feasibility import feasibility_issues
from criteria.amendments.parameter_input import parameter_faults, read_value
from criteria.definition.parameter_types import may_be_open
from criteria.definition.reader import BadDefinition
from criteria.evaluation.protocol import Criterion, Protocol, parameters_of
from criteria.models import ProtocolVersion
from criteria.rules.facts import Limit
from criteria.rules.text import ANY_TIME
from criteria.rules.units import unit_text
from criteria.versions.versions import edition_of
from criteria.vocabulary import Fault
from screening.amendments.version_text import ParameterText, category_text, parameter_text
from screening.simulations.editions import definition_values, edition_with
from screening.visits.labels import PERIODS, sentence_case

VALUE_ATTRS = {"class": "form-control typed-number", "autocomplete": "off", "inputmode": "decimal"}
CHECKBOX_ATTRS = {"class": "form-check-input"}
VALUE_FIELD, ANY_TIME_FIELD = "to-{}", "open-{}"  # the names of a parameter's inputs


class ParameterRow(NamedTuple):
    """One parameter, as it is now and with its inputs.

    `any_time` is None if the parameter cannot be an open window or is one already.
    """

    text: ParameterText
    unit: str
    value: BoundField
    any_time: BoundField | None


class ParameterGroup(NamedTuple):
    title: str
    rows: list[ParameterRow]


class WhatIfForm(forms.Form):
    """The form of the simulated values.

    Once it is valid, `values` holds what differs from the version in force; None is an open window.
    """

    use_required_attribute = False

    def __init__(self, base: ProtocolVersion, data: Any = None, tried: Mapping[str, Any] | None = None) -> None:
        """Build the inputs of each parameter; `tried` are the values of an earlier what-if, as it stores them."""
        super().__init__(data, initial=initial_values(tried or {}))
        self.base = base
        self.edition = edition_of(base)
        self.values: dict[str, Decimal | None] = {}
        for name, limit in self.edition.protocol.limits.items():
            label = sentence_case(limit.title)
            self.fields[VALUE_FIELD.format(name)] = forms.CharField(
                label=label, required=False, max_length=60, widget=forms.TextInput(VALUE_ATTRS)
            )
            if can_be_opened(self.edition.protocol, limit):
                self.fields[ANY_TIME_FIELD.format(name)] = forms.BooleanField(
                    label=_("%(title)s: any time") % {"title": label},
                    required=False,
                    widget=forms.CheckboxInput(CHECKBOX_ATTRS),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.edition.protocol.limits:
            self.read_inputs(
                name, cleaned.get(VALUE_FIELD.format(name), ""), bool(cleaned.get(ANY_TIME_FIELD.format(name)))
            )
        if not self.errors and not self.values:
            self.add_error(None, _("No value differs from the version in force: type at least one other value."))
        if not self.errors:
            self.check_feasibility()
        return cleaned

    def read_inputs(self, name: str, text: str, is_open: bool) -> None:
        if text and is_open:
            message = _("%(title)s: “%(typed)s” was typed, and “any time” is ticked as well: leave one of the two.")
            title = sentence_case(self.edition.protocol.limits[name].title)
            self.add_error(VALUE_FIELD.format(name), message % {"title": title, "typed": text})
        elif text or is_open:
            self.read(name, text or ANY_TIME)

    def read(self, name: str, text: str) -> None:
        protocol = self.edition.protocol
        try:
            value = read_value(protocol, name, text)
        except ValueError as why:
            self.add_error(VALUE_FIELD.format(name), sentence_case(str(why)))
            return
        for fault in parameter_faults(protocol, name, value):
            self.add_error(VALUE_FIELD.format(name), sentence_case(fault))
        if value != protocol.limits[name].value:
            self.values[name] = value

    def check_feasibility(self) -> None:
        """Refuse values that no version may have; a warning is shown with the report."""
        try:
            found = feasibility_issues(self.edition, edition_with(self.base, definition_values(self.values)))
        except BadDefinition as bad:
            self.refuse(bad.faults)
            return
        for objection in found:
            if objection.kind == "refused":
                self.add_error(self.input_of(objection.parameter), sentence_case(objection.text))

    def refuse(self, found: Iterable[Fault]) -> None:
        """Show the faults of the definition that the values make, each at the parameter that it names."""
        for place, message in found:
            name = self.input_of(place.removeprefix("parameters.").split(".")[0])
            self.add_error(name, message if name else f"{place}: {message}")

    def input_of(self, name: str) -> str | None:
        return VALUE_FIELD.format(name) if VALUE_FIELD.format(name) in self.fields else None

    @property
    def groups(self) -> list[ParameterGroup]:
        """The parameters in the order of the criteria that read them; one that several read appears once."""
        protocol = self.edition.protocol
        found: dict[str, list[ParameterRow]] = {}
        for name, readers in readers_of(protocol).items():
            title = category_text(readers[0].category) if readers else _("Read by no criterion")
            codes = tuple(criterion.code for criterion in readers)
            found.setdefault(title, []).append(self.row(parameter_text(protocol, protocol.limits[name], codes)))
        return [ParameterGroup(title, rows) for title, rows in found.items()]

    def row(self, text: ParameterText) -> ParameterRow:
        unit = self.edition.protocol.limits[text.name].unit
        is_open = ANY_TIME_FIELD.format(text.name)
        return ParameterRow(
            text,
            PERIODS.get(unit, unit_text(unit)),
            self[VALUE_FIELD.format(text.name)],
            self[is_open] if is_open in self.fields else None,
        )


def readers_of(protocol: Protocol) -> dict[str, list[Criterion]]:
    """Return the criteria that read each parameter, in their order; parameters that none reads come last."""
    found: dict[str, list[Criterion]] = {}
    for criterion in protocol.criteria:
        for name in parameters_of(criterion):
            found.setdefault(name, []).append(criterion)
    return found | {name: [] for name in protocol.limits if name not in found}


def can_be_opened(protocol: Protocol, limit: Limit) -> bool:
    """Return whether a parameter is a length of time that can become an open window and is none already.

    Only such units are checked, since the check reads every rule.
    """
    return limit.value is not None and limit.unit in PERIODS and may_be_open(limit.name, protocol.criteria)


def initial_values(tried: Mapping[str, Any]) -> dict[str, Any]:
    return {
        ANY_TIME_FIELD.format(name) if value == ANY_TIME else VALUE_FIELD.format(name): True
        if value == ANY_TIME
        else value
        for name, value in tried.items()
    }
