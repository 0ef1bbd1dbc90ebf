"""The draft of a section: kept while it is typed, so that nothing is lost."""

from __future__ import annotations

from django.http import QueryDict

from criteria.vocabulary import Results, Section
from criteria.vocabulary.identifiers import Identifier, identifier_in
from criteria.vocabulary.parts import paths_of
from screening.crf.values import NUMERIC
from screening.models import Draft
from screening.views.visits.section_page import SectionPage
from screening.visits.drafts import discard_version, keep_draft

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
        draft = keep_draft(visit, code, author, page.base.shown.number, kept(data, page.section), page.is_saved_in)
    if draft is None:
        discard_version(visit, code, author, str(data.get(VERSION, "")))
    return draft


def kept(data: QueryDict, section: Section) -> str:
    """What identifies a person is kept nowhere, not even for a while."""
    data, numbers = data.copy(), numbers_of(section)
    for name, values in list(data.lists()):
        is_number = name.rsplit("-")[-1] in numbers
        if name in NOT_KEPT or any(identifies(str(value), is_number) for value in values):
            del data[name]
    return data.urlencode()


def identifies(text: str, is_number: bool) -> bool:
    """A result of 13800138000 copies/mL has as many digits as a phone number, and is none."""
    kind = identifier_in(text)
    return kind is not None and not (is_number and kind is Identifier.PHONE_NUMBER and text.strip().isdecimal())


def numbers_of(section: Section) -> set[str]:
    """The names of the fields that hold a number, and nowhere in the section text."""
    fields = [field for part in section.parts for _path, field in paths_of(part)]
    fields += [field for part in section.parts if isinstance(part, Results) for field in part.fields.values()]
    texts = {field.name for field in fields if field.type == "text"}
    return {field.name for field in fields if field.type in NUMERIC} - texts
