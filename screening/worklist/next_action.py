"""The single next step for a subject as text, with the form field that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _, ngettext

from criteria.evaluation.missing import NextStep
from criteria.evaluation.outlook import Outlook
from criteria.evaluation.protocol import Finding, Protocol, passing_truth
from criteria.evaluation.remedy import Remedy
from criteria.rules import nodes as n
from criteria.rules.dates import first_clear_day, single_day
from criteria.rules.decisive import DecisiveLeaf, decisive_leaves
from criteria.rules.facts import Facts
from criteria.rules.truth import FALSE
from criteria.vocabulary import Records, Results
from criteria.vocabulary.links import VISIT_DATE
from screening.models import LogDecision, Overall, Signature, SubjectStatus
from screening.visits.applicable_version import visit_date
from screening.visits.labels import STEP, form_place, sentence_case

MOST_NAMED = 3
# Of one revision under one version, the next action follows from these columns.
DECISIVE = ("assessment_id", "signature_id", "closure_id", "decision", "enrolment_number")


class NextAction(NamedTuple):
    """A next step; `section` and `anchor` are empty where no form has to be filled in."""

    text: str
    section: str = ""
    anchor: str = ""


class Anchor(NamedTuple):
    """A sample or the visit that would be acceptable from `day` on.

    `result` is the path of the result of the sample; empty for the visit.
    """

    result: str
    label: str
    day: date


def next_action(
    row: SubjectStatus, unchanged: SubjectStatus | None, by_findings: Callable[[], NextAction], *, is_outdated: bool
) -> NextAction:
    """Return what a decision leaves to do or, where it leaves nothing, the next step by the findings.

    `unchanged` is the status before, where revision and applicable version are still the same.
    """
    if unchanged and all(getattr(unchanged, name) == getattr(row, name) for name in DECISIVE):
        return NextAction(unchanged.next_step, unchanged.next_section, unchanged.next_anchor)
    if text := decided_action_text(row, outdated=is_outdated):
        return NextAction(text)
    step = by_findings()
    if row.voided and was_confirmed(row):
        return step._replace(text=_("Confirmed before, signature void. %(next)s") % {"next": step.text})
    return step


def was_confirmed(row: SubjectStatus) -> bool:
    """Whether a finding of the visit was ever signed; a case that was closed is no finding."""
    return Signature.objects.filter(assessment__revision__visit=row.visit_id).exists()


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
            return _("Signature void: assess anew")
        case LogDecision.ELIGIBLE:
            return _("Confirmed eligible: enrol")
        case LogDecision.FAILURE:
            return _("Nothing: confirmed screen failure")
        case LogDecision.NOT_ENROLLED if row.closure:
            return _("Nothing: not enrolled (%(reason)s)") % {"reason": row.closure.get_reason_display()}
        case LogDecision.RETURNED:
            return _("Sent back by the investigator")
    return ""


def enrolled_action_text(row: SubjectStatus) -> str:
    """Return the next action of an enrolled subject, who stays enrolled whatever is found later."""
    words = {"number": row.enrolment_number, "finding": row.get_overall_display()}
    if row.overall and row.overall != Overall.ELIGIBLE:
        return _("Enrolled: %(number)s; found %(finding)s since: report the deviation") % words
    if row.voided:
        return _("Enrolled: %(number)s; changed since: assess and sign anew") % words
    return _("Enrolled: %(number)s") % words


def next_step(protocol: Protocol, document: Mapping[str, Any], outlook: Outlook, *, assessed: bool) -> NextAction:
    """Return the first applicable step: a final failure, one with a remedy, a missing fact, the assessment.

    Among several failures, one that can be remedied by a repeat comes first, then the one with the longest
    wait: an earlier first dose would still fail.
    """
    if outlook.final:
        return NextAction(final_failure_text(outlook.final, assessed=assessed))
    failing = {finding.criterion.code: finding for finding in outlook.findings if finding.outcome == "fail"}
    repeats = [found for found in outlook.remedies.values() if found.remedy == "repeat"]
    waits = [found for found in outlook.remedies.values() if found.clear_from]
    if repeats:
        return repeat_step(protocol, document, repeats[0], failing[repeats[0].code])
    if waits:
        return wait_step(protocol, document, max(waits, key=lambda found: found.clear_from or date.min))
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
        text = ngettext("Nothing: %(codes)s fails for good", "Nothing: %(codes)s fail for good", len(codes))
    else:
        text = ngettext("Assess: %(codes)s fails for good", "Assess: %(codes)s fail for good", len(codes))
    return text % {"codes": names_text(codes)}


def names_text(names: Iterable[str]) -> str:
    every = list(dict.fromkeys(names))
    return ", ".join(every[:MOST_NAMED]) + (" …" if len(every) > MOST_NAMED else "")


def step_at(protocol: Protocol, document: Mapping[str, Any], path: str, text: str) -> NextAction:
    place = form_place(protocol.vocabulary, path, document)
    return NextAction(text, place.section, place.anchor)


def wait_step(protocol: Protocol, document: Mapping[str, Any], prospect: Remedy) -> NextAction:
    return NextAction(_("%(code)s: first dose %(days)s") % {"code": prospect.code, "days": clear_days_text(prospect)})


def clear_days_text(prospect: Remedy) -> str:
    first, last = prospect.clear_from, prospect.clear_until
    words = {"first": first.isoformat() if first else "", "last": last.isoformat() if last else ""}
    if first == last:
        return _("on %(first)s") % words
    return (_("from %(first)s to %(last)s") if last else _("from %(first)s")) % words


def collect_step(protocol: Protocol, document: Mapping[str, Any], step: NextStep) -> NextAction:
    """Return the step that collects a missing fact.

    Where a day has to be waited for, the text gives that day instead of the question; a day not later than the
    visit is not mentioned.
    """
    codes = names_text([*step.settles, *step.helps])
    seen = visit_date(document)
    if step.not_before and seen and step.not_before > seen:
        words = {"label": label_of(protocol, document, step.path), "day": step.not_before.isoformat(), "codes": codes}
        return step_at(protocol, document, step.path, _("%(label)s from %(day)s (%(codes)s)") % words)
    label = sentence_case(step.question) if step.question else label_of(protocol, document, step.path)
    return step_at(protocol, document, step.path, f"{label} ({codes})")


def label_of(protocol: Protocol, document: Mapping[str, Any], path: str) -> str:
    fact, part = protocol.schema.facts.get(path), protocol.vocabulary.parts.get(path)
    if isinstance(part, Records):
        return sentence_case(part.item)
    return sentence_case(fact.label) if fact else form_place(protocol.vocabulary, path, document).label


def repeat_step(protocol: Protocol, document: Mapping[str, Any], prospect: Remedy, finding: Finding) -> NextAction:
    leaves = list(decisive_leaves(protocol.explainer.leaves, finding.condition, passing_truth(finding)))
    clear = list(clear_anchors(protocol, leaves))
    if samples := [anchor for anchor in clear if anchor.result]:
        labels, day = names_text(anchor.label for anchor in samples), last_day(samples).isoformat()
        words = {"labels": labels, "day": day, "code": prospect.code}
        text = _("Repeat: %(labels)s, collected from %(day)s (%(code)s)") % words
        return step_at(protocol, document, samples[0].result, text)
    if clear and not fails_at_a_visit_on(protocol, document, finding, last_day(clear)):
        return NextAction(
            _("%(code)s: visit from %(day)s") % {"code": prospect.code, "day": last_day(clear).isoformat()}
        )
    path = next((path_of(protocol, leaf) for leaf in leaves if leaf.label in prospect.about[:1]), "")
    is_result = isinstance(protocol.vocabulary.parts.get((STEP.findall(path) or [""])[0]), Results)
    text = _("Repeat: %(labels)s (%(code)s)") if is_result else _("Ask again: %(labels)s (%(code)s)")
    return step_at(protocol, document, path, text % {"labels": names_text(prospect.about), "code": prospect.code})


def last_day(anchors: Iterable[Anchor]) -> date:
    return max(anchor.day for anchor in anchors)


def fails_at_a_visit_on(protocol: Protocol, document: Mapping[str, Any], finding: Finding, day: date) -> bool:
    """Return whether a criterion would also fail at a visit on that day, all else unchanged.

    In that case the failure is due to something without a date.
    """
    facts = protocol.reader.read(document)
    visit = Facts({**facts.values, VISIT_DATE: single_day(day.toordinal())}, facts.records, facts.is_reviewed)
    (then,) = protocol.findings(visit, (finding.criterion.code,))
    return then.outcome == "fail"


def clear_anchors(protocol: Protocol, leaves: Iterable[DecisiveLeaf]) -> Iterator[Anchor]:
    """Yield the samples or the visit that an event precedes too closely, with the first day that is clear."""
    for leaf in leaves:
        node = leaf.trace.node
        if not isinstance(node, n.Within) or leaf.wanted is not FALSE or not isinstance(node.anchor, n.Fact):
            continue
        event, limit = leaf.trace.operands[0], protocol.limits[node.period.name]
        path, _dot, name = node.anchor.path.rpartition(".")
        result = path if name == "collected" and path in protocol.schema.facts else ""
        if event is not None and limit.value is not None and (result or node.anchor.path == VISIT_DATE):
            day = date.fromordinal(first_clear_day(event.high, int(limit.value), limit.unit))
            yield Anchor(result, protocol.schema.facts[result or VISIT_DATE].label, day)


def path_of(protocol: Protocol, leaf: DecisiveLeaf) -> str:
    """Return the first fact of the visit that a leaf uses; for a leaf about records, their list."""
    if leaf.lists:
        return leaf.lists[0]
    return next((fact.path for fact, _value in protocol.explainer.leaves.used_facts(leaf.trace)), "")
