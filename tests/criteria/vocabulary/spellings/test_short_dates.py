from datetime import date

import pytest

from criteria.vocabulary.spellings import date_readings, short_date_readings

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("26-11-25", {"2026-11-25", "2025-11-26"}),  # year or day first
        ("26/03/03", {"2026-03-03", "2003-03-26"}),
        ("82-06-09", {"1982-06-09"}),
        ("11/25/26", {"2026-11-25"}),
        ("26年1月", {"2026-01"}),
        ("82年6月9日", {"1982-06-09"}),
        ("27.12.31", {"2027-12-31", "1931-12-27"}),
        ("28年1月", {"1928-01"}),
        ("26-13-41", set()),
        ("820609", {"1982-06-09"}),
        ("261305", set()),
    ],
)
def test_year_of_two_digits_is_one_of_the_hundred_that_end_with_the_next(text, readings):
    assert set(short_date_readings(text, TODAY, past=True)) == readings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("11月18日", {"2026-11-18"}),
        ("12月18日", {"2025-12-18"}),
        ("8月初", {"2026-08"}),
        ("8月中旬", {"2026-08"}),
        ("12月底", {"2025-12"}),
        ("11-24", {"2026-11-24"}),
        ("11/24", {"2026-11-24", "2024-11"}),
        ("11.10", {"2026-11-10", "2026-10-11"}),  # either order
        ("11月24日(周二)", {"2026-11-24"}),
        ("11月24日(周三)", set()),
        ("2-30", set()),
        ("1118", {"2026-11-18"}),
        ("0311", {"2026-03-11"}),  # in the order of ISO 8601 alone
        ("1218", {"2025-12-18"}),
        ("2026", set()),
        ("1340", set()),
    ],
)
def test_day_without_a_year_is_the_latest_such_day_when_it_is_past(text, readings):
    assert set(short_date_readings(text, TODAY, past=True)) == readings


def test_day_without_a_year_may_be_the_next_such_day_too_when_it_may_be_planned():
    assert set(short_date_readings("12月4日", TODAY, past=False)) == {"2025-12-04", "2026-12-04"}


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1982-06-09生", ("1982-06-09",)),
        ("1982年6月9日出生", ("1982-06-09",)),
        ("2026-11-27（周五）", ("2026-11-27",)),
        ("2026年11月27日 星期五", ("2026-11-27",)),
        ("2026-11-27 (Fri)", ("2026-11-27",)),
        ("2026-11-27(周四)", ()),
        ("2026年8月初", ("2026-08",)),
        ("2026年8月底", ("2026-08",)),
        ("2026-8底", ()),
    ],
)
def test_what_is_said_beside_a_date_is_read_with_it(text, readings):
    assert date_readings(text) == readings
