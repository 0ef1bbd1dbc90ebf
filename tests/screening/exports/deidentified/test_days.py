import re
from datetime import date, timedelta

import pytest
from hypothesis import assume, example, given, strategies as st

from criteria.rules.dates import parse_date, shift_day
from screening.exports.deidentified.days import age_in_years, study_day, study_days_text

VISITS = st.dates(date(1990, 1, 1), date(2150, 12, 31))
PARTIAL = st.one_of(st.dates(date(1890, 1, 1), date(2199, 12, 31)).map(lambda day: day.isoformat()[:7]),
                    st.integers(1890, 2199).map(str))  # fmt: skip
POOLED = "more than 89 years before"


def told(text: str, visit: str = "2026-03-09") -> str:
    return study_days_text(parse_date(text), date.fromisoformat(visit).toordinal())


def aged(text: str, visit: str = "2026-03-09") -> str:
    return age_in_years(parse_date(text), date.fromisoformat(visit).toordinal())


def ends(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"from (-?\d+) to (-?\d+)", text)
    assert found
    return int(found[1]), int(found[2])


@pytest.mark.parametrize(
    ("day", "told_as"),
    [
        *(("2026-03-09", "1"), ("2026-03-08", "-1"), ("2026-03-10", "2"), ("2026-03-16", "8"), ("2025-03-09", "-365")),
        *(("1937-03-09", "-32507"), ("1937-03-08", POOLED), ("1900-01-01", POOLED)),
    ],
)
def test_day_is_counted_from_the_visit_and_no_day_is_nought(day, told_as):
    assert told(day) == told_as


def test_29_february_is_a_day_like_any_other():
    assert (told("2024-02-29", "2024-03-01"), told("2024-02-29", "2024-02-28")) == ("-1", "2")
    assert (told("1935-02-28", "2024-02-29"), told("1935-02-27", "2024-02-29")) == ("-32508", POOLED)


@given(VISITS, st.integers(-32000, 20000))
def test_study_days_are_in_the_order_of_the_days(visit, distance):
    number = study_day(visit.toordinal() + distance, visit.toordinal())
    assert number != 0
    assert number == (distance if distance < 0 else distance + 1)


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        *(("2026-02", "from -61 to -1"), ("2026-03", "from -30 to 31"), ("2026-04", "from 2 to 62")),
        *(("2025", "from -731 to -1"), ("2026", "from -365 to 366"), ("2027", "from 2 to 732")),
        *(("1938", "from -32508 to -31756"), ("1937", POOLED), ("1937-03", POOLED), ("1850-01", POOLED)),
    ],
)
def test_partial_date_is_told_as_a_range(text, told_as):
    assert told(text) == told_as


@given(PARTIAL, VISITS)
@example("2000-02", date(2000, 2, 29))
@example("2100", date(2103, 1, 1))
def test_range_of_a_partial_date_holds_every_day_that_it_may_mean(text, visit):
    days, anchor = parse_date(text), visit.toordinal()
    words = study_days_text(days, anchor)
    if words == POOLED:
        assert days.low <= shift_day(anchor, -89, "a")
        return
    low, high = ends(words)
    assert low <= study_day(days.low, anchor) <= study_day(days.high, anchor) <= high
    assert days.low >= shift_day(anchor, -89, "a")


@given(PARTIAL, VISITS, VISITS)
def test_partial_date_does_not_tell_on_which_day_of_its_month_or_year_the_visit_was(text, visit, other):
    """Else whoever knows that months begin on the first would read the day of the visit from the range."""
    by_month = len(text) == 7
    same = other.replace(year=visit.year, day=min(other.day, 28), month=visit.month if by_month else other.month)
    assert told(text, visit.isoformat()) == told(text, same.isoformat())


@given(st.dates(date(1950, 1, 1), date(2060, 12, 1)), VISITS, st.integers(-240, 240))
def test_partial_date_tells_no_more_of_the_visit_than_how_many_months_lie_between(first, visit, months):
    moved = [date.fromordinal(shift_day(day.replace(day=1).toordinal(), months, "mo")) for day in (first, visit)]
    assume(all(1850 <= day.year < 2200 for day in moved))
    texts = [day.isoformat()[:7] for day in (first, moved[0])]
    assert told(texts[0], visit.isoformat()) == told(texts[1], moved[1].isoformat())


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        *(("1938-03-09", "88"), ("1938-03-10", "87"), ("1937-03-09", "89"), ("1936-03-10", "89")),
        *(("1936-03-09", "90 or over"), ("1920-01-01", "90 or over"), ("2026-03-09", "0")),
        *(("1970", "from 55 to 56"), ("1970-03", "from 55 to 56"), ("1970-02", "56"), ("1970-04", "55")),
        *(("1936", "90 or over"), ("1936-03", "90 or over"), ("1936-04", "89"), ("1937", "from 88 to 89")),
    ],
)
def test_age_is_in_completed_years_and_pooled_over_89(birth, age):
    assert aged(birth) == age


def test_birthday_on_29_february_falls_on_1_march():
    assert (aged("1936-02-29", "2026-02-28"), aged("1936-02-29", "2026-03-01")) == ("89", "90 or over")
    assert (aged("1944-02-29", "2024-02-28"), aged("1944-02-29", "2024-02-29")) == ("79", "80")


@given(st.dates(date(1850, 1, 1), date(2100, 1, 1)), st.integers(0, 45000), st.sampled_from([4, 7, 10]))
def test_no_age_over_89_is_told(birth, days, length):
    text = birth.isoformat()[:length]
    told_as = aged(text, (birth + timedelta(days)).isoformat())
    assert told_as == "90 or over" or max(map(int, re.findall(r"\d+", told_as))) <= 89
