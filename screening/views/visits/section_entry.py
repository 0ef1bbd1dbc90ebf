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
from criteria.vocabulary.parts import Results
from screening.crf import SectionForm
from screening.crf.change_reason import ChangeReasonForm
from screening.crf.laboratory import Laboratory, laboratory_of
from screening.crf.question import CONFIRM_NAME
from screening.models import Revision, Visit
from screening.shared.diff import changes
from screening.views.visits.preview_document import PreviewDocument, build_preview_document
from screening.visits.carry_forward import carry_forward
from screening.visits.labels import form_place
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
        carried = carry_forward(self.visit, self.section, document)
        return SectionForm(self.section, document, self.data, carried=carried, laboratory=self.laboratory)

    @cached_property
    def laboratory(self) -> Laboratory:
        if not any(isinstance(part, Results) for part in self.section.parts):
            return Laboratory()
        return laboratory_of(self.visit.subject.trial, self.latest.document)

    @cached_property
    def reason(self) -> ChangeReasonForm:
        return ChangeReasonForm(self.data)

    @property
    def confirmed_keys(self) -> list[str]:
        """The keys of the implausible values that were ticked as right."""
        return self.data.getlist(CONFIRM_NAME) if self.data is not None else []

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
        carried = carry_forward(self.visit, self.section, revision.document)
        return self.says_no_more_than({**revision.document, **carried})

    def says_no_more_than(self, document: Mapping[str, Any]) -> bool:
        known = {key: value for key, value in document.items() if value not in (None, "unknown")}
        return not changes(known, replace_section(known, self.section, self.form.entered_document))

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

    def label_of(self, path: str) -> str:
        return form_place(self.protocol.vocabulary, path, self.latest.document).label
