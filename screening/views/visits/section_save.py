"""Saving a section: what comes of it, and what the page asks where nothing was saved."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.edit_checks import Doubt
from screening.audit.refusals import refusals_on_record
from screening.crf import Problem
from screening.exceptions import Stale, Unanswered
from screening.models import Revision
from screening.views.visits.merge import merge
from screening.views.visits.section_page import Base, SectionPage
from screening.visits.diff import Change
from screening.visits.diff_text import differences
from screening.visits.edit_checks import record_prompts
from screening.visits.labels import place_of
from screening.visits.save import save_section
from screening.visits.sections import replaced

PLACE = "screening:section"


def saved(page: SectionPage) -> Revision | None:
    """The revision that now stands; None where nothing was saved, and the page says why."""
    page.status = HTTPStatus.UNPROCESSABLE_ENTITY
    part = part_to_save(page) if page.reason.is_valid() and is_clear(page) else None
    if part is None:
        return None
    try:
        with refusals_on_record(page.author, PLACE, page.visit):
            return save_section(
                page.visit,
                page.section.code,
                part,
                page.base.seen.number,
                page.author,
                page.reason.words,
                page.confirmed,
            )
    except BadDocument as bad:
        refuse(page, bad.faults, part)
    except Unanswered as unanswered:
        ask(page, unanswered.doubts, unanswered.changes, part)
    except Stale as stale:
        page.latest, page.base = stale.latest, Base(stale.latest, page.base.shown)
        part_to_save(page)
    return None


def is_clear(page: SectionPage) -> bool:
    """Whether it is certain what the form says: no number has two meanings, nothing was changed and not confirmed."""
    unclear = [problem for _path, problem in page.form.unit_questions()]
    message = _("changed here, but not confirmed: tick that what stands here is right")
    changed = [form for form in page.form.waiting if form.is_changed]
    unclear += [Problem(form.part.title, message, f"at-{form.confirm_name}") for form in changed]
    if unclear:
        page.form.problems = unclear
        page.form.refuse(page.candidate.faults if page.candidate else (), page.label_of)
    return not unclear


def part_to_save(page: SectionPage) -> dict[str, Any] | None:
    """What was typed, put together with what somebody saved meanwhile; None while it is not decided how."""
    if page.base.seen == page.base.shown:
        return page.form.document
    documents = page.base.shown.document, page.base.seen.document, page.form.document
    given = {name: value for name, value in (page.data or {}).items() if isinstance(value, str)}
    page.merge = merge(page.protocol.vocabulary, page.section, *documents, given)
    if page.merge.part is None:
        page.status = HTTPStatus.CONFLICT
    return page.merge.part


def refuse(page: SectionPage, faults: Iterable[Fault], part: dict[str, Any]) -> None:
    """Of what was put together of two people's entries, a fault has no certain place in the form of one."""
    if page.merge is None:
        page.form.refuse(faults, page.label_of)
        return
    for path, message in faults:
        page.form.problems.append(Problem(place_of(page.protocol.vocabulary, path, part).label, message, ""))


def ask(page: SectionPage, doubts: tuple[Doubt, ...], changes: tuple[Change, ...], part: dict[str, Any]) -> None:
    before = page.base.seen.document
    page.asked_back = doubts
    page.corrections = differences(page.protocol.vocabulary, changes, replaced(before, page.section, part), before)
    if doubts:
        record_prompts(page.visit, page.section, doubts, page.author)
    if changes:
        page.reason.add_error("reason", _("This changes what was saved before: say why."))
