"""The page of a section: beside the entry its edit checks, the preview panel, the drafts of others, the progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone

from criteria.evaluation.served import criteria_served
from criteria.versions.versions import protocol_of
from criteria.vocabulary.edit_checks import EditCheck
from screening.crf import SectionProblem
from screening.crf.rows import whole_number
from screening.crf.section import VISIT
from screening.crf.served import show_served
from screening.models import Draft, Revision, SubjectStatus, Visit
from screening.views.cards.completeness import SectionProgress, visit_progress
from screening.views.shared.lookup import latest_revision_of, revision_or_404, section_or_404
from screening.views.visits.edit_check_prompt import EditCheckPrompt, edit_check_prompt
from screening.views.visits.merge import SectionMerge
from screening.views.visits.preview_document import build_preview_document
from screening.views.visits.preview_panel import PreviewPanel, preview_panel_of
from screening.views.visits.section_entry import RevisionBase, SectionEntry
from screening.visits.applicable_version import applicable_version
from screening.visits.consent import CONSENT, RECONSENTS, ConsentForms, consent_forms_of
from screening.visits.diff_text import ChangeText
from screening.visits.drafts import drafts_of_others
from screening.visits.edit_checks import entered_checks, unconfirmed_checks
from screening.visits.sections import section_part

CONSENT_VERSIONS = "consent-versions"  # the id of the list that is offered


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
    version_pk: int = 0

    @property
    def visit_day(self) -> str:
        """The day of the visit, which = enters into an empty date; empty in the section that asks it."""
        return "" if VISIT in self.section.keys else str(self.latest.document[VISIT].get("date", ""))

    @property
    def saved_number(self) -> int:
        """The number of the revision that says what the form says, for a form without a draft."""
        return (self.latest if self.is_saved_in(self.latest) else self.base.seen).number

    @property
    def following(self) -> str:
        """The code of the section after this one; empty after the last."""
        codes = [section.code for section in self.protocol.vocabulary.sections]
        return next(iter(codes[codes.index(self.section.code) + 1 :]), "")

    @property
    def goes_on(self) -> bool:
        """True where a refused save was to lead to the next section: so does the one that Enter sends after it."""
        return self.data is not None and "next" in self.data

    @property
    def asks_reason(self) -> bool:
        """False where nothing of this section was saved, so that no entry can change it."""
        return bool(section_part(self.latest.document, self.section)) or self.reason.is_touched

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
        """Show each edit check of this section that nobody has confirmed yet beside its inputs."""
        self.form.show_edit_checks(self.raised_checks, self.confirmed_keys)

    def show_served(self) -> None:
        """Show beside each question the criteria that it serves."""
        show_served(self.form.parts, criteria_served(self.protocol))

    @cached_property
    def raised_checks(self) -> list[EditCheck]:
        """The edit checks that concern what was typed here, by the paths that it has in the form."""
        if self.preview_document is None:
            return []
        candidate = self.preview_document
        found = unconfirmed_checks(
            self.visit,
            self.section,
            entered_checks(
                self.visit.subject.trial,
                self.protocol,
                candidate.document,
                self.latest.document,
                self.section.keys,
                self.consent_forms,
            ),
        )
        return [
            each._replace(
                path=candidate.entered_path(each.path), paths=tuple(map(candidate.entered_path, each.all_paths))
            )
            for each in found
        ]

    @property
    def open_edit_checks(self) -> list[tuple[EditCheck, str]]:
        """The implausible values that a save waits for, each with its anchor on the page, empty if it has none."""
        values = (each for each in self.unanswered_checks if not each.needs_reason)
        return [(each, self.form.asked_at.get(each.key, "")) for each in values]

    @property
    def asked_checks(self) -> list[EditCheckPrompt]:
        """The checks between answers that a save waits for, each with the inputs that it concerns."""
        return [self.edit_check_prompt(each) for each in self.unanswered_checks if each.needs_reason]

    @property
    def live_checks(self) -> list[EditCheckPrompt]:
        """The checks between answers that what is typed raises."""
        return [self.edit_check_prompt(each) for each in self.raised_checks if each.needs_reason]

    def edit_check_prompt(self, check: EditCheck) -> EditCheckPrompt:
        return edit_check_prompt(check, self.form, self.check_reasons, self.place_of)

    @cached_property
    def preview_panel(self) -> PreviewPanel | None:
        saved = build_preview_document(self.protocol.vocabulary, self.latest.document, self.latest.document)
        if self.preview_document is None or saved is None:
            return None
        return preview_panel_of(self.protocol, saved.document, self.preview_document, self.form)

    @cached_property
    def consent_forms(self) -> ConsentForms | None:
        """The approved versions of the consent form, where this section asks for the consent."""
        return consent_forms_of(self.visit.subject.trial) if CONSENT in self.section.keys else None

    def offer_consent_versions(self) -> None:
        """Offer the approved versions at each input of a consent's version."""
        for part in self.form.parts if self.consent_forms and self.consent_forms.approved_versions else ():
            for form in part.forms if part.part.key in (CONSENT, RECONSENTS) else ():
                if "version" in form.fields:
                    form.fields["version"].widget.attrs.update(list=CONSENT_VERSIONS, autocomplete="on")

    @cached_property
    def decision(self) -> SubjectStatus | None:
        """The subject status if the investigator has decided on this visit.

        The next save makes a signature void; a closed case stays closed.
        """
        status: SubjectStatus | None = getattr(self.visit, "status", None)
        is_decided = status and (status.signature_id or status.closure_id or status.enrolment_number)
        return status if is_decided else None

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
    version = applicable_version(visit, latest.document)
    protocol = protocol_of(version)
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
    restored = draft is not None
    return SectionPage(
        visit, author, protocol, section, latest, base, data, draft, restored=restored, version_pk=version.pk
    )


def revision_by_number(visit: Visit, text: str, latest: Revision) -> Revision:
    number = whole_number(text)
    return latest if number == latest.number else revision_or_404(visit, number or 0)
