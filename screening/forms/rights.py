from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.forms.filters import FilterForm
from screening.forms.trail import recorded_day


class RightsForm(FilterForm):
    orders = {"": ""}
    filters = ("day",)

    day = recorded_day(_("On the day"))

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        self.full_clean()

    def chosen(self) -> date:
        """Today where none is named."""
        return self.cleaned_data.get("day") or timezone.localdate()
