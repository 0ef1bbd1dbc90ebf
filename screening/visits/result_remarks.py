"""What a document alone does not say of its laboratory results, and a check may ask about.

Whether an upper limit is near the site's own range of that day, and whether the comparator or the unit was left
over when the value beside it was typed anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from django.db.models import Q

from criteria.models import Trial
from criteria.records import canonical
from criteria.vocabulary import Analyte, Results, Vocabulary
from criteria.vocabulary.edit_checks import can_be_plausible, plausible_in
from criteria.vocabulary.limits import site_difference
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.values import is_unknown
from screening.models import Revision
from screening.shared.diff import align_records
from screening.visits.reference_ranges import Ranges, analytes, ranges_of, site_limits_of

Result = Mapping[str, Any]
Remarks = dict[int, dict[str, str]]

SMALL_CHANGE = Fraction(3, 2)  # every slip of a unit changes a number by more than this factor


class KeptPart(NamedTuple):
    """The comparator or unit of a result, kept while the value beside it was changed."""

    at: int
    name: Literal["comparator", "unit"]


def kept_parts(part: Results, before: Sequence[Result], after: Sequence[Result]) -> Iterator[KeptPart]:
    """Yield the comparators and units of the results `after` that are left over from what was there `before`.

    A comparator is left over wherever the value was changed; a unit only where the number became another one, and
    would be plausible in another unit of the test: nobody is asked about each corrected digit. Of a test or a unit
    that the vocabulary does not have (any more) nothing is said.
    """
    for was, now in align_records(list(before), list(after)):
        if was is None or now is None or before[was]["analyte"] != after[now]["analyte"]:
            continue
        old, new = before[was], after[now]
        if not (has_result(old) and has_result(new)):
            continue
        analyte = part.analytes.get(new["analyte"])
        if not analyte or new["unit"] not in analyte.unit_names or Decimal(old["value"]) == Decimal(new["value"]):
            continue
        comparator = new.get("comparator")
        if not is_unknown(comparator) and comparator == old.get("comparator"):
            yield KeptPart(now, "comparator")
        if new["unit"] == old["unit"] and is_unit_doubtful(analyte, old, new):
            yield KeptPart(now, "unit")


def is_unit_doubtful(analyte: Analyte, old: Result, new: Result) -> bool:
    """Return whether the new number might as well be meant in another unit of the test."""
    low, high = sorted([Fraction(old["value"]), Fraction(new["value"])])
    if high <= SMALL_CHANGE * low:
        return False
    own = next(units for units in analyte.units if new["unit"] in units)
    comparator = "" if is_unknown(new.get("comparator")) else new["comparator"]
    others = [unit for unit in analyte.unit_names if own.get(unit) != own[new["unit"]]]
    ranges = [plausible_in(analyte, unit) for unit in others]
    return any(ends is None or can_be_plausible(Decimal(new["value"]), comparator, ends) for ends in ranges)


def kept_remarks(part: Results, documents: Sequence[Mapping[str, Any]]) -> Remarks:
    """Return the remarks on comparators and units that were kept, for the last of a visit's valid documents.

    `documents` are in the order in which they were saved. A result that was left over once stays so until it is
    changed again.
    """
    lists = [document.get(part.key) for document in documents]
    results = [[] if is_unknown(found) else list(found or []) for found in lists]
    kept: dict[str, dict[str, str]] = {}
    for before, after in pairwise(results):
        for each in kept_parts(part, before, after):
            kept.setdefault(canonical.dump(after[each.at]), {})[f"{each.name}_kept"] = "yes"
    present = enumerate(results[-1] if results else [])
    return {at: dict(kept[text]) for at, result in present if (text := canonical.dump(result)) in kept}


def site_remarks(found: Ranges, vocabulary: Vocabulary, document: Mapping[str, Any], part: Results) -> Remarks:
    """Return whether each upper limit of a valid document is near one of the site's own ranges of that day.

    There is no remark where the site has none in a unit that converts.
    """
    tests, results = analytes(vocabulary), document.get(part.key)
    remarks: Remarks = {}
    for at, result in enumerate([] if is_unknown(results) else results or []):
        limits = [] if is_unknown(result.get("uln")) else site_limits_of(found, vocabulary, document, result)
        if limits:
            differs = site_difference(tests[result["analyte"]], result["unit"], result["uln"], limits)
            remarks[at] = {"uln_as_site": "no" if differs else "yes"}
    return remarks


def result_remarks(
    found: Ranges, vocabulary: Vocabulary, document: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]] = ()
) -> Remarks:
    """Return all remarks on the results of a valid document, by their index.

    `earlier` are the visit's documents before it, the first saved first.
    """
    remarks: Remarks = {}
    for part in result_parts(vocabulary, document):
        for some in (site_remarks(found, vocabulary, document, part), kept_remarks(part, [*earlier, document])):
            for at, told in some.items():
                remarks[at] = remarks.get(at, {}) | told
    return remarks


def entry_remarks(
    trial: Trial, vocabulary: Vocabulary, document: Mapping[str, Any], saved: Mapping[str, Any]
) -> Remarks:
    """Return all remarks on the results of a valid document that is to follow what is `saved`, in at most one query."""
    if not result_parts(vocabulary, document):
        return {}
    return result_remarks(ranges_of(trial), vocabulary, document, [saved])


def result_parts(vocabulary: Vocabulary, document: Mapping[str, Any]) -> list[Results]:
    """Return the parts under which a document has laboratory results."""
    parts = (part for part in vocabulary.parts.values() if isinstance(part, Results))
    return [part for part in parts if not is_unknown(document.get(part.key)) and document[part.key]]


def remarks_at(revision: Revision, vocabulary: Vocabulary, ranges: Ranges | None = None) -> Remarks:
    """Return all remarks on the results of a revision, in at most two queries.

    `ranges` are those of the trial where they were read before, which saves one.
    """
    parts = result_parts(vocabulary, revision.document)
    if not parts:
        return {}
    sections = [section.code for section in vocabulary.sections if {part.key for part in parts} & set(section.keys)]
    saved = Revision.objects.filter(Q(number=1) | Q(section__in=sections), visit=revision.visit_id)  # others kept them
    earlier = saved.filter(number__lt=revision.number).order_by("number")
    documents = list(earlier.values_list("document", flat=True))
    if ranges is None:
        ranges = ranges_of(revision.visit.subject.trial)
    return result_remarks(ranges, vocabulary, revision.document, documents)
