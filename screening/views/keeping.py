"""The draft of a section: kept while it is typed, so that nothing is lost."""

from __future__ import annotations

from django.http import QueryDict

from criteria.vocabulary.values import has_identity_number
from screening.drafts import discard_draft, keep_draft
from screening.models import Draft
from screening.views.section_page import SectionPage

# Of what a form sends, what is about the sending.
NOT_KEPT = ("csrfmiddlewaretoken", "base", "ancestor", "author", "add", "next", "discard")


def keep(page: SectionPage) -> Draft | None:
    """The form as it stands; None where it says nothing that is not saved, and no draft is left."""
    if page.data is None or page.is_untouched:
        discard_draft(page.visit, page.section.code, page.author)
        return None
    return keep_draft(page.visit, page.section.code, page.author, page.base.shown.number, kept(page.data))


def kept(data: QueryDict) -> str:
    """What identifies a person is kept nowhere, not even for a while."""
    data = data.copy()
    for name, values in list(data.lists()):
        if name in NOT_KEPT or any(has_identity_number(str(value)) for value in values):
            del data[name]
    return data.urlencode()
