from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from criteria.rules import dates
from criteria.rules.ranges import Range
from criteria.rules.truth import FALSE, TRUE, UNKNOWN
from tests.criteria.rules.small import evaluated


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-14", "2026-03-14", "2026-03-14"),
        ("2026-03", "2026-03-01", "2026-03-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-02", "2026-02-01", "2026-02-28"),
    ],
)
def test_a_partial_date_covers_every_day_that_it_may_mean(text, first, last):
    assert dates.parse_date(text) == Range(day(first), day(last))


NO_DATES = """
    26 2026-3 2026-13 2026-00 2026-03-00 2026-02-30 2025-02-29 2026-03-14T08:00 14.3.2026 2026-W10 2026-03-1
    1849 2200-01-01 ２０２６ spring
"""


@pytest.mark.parametrize("text", ["", " 2026", "2026-03-14\n", *NO_DATES.split()])
def test_value_error_when_there_is_no_such_date(text):
    with pytest.raises(ValueError):
        dates.parse_date(text)


@pytest.mark.parametrize(
    ("start", "count", "unit", "expected"),
    [
        ("2026-08-31", -6, "mo", "2026-02-28"),
        ("2024-08-31", -6, "mo", "2024-02-29"),
        ("2026-03-31", -1, "mo", "2026-02-28"),
        ("2026-01-31", 1, "mo", "2026-02-28"),
        ("2026-12-15", 1, "mo", "2027-01-15"),
        ("2026-01-15", -1, "mo", "2025-12-15"),
        ("2024-02-29", 1, "a", "2025-02-28"),
        ("2024-02-29", -4, "a", "2020-02-29"),
        ("2026-03-16", -3, "wk", "2026-02-23"),
        ("2026-03-16", 30, "d", "2026-04-15"),
        ("2026-03-16", 0, "mo", "2026-03-16"),
    ],
)
def test_months_are_clamped_and_weeks_counted_in_days_when_a_date_is_shifted(start, count, unit, expected):
    assert dates.iso_date(dates.shift_day(day(start), count, unit)) == expected


@pytest.mark.parametrize("unit", ["d", "wk", "mo", "a"])
@pytest.mark.parametrize("count", [-9_999_999, 9_999_999])
def test_a_shift_stays_within_the_calendar_when_the_window_is_absurd(count, unit):
    assert date.min.toordinal() <= dates.shift_day(day("2026-03-16"), count, unit) <= date.max.toordinal()


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2008-03-09", "2026-03-09", 18),
        ("2008-03-10", "2026-03-09", 17),
        ("1945-03-10", "2026-03-09", 80),
        ("1945-03-09", "2026-03-09", 81),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2026-03-09", "2026-03-09", 0),
    ],
)
def test_age_is_in_completed_years_and_a_leap_day_birthday_falls_on_1_march(born, on, years):
    assert dates.age(day(born), day(on)) == years


@pytest.mark.parametrize(
    ("born", "on", "youngest", "oldest"),
    [("2008", "2026-03-09", 17, 18), ("2008-02", "2026-03-09", 18, 18), ("2026", "2026-03-09", 0, 0)],
)
def test_age_is_a_range_when_the_birth_date_is_partial(born, on, youngest, oldest):
    assert dates.age_range(dates.parse_date(born), dates.parse_date(on)) == Range(youngest, oldest)


DOSE = "2026-03-16"
WINDOWS = {
    "14 d": ("14", "d", "2026-03-02", "2026-03-30"),
    "3 wk": ("3", "wk", "2026-02-23", "2026-04-06"),
    "6 mo": ("6", "mo", "2025-09-16", "2026-09-16"),
    "2 a": ("2", "a", "2024-03-16", "2028-03-16"),
}


def asked(direction: str, event: str, count: str | None, unit: str, dose: str | None = DOSE):
    operation = "since" if direction == "since" else "within"
    anchor = "after" if direction == "after" else "before"
    rule = {operation: {"date": "visit.date", "period": "$window", anchor: "visit.dose"}}
    return evaluated(rule, {"visit.date": event, "visit.dose": dose}, window=(count, unit)).truth


def next_day(text: str, days: int) -> str:
    return (date.fromisoformat(text) + timedelta(days)).isoformat()


@pytest.mark.parametrize("window", WINDOWS)
def test_both_ends_are_inside_when_an_event_lies_before_a_day(window):
    count, unit, start, _ = WINDOWS[window]
    assert asked("before", next_day(start, -1), count, unit) is FALSE
    assert asked("before", start, count, unit) is TRUE
    assert asked("before", next_day(start, 1), count, unit) is TRUE
    assert asked("before", next_day(DOSE, -1), count, unit) is TRUE
    assert asked("before", DOSE, count, unit) is TRUE
    assert asked("before", next_day(DOSE, 1), count, unit) is FALSE


@pytest.mark.parametrize("window", WINDOWS)
def test_the_day_itself_is_outside_when_an_event_lies_after_it(window):
    count, unit, _, end = WINDOWS[window]
    assert asked("after", DOSE, count, unit) is FALSE
    assert asked("after", next_day(DOSE, 1), count, unit) is TRUE
    assert asked("after", end, count, unit) is TRUE
    assert asked("after", next_day(end, 1), count, unit) is FALSE


@pytest.mark.parametrize("window", WINDOWS)
def test_what_is_still_to_come_is_no_safer_when_asked_since(window):
    count, unit, start, _ = WINDOWS[window]
    assert asked("since", next_day(start, -1), count, unit) is FALSE
    assert asked("since", start, count, unit) is TRUE
    assert asked("since", "2031-01-01", count, unit) is TRUE


@pytest.mark.parametrize("direction", ["before", "after", "since"])
def test_window_is_unknown_when_the_day_it_hangs_on_is(direction):
    assert asked(direction, "2026-03-10", "14", "d", dose=None) is UNKNOWN
    assert asked(direction, None, "14", "d") is UNKNOWN


@pytest.mark.parametrize("direction", ["before", "after", "since"])
@pytest.mark.parametrize("event", ["1970", "2026-03-10", None])
def test_any_event_satisfies_an_open_window_dated_or_not(direction, event):
    assert asked(direction, event, None, "mo", dose=None) is TRUE


near = st.dates(date(2025, 6, 1), date(2027, 1, 31))
partial = st.builds(lambda on, length: on.isoformat()[:length], near, st.sampled_from([4, 7, 10]))


directions = st.sampled_from(["before", "after", "since"])


@given(partial, near, directions, st.integers(1, 40), st.sampled_from(["d", "wk", "mo"]))
def test_window_is_known_for_a_partial_date_only_when_all_of_its_days_agree(event, dose, direction, count, unit):
    days = dates.parse_date(event)
    each = {
        asked(direction, dates.iso_date(one), str(count), unit, dose.isoformat())
        for one in range(days.low, days.high + 1)
    }
    (expected,) = each if len(each) == 1 else (UNKNOWN,)
    assert asked(direction, event, str(count), unit, dose.isoformat()) is expected
