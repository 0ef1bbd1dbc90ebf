"""The order of the investigator's queue, as its address states it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from screening.review.queue import EXPIRING, OLDEST
from screening.views.shared.filter_form import FILTER_SELECT_ATTRIBUTES, FilterForm

QUEUE_ORDERS = {EXPIRING: _("what expires soonest first"), OLDEST: _("what was assessed longest ago first")}


class QueueForm(FilterForm):
    orders = QUEUE_ORDERS
    filters = ()

    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=QUEUE_ORDERS.items, widget=forms.Select(FILTER_SELECT_ATTRIBUTES)
    )

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        self.full_clean()

    @property
    def kept_order(self) -> str:
        """The query string by which the review of an assessment keeps the order in which the queue was shown."""
        return self.address() if self.stated_values else ""

    @property
    def with_order(self) -> str:
        """The same query string up to where another value is added to it."""
        return f"{self.kept_order}&" if self.kept_order else "?"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Each order as text with the address that chooses it, which is empty for the current order."""
        return [
            (str(words), "" if self.order == sort else self.address(sort=sort)) for sort, words in self.orders.items()
        ]
