"""The filter and the order of a list, as its address gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

FILTER_SELECT_ATTRIBUTES = {"class": "form-select"}
SEARCH_ATTRIBUTES = {
    "class": "form-control",
    "autocomplete": "off",
    "type": "search",
    "placeholder": "S-15, E-001",
    "maxlength": 100,
}


def search_field() -> forms.CharField:
    """Return the input that looks for a subject by whatever it is called."""
    return forms.CharField(
        label=_("Number or site's reference"), required=False, widget=forms.TextInput(SEARCH_ATTRIBUTES)
    )


class FilterFault(NamedTuple):
    """A value in the address that is not valid; `anchor` is the id of its input."""

    anchor: str
    label: str
    value: str
    message: str


class FilterForm(forms.Form):
    """A form bound to an address; a value that is not valid filters nothing.

    `orders` are the values of the field `sort` in words, the default first; `filters` names the fields that
    narrow the list; `kept` are those that stay when all of it is shown.
    """

    use_required_attribute = False
    orders: ClassVar[Mapping[str, Any]]
    filters: ClassVar[tuple[str, ...]]
    kept: ClassVar[tuple[str, ...]] = ("sort",)

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or next(iter(self.orders))

    @property
    def order_text(self) -> Any:
        return self.orders[self.order]

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.filters)

    @property
    def stated_values(self) -> dict[str, str]:
        """The values that an address has to state; not the order that the list has anyway."""
        found = {name: str(value) for name, value in self.cleaned_data.items() if value}
        if self.order == next(iter(self.orders)):
            found.pop("sort", None)
        return found

    def address(self, **changed: str) -> str:
        """Return the query string of the same list with something changed.

        It starts from the first page, unless a page is given.
        """
        return query_string(self.stated_values | changed)

    def unfiltered_address(self) -> str:
        """Return the query string of the whole list, in the same order."""
        return query_string({name: value for name, value in self.stated_values.items() if name in self.kept})

    @property
    def faults(self) -> list[FilterFault]:
        return [
            FilterFault(field.id_for_label, str(field.label), str(field.value()), str(message))
            for field in self
            for message in field.errors
        ]


def query_string(values: Mapping[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(values)
    return f"?{query.urlencode()}"
