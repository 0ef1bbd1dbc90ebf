"""Three-valued logic, dates, laboratory results and medical history, by hand."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from benchmarks.handwritten.facts import Days, Number, Range, Record, Truth, Window

# Three-valued logic (Kleene's strong one).


def all_of(*conditions: Truth) -> Truth:
    if False in conditions:
        return False
    return None if None in conditions else True


def any_of(*conditions: Truth) -> Truth:
    if True in conditions:
        return True
    return None if None in conditions else False


def negate(condition: Truth) -> Truth:
    return None if condition is None else not condition


# Facts. An absent key, null and "unknown" are the same.


def section(doc: Record, name: str) -> Record:
    found = doc.get(name)
    return found if isinstance(found, dict) else {}


def known(record: Record, key: str) -> Any:
    value = record.get(key)
    return None if value == "unknown" else value


def yes(record: Record, key: str) -> Truth:
    answer = record.get(key)
    if answer == "yes":
        return True
    return False if answer == "no" else None


def is_one(record: Record, key: str, *codes: str) -> Truth:
    value = record.get(key)
    if value is None or value == "unknown":
        return None
    return value in codes


def number_at_least(record: Record, key: str, limit: int) -> Truth:
    value = known(record, key)
    return None if value is None else bool(value >= limit)


def number_above(record: Record, key: str, limit: int) -> Truth:
    value = known(record, key)
    return None if value is None else bool(value > limit)


def records(doc: Record, name: str) -> list[Record]:
    found = doc.get(name)
    return found if isinstance(found, list) else []


def is_reviewed(doc: Record, name: str) -> bool:
    return name in (doc.get("reviewed") or ())


def some(doc: Record, name: str, satisfies: Callable[[Record], Truth]) -> Truth:
    """Whether some record of a list satisfies a condition; absence is proved only by a reviewed list."""
    return exists([satisfies(record) for record in records(doc, name)], is_reviewed(doc, name))


def exists(truths: list[Truth], complete: bool) -> Truth:
    if True in truths:
        return True
    return False if complete and None not in truths else None


# Dates.


def days(record: Record, key: str) -> Days | None:
    """Return the interval of days that a whole or partial date covers."""
    text = record.get(key)
    if text is None or text == "unknown":
        return None
    if len(text) == 10:
        day = date.fromisoformat(text)
        return day, day
    year = int(text[:4])
    if len(text) == 4:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(text[5:])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def visit_day(doc: Record) -> date:
    return date.fromisoformat(doc["visit"]["date"])


def first_dose_day(doc: Record) -> date | None:
    text = known(doc["visit"], "planned_first_dose_date")
    return None if text is None else date.fromisoformat(text)


def add_months(day: date, months: int) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def before(anchor: date, window: Window) -> date:
    return (add_months(anchor, -window.months) if window.months else anchor) - timedelta(window.days)


def after(anchor: date, window: Window) -> date:
    return (add_months(anchor, window.months) if window.months else anchor) + timedelta(window.days)


def is_between(when: Days | None, first: date, last: date) -> Truth:
    if when is None:
        return None
    if first <= when[0] and when[1] <= last:
        return True
    return False if when[1] < first or last < when[0] else None


def on_or_before(when: Days | None, limit: date) -> Truth:
    if when is None:
        return None
    if when[1] <= limit:
        return True
    return False if when[0] > limit else None


def since(when: Days | None, window: Window | None, anchor: date | None) -> Truth:
    if window is None:
        return True
    if when is None or anchor is None:
        return None
    start = before(anchor, window)
    if when[0] >= start:
        return True
    return False if when[1] < start else None


def within_before(when: Days | None, window: Window | None, anchor: date | None) -> Truth:
    if window is None:
        return True
    if anchor is None:
        return None
    return is_between(when, before(anchor, window), anchor)


def within_after(when: Days | None, window: Window, anchor: date | None) -> Truth:
    if anchor is None:
        return None
    return is_between(when, anchor + timedelta(1), after(anchor, window))


def age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_range(doc: Record) -> tuple[int, int] | None:
    born = days(section(doc, "subject"), "birth_date")
    if born is None:
        return None
    visit = visit_day(doc)
    return age(min(born[1], visit), visit), age(born[0], visit)


# Laboratory results.


def last_result(doc: Record, analyte: str) -> Record | None:
    last: Record | None = None
    for result in records(doc, "labs"):
        if result["analyte"] == analyte and (last is None or result["collected"] >= last["collected"]):
            last = result
    return last


def reported(result: Record) -> Range:
    value = result["value"]
    comparator = result.get("comparator")
    if comparator == "<":
        return Range(0, value, high_open=True)
    if comparator == "<=":
        return Range(0, value)
    if comparator == ">":
        return Range(value, None, low_open=True)
    if comparator == ">=":
        return Range(value, None)
    return Range(value, value)


def at_least(value: Range, limit: Number) -> Truth:
    if value.low >= limit:
        return True
    if value.high is not None and (value.high < limit or (value.high == limit and value.high_open)):
        return False
    return None


def above(value: Range, limit: Number) -> Truth:
    if value.low > limit or (value.low == limit and value.low_open):
        return True
    return False if value.high is not None and value.high <= limit else None


def result_at_least(result: Record | None, limits: dict[str, Any]) -> Truth:
    return None if result is None else at_least(reported(result), limits[result["unit"]])


def result_above(result: Record | None, limits: dict[str, Any]) -> Truth:
    return None if result is None else above(reported(result), limits[result["unit"]])


def at_most_times_uln(result: Record | None, factor: Fraction) -> Truth:
    if result is None:
        return None
    uln = known(result, "uln")
    return None if uln is None else negate(above(reported(result), factor * Fraction(uln)))


def above_detection(result: Record | None) -> Truth:
    if result is None:
        return None
    lod = known(result, "lod")
    if lod is None:
        return result.get("comparator") not in ("<", "<=")
    return above(reported(result), lod)


# Medical history.


def entries(doc: Record, condition: str) -> list[Record]:
    return [entry for entry in records(doc, "history") if entry["condition"] == condition]


def some_entry(doc: Record, condition: str, satisfies: Callable[[Record], Truth]) -> Truth:
    """Whether some entry of a condition satisfies; a condition without an entry was not asked and is unknown."""
    found = entries(doc, condition)
    return exists([satisfies(entry) for entry in found], bool(found))


def occurred(entry: Record) -> Truth:
    return is_one(entry, "status", "past", "current")


def is_current(entry: Record) -> Truth:
    return is_one(entry, "status", "current")


def ever(doc: Record, condition: str) -> Truth:
    return some_entry(doc, condition, occurred)


def occurred_since(entry: Record, window: Window | None, anchor: date | None) -> Truth:
    return all_of(occurred(entry), any_of(is_current(entry), since(days(entry, "date"), window, anchor)))
