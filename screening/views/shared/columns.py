"""The columns of a list, and the addresses that sort it by them."""

from __future__ import annotations

from typing import NamedTuple

from screening.views.shared.filter_form import FilterForm


class Column(NamedTuple):
    """`address` sorts by the column, or the other way round; `direction` is what `aria-sort` says, if it is sorted."""

    title: str
    address: str = ""
    direction: str = ""


def column(form: FilterForm, title: str, sort: str) -> Column:
    """Sorted by `sort` when it is chosen, and the other way round when it is chosen again."""
    opposite = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    address = form.address(sort=opposite if form.order == sort else sort)
    if form.order not in (sort, opposite):
        return Column(title, address)
    return Column(title, address, "descending" if form.order.startswith("-") else "ascending")
