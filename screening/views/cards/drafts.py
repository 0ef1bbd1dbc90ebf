"""Unsaved drafts in words: whose, in which section, since when, and what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.models import User
from django.http import QueryDict

from criteria.vocabulary import Results, Section, Vocabulary
from screening.crf import SectionForm
from screening.crf.laboratory import laboratory_of
from screening.models import Draft, Revision, Visit
from screening.visits.carry_forward import carry_forward
from screening.visits.diff_text import ChangeText, document_differences
from screening.visits.reference_ranges import ranges_of
from screening.visits.sections import replace_section


class DraftText(NamedTuple):
    """A draft with the title of its section.

    `typed` is what it would change of the revision on which it was typed. `confirmed` are the titles of the parts that
    it ticks as still right.
    """

    draft: Draft
    title: str
    is_own: bool
    typed: list[ChangeText]
    confirmed: list[str]


def draft_texts(visit: Visit, vocabulary: Vocabulary, drafts: Sequence[Draft], reader: User) -> list[DraftText]:
    sections = {section.code: section for section in vocabulary.sections}
    bases = {each.number: each for each in visit.revisions.filter(number__in={draft.base for draft in drafts})}
    return [
        draft_text(visit, vocabulary, draft, sections.get(draft.section), bases.get(draft.base), reader)
        for draft in drafts
    ]


def draft_text(
    visit: Visit, vocabulary: Vocabulary, draft: Draft, section: Section | None, base: Revision | None, reader: User
) -> DraftText:
    """Return a draft in words; nothing of what was typed where no form asks its section any more."""
    own = draft.author_id == reader.pk
    if section is None or base is None:
        return DraftText(draft, draft.section, own, [], [])
    form = draft_form(visit, section, base, draft)
    entered = replace_section(form.shown, section, form.entered_document)
    typed = document_differences(vocabulary, form.shown, entered)
    return DraftText(draft, section.title, own, typed, [part.part.title for part in form.parts if part.confirmed])


def draft_form(visit: Visit, section: Section, base: Revision, draft: Draft) -> SectionForm:
    laboratory = None
    if any(isinstance(part, Results) for part in section.parts):
        laboratory = laboratory_of(ranges_of(visit.subject.trial), base.document)
    prior = carry_forward(visit, section, base.document)
    return SectionForm(section, base.document, QueryDict(draft.data), prior=prior, laboratory=laboratory)
