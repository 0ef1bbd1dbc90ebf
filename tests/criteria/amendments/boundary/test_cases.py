"""The documents themselves, held against what a calendar and a table of units say."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings, strategies as st

from criteria.amendments.boundary import BoundaryTable, boundary_tables
from criteria.rules.dates import iso_date, parse_date, shift_day
from tests.criteria.amendments.boundary.amended import amended, edition

CELLS = {"10*9/L": 1, "10*3/uL": 1, "/uL": Decimal("0.001"), "/mm3": Decimal("0.001")}
FEW = settings(max_examples=15)
YEARS = st.integers(min_value=1, max_value=78)  # the highest age is another limit, and 80
LENGTHS = st.integers(min_value=1, max_value=60)


def only(trial: str, **values: Decimal | None) -> BoundaryTable:
    (table,) = boundary_tables(edition(trial), amended(trial, **values))
    return table


def between(trial: str, name: str, old: Decimal | None, new: Decimal | None) -> tuple[BoundaryTable, ...]:
    return boundary_tables(amended(trial, **{name: old}), amended(trial, **{name: new}))


@FEW
@given(st.integers(min_value=1, max_value=30_000), st.integers(min_value=1, max_value=30_000))
def test_neutrophils_in_every_unit_come_out_as_the_same_number_of_cells(old, new):
    for table in between("oesophagus", "min_anc", Decimal(old), Decimal(new)):
        units = set()
        for row in table.rows[:-1]:
            (result,) = row.document["labs"]
            cells = result["value"] * CELLS[result["unit"]] * 1000
            assert (row.before == "pass", row.after == "pass") == (cells >= old, cells >= new)
            if "at the new limit" in row.case:
                assert cells == new
                units.add(result["unit"])
        assert units == set(CELLS)


def test_the_rows_of_neutrophils_from_1500_to_1000_stand_in_order():
    table = only("oesophagus", min_anc=Decimal(1000))
    assert [(row.case, row.before, row.after) for row in table.rows[:7]] == [
        ("0 /mm³", "fail", "fail"),
        ("999 /mm³, just below the new limit", "fail", "fail"),
        ("1000 /mm³, at the new limit", "fail", "pass"),
        ("1001 /mm³, just above the new limit", "fail", "pass"),
        ("1499 /mm³, just below the old limit", "fail", "pass"),
        ("1500 /mm³, at the old limit", "pass", "pass"),
        ("1501 /mm³, just above the old limit", "pass", "pass"),
    ]
    assert "1 ×10⁹/L, at the new limit" in [row.case for row in table.rows]
    assert (table.rows[-1].case, table.rows[-1].after) == ("not known", "unknown")
    assert "labs" not in table.rows[-1].document


def test_a_unit_that_does_not_convert_is_tried_at_its_own_limit_which_stays():
    table = only("oesophagus", min_haemoglobin=Decimal(8))
    found = {row.case: (row.before, row.after) for row in table.rows}
    assert found["8 g/dL, at the new limit"] == ("fail", "pass")
    assert list(found.items())[-4:-1] == [
        ("5.5 mmol/L, just below the limit in mmol/L", ("fail", "fail")),
        ("5.6 mmol/L, at the limit in mmol/L", ("pass", "pass")),
        ("5.7 mmol/L, just above the limit in mmol/L", ("pass", "pass")),
    ]


def test_every_unit_of_the_other_family_is_tried_by_one_step_of_its_limit():
    table = only("oesophagus", min_haemoglobin_molar=Decimal(5))
    beside = {row.case: (row.before, row.after) for row in table.rows if row.case.endswith("limit in g/dL")}
    steps = {
        "8.9 g/dL": "fail",
        "9 g/dL": "pass",
        "9.1 g/dL": "pass",
        "89 g/L": "fail",
        "90 g/L": "pass",
        "91 g/L": "pass",
    }
    assert {case.split(",")[0]: found for case, found in beside.items()} == {
        case: (outcome, outcome) for case, outcome in steps.items()
    }


def test_copies_are_tried_beside_international_units():
    table = only("oesophagus", hbv_dna=Decimal(2000))
    found = {row.case: (row.before, row.after) for row in table.rows}
    assert found["1000 copies/mL, at the limit in copies/mL"] == ("pass", "pass")
    assert found["1001 copies/mL, just above the limit in copies/mL"] == ("fail", "fail")


def test_a_limit_in_another_unit_that_is_changed_too_stands_in_its_own_table_alone():
    new = amended("oesophagus", min_haemoglobin=Decimal(8), min_haemoglobin_molar=Decimal(5))
    grams, molar = boundary_tables(edition("oesophagus"), new)
    assert {result["unit"] for row in grams.rows for result in row.document.get("labs", [])} == {"g/dL", "g/L"}
    assert {result["unit"] for row in molar.rows for result in row.document.get("labs", [])} == {"mmol/L"}


def test_a_limit_by_the_laboratorys_own_normal_states_it():
    table = only("oesophagus", max_ast=Decimal(3))
    at = next(row for row in table.rows if "at the new limit" in row.case)
    assert at.case == "120 U/L (upper limit of normal of AST 40 U/L), at the new limit"
    assert (at.before, at.after) == ("fail", "pass")
    assert [row.after for row in table.rows if row.case.endswith("AST not known")] == ["unknown"]


def test_what_is_computed_is_told_beside_what_is_typed():
    table = only("oesophagus", max_weight_loss=Decimal(12))
    cases = [row.case for row in table.rows]
    assert "weight 88 kg (weight three months ago 100 kg): weight lost in three months 12 %, at the new limit" in cases
    assert any(case.endswith("weight lost in three months 13 %, just above the new limit") for case in cases)


def test_a_value_that_no_form_takes_is_left_out():
    table = only("oesophagus", min_nyha=Decimal(4))
    assert [row.document["history"][0].get("nyha_class") for row in table.rows] == [1, 2, 3, 4, None]


@FEW
@given(YEARS, YEARS)
def test_birthdays_fall_as_the_calendar_says(old, new):
    for table in between("oesophagus", "min_age", Decimal(old), Decimal(new)):
        for row in table.rows:
            born = row.document.get("subject", {}).get("birth_date", "")
            if len(born) == len("2026-08-31"):
                on = date.fromisoformat(row.document["visit"]["date"])
                years = completed(date.fromisoformat(born), on)
                assert (row.before == "pass", row.after == "pass") == (years >= old, years >= new)


def completed(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def test_ages_are_tried_on_the_birthday_and_the_day_before_it():
    table = only("oesophagus", max_age=Decimal(75))
    found = {row.case: (row.before, row.after) for row in table.rows}
    assert found["born 1948-09-01, turns 76 a day after the visit"] == ("pass", "pass")
    assert found["born 1948-08-31, turns 76 on the day of the visit"] == ("pass", "fail")
    assert found["not known"] == ("unknown", "unknown")


def years_of_birth(**values: Decimal) -> list[tuple[str, str | None, str | None]]:
    rows = [row for row in only("oesophagus", **values).rows if "no month known" in row.case]
    return [(row.document["subject"]["birth_date"], row.before, row.after) for row in rows]


def test_the_year_of_birth_alone_is_open_once_by_each_limit():
    assert years_of_birth(max_age=Decimal(75)) == [("1943", "unknown", "fail"), ("1948", "pass", "unknown")]
    assert years_of_birth(min_age=Decimal(20)) == [("2006", "unknown", "fail"), ("2004", "pass", "unknown")]


@FEW
@given(LENGTHS, LENGTHS)
def test_a_window_of_months_flips_between_its_old_and_its_new_first_day(old, new):
    for table in between("oesophagus", "arterial_thrombosis", Decimal(old), Decimal(new)):
        for row in whole_days(table):
            day = row.document["history"][0]["date"]
            assert row.before == ("fail" if day >= first_day(row.document, old) else "pass")
            assert row.after == ("fail" if day >= first_day(row.document, new) else "pass")


def whole_days(table: BoundaryTable) -> list[Any]:
    dosed = [row for row in table.rows if "planned_first_dose_date" in row.document["visit"]]
    return [row for row in dosed if len(row.document["history"][0].get("date", "")) == len("2026-08-31")]


def first_day(document: Any, months: int) -> str:
    return iso_date(shift_day(parse_date(document["visit"]["planned_first_dose_date"]).low, -months, "mo"))


def test_an_open_window_is_tried_long_ago_and_without_a_date():
    table = between("oesophagus", "vascular_event", None, Decimal(6))[0]
    found = {row.case.split(", ", 1)[-1]: (row.before, row.after) for row in table.rows}
    assert found["20 years earlier (the old window is open)"] == ("fail", "pass")
    assert found["no date"] == ("fail", "unknown")
    assert found["planned first dose not known"] == ("fail", "unknown")


def test_months_are_tried_where_they_are_clamped_and_a_month_alone_is_undecided():
    table = only("oesophagus", arterial_thrombosis=Decimal(5))
    cases = {row.case: (row.before, row.after) for row in table.rows}
    assert cases["2024-02-29, first day of the old window"] == ("fail", "pass")
    assert cases["2024-02, no day known"] == ("unknown", "pass")
    assert cases["2024-03, no day known"] == ("fail", "unknown")


def test_the_other_therapies_do_not_disturb_the_one_in_question():
    table = only("oesophagus", washout_systemic=Decimal(4))
    assert table.rows[0].document["therapies"] == [{"kind": "systemic", "end_date": "2024-08-02", "ongoing": "no"}]
    assert table.rows[0].document["reviewed"] == ["therapies"]
