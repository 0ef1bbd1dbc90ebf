"""The form that opens a visit: the vocabulary's own questions about the visit itself, and no others yet."""

from __future__ import annotations

from django.http import QueryDict

from criteria.vocabulary import Section, Vocabulary
from screening.forms.sections import SectionForm

VISIT = "visit"


def visit_form(vocabulary: Vocabulary, data: QueryDict | None = None) -> SectionForm:
    part = vocabulary.parts[VISIT]
    section = Section(code=VISIT, title=part.title, parts=(part,))
    return SectionForm(section, {}, data)
