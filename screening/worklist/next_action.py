"""The single next step for a subject as text, with the form field that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.missing import NextStep
from criteria.evaluation.needed import flat
from criteria.evaluation.outlook import Outlook
from criteria.evaluation.protocol import Protocol
from criteria.evaluation.remedy import Remedy
from criteria.vocabulary import Records
from screening.models import NEVER, Closure, LogDecision, Overall, Signature, SubjectStatus
from screening.signatures.seals import is_withdrawn
from screening.visits.applicable_version import visit_date
from screening.visits.labels import form_place, missing_answer_text, sentence_case
from screening.worklist.advice import advice_text, failed_text, names_text

# Of one revision under one version, the next action follows from these columns.
DECISIVE = ("assessment_id", "signature_id", "closure_id", "decision", "enrolment_number")


class NextAction(NamedTuple):
    """A next step; `section` and `anchor` are empty where no form has to be filled in.

    `day` is the one from which it can be done, where the text names one.
    """

    text: str
    section: str = ""
    anchor: str = ""
    day: date = NEVER


def next_action(
    row: SubjectStatus, unchanged: SubjectStatus | None, by_findings: Callable[[], NextAction], *, is_outdated: bool
) -> NextAction:
    """Return what a decision leaves to do or, where it leaves nothing, the next step by the findings.

    `unchanged` is the status before, where revision and applicable version are still the same.
    """
    if unchanged and all(getattr(unchanged, name) == getattr(row, name) for name in DECISIVE):
        return NextAction(unchanged.next_step, unchanged.next_section, unchanged.next_anchor, unchanged.next_day)
    if text := decided_action_text(row, outdated=is_outdated):
        return NextAction(text)
    step = by_findings()
    if row.voided and (last := last_signature(row)):
        withdrawn, void = _("Signature withdrawn. %(next)s"), _("Confirmed before, signature no longer valid. %(next)s")
        return step._replace(text=(withdrawn if is_withdrawn(last) else void) % {"next": step.text})
    return step


def last_signature(row: SubjectStatus) -> Signature | None:
    """Return the last signature on a finding of the visit; a case that was closed is no finding."""
    found = Signature.objects.filter(assessment__revision__visit=row.visit_id).select_related("withdrawal")
    return found.order_by("-pk").first()


def decided_action_text(row: SubjectStatus, *, outdated: bool) -> str:
    """Return what is left to do after a decision; empty where the findings say it.

    `outdated`: another protocol version applies to the visit than the one it was assessed by.
    """
    if row.enrolment_number:
        return enrolled_action_text(row)
    match row.decision:
        case LogDecision.ELIGIBLE | "" if outdated and row.overall:
            return last_step_text(assessed=False)
        case "" if row.voided and row.changed_since:
            return _("Signature no longer valid: assess again")
        case LogDecision.ELIGIBLE:
            return _("Confirmed eligible: enrol")
        case LogDecision.FAILURE:
            return _("Nothing: confirmed screen failure")
        case LogDecision.NOT_ENROLLED if row.closure:
            return closed_action_text(row, row.closure)
        case LogDecision.RETURNED:
            return _("Sent back by the investigator")
    return ""


def closed_action_text(row: SubjectStatus, closure: Closure) -> str:
    words = {"reason": closure.get_reason_display()}
    if closure.revision_id != row.revision_id:
        return _("Nothing: not enrolled (%(reason)s); corrected since, stays closed") % words
    return _("Nothing: not enrolled (%(reason)s)") % words


def enrolled_action_text(row: SubjectStatus) -> str:
    """Return the next action of an enrolled subject, who stays enrolled whatever is found later."""
    words = {"number": row.enrolment_number, "finding": row.get_overall_display()}
    if row.overall and row.overall != Overall.ELIGIBLE:
        return _("Enrolled: %(number)s; status %(finding)s since: report the deviation") % words
    if row.voided:
        return _("Enrolled: %(number)s; changed since: assess and sign again") % words
    return _("Enrolled: %(number)s") % words


def next_step(protocol: Protocol, document: Mapping[str, Any], outlook: Outlook, *, assessed: bool) -> NextAction:
    """Return the first applicable step: a failure for the investigator, one with a remedy, a missing fact, to assess.

    Among several failures, those for good come first, then those about which nothing is to be done, then one about
    which something can be done, then the one with the longest wait: an earlier day would still fail.
    """
    if outlook.final:
        return NextAction(final_failure_text(outlook.final, assessed=assessed))
    if outlook.stands:
        return NextAction(standing_failure_text(outlook, assessed=assessed))
    for found in outlook.remedies.values():
        if found.advice:
            text = f"{advice_text(found.advice)} ({found.code})"
            every = list(flat(found.advice))
            day = min((each.collected_from for each in every if each.collected_from), default=NEVER)
            return step_at(protocol, document, every[0].path, text)._replace(day=day)
    if outlook.remedies:
        longest = max(outlook.remedies.values(), key=wait_end)
        return NextAction(wait_text(longest), day=longest.clear_from or longest.visit_from or NEVER)
    if outlook.steps:
        return collect_step(protocol, document, outlook.steps[0])
    return NextAction(last_step_text(assessed=assessed))


def last_step_text(*, assessed: bool) -> str:
    """Return the next step once everything is known and nothing fails."""
    return _("Ready for the investigator") if assessed else _("Assess")


def final_failure_text(codes: tuple[str, ...], *, assessed: bool) -> str:
    """Return the next step after a final failure, for which no more data need be collected.

    Only an assessed visit goes to the investigator; otherwise the step is to assess it.
    """
    if assessed:
        text = _("Cannot become eligible by waiting (%(codes)s). Check the entries, then confirm the screen failure")
    else:
        text = _("Cannot become eligible by waiting (%(codes)s). Check the entries, then assess")
    return text % {"codes": names_text(codes)}


def standing_failure_text(outlook: Outlook, *, assessed: bool) -> str:
    """Return the next step after a failure that may change, but about which nothing is to be done."""
    text = (
        _("Investigator: confirm the screen failure, or keep the case open (%(outcomes)s)")
        if assessed
        else _("Assess: %(outcomes)s")
    )
    return text % {"outcomes": failed_text(outlook, outlook.stands)}


def step_at(protocol: Protocol, document: Mapping[str, Any], path: str, text: str) -> NextAction:
    place = form_place(protocol.vocabulary, path, document)
    return NextAction(text, place.section, place.anchor)


def wait_end(prospect: Remedy) -> date:
    return prospect.clear_from or prospect.visit_from or date.max


def wait_text(prospect: Remedy) -> str:
    text = waiting_text(prospect)
    return _("%(what)s, not yet known then") % {"what": text} if prospect.missing else text


def waiting_text(prospect: Remedy) -> str:
    if prospect.clear_from:
        return _("Plan the first dose %(days)s (%(code)s)") % {"code": prospect.code, "days": clear_days_text(prospect)}
    if prospect.visit_from:
        return _("Plan a visit from %(day)s (%(code)s)") % {
            "code": prospect.code,
            "day": prospect.visit_from.isoformat(),
        }
    return _("Check the dates: %(code)s needs a later visit or planned first dose") % {"code": prospect.code}


def clear_days_text(prospect: Remedy) -> str:
    first, last = prospect.clear_from, prospect.clear_until
    words = {"first": first.isoformat() if first else "", "last": last.isoformat() if last else ""}
    if first == last:
        return _("on %(first)s") % words
    return (_("from %(first)s to %(last)s") if last else _("from %(first)s")) % words


def collect_step(protocol: Protocol, document: Mapping[str, Any], step: NextStep) -> NextAction:
    """Return the step that collects a missing fact.

    Where a day has to be waited for, the text begins with it; a day not later than the visit is not mentioned.
    """
    codes = names_text([*step.settles, *step.helps])
    seen = visit_date(document)
    if step.not_before and seen and step.not_before > seen:
        label = label_of(protocol, document, step.path)
        words = {"label": label, "question": step.question, "day": step.not_before.isoformat(), "codes": codes}
        text = (
            _("From %(day)s: %(question)s (%(codes)s)")
            if step.question
            else _("Obtain %(label)s from %(day)s (%(codes)s)")
        )
        return step_at(protocol, document, step.path, text % words)._replace(day=step.not_before)
    text = sentence_case(step.question) if step.question else to_enter(protocol, document, step.path)
    return step_at(protocol, document, step.path, f"{text} ({codes})")


def to_enter(protocol: Protocol, document: Mapping[str, Any], path: str) -> str:
    place = form_place(protocol.vocabulary, path, document)
    return missing_answer_text(protocol.vocabulary, path, place, document, label_of(protocol, document, path))


def label_of(protocol: Protocol, document: Mapping[str, Any], path: str) -> str:
    fact, part = protocol.schema.facts.get(path), protocol.vocabulary.parts.get(path)
    if isinstance(part, Records):
        return part.item
    return fact.label if fact else form_place(protocol.vocabulary, path, document).label
