import pytest

from criteria.rules.dates import parse_date
from criteria.rules.proofs import sentences as s
from criteria.rules.proofs.elapsed import apart_text, needed_template


@pytest.mark.parametrize(
    ("event", "anchor", "unit", "expected"),
    [
        ("2026-02-23", "2026-03-16", "wk", (s.BEFORE, "21 days")),
        ("2026-03-15", "2026-03-16", "d", (s.BEFORE, "1 day")),
        ("2026-03-20", "2026-03-16", "d", (s.AFTER, "4 days")),
        ("2026-03-16", "2026-03-16", "d", (s.SAME_DAY, "")),
        ("2025-03-16", "2026-03-16", "mo", (s.BEFORE, "12 months")),
        ("2025-03-15", "2026-03-16", "mo", (s.BEFORE, "12 months 1 day")),
        ("2026-03-01", "2026-03-16", "mo", (s.BEFORE, "15 days")),
        ("2024-03-08", "2026-03-09", "a", (s.BEFORE, "2 years 1 day")),
        ("2026-02-28", "2025-08-31", "mo", (s.AFTER, "6 months")),  # the calendar shortens the last month
        ("2026-02-27", "2025-08-31", "mo", (s.AFTER, "5 months 27 days")),
        ("2026-02", "2026-03-16", "wk", (s.BEFORE, "16 to 43 days")),
        ("2026-04", "2026-03-16", "wk", (s.AFTER, "16 to 45 days")),
        ("2026", "2026-03-16", "wk", None),
        ("2024-05", "2026-03-09", "a", (s.BEFORE, "1 year 282 days to 1 year 312 days")),  # as the window counts
        ("2025-09", "2026-03-16", "mo", (s.BEFORE, "5 months 16 days to 6 months 15 days")),
        ("2024-01-16", "2026-03-16", "mo", (s.BEFORE, "26 months")),  # held against a window of months
        ("1999-03-15", "2026-03-16", "mo", (s.BEFORE, "27 years 1 day")),
        ("1999-01-01", "2026-03-16", "mo", (s.BEFORE, "27 years 2 months 15 days")),
    ],
)
def test_time_apart_is_counted_as_the_window_counts_when_days_are_known(event, anchor, unit, expected):
    assert apart_text(parse_date(event), parse_date(anchor), unit) == expected


@pytest.mark.parametrize(
    ("operator", "side", "template", "ends", "expected"),
    [
        (">", "before", s.BEFORE, False, s.NEEDED),
        ("<=", "before", s.BEFORE, True, s.ALLOWED),
        (">", "before", s.AFTER, False, s.MUST_BE_BEFORE),  # a course that ends later is too close
        (">", "before", s.AFTER, True, ""),  # surgery after the dose is not within the days before it
        ("<=", "before", s.AFTER, True, s.MUST_BE_BEFORE),
        ("<=", "before", s.AFTER, False, ""),
        (">", "before", s.SAME_DAY, True, s.MUST_BE_BEFORE),
        ("<=", "before", s.SAME_DAY, True, ""),  # a test on the day of the dose is recent enough
        ("<=", "after", s.SAME_DAY, True, s.MUST_BE_AFTER),  # a window after a day begins after it
        ("<", "after", s.SAME_DAY, False, ""),
        (">", "after", s.SAME_DAY, True, ""),
        (">", "after", s.BEFORE, True, ""),
        ("<", "after", s.AFTER, False, s.ALLOWED),
        (">=", "after", s.BEFORE, False, s.MUST_BE_AFTER),
        (">", "before", s.UNDECIDED, True, s.MUST_BE_BEFORE),
        ("<", "after", s.EITHER_SIDE, False, s.MUST_BE_AFTER),
    ],
)
def test_length_is_told_when_it_matters_on_that_side(operator, side, template, ends, expected):
    assert needed_template(operator, side, template, ends=ends) == expected
