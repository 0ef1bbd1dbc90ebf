"""Upper limits of normal of the site's laboratory: stored once, selected by the collection day of a sample."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from criteria.models import Trial
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Analyte, BadDocument, Fault, Field, Results, Vocabulary
from criteria.vocabulary.values import fault_of, is_unknown, not_one_of, text_fault
from screening.models import ReferenceRange, Sex
from screening.visits.applicable_version import version_for_new_visit

LONGEST_SOURCE = 200
ULN = Field(label="upper limit of normal", type="number")


class Ranges(NamedTuple):
    """All reference ranges ever entered for a trial, in the order of entry."""

    rows: tuple[ReferenceRange, ...]

    def find(self, analyte: str, sex: str | None, day: date, unit: str) -> ReferenceRange | None:
        """Return the range for a result in that unit whose sample was collected on `day`.

        `sex` is given as in the visit document. None where no range, or no upper limit, applies.
        """
        last = self.last(analyte, sex, day, unit)
        return last if last and last.uln is not None else None

    def last(self, analyte: str, sex: str | None, day: date, unit: str) -> ReferenceRange | None:
        """Return the range as `find` does, but also a range which states that there is no limit.

        Among the ranges for the subject's own sex and for any sex, the one valid from the latest day counts;
        from the same day, the one for the subject's sex; among several of these, the last entered. Where the
        sex is not known and a range for one sex is the latest, none counts.
        """
        is_known = sex in (Sex.MALE, Sex.FEMALE)
        rows = [row for row in self.valid_ranges(analyte, day) if row.unit == unit]
        fitting = [row for row in rows if not is_known or row.sex in (sex, Sex.ANY)]
        latest = max((row.valid_from for row in fitting), default=None)
        newest = [row for row in fitting if row.valid_from == latest]
        own = [row for row in newest if is_known and row.sex == sex]
        return next(reversed(own or [row for row in newest if row.sex == Sex.ANY]), None)

    def applicable_ranges(self, analyte: str, day: date, unit: str) -> list[ReferenceRange]:
        """Return the ranges that apply on `day` to a man, a woman and a subject of unknown sex."""
        found = [self.last(analyte, sex, day, unit) for sex in (Sex.MALE, Sex.FEMALE, None)]
        return [row for row in found if row is not None]

    def unit(self, analyte: str, day: date) -> str:
        """Return the unit of the ranges in force on `day`; empty where they have none, or several."""
        units = {row.unit for row in self.valid_ranges(analyte, day)}
        given = [
            unit for unit in units if any(row.uln is not None for row in self.applicable_ranges(analyte, day, unit))
        ]
        return given[0] if len(given) == 1 else ""

    def valid_ranges(self, analyte: str, day: date) -> Iterator[ReferenceRange]:
        for row in self.rows:
            if row.analyte == analyte and row.valid_from <= day and (row.valid_until is None or day <= row.valid_until):
                yield row


def ranges_of(trial: Trial) -> Ranges:
    return Ranges(tuple(trial.reference_ranges.select_related("created_by").order_by("pk")))


def add_range(
    trial: Trial,
    author: User,
    *,
    analyte: str,
    unit: str,
    sex: str,
    uln: Decimal | int | None,
    valid_from: date | None,
    valid_until: date | None,
    source: str,
) -> ReferenceRange:
    """Add a reference range.

    BadDocument, with faults named after these parameters, where the range is not valid under the protocol
    version in force today.
    """
    vocabulary = protocol_of(version_for_new_visit(trial, {})).vocabulary
    messages = {
        "analyte": not_one_of(analyte, analytes(vocabulary)) if analyte not in analytes(vocabulary) else "",
        "unit": unit_fault(vocabulary, analyte, unit),
        "sex": not_one_of(sex, Sex.values) if sex not in Sex.values else "",
        "uln": uln_fault(uln),
        "valid_from": "" if valid_from else _("the day from which it is valid is required"),
        "valid_until": until_fault(valid_from, valid_until),
        "source": source_fault(source.strip()),
    }
    faults = [Fault(name, message) for name, message in messages.items() if message]
    if faults or valid_from is None:
        raise BadDocument(faults)
    return ReferenceRange.objects.create(
        trial=trial,
        analyte=analyte,
        unit=unit,
        sex=sex,
        uln=uln,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source.strip(),
        created_by=author,
    )


def unit_fault(vocabulary: Vocabulary, analyte: str, unit: str) -> str:
    """Return the fault of the unit; empty where it is valid or the test is unknown."""
    test = analytes(vocabulary).get(analyte)
    return not_one_of(unit, test.unit_names) if test and unit not in test.unit_names else ""


def analytes(vocabulary: Vocabulary) -> dict[str, Analyte]:
    """Return every test of a vocabulary, by its code."""
    parts = [part for part in vocabulary.parts.values() if isinstance(part, Results)]
    return {code: analyte for part in parts for code, analyte in part.analytes.items()}


def uln_fault(uln: Any) -> str:
    if uln is None:
        return ""
    return fault_of(ULN, uln) or ("" if not is_unknown(uln) and uln > 0 else _("an upper limit is a number above 0"))


def until_fault(valid_from: date | None, valid_until: date | None) -> str:
    backwards = valid_from and valid_until and valid_until < valid_from
    return _("lies before the day from which it is valid") if backwards else ""


def source_fault(source: str) -> str:
    if not source:
        return _("say where the range is written: the laboratory's list, with its date")
    if len(source) > LONGEST_SOURCE:
        return _("at most %(most)d characters") % {"most": LONGEST_SOURCE}
    return text_fault(source)
