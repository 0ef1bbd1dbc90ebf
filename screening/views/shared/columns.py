"""The columns of a list, and the addresses that sort it by them."""

from __future__ import annotations

from typing import NamedTuple

from screening.views.shared.filter_form import FilterForm


class SortColumn(NamedTuple):
    """A column of a list; `address` sorts by it, or in the opposite order.

    `direction` is the value of `aria-sort`, if the list is sorted by the column.
    """

    title: str
    address: str = ""
    direction: str = ""


def sort_column(form: FilterForm, title: str, sort: str) -> SortColumn:
    """Return a column that sorts by `sort` when it is chosen, and in reverse when it is chosen again."""
    opposite = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    address = form.address(sort=opposite if form.order == sort else sort)
    if form.order not in (sort, opposite):
        return SortColumn(title, address)
    return SortColumn(title, address, "descending" if form.order.startswith("-") else "ascending")
