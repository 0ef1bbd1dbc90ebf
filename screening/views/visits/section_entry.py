"""An entry in a section's form, as a POST reads it: the form, the revision it builds on, the visit it would make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.http import QueryDict

from criteria.evaluation.protocol import Protocol
from criteria.vocabulary import Section
from criteria.vocabulary.parts import Checklist, Results
from screening.crf import SectionForm
from screening.crf.change_reason import ChangeReasonForm
from screening.crf.laboratory import Laboratory, laboratory_of
from screening.crf.question import CONFIRM_NAME
from screening.models import Revision, Visit
from screening.shared.diff import changes, record_code
from screening.views.visits.edit_check_prompt import posted_reasons
from screening.views.visits.preview_document import PreviewDocument, build_preview_document
from screening.visits.carry_forward import carry_forward, with_carried
from screening.visits.labels import FormPlace, form_place
from screening.visits.last_units import last_units
from screening.visits.reference_ranges import ranges_of
from screening.visits.sections import replace_section, section_part


class RevisionBase(NamedTuple):
    """The revisions on which a form builds.

    A save builds on `seen`. The form was made from `shown`, an older revision while two people's entries are being
    merged.
    """

    seen: Revision
    shown: Revision


@dataclass
class SectionEntry:
    """One section of a visit as `author` entered it; `data` is None while nothing was entered."""

    visit: Visit
    author: User
    protocol: Protocol
    section: Section
    latest: Revision
    base: RevisionBase
    data: QueryDict | None

    @cached_property
    def form(self) -> SectionForm:
        document = self.base.shown.document
        prior = carry_forward(self.visit, self.section, document)
        drugs = self.protocol.vocabulary.drugs
        return SectionForm(self.section, document, self.data, prior=prior, laboratory=self.laboratory, drugs=drugs)

    @cached_property
    def laboratory(self) -> Laboratory:
        grids = [part for part in self.section.parts if isinstance(part, Results)]
        if not grids:
            return Laboratory()
        trial = self.visit.subject.trial
        units = last_units(trial, grids) if self.data is None else None  # a form that comes back has its own
        return laboratory_of(ranges_of(trial), self.latest.document, units)

    @cached_property
    def reason(self) -> ChangeReasonForm:
        return ChangeReasonForm(self.data)

    @property
    def confirmed_keys(self) -> list[str]:
        """The keys of the implausible values that were ticked as right."""
        return self.data.getlist(CONFIRM_NAME) if self.data is not None else []

    @property
    def check_reasons(self) -> dict[str, str]:
        """The reasons typed for what the checks ask, by key."""
        return posted_reasons(self.data)

    @property
    def is_untouched(self) -> bool:
        """True if nothing was entered, ticked or removed since the form was made."""
        if any(form.confirmed for form in self.form.parts) or self.form.is_touched or self.reason.is_touched:
            return False
        return self.says_no_more_than(self.form.shown)

    def is_saved_in(self, revision: Revision) -> bool:
        """Return whether the section was saved since the form was made, and `revision` says what the form says."""
        if not self.was_saved_between(self.base.shown, revision):
            return False
        prior = carry_forward(self.visit, self.section, revision.document)
        return self.says_no_more_than(with_carried(revision.document, prior.carried))

    def says_no_more_than(self, document: Mapping[str, Any]) -> bool:
        """Return whether the document has all that is entered; in which order a history has it says nothing."""
        known = {key: value for key, value in document.items() if value not in (None, "unknown")}
        entered = replace_section(known, self.section, self.form.entered_document)
        return not changes(in_order(self.section, known), in_order(self.section, entered))

    def was_saved_between(self, earlier: Revision, later: Revision) -> bool:
        if earlier == later:
            return False
        before, now = (section_part(each.document, self.section) for each in (earlier, later))
        return bool(changes(before, now))

    @cached_property
    def preview_document(self) -> PreviewDocument | None:
        part = section_part(self.latest.document, self.section) if self.data is None else self.form.document
        document = replace_section(self.latest.document, self.section, part)
        unclear = [path for path, _problem in self.form.unit_questions()]
        return build_preview_document(self.protocol.vocabulary, document, self.latest.document, unclear)

    def place_of(self, path: str) -> FormPlace:
        return form_place(self.protocol.vocabulary, path, self.latest.document)

    def label_of(self, path: str) -> str:
        return self.place_of(path).label


def in_order(section: Section, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with the entries of a history in the order of their conditions."""
    lists = [part.key for part in section.parts if isinstance(part, Checklist)]
    found = {key: document[key] for key in lists if isinstance(document.get(key), list)}
    return {**document, **{key: sorted(entries, key=record_code) for key, entries in found.items()}}
