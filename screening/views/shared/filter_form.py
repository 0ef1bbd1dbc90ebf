"""The filter and the order of a list, as its address gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.http import QueryDict

FILTER_SELECT_ATTRIBUTES = {"class": "form-select"}


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

    def address(self, **changed: str) -> str:
        """Return the query string of the same list with something changed.

        It starts from the first page, unless a page is given.
        """
        said = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return query_string(said | changed)

    def unfiltered_address(self) -> str:
        """Return the query string of the whole list, in the same order."""
        return query_string({name: value for name in self.kept if (value := self.cleaned_data.get(name))})

    @property
    def faults(self) -> list[FilterFault]:
        return [
            FilterFault(field.id_for_label, str(field.label), str(field.value()), str(message))
            for field in self
            for message in field.errors
        ]


def query_string(said: Mapping[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(said)
    return f"?{query.urlencode()}"
