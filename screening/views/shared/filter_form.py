"""What a list shows and in which order, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.http import QueryDict

LIST = {"class": "form-select"}


class Fault(NamedTuple):
    """What of the address makes no sense; `anchor` is the id of its input."""

    anchor: str
    label: str
    value: str
    message: str


class FilterForm(forms.Form):
    """Bound to an address; whatever it says that makes no sense filters nothing.

    `orders` are the values of the field `sort` in words, the usual one first; `filters` names the fields that narrow
    the list; `kept` are those that stay when all of it is shown.
    """

    use_required_attribute = False
    orders: ClassVar[Mapping[str, Any]]
    filters: ClassVar[tuple[str, ...]]
    kept: ClassVar[tuple[str, ...]] = ("sort",)

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or next(iter(self.orders))

    @property
    def order_in_words(self) -> Any:
        return self.orders[self.order]

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.filters)

    def address(self, **changed: str) -> str:
        """The query string of the same list with something changed; from its first page, unless that is said."""
        said = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return query_of(said | changed)

    def cleared(self) -> str:
        """The query string of the whole list, in the same order."""
        return query_of({name: value for name in self.kept if (value := self.cleaned_data.get(name))})

    @property
    def faults(self) -> list[Fault]:
        return [
            Fault(field.id_for_label, str(field.label), str(field.value()), str(message))
            for field in self
            for message in field.errors
        ]


def query_of(said: Mapping[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(said)
    return f"?{query.urlencode()}"
