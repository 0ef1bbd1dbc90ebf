"""The saved filters beside the filter form of a list: what its page shows of them, and what it takes."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from screening.models import SavedFilter
from screening.views.shared.filter_form import FilterForm
from screening.views.shared.lookup import author_of
from screening.worklist.saved_filters import delete_filter, save_filter, saved_filters


class SavedFilterLink(NamedTuple):
    """A saved filter; `is_shown` where the list is filtered by it now."""

    name: str
    address: str
    is_shown: bool


def saved_filter_links(request: HttpRequest, of: SavedFilter.Lists, form: FilterForm) -> list[SavedFilterLink]:
    shown = form.address()
    return [
        SavedFilterLink(kept.name, kept.address, kept.address == shown)
        for kept in saved_filters(author_of(request), of)
    ]


def take_saved_filter(request: HttpRequest, of: SavedFilter.Lists, form: FilterForm) -> HttpResponse:
    """Keep the filter of the page's address under the posted `name`, or delete the one called `delete`.

    Only what the filter form understands is kept, as that form writes it.
    """
    user, address = author_of(request), form.address()
    if deleted := request.POST.get("delete"):
        delete_filter(user, of, deleted)
        messages.success(request, _("The filter “%(name)s” is deleted.") % {"name": deleted})
    elif not form.is_valid():
        messages.error(request, _("The filter was not saved: part of it makes no sense."))
    else:
        try:
            kept = save_filter(user, of, request.POST.get("name", ""), address, form.cleaned_data.get("search", ""))
        except Refused as why:
            messages.error(request, _("The filter was not saved: %(why)s") % {"why": why.message})
        else:
            messages.success(request, _("The filter is saved as “%(name)s”.") % {"name": kept.name})
    return redirect(request.path + address)
