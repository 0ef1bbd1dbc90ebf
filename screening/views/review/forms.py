"""In which order the investigator's queue is shown, as the address says it."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from screening.review.queue import EXPIRING, OLDEST
from screening.views.shared.filter_form import LIST, FilterForm

ORDERS = {EXPIRING: _("what expires soonest first"), OLDEST: _("what was assessed longest ago first")}


class QueueForm(FilterForm):
    orders = ORDERS
    filters = ()

    sort = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS.items, widget=forms.Select(LIST))

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        self.full_clean()

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Each order in words with the address that chooses it, which is empty where it is chosen."""
        return [
            (str(words), "" if self.order == sort else self.address(sort=sort)) for sort, words in self.orders.items()
        ]
