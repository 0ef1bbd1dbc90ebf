"""The draft of a section: kept while it is typed, so that nothing is lost."""

from __future__ import annotations

from django.http import QueryDict

from criteria.vocabulary.values import has_identity_number
from screening.drafts import discard_version, keep_draft
from screening.models import Draft
from screening.views.section_page import SectionPage

# Of what a form sends, what is about the sending.
VERSION = "draft"
NOT_KEPT = ("csrfmiddlewaretoken", "base", "ancestor", "author", "add", "next", "discard", VERSION)


def keep(page: SectionPage) -> Draft | None:
    """The form as it stands; None where it says nothing that is not saved.

    Then the draft that this form was is gone. One that another window keeps stays.
    """
    data = page.data or QueryDict()
    visit, code, author = page.visit, page.section.code, page.author
    draft = None
    if not page.is_untouched:
        draft = keep_draft(visit, code, author, page.base.shown.number, kept(data), page.is_saved_in)
    if draft is None:
        discard_version(visit, code, author, str(data.get(VERSION, "")))
    return draft


def kept(data: QueryDict) -> str:
    """What identifies a person is kept nowhere, not even for a while."""
    data = data.copy()
    for name, values in list(data.lists()):
        if name in NOT_KEPT or any(has_identity_number(str(value)) for value in values):
            del data[name]
    return data.urlencode()
