import pytest

from screening.demonstration.days import shift_dates


@pytest.mark.parametrize(
    ("written", "days", "then"),
    [
        ("2026-03-09", 250, "2026-11-14"),
        ("2026-03-09", -35, "2026-02-02"),
        ("2025-11", 250, "2026-07"),
        ("1958", 250, "1958"),
        ("10*9/L", 250, "10*9/L"),
        (210, 250, 210),
    ],
)
def test_days_move_and_all_else_stays(written, days, then):
    assert shift_dates({"rows": [{"date": written}]}, days) == {"rows": [{"date": then}]}


def test_document_is_left_as_it_was_when_moved():
    document = {"visit": {"date": "2026-03-09"}}
    shift_dates(document, 1)
    assert document == {"visit": {"date": "2026-03-09"}}
