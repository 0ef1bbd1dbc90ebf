"""Autosave of a section: its form is stored as a draft during data entry, so that no entry is lost."""

from __future__ import annotations

from django.http import QueryDict

from criteria.vocabulary import Results, Section
from criteria.vocabulary.identifiers import Identifier, identifier_in
from criteria.vocabulary.parts import field_paths
from screening.crf.values import NUMERIC
from screening.models import Draft
from screening.submissions.keys import KEY_INPUT
from screening.views.visits.section_page import SectionPage
from screening.visits.drafts import discard_draft_version, keep_draft

# Of what a form sends, what is about the sending.
VERSION_INPUT = "draft"
OMITTED_INPUTS = (
    "csrfmiddlewaretoken",
    KEY_INPUT,
    "base",
    "ancestor",
    "author",
    "add",
    "panel",
    "absent",
    "next",
    "discard",
    VERSION_INPUT,
)


def autosave_section(page: SectionPage) -> Draft | None:
    """Store the form as the author's draft and return it; None if it says nothing that is not saved.

    In that case the draft from which this form was made is deleted. A draft that another window stores stays.
    """
    data = page.data or QueryDict()
    entered = page.form.data or QueryDict()  # as it was read: “-3” is another day tomorrow
    visit, code, author = page.visit, page.section.code, page.author
    draft = None
    if not page.is_untouched:
        draft = keep_draft(
            visit, code, author, page.base.shown.number, draft_data(entered, page.section), page.is_saved_in
        )
    if draft is None:
        discard_draft_version(visit, code, author, str(data.get(VERSION_INPUT, "")))
    return draft


def draft_data(data: QueryDict, section: Section) -> str:
    """Return the form data, URL-encoded, without control inputs and without what identifies a person.

    An identifier is never stored, not even temporarily.
    """
    data, numbers = data.copy(), numeric_field_names(section)
    for name, values in list(data.lists()):
        is_number = name.rsplit("-")[-1] in numbers
        if name in OMITTED_INPUTS or any(identifies_subject(str(value), is_number) for value in values):
            del data[name]
    return data.urlencode()


def identifies_subject(text: str, is_number: bool) -> bool:
    """Return whether a text identifies a person.

    A whole number in a number field does not: a result of 13800138000 copies/mL has as many digits as a phone
    number, and is none.
    """
    kind = identifier_in(text)
    return kind is not None and not (is_number and kind is Identifier.PHONE_NUMBER and text.strip().isdecimal())


def numeric_field_names(section: Section) -> set[str]:
    """Return the names of the section's number fields, except those that also name a text field in it."""
    fields = [field for part in section.parts for _path, field in field_paths(part)]
    fields += [field for part in section.parts if isinstance(part, Results) for field in part.fields.values()]
    texts = {field.name for field in fields if field.type == "text"}
    return {field.name for field in fields if field.type in NUMERIC} - texts
