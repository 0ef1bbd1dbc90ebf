"""The visits whose results were entered with a reference range: its upper limit, in its unit and its days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery

from criteria.evaluation.protocol import Protocol
from criteria.rules.nodes import facts_in
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Results
from criteria.vocabulary.values import is_unknown
from screening.models import ReferenceRange, Revision, SubjectStatus, Visit
from screening.visits.applicable_version import transitions_by_visit, version_among, versions_by_trial

TOUCHED_AT_ONCE = 50
DOCUMENTS_AT_ONCE = 200


class TouchedVisit(NamedTuple):
    """A visit with results that were entered with a range: the days of their samples, and what rests on them.

    `criteria` are the codes of the criteria that look at the upper limit, `decision` what the investigator signed.
    """

    visit: Visit
    days: list[str]
    criteria: list[str]
    decision: str


class TouchedVisits(NamedTuple):
    """Some touched visits, those opened last first; `further` is the key before which others follow, None after all."""

    visits: list[TouchedVisit]
    further: int | None = None


def touched_visits(row: ReferenceRange, before: int | None = None) -> TouchedVisits:
    """Return the visits whose latest revision holds results with the range's upper limit, in at most four queries.

    At most TOUCHED_AT_ONCE: of the visits before the one with the key `before`, or of all.
    """
    if row.uln is None:
        return TouchedVisits([])
    found = list(islice(revisions_with(row, before), TOUCHED_AT_ONCE + 1))
    shown = found[:TOUCHED_AT_ONCE]
    keys = [revision.visit_id for revision, _days in shown]
    statuses = SubjectStatus.objects.filter(visit__in=keys).exclude(decision="")
    decisions = {status.visit_id: status.get_decision_display() for status in statuses}
    versions, transitions = versions_by_trial([row.trial_id] if shown else []), transitions_by_visit(keys)
    visits = []
    for revision, days in shown:
        transferred = transitions.get(revision.visit_id, set())
        version = version_among(versions[row.trial_id], transferred, revision.document)
        criteria = criteria_on_limit(protocol_of(version), row.analyte)
        visits.append(TouchedVisit(revision.visit, days, criteria, decisions.get(revision.visit_id, "")))
    return TouchedVisits(visits, keys[-1] if len(found) > len(shown) else None)


def revisions_with(row: ReferenceRange, before: int | None) -> Iterator[tuple[Revision, list[str]]]:
    """Yield the latest revisions with the range's limit, of the visits opened last first, and their days of samples.

    The documents are read as the revisions are asked for.
    """
    latest = Revision.objects.filter(visit=OuterRef("visit")).order_by("-number").values("pk")[:1]
    revisions = Revision.objects.filter(visit__subject__trial=row.trial_id, pk=Subquery(latest))
    if before is not None:
        revisions = revisions.filter(visit_id__lt=before)
    rows = revisions.select_related("visit__subject").order_by("-visit_id")
    for revision in rows.iterator(DOCUMENTS_AT_ONCE):
        if days := {day for _key, day in results_with(row, revision.document)}:
            yield revision, sorted(days)


def results_with(row: ReferenceRange, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield part and day of each result of a saved document that has the range's limit."""
    for key, part in document.items():
        for result in part if isinstance(part, list) else ():
            if not isinstance(result, Mapping) or result.get("analyte") != row.analyte:
                continue
            limit, day = result.get("uln"), str(result.get("collected"))
            if is_unknown(limit) or (limit, result.get("unit")) != (row.uln, row.unit):
                continue
            if row.is_valid_on(date.fromisoformat(day)):
                yield key, day


def criteria_on_limit(protocol: Protocol, analyte: str) -> list[str]:
    """Return the codes of the criteria whose rule looks at the upper limit of a test."""
    keys = [key for key, part in protocol.vocabulary.parts.items() if isinstance(part, Results)]
    paths = {f"{key}.{analyte}.uln" for key in keys}
    return [each.code for each in protocol.criteria if any(fact.path in paths for fact in facts_in(each.rule))]
