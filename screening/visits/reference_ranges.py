"""Reference ranges of the site's laboratories: stored once, selected by the collection day of a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from criteria.models import Trial
from criteria.rules.dates import age_range, parse_date, single_day
from criteria.rules.ranges import Range, point
from criteria.versions.versions import protocol_of
from criteria.vocabulary import Analyte, BadDocument, Fault, Field, Results, Vocabulary
from criteria.vocabulary.limits import SiteLimit, doubtful_limit
from criteria.vocabulary.values import fault_of, is_unknown, not_one_of, text_fault
from screening.models import RangeEnd, ReferenceRange, Sex
from screening.visits.applicable_version import version_for_new_visit

LONGEST_SOURCE = 200
LONGEST_LABORATORY = 100
OLDEST = 130
ULN = Field(label="upper limit of normal", type="number")


class RangeValues(NamedTuple):
    """What is entered of a range; `uln` is None if the laboratory gives no limit from its first day on."""

    laboratory: str
    analyte: str
    unit: str
    sex: str
    uln: Decimal | int | None
    valid_from: date | None
    valid_until: date | None
    source: str
    lln: Decimal | int | None = None
    age_from: int | None = None
    age_until: int | None = None


class Ranges(NamedTuple):
    """All reference ranges ever entered for a trial, in the order of entry.

    Of these, only ranges that are confirmed and not marked wrong apply.
    """

    rows: tuple[ReferenceRange, ...]

    def find(
        self, analyte: str, sex: str | None, day: date, unit: str, age: Range | None = None, limit: str = "uln"
    ) -> ReferenceRange | None:
        """Return the range for a result in that unit whose sample was collected on `day`.

        `sex` is given as in the visit document, `age` in completed years, `limit` is `uln` or `lln`. None where no
        range, or no such limit, applies, and where the laboratories' limits differ: nobody knows which of them
        measured.
        """
        found = self.find_each(analyte, sex, day, unit, age)
        limits = {getattr(row, limit) for row in found}
        return found[0] if len(limits) == 1 and None not in limits else None

    def find_each(
        self, analyte: str, sex: str | None, day: date, unit: str, age: Range | None = None
    ) -> list[ReferenceRange]:
        """Return the range of each laboratory, also one which states that there is no limit.

        A range that names no laboratory stands for each, until one that names it is valid from the same day or
        a later one.
        """
        rows = [row for row in self.valid_ranges(analyte, day) if row.unit == unit]
        found: list[ReferenceRange] = []
        for name in sorted({row.laboratory for row in rows} - {""}) or [""]:
            last = last_range([row for row in rows if row.laboratory in (name, "")], sex, age)
            if last and last not in found:
                found.append(last)
        return found

    def site_limits(
        self, analyte: Analyte, code: str, unit: str, day: date, sex: str | None, age: Range | None = None
    ) -> list[SiteLimit]:
        """Return the upper limits of that day in every unit to which `unit` converts."""
        family = next((units for units in analyte.units if unit in units), {})
        found = [row for other in family for row in self.find_each(code, sex, day, other, age)]
        return [SiteLimit(row.uln, row.unit, row.laboratory) for row in found if row.uln is not None]

    def applicable_ranges(self, analyte: str, day: date, unit: str) -> list[ReferenceRange]:
        """Return the ranges that apply on `day` to anybody, of whatever sex and age, known or not."""
        bands = [row for row in self.valid_ranges(analyte, day) if row.unit == unit]
        years = {row.age_from or 0 for row in bands} | {row.age_until + 1 for row in bands if row.age_until is not None}
        ages = [None, *(point(year) for year in sorted(years | {0}))]
        people = [(sex, age) for sex in (Sex.MALE, Sex.FEMALE, None) for age in ages]
        return [row for sex, age in people for row in self.find_each(analyte, sex, day, unit, age)]

    def unit(self, analyte: str, day: date) -> str:
        """Return the unit of the ranges in force on `day`; empty where they have none, or several."""
        units = {row.unit for row in self.valid_ranges(analyte, day)}
        given = [
            unit for unit in units if any(row.uln is not None for row in self.applicable_ranges(analyte, day, unit))
        ]
        return given[0] if len(given) == 1 else ""

    def valid_ranges(self, analyte: str, day: date) -> Iterator[ReferenceRange]:
        for row in self.rows:
            if row.analyte == analyte and row.is_confirmed and not row.is_wrong and row.is_valid_on(day):
                yield row


def last_range(rows: list[ReferenceRange], sex: str | None, age: Range | None) -> ReferenceRange | None:
    """Return the range of one laboratory that counts for a person.

    Of those that may be meant for the person, the one valid from the latest day counts; from the same day, the
    one for the person's sex, then the one for the age, then the last entered. Where it is not known whether the
    latest is meant for the person, none counts.
    """
    fitting = [(row, fits(row, sex, age)) for row in rows]
    latest = max((row.valid_from for row, fit in fitting if fit is not False), default=None)
    newest = [row for row, fit in fitting if fit and row.valid_from == latest]
    own = max((own_range(row) for row in newest), default=None)
    return next((row for row in reversed(newest) if own_range(row) == own), None)


def own_range(row: ReferenceRange) -> tuple[bool, bool]:
    """Return how narrow the range says whom it is for: by sex, by age."""
    return row.sex != Sex.ANY, (row.age_from, row.age_until) != (None, None)


def fits(row: ReferenceRange, sex: str | None, age: Range | None) -> bool | None:
    """Return whether the range is for a person; None where that is not known."""
    by_sex = None if row.sex != Sex.ANY and sex not in (Sex.MALE, Sex.FEMALE) else row.sex in (sex, Sex.ANY)
    by_age = fits_age(row.age_from or 0, row.age_until, age) if own_range(row)[1] else True
    if by_sex is False or by_age is False:
        return False
    return True if by_sex and by_age else None


def fits_age(lowest: int, highest: int | None, age: Range | None) -> bool | None:
    if age is None:
        return None
    if (age.high is not None and age.high < lowest) or (highest is not None and age.low > highest):
        return False
    is_inside = age.low >= lowest and (highest is None or (age.high is not None and age.high <= highest))
    return True if is_inside else None


def age_band_text(row: ReferenceRange) -> str:
    """Return the ages for which a range is; empty where it is for any."""
    words = {"first": row.age_from, "last": row.age_until}
    if row.age_until is None:
        return "" if row.age_from is None else _("from %(first)d years") % words
    return _("%(first)d to %(last)d years") % (words | {"first": row.age_from or 0})


def age_on(document: Mapping[str, Any], day: date) -> Range | None:
    """Return the subject's age on a day by a visit document, which may be faulty; None where it is not known."""
    subject = document.get("subject")
    born = subject.get("birth_date") if isinstance(subject, Mapping) else None
    try:
        return age_range(parse_date(born), single_day(day.toordinal())) if isinstance(born, str) else None
    except ValueError:
        return None


def sex_in(document: Mapping[str, Any]) -> str | None:
    """Return the subject's sex as a visit document, which may be faulty, gives it."""
    subject = document.get("subject")
    return subject.get("sex") if isinstance(subject, Mapping) else None


def site_limits_of(
    found: Ranges, vocabulary: Vocabulary, document: Mapping[str, Any], result: Mapping[str, Any]
) -> list[SiteLimit]:
    """Return the site's own upper limits for a result of a valid document, on the day of its sample."""
    code, day = result["analyte"], date.fromisoformat(result["collected"])
    test = analytes(vocabulary)[code]
    return found.site_limits(test, code, result["unit"], day, sex_in(document), age_on(document, day))


def ranges_of(trial: Trial) -> Ranges:
    """Return the ranges of a trial, each with what became of it, in one query."""
    end = RangeEnd.objects.filter(range=OuterRef("pk")).order_by("-pk").values("last_day")[:1]
    related = "created_by", "confirmation__created_by", "retraction__created_by"
    rows = trial.reference_ranges.select_related(*related).annotate(latest_end=Subquery(end))
    return Ranges(tuple(rows.order_by("pk")))


@transaction.atomic
def add_range(trial: Trial, author: User, values: RangeValues, confirmed: str = "") -> ReferenceRange:
    """Add a reference range, which counts once another user confirms it.

    `confirmed` is the `limit_key` of an upper limit that the author declares to be right although it is doubtful.

    BadDocument, with faults named after the values, where the range is not valid under the protocol version in
    force today, or where its limit is doubtful and not confirmed.
    """
    vocabulary, found = protocol_of(version_for_new_visit(trial, {})).vocabulary, ranges_of(trial)
    values = values._replace(laboratory=values.laboratory.strip(), source=values.source.strip())
    faults = range_faults(values, vocabulary, found)
    if faults or values.valid_from is None:
        raise BadDocument(faults)
    test, age = analytes(vocabulary)[values.analyte], None if values.age_from is None else point(values.age_from)
    site = found.site_limits(test, values.analyte, values.unit, values.valid_from, values.sex or None, age)
    doubt = doubtful_limit(test, values.unit, values.uln, site) or ""
    if doubt and confirmed != limit_key(values.analyte, values.unit, values.uln):
        raise BadDocument([Fault("confirmed", doubt)])
    return ReferenceRange.objects.create(trial=trial, **values._asdict(), doubt=doubt, created_by=author)


def range_faults(values: RangeValues, vocabulary: Vocabulary, found: Ranges) -> list[Fault]:
    """Return the faults of a range that is entered, each named after its value."""
    tests, age_from = analytes(vocabulary), values.age_from
    lowest = tests[values.analyte].minimum if values.analyte in tests else 0
    messages = {
        "laboratory": laboratory_fault(values.laboratory, found),
        "analyte": not_one_of(values.analyte, tests) if values.analyte not in tests else "",
        "unit": unit_fault(vocabulary, values.analyte, values.unit),
        "sex": not_one_of(values.sex, Sex.values) if values.sex not in Sex.values else "",
        "age_from": age_fault(age_from),
        "age_until": age_fault(values.age_until) or age_order_fault(age_from, values.age_until),
        "uln": uln_fault(values.uln, lowest),
        "lln": lln_fault(values.lln, values.uln, lowest),
        "valid_from": "" if values.valid_from else _("the day from which it is valid is required"),
        "valid_until": until_fault(values.valid_from, values.valid_until),
        "source": source_fault(values.source),
    }
    return [Fault(name, message) for name, message in messages.items() if message]


def limit_key(analyte: str, unit: str, uln: Any) -> str:
    """Return by what a doubtful limit is known in the form that asks about it."""
    return f"{analyte} {unit} {uln}"


def laboratory_fault(name: str, found: Ranges) -> str:
    """Return the fault of a laboratory's name, also where it is another spelling of one that is known."""
    if not name:
        return _("name the laboratory whose range it is")
    if len(name) > LONGEST_LABORATORY:
        return _("at most %(most)d characters") % {"most": LONGEST_LABORATORY}
    known = {row.laboratory for row in found.rows}
    alike = next((other for other in known - {name} if same_name(other) == same_name(name)), "")
    if alike and name not in known:
        return _("this laboratory is named “%(name)s” here: write it alike") % {"name": alike}
    return text_fault(name)


def same_name(name: str) -> str:
    return "".join(name.casefold().split())


def unit_fault(vocabulary: Vocabulary, analyte: str, unit: str) -> str:
    """Return the fault of the unit; empty where it is valid or the test is unknown."""
    test = analytes(vocabulary).get(analyte)
    return not_one_of(unit, test.unit_names) if test and unit not in test.unit_names else ""


def analytes(vocabulary: Vocabulary) -> dict[str, Analyte]:
    """Return every test of a vocabulary, by its code."""
    parts = [part for part in vocabulary.parts.values() if isinstance(part, Results)]
    return {code: analyte for part in parts for code, analyte in part.analytes.items()}


def uln_fault(uln: Any, lowest: int) -> str:
    """Return the fault of an upper limit; it is above zero, unless the test has results below it."""
    if uln is None:
        return ""
    if fault := fault_of(limit_field(lowest), uln):
        return fault
    is_limit = not is_unknown(uln) and (lowest < 0 or uln > 0)
    return "" if is_limit else _("an upper limit is a number above 0")


def limit_field(lowest: int) -> Field:
    return ULN.model_copy(update={"minimum": lowest})


def lln_fault(lln: Any, uln: Any, lowest: int) -> str:
    if lln is None:
        return ""
    if fault := fault_of(limit_field(lowest), lln) or (
        _("a lower limit is a number, or left blank") if is_unknown(lln) else ""
    ):
        return fault
    return _("is not below the upper limit") if not uln_fault(uln, lowest) and uln is not None and lln >= uln else ""


def age_fault(age: Any) -> str:
    if age is None or (isinstance(age, int) and 0 <= age <= OLDEST):
        return ""
    return _("an age is a whole number of years from 0 to %(most)d") % {"most": OLDEST}


def age_order_fault(age_from: Any, age_until: Any) -> str:
    known = None not in (age_from, age_until) and not age_fault(age_from)
    return _("lies below the lowest age") if known and age_until < age_from else ""


def until_fault(valid_from: date | None, valid_until: date | None) -> str:
    backwards = valid_from and valid_until and valid_until < valid_from
    return _("lies before the day from which it is valid") if backwards else ""


def source_fault(source: str) -> str:
    if not source:
        return _("say where the range is written: the laboratory's list, with its date")
    if len(source) > LONGEST_SOURCE:
        return _("at most %(most)d characters") % {"most": LONGEST_SOURCE}
    return text_fault(source)
