from datetime import date
from decimal import Decimal

import pytest

from criteria.vocabulary import BadDocument
from screening.visits.reference_ranges import add_range, ranges_of

DAY = date(2026, 3, 8)
CREATININE = {
    "analyte": "creatinine",
    "unit": "umol/L",
    "sex": "",
    "uln": 104,
    "valid_from": date(2026, 1, 1),
    "valid_until": None,
    "source": "laboratory's list of 2026-01",
}


@pytest.fixture
def add(trial, administrator):
    return lambda **changed: add_range(trial, administrator, **(CREATININE | changed))


def uln(trial, sex, day=DAY, unit="umol/L"):
    found = ranges_of(trial).find("creatinine", sex, day, unit)
    return found and found.uln


def test_range_is_kept_as_typed_with_who_entered_it(add, trial, administrator):
    add(uln=Decimal("1.20"), unit="mg/dL")
    (row,) = ranges_of(trial).rows
    assert (str(row.uln), row.created_by) == ("1.20", administrator)


def test_own_sex_goes_before_any(add, trial):
    add(sex="male", uln=111)
    add(sex="", uln=104)
    assert [uln(trial, sex) for sex in ("male", "female", None)] == [111, 104, 104]


def test_range_of_one_sex_says_nothing_of_a_person_of_unknown_sex(add, trial):
    add(sex="male", uln=111)
    assert [uln(trial, sex) for sex in ("female", None, "", "unknown")] == [None, None, None, None]


def test_range_for_any_sex_replaces_those_of_each_sex_that_were_valid_before_it(add, trial):
    """A new list without sexes ends the old one with them, though nobody closed it."""
    add(sex="male", uln=111)
    add(sex="female", uln=81)
    add(sex="", uln=95, valid_from=date(2026, 6, 1))
    for day, expected in ((date(2026, 5, 31), [111, 81, None]), (date(2026, 7, 1), [95, 95, 95])):
        assert [uln(trial, sex, day) for sex in ("male", "female", None)] == expected


def test_person_of_unknown_sex_has_no_limit_once_the_laboratory_tells_the_sexes_apart(add, trial):
    add(sex="", uln=95)
    add(sex="male", uln=111, valid_from=DAY)
    assert [uln(trial, sex) for sex in ("male", "female", None, "unknown")] == [111, 95, None, None]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 12, 31), None), (date(2026, 1, 1), 104), (date(2026, 3, 31), 104), (date(2026, 4, 1), None)],
)
def test_range_counts_from_its_first_day_to_its_last(add, trial, day, expected):
    add(valid_until=date(2026, 3, 31))
    assert uln(trial, "male", day) == expected


def test_range_valid_from_the_later_day_counts_whenever_it_was_entered(add, trial):
    add(uln=104)
    add(uln=106, valid_from=date(2025, 1, 1))
    assert uln(trial, "male") == 104
    assert uln(trial, "male", date(2025, 12, 31)) == 106


def test_range_entered_last_counts_of_those_valid_from_one_day(add, trial):
    add(uln=1040)
    add(uln=104)
    assert uln(trial, "male") == 104


def test_there_is_no_limit_once_a_range_was_withdrawn(add, trial):
    add(uln=104)
    add(uln=None, valid_from=DAY)
    assert uln(trial, "male", date(2026, 3, 7)) == 104
    assert uln(trial, "male", DAY) is None


def test_limit_in_another_unit_is_not_taken(add, trial):
    add(unit="umol/L", uln=104)
    assert uln(trial, "male", unit="mg/dL") is None
    assert uln(trial, "male", unit="umol/L") == 104


def test_unit_is_told_where_the_ranges_in_force_have_one(add, trial):
    def unit(day=DAY):
        return ranges_of(trial).unit("creatinine", day)

    assert unit() == ""
    add(sex="male")
    add(sex="female")
    assert (unit(), unit(date(2025, 1, 1))) == ("umol/L", "")
    add(unit="mg/dL", uln=Decimal("1.2"), sex="male")
    assert unit() == ""
    add(unit="mg/dL", uln=None, sex="male")
    assert unit() == "umol/L"
    add(uln=None, valid_from=DAY)
    assert unit() == ""


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"analyte": "calcium"}, ["analyte"]),
        ({"unit": "g/dL"}, ["unit"]),
        ({"sex": "m"}, ["sex"]),
        ({"uln": 0}, ["uln"]),
        ({"uln": Decimal("-1")}, ["uln"]),
        ({"uln": Decimal("NaN")}, ["uln"]),
        ({"uln": "104"}, ["uln"]),
        ({"uln": "unknown"}, ["uln"]),
        ({"valid_from": None}, ["valid_from"]),
        ({"valid_until": date(2025, 12, 31)}, ["valid_until"]),
        ({"source": "  "}, ["source"]),
        ({"source": "x" * 201}, ["source"]),
        ({"source": "result of 330102196105200017"}, ["source"]),
        ({"uln": 0, "source": ""}, ["uln", "source"]),
    ],
)
def test_nothing_is_kept_when_a_range_is_faulty(add, trial, changed, fields):
    with pytest.raises(BadDocument) as refused:
        add(**changed)
    assert [fault.path for fault in refused.value.faults] == fields
    assert ranges_of(trial).rows == ()


def test_range_of_one_day_is_taken(add):
    add(valid_from=DAY, valid_until=DAY)
