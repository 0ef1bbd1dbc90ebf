"""Saving of a section: its result, and what the page asks for if nothing was saved."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from criteria.vocabulary.edit_checks import EditCheck
from screening.audit.refusals import refusals_on_record
from screening.crf import SectionProblem
from screening.exceptions import Stale, Unanswered
from screening.models import Revision
from screening.shared.diff import Change
from screening.views.visits.merge import merge_section
from screening.views.visits.section_entry import RevisionBase
from screening.views.visits.section_page import SectionPage
from screening.visits.diff_text import change_texts
from screening.visits.edit_checks import record_edit_check_queries
from screening.visits.labels import form_place
from screening.visits.save import save_section
from screening.visits.sections import replace_section

SECTION_VIEW_NAME = "screening:section"


def save_section_page(page: SectionPage) -> Revision | None:
    """Save the section and return the latest revision; None if nothing was saved, and the page says why."""
    page.status = HTTPStatus.UNPROCESSABLE_ENTITY
    part = part_to_save(page) if page.reason.is_valid() and is_unambiguous(page) else None
    if part is None:
        return None
    try:
        with refusals_on_record(page.author, SECTION_VIEW_NAME, page.visit):
            return save_section(
                page.visit,
                page.section.code,
                part,
                page.base.seen.number,
                page.author,
                page.reason.reason_text,
                page.confirmed_keys,
                page.check_reasons,
            )
    except BadDocument as bad:
        show_faults(page, bad.faults, part)
    except Unanswered as unanswered:
        ask_confirmation(page, unanswered.edit_checks, unanswered.changes, part)
    except Stale as stale:
        page.latest, page.base = stale.latest, RevisionBase(stale.latest, page.base.shown)
        part_to_save(page)
    except Refused as refused:
        page.form.problems.append(SectionProblem(str(page.visit), refused.message, ""))
    return None


def is_unambiguous(page: SectionPage) -> bool:
    """Return whether the form has one meaning: no number has two, no unconfirmed part was changed."""
    unclear = [problem for _path, problem in page.form.unit_questions()]
    message = _("changed here, but not confirmed: tick that what stands here is right")
    changed = [form for form in page.form.waiting if form.is_changed]
    unclear += [SectionProblem(form.waiting_title, message, f"at-{form.confirm_name}") for form in changed]
    if unclear:
        page.form.problems = unclear
        page.form.refuse(page.preview_document.faults if page.preview_document else (), page.label_of)
    return not unclear


def part_to_save(page: SectionPage) -> dict[str, Any] | None:
    """Return the entered part, merged with what somebody saved meanwhile; None while a choice is open."""
    if page.base.seen == page.base.shown:
        return page.form.document
    documents = page.base.shown.document, page.base.seen.document, page.form.document
    given = {name: value for name, value in (page.data or {}).items() if isinstance(value, str)}
    page.merge = merge_section(page.protocol.vocabulary, page.section, *documents, given)
    if page.merge.part is None:
        page.status = HTTPStatus.CONFLICT
    return page.merge.part


def show_faults(page: SectionPage, faults: Iterable[Fault], part: dict[str, Any]) -> None:
    """Show the faults of the part that was to be saved.

    If it was merged from two people's entries, a fault has no certain place in the form of one of them, and is shown
    without an anchor.
    """
    if page.merge is None:
        page.form.refuse(faults, page.label_of)
        return
    for path, message in faults:
        page.form.problems.append(SectionProblem(form_place(page.protocol.vocabulary, path, part).label, message, ""))


def ask_confirmation(
    page: SectionPage, checks: tuple[EditCheck, ...], changes: tuple[Change, ...], part: dict[str, Any]
) -> None:
    before = page.base.seen.document
    page.unanswered_checks = checks
    page.corrections = change_texts(
        page.protocol.vocabulary, changes, replace_section(before, page.section, part), before
    )
    if checks:
        record_edit_check_queries(page.visit, page.section, checks, page.author)
    if changes:
        page.reason.add_error("reason", _("This changes what was saved before: say why."))
