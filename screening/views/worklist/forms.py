"""The search, filters and order of the work list, as its address states them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from criteria.models import Trial
from screening.models import Overall
from screening.views.shared.filter_form import FILTER_SELECT_ATTRIBUTES, FilterForm, search_field
from screening.worklist.listing import NO_VISIT, WorkListFilter

WORK_LIST_ORDERS = {
    "-saved_at": _("last saved, latest first"),
    "saved_at": _("last saved, earliest first"),
    "holds_until": _("status unchanged until, soonest first"),
    "-holds_until": _("status unchanged until, latest first"),
    "planned_first_dose": _("planned first dose, soonest first"),
    "-planned_first_dose": _("planned first dose, latest first"),
    "fails": _("criteria not satisfied, fewest first"),
    "-fails": _("criteria not satisfied, most first"),
    "unknowns": _("criteria not yet known, fewest first"),
    "-unknowns": _("criteria not yet known, most first"),
    "screening_number": _("screening number, ascending"),
    "-screening_number": _("screening number, descending"),
}
FINDING_CHOICES = [("", _("any")), *Overall.choices, (NO_VISIT, _("no visit yet"))]
DUE_CHOICES = [
    ("", _("any day")),
    ("7", _("within 7 days of today")),
    ("14", _("within 14 days of today")),
    ("30", _("within 30 days of today")),
]


class WorkListForm(FilterForm):
    orders = WORK_LIST_ORDERS
    filters = ("search", "finding", "due", "trial")

    search = search_field()
    finding = forms.ChoiceField(
        label=_("Status"), required=False, choices=FINDING_CHOICES, widget=forms.Select(FILTER_SELECT_ATTRIBUTES)
    )
    due = forms.ChoiceField(
        label=_("Status unchanged until"),
        required=False,
        choices=DUE_CHOICES,
        widget=forms.Select(FILTER_SELECT_ATTRIBUTES),
    )
    trial = forms.ChoiceField(label=_("Trial"), required=False, widget=forms.HiddenInput)  # of an address kept before
    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=WORK_LIST_ORDERS.items, widget=forms.Select(FILTER_SELECT_ATTRIBUTES)
    )

    def __init__(self, address: QueryDict, trials: Iterable[Trial]) -> None:
        super().__init__(address)
        codes = [trial.code for trial in trials]
        if len(codes) > 1:
            self.fields["trial"].choices = [("", _("any")), *((code, code) for code in codes)]  # type: ignore[attr-defined]
        else:
            del self.fields["trial"]
        self.full_clean()

    def selected_filter(self, today: date, trials: frozenset[int] | None = None) -> WorkListFilter:
        due = self.cleaned_data.get("due")
        return WorkListFilter(
            today,
            trials=trials,
            search=self.cleaned_data.get("search", ""),
            trial=self.cleaned_data.get("trial", ""),
            finding=self.cleaned_data.get("finding", ""),
            due=int(due) if due else None,
            sort=self.order,
        )
