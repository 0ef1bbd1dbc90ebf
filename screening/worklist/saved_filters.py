"""The filters that a user keeps under a name, each for one list."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary.values import required_text_fault, text_fault
from screening.models import SavedFilter
from screening.submissions.keys import claim_form_key
from screening.visits.reference import plain_text

LONGEST_NAME = 60
MOST_FILTERS = 20  # of one user, for one list


def saved_filters(user: User, of: SavedFilter.Lists) -> list[SavedFilter]:
    return list(SavedFilter.objects.filter(owner=user, of=of).order_by("name"))


@transaction.atomic
def save_filter(user: User, of: SavedFilter.Lists, name: str, address: str, search: str) -> SavedFilter:
    """Keep the address of a list under a name; one of that name is replaced.

    `search` is the text looked for in that address. Refused: `name`, `search` or `many`.
    """
    name = plain_text(name)
    if message := required_text_fault(name, _("say by which name it is kept")):
        raise Refused("name", message)
    if len(name) > LONGEST_NAME:
        raise Refused("name", _("at most %(most)d characters") % {"most": LONGEST_NAME})
    if message := text_fault(search):
        raise Refused("search", message)
    others = SavedFilter.objects.filter(owner=user, of=of).exclude(name=name)
    if others.count() >= MOST_FILTERS:
        raise Refused("many", _("%(most)d filters are kept already: delete one of them first") % {"most": MOST_FILTERS})
    claim_form_key()
    kept, _created = SavedFilter.objects.update_or_create(owner=user, of=of, name=name, defaults={"address": address})
    return kept


@transaction.atomic
def delete_filter(user: User, of: SavedFilter.Lists, name: str) -> None:
    """Delete a filter of one's own; nothing happens where there is none of that name any more."""
    claim_form_key()
    for kept in saved_filters(user, of):  # compared here: PostgreSQL will not look for every text that is posted
        if kept.name == name:
            kept.delete()
