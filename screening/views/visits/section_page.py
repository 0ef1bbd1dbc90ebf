"""What the page of a section is made of: the form, what it builds on, and what the visit would come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from criteria.evaluation.protocol import Protocol
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Section
from criteria.vocabulary.edit_checks import Doubt, doubts
from criteria.vocabulary.parts import Results
from screening.crf import Problem, SectionForm
from screening.crf.change_reason import ReasonForm
from screening.crf.laboratory import Laboratory, laboratory_of
from screening.crf.question import CONFIRM
from screening.crf.rows import whole
from screening.models import Draft, Revision, Standing, Visit
from screening.views.cards.completeness import Step, steps
from screening.views.shared.lookup import latest_of, revision_or_404, section_or_404
from screening.views.visits.merge import Merge
from screening.views.visits.preview_document import Candidate, readable
from screening.views.visits.preview_panel import Panel, panel_of
from screening.visits.applicable_version import version_of
from screening.visits.carry_forward import carried_part
from screening.visits.diff import changes
from screening.visits.diff_text import Difference
from screening.visits.drafts import drafts_of_others
from screening.visits.edit_checks import unconfirmed
from screening.visits.labels import place_of
from screening.visits.sections import replaced, section_part


class Base(NamedTuple):
    """`seen` is the revision on which a save builds. The form was made from `shown`, an older one while two people's
    entries are being merged."""

    seen: Revision
    shown: Revision


@dataclass
class SectionPage:
    """One section of a visit, as `author` has it on the screen; `data` is None while nothing was typed."""

    visit: Visit
    author: User
    protocol: Protocol
    section: Section
    latest: Revision
    base: Base
    data: QueryDict | None
    draft: Draft | None = None
    merge: Merge | None = None
    corrections: list[Difference] = field(default_factory=list)
    asked_back: tuple[Doubt, ...] = ()
    restored: bool = False
    of_another: bool = False
    status: int = 200

    @cached_property
    def form(self) -> SectionForm:
        document = self.base.shown.document
        carried = carried_part(self.visit, self.section, document)
        return SectionForm(self.section, document, self.data, carried=carried, laboratory=self.laboratory)

    @cached_property
    def laboratory(self) -> Laboratory:
        if not any(isinstance(part, Results) for part in self.section.parts):
            return Laboratory()
        return laboratory_of(self.visit.subject.trial, self.latest.document)

    @cached_property
    def reason(self) -> ReasonForm:
        return ReasonForm(self.data)

    @property
    def confirmed(self) -> list[str]:
        """The keys of the implausible values that were ticked as right."""
        return self.data.getlist(CONFIRM) if self.data is not None else []

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed, ticked or taken away since the form was made."""
        if any(form.confirmed for form in self.form.parts) or self.form.is_touched or self.reason.is_touched:
            return False
        return self.says_no_more_than(self.form.shown)

    def is_saved_in(self, revision: Revision) -> bool:
        """Whether this section was saved since the form was made, and says in that revision what the form says."""
        if not self.was_saved_between(self.base.shown, revision):
            return False
        carried = carried_part(self.visit, self.section, revision.document)
        return self.says_no_more_than({**revision.document, **carried})

    def says_no_more_than(self, document: Mapping[str, Any]) -> bool:
        known = {key: value for key, value in document.items() if value not in (None, "unknown")}
        return not changes(known, replaced(known, self.section, self.form.typed))

    @property
    def saved_number(self) -> int:
        """The revision that says what the form says, where there is no draft."""
        return (self.latest if self.is_saved_in(self.latest) else self.base.seen).number

    @property
    def links_histories(self) -> bool:
        """Only on the latest revision: the history of a record goes by its place there."""
        return self.base.shown.number == self.latest.number

    @property
    def saved_meanwhile(self) -> bool:
        """Whether somebody saved this section after the form was made."""
        return self.was_saved_between(self.base.seen, self.latest)

    def was_saved_between(self, earlier: Revision, later: Revision) -> bool:
        if earlier == later:
            return False
        before, now = (section_part(each.document, self.section) for each in (earlier, later))
        return bool(changes(before, now))

    @cached_property
    def candidate(self) -> Candidate | None:
        part = section_part(self.latest.document, self.section) if self.data is None else self.form.document
        document = replaced(self.latest.document, self.section, part)
        unclear = [path for path, _problem in self.form.unit_questions()]
        return readable(self.protocol.vocabulary, document, self.latest.document, unclear)

    @cached_property
    def unreadable(self) -> list[Problem]:
        """What was typed and cannot be read, or not yet."""
        faults = self.candidate.faults if self.candidate else self.protocol.validate(self.latest.document)
        problems = [self.form.problem(fault, self.label_of) for fault in faults]
        return list(dict.fromkeys([*(problem for _path, problem in self.form.unit_questions()), *problems]))

    def label_of(self, path: str) -> str:
        return place_of(self.protocol.vocabulary, path, self.latest.document).label

    def ask_back(self) -> None:
        """Shows each implausible value of this section that nobody confirmed yet beside its input."""
        if self.candidate is None:
            return
        found = unconfirmed(self.visit, self.section, doubts(self.protocol.vocabulary, self.candidate.document))
        typed = [doubt._replace(path=self.candidate.path_as_typed(doubt.path)) for doubt in found]
        self.form.ask_back(typed, self.confirmed)

    @property
    def open_doubts(self) -> list[tuple[Doubt, str]]:
        """The implausible values that a save waits for, each with its place on the page, empty where it has none."""
        return [(doubt, self.form.asked_at.get(doubt.key, "")) for doubt in self.asked_back]

    @cached_property
    def panel(self) -> Panel | None:
        saved = readable(self.protocol.vocabulary, self.latest.document, self.latest.document)
        if self.candidate is None or saved is None:
            return None
        return panel_of(self.protocol, saved.document, self.candidate, self.form)

    @cached_property
    def decision(self) -> Standing | None:
        """What the investigator decided of this visit, and no longer will have once something is saved."""
        signed = Q(signature__isnull=False) | Q(closure__isnull=False) | ~Q(enrolment_number="")
        return Standing.objects.filter(signed, visit=self.visit).first()

    @cached_property
    def others(self) -> list[Draft]:
        return drafts_of_others(self.visit, self.section.code, self.author)

    @property
    def steps(self) -> list[Step]:
        return steps(self.protocol.vocabulary, self.latest, self.panel and self.panel.steps)

    @property
    def now(self) -> Any:
        return timezone.now()


def page_of(
    visit: Visit, code: str, author: User, data: QueryDict | None = None, draft: Draft | None = None
) -> SectionPage:
    """The section as it stands, or as `draft` has it, or as `data` was sent; 404 where there is no such section or
    revision."""
    latest = latest_of(visit)
    protocol = protocol_of(version_of(visit, latest.document))
    section = section_or_404(protocol.vocabulary, code)
    if draft:
        data = QueryDict(draft.data)
        shown = numbered(visit, str(draft.base), latest)
        base = Base(shown, shown)
    elif data is not None:
        seen = numbered(visit, str(data.get("base", "")), latest)
        base = Base(seen, numbered(visit, str(data["ancestor"]), latest) if "ancestor" in data else seen)
    else:
        base = Base(latest, latest)
    return SectionPage(visit, author, protocol, section, latest, base, data, draft, restored=draft is not None)


def numbered(visit: Visit, text: str, latest: Revision) -> Revision:
    number = whole(text)
    return latest if number == latest.number else revision_or_404(visit, number or 0)
