"""The page of a section: beside the entry its edit checks, the preview panel, the drafts of others, the progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from criteria.versions.versions import protocol_of
from criteria.vocabulary.edit_checks import EditCheck, edit_checks
from screening.crf import SectionProblem
from screening.crf.rows import whole_number
from screening.models import Draft, Revision, SubjectStatus, Visit
from screening.views.cards.completeness import SectionProgress, visit_progress
from screening.views.shared.lookup import latest_revision_of, revision_or_404, section_or_404
from screening.views.visits.merge import SectionMerge
from screening.views.visits.preview_document import build_preview_document
from screening.views.visits.preview_panel import PreviewPanel, preview_panel_of
from screening.views.visits.section_entry import RevisionBase, SectionEntry
from screening.visits.applicable_version import applicable_version
from screening.visits.diff_text import ChangeText
from screening.visits.drafts import drafts_of_others
from screening.visits.edit_checks import unconfirmed_checks


@dataclass
class SectionPage(SectionEntry):
    """One section of a visit, as `author` has it on the screen."""

    draft: Draft | None = None
    merge: SectionMerge | None = None
    corrections: list[ChangeText] = field(default_factory=list)
    unanswered_checks: tuple[EditCheck, ...] = ()
    restored: bool = False
    of_another: bool = False
    status: int = 200

    @property
    def saved_number(self) -> int:
        """The number of the revision that says what the form says, for a form without a draft."""
        return (self.latest if self.is_saved_in(self.latest) else self.base.seen).number

    @property
    def links_histories(self) -> bool:
        """True only on the latest revision: the history of a record is found by its place there."""
        return self.base.shown.number == self.latest.number

    @property
    def saved_meanwhile(self) -> bool:
        """True if somebody saved this section after the form was made."""
        return self.was_saved_between(self.base.seen, self.latest)

    @cached_property
    def unreadable(self) -> list[SectionProblem]:
        """The problems of entered values that cannot be read, or not yet."""
        faults = self.preview_document.faults if self.preview_document else self.protocol.validate(self.latest.document)
        problems = [self.form.problem(fault, self.label_of) for fault in faults]
        return list(dict.fromkeys([*(problem for _path, problem in self.form.unit_questions()), *problems]))

    def show_edit_checks(self) -> None:
        """Show each implausible value of this section that nobody has confirmed yet beside its input."""
        if self.preview_document is None:
            return
        found = unconfirmed_checks(
            self.visit, self.section, edit_checks(self.protocol.vocabulary, self.preview_document.document)
        )
        typed = [doubt._replace(path=self.preview_document.entered_path(doubt.path)) for doubt in found]
        self.form.show_edit_checks(typed, self.confirmed_keys)

    @property
    def open_edit_checks(self) -> list[tuple[EditCheck, str]]:
        """The implausible values that a save waits for, each with its anchor on the page, empty if it has none."""
        return [(doubt, self.form.asked_at.get(doubt.key, "")) for doubt in self.unanswered_checks]

    @cached_property
    def preview_panel(self) -> PreviewPanel | None:
        saved = build_preview_document(self.protocol.vocabulary, self.latest.document, self.latest.document)
        if self.preview_document is None or saved is None:
            return None
        return preview_panel_of(self.protocol, saved.document, self.preview_document, self.form)

    @cached_property
    def decision(self) -> SubjectStatus | None:
        """The subject status if the investigator has decided on this visit; the next save ends that decision."""
        signed = Q(signature__isnull=False) | Q(closure__isnull=False) | ~Q(enrolment_number="")
        return SubjectStatus.objects.filter(signed, visit=self.visit).first()

    @cached_property
    def other_drafts(self) -> list[Draft]:
        return drafts_of_others(self.visit, self.section.code, self.author)

    @property
    def steps(self) -> list[SectionProgress]:
        return visit_progress(self.protocol.vocabulary, self.latest, self.preview_panel and self.preview_panel.steps)

    @property
    def now(self) -> Any:
        return timezone.now()


def build_section_page(
    visit: Visit, code: str, author: User, data: QueryDict | None = None, draft: Draft | None = None
) -> SectionPage:
    """Return the page of a section by its latest revision, by `draft`, or by the posted `data`.

    Raise Http404 if there is no such section or revision.
    """
    latest = latest_revision_of(visit)
    protocol = protocol_of(applicable_version(visit, latest.document))
    section = section_or_404(protocol.vocabulary, code)
    if draft:
        data = QueryDict(draft.data)
        shown = revision_by_number(visit, str(draft.base), latest)
        base = RevisionBase(shown, shown)
    elif data is not None:
        seen = revision_by_number(visit, str(data.get("base", "")), latest)
        base = RevisionBase(
            seen, revision_by_number(visit, str(data["ancestor"]), latest) if "ancestor" in data else seen
        )
    else:
        base = RevisionBase(latest, latest)
    return SectionPage(visit, author, protocol, section, latest, base, data, draft, restored=draft is not None)


def revision_by_number(visit: Visit, text: str, latest: Revision) -> Revision:
    number = whole_number(text)
    return latest if number == latest.number else revision_or_404(visit, number or 0)
