from datetime import date

import pytest
from hypothesis import given, strategies as st

from criteria.vocabulary.spellings import date_readings

DAYS = st.dates(date(1850, 1, 1), date(2199, 12, 31))
FULL_WIDTH = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

WHOLE = [
    lambda day: day.isoformat(),
    lambda day: f"{day.year}-{day.month}-{day.day}",
    lambda day: f"{day.year}/{day.month:02}/{day.day:02}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year} . {day.month} . {day.day}",
    lambda day: f"{day.year}。{day.month}。{day.day}",
    lambda day: day.strftime("%Y%m%d"),
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f" {day.year}年 {day.month:02}月{day.day:02}号 ",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{day.day:02}-{MONTHS[day.month - 1].upper()}-{day.year}",
    lambda day: f"{day.day}{MONTHS[day.month - 1]}{day.year}",
    lambda day: f"{day:%B} {day.day}, {day.year}",
]
PARTIAL = [
    (lambda day: f"{day.year}-{day.month}", 7),
    (lambda day: f"{day.year}/{day.month:02}", 7),
    (lambda day: f"{day.year}.{day.month}", 7),
    (lambda day: f"{day.year}年{day.month}月", 7),
    (lambda day: f"{day.year}年{day.month}月份", 7),
    (lambda day: f"{MONTHS[day.month - 1]} {day.year}", 7),
    (lambda day: f"{day.month}/{day.year}", 7),
    (lambda day: f"{day.year}", 4),
    (lambda day: f"{day.year}年", 4),
]


@given(DAYS, st.sampled_from(WHOLE), st.booleans())
def test_whole_date_is_read_in_every_spelling(day, spell, wide):
    text = spell(day)
    assert date_readings(text.translate(FULL_WIDTH) if wide else text) == (day.isoformat(),)


@given(DAYS, st.sampled_from(PARTIAL), st.booleans())
def test_partial_date_is_read_in_every_spelling(day, spelling, wide):
    spell, length = spelling
    text = spell(day)
    assert date_readings(text.translate(FULL_WIDTH) if wide else text) == (day.isoformat()[:length],)


@given(DAYS, st.sampled_from("-/."))
def test_day_and_month_before_the_year_have_two_readings_when_both_are_in_the_calendar(day, sign):
    readings = date_readings(f"{day.day:02}{sign}{day.month}{sign}{day.year}")
    assert day.isoformat() in readings
    assert len(readings) == (1 if day.day > 12 or day.day == day.month else 2)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-", "2026-13-08", "2026-02-30", "2026-3/8", "26-3-8", "03/08/26", "202603", "08032026"),
        *("8 Foo 2026", "Mar 82026", "3月8日", "2026年3", "1849-12-31", "2200-01-01", "2026-03-08 09:30", "٢٠٢٦-٠٣-٠٨"),
        *("about 2026", "2026-03-08?", "20260308.0", "２⁰26"),
    ],
)
def test_nothing_is_read_when_it_is_no_date(text):
    assert date_readings(text) == ()


@given(st.text(max_size=20))
def test_any_text_has_at_most_two_readings(text):
    assert len(date_readings(text)) <= 2
