from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from screening.crf.typed import TypedResult, is_interpreted, read_date, read_pair, read_quantity, read_result

CELLS = ("10*9/L", "10*3/uL", "/uL", "/mm3")
VIRAL_LOAD = ("[IU]/mL", "{copies}/mL")
NUMBERS = st.one_of(
    st.integers(min_value=0, max_value=10**12),
    st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False, allow_infinity=False),
)
SIGNS = {"<": "<", "＜": "<", "≤": "<=", "<=": "<=", "> ": ">", "≥ ": ">=", "": ""}


def anything(_number, _unit=""):
    return True


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 3, 9))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-03-09"),
        (" Today ", "2026-03-09"),
        ("今天", "2026-03-09"),
        ("-3", "2026-03-06"),
        ("－３", "2026-03-06"),
        ("−9", "2026-02-28"),
        ("+7", "2026-03-16"),
        ("-0", "2026-03-09"),
        ("2026年3月8日", "2026-03-08"),
    ],
)
def test_date_is_counted_from_the_site_s_own_day(today, text, day):
    assert read_date(text, whole=True) == day


@pytest.mark.parametrize(
    "text", ["3", "-", "-1000", "+ 3", "yesterday", "todays", "03/08/2026", "2026-3", "2026年3月", ""]
)
def test_no_whole_date_is_read_when_there_is_none_or_two(text):
    assert read_date(text, whole=True) is None


@pytest.mark.parametrize(("text", "day"), [("2026-3", "2026-03"), ("2026年3月", "2026-03"), ("２０２６", "2026")])
def test_partial_date_is_read_where_it_may_be_partial(text, day):
    assert read_date(text, whole=False) == day


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("63.5", "kg", Decimal("63.5")),
        ("63.5 kg", "kg", Decimal("63.5")),
        ("６３.5公斤", "kg", Decimal("63.5")),
        ("132 mm Hg", "mm[Hg]", 132),
        ("1.71 m", "cm", None),
        ("127斤", "kg", None),
        ("9 months", "mo", 9),
        ("9 months", "", None),
        ("9.", "", None),
        ("1,200", "", None),
    ],
)
def test_number_is_read_beside_the_unit_of_its_own_field(text, unit, number):
    assert read_quantity(text, unit, anything) == number


@given(NUMBERS, st.sampled_from(sorted(SIGNS)), st.sampled_from(["", "IU/mL", " IU/ml", " copies/mL"]), st.booleans())
def test_result_is_parted_into_sign_number_and_unit(number, sign, unit, arrow):
    code = {"": "", "i": "[IU]/mL", "c": "{copies}/mL"}[unit.strip()[:1].lower()]
    found = read_result(f"{sign}{number}{'↑' if arrow else ''}{unit}", VIRAL_LOAD, anything)
    assert found == TypedResult(number, SIGNS[sign], code)


@pytest.mark.parametrize(
    ("text", "units", "result"),
    [
        ("5.2×10^9/L", CELLS, TypedResult(Decimal("5.2"), "", "10*9/L")),
        ("5.2 ×10⁹/L", CELLS, TypedResult(Decimal("5.2"), "", "10*9/L")),
        ("2.9 10⁹/L", CELLS, TypedResult(Decimal("2.9"), "", "10*9/L")),
        ("5.2\u00a010^9/L", CELLS, TypedResult(Decimal("5.2"), "", "10*9/L")),
        ("5.2↓", CELLS, TypedResult(Decimal("5.2"))),
        ("5.2 ↓ 10*9/L", CELLS, TypedResult(Decimal("5.2"), "", "10*9/L")),
        ("1800/µL", CELLS, TypedResult(1800, "", "/uL")),
        ("<20 IU/mL", VIRAL_LOAD, TypedResult(20, "<", "[IU]/mL")),
        ("＜２０ＩＵ／ｍＬ", VIRAL_LOAD, TypedResult(20, "<", "[IU]/mL")),
        ("2.31E+04 IU/ml", VIRAL_LOAD, TypedResult(23100, "", "[IU]/mL")),
        ("1.200E+03", VIRAL_LOAD, TypedResult(1200)),
        ("< 1.0×10² IU/mL", VIRAL_LOAD, TypedResult(100, "<", "[IU]/mL")),
        ("112 g/L", ("g/dL", "g/L", "mmol/L"), TypedResult(112, "", "g/L")),
    ],
)
def test_result_is_read_as_reports_print_it(text, units, result):
    assert read_result(text, units, anything) == result


@pytest.mark.parametrize(
    "text",
    [
        *("1+", "+", "++", "-", "negative", "haemolysed", "5.2 g/L", "5.2 H", "5.2↓↓", "<", "<>5", "<<5", "~5"),
        *("1,200", "1,200 /uL", "1.200", "5-6", "5.2 (3.5-9.5)", "1.2345E+01", "1E+20", "5.2 10^9", "5 10*9/L /uL", ""),
    ],
)
def test_no_result_is_read_when_it_is_none_or_may_be_two(text):
    assert read_result(text, CELLS, anything) is None


def test_point_that_may_part_thousands_is_judged_by_the_unit_in_the_text():
    def is_plausible(number, unit):
        return unit == "/uL" or number < 60

    assert read_result("1.200 10*9/L", CELLS, is_plausible) == TypedResult(Decimal("1.200"), "", "10*9/L")
    assert read_result("1.200 /uL", CELLS, is_plausible) is None


@given(st.text("0123456789.,<>≤≥=+-↑↓ ×^*/LguIUmEe\u00a0", max_size=16))
def test_number_that_was_read_of_a_result_is_read_again_as_the_same(text):
    found = read_result(text, (*CELLS, "[IU]/mL"), anything)
    if found is not None:
        assert read_result(format(Decimal(found.number), "f"), CELLS, anything) == TypedResult(found.number)


def test_day_without_a_year_is_read_of_the_past_only_and_told(today):
    assert read_date("2月18日", whole=True, past=True) == "2026-02-18"
    assert read_date("2月18日", whole=True) is None
    assert read_date("2/18", whole=True, past=True) == "2026-02-18"
    assert read_date("2/18", whole=False, past=True) is None  # or February 2018
    assert read_date("2月中旬", whole=True, past=True) is None
    assert is_interpreted("2月18日", "2026-02-18")
    assert not is_interpreted("2026.2.18", "2026-02-18")
    assert not is_interpreted("-3", "2026-03-06")


@pytest.mark.parametrize(
    ("text", "pair"),
    [("136/82", ("136", "82")), ("136 / 82 mmHg", ("136", "82")), ("136", None), ("136/82/1", None), ("1/2", None)],
)
def test_blood_pressure_is_parted_when_both_numbers_are_typed_as_one_text(text, pair):
    assert read_pair(text, "mm[Hg]") == pair
    assert read_pair(text, "kg") is None


@pytest.mark.parametrize(
    ("text", "not_before", "day"),
    [
        ("1020", "", "2025-10-20"),  # 140 days ago, or 225 ahead
        ("3月20日", "", None),  # in eleven days, or a year ago
        ("0320", "", None),
        ("0320", "2026-03-09", "2026-03-20"),  # a year ago was before that
        ("0306", "2026-03-09", None),  # three days ago is not, and in a year is not meant
        ("0309", "", "2026-03-09"),
        ("1110", "", "2025-11-10"),
        ("11.10", "", None),  # in either order
        ("251020", "", "2025-10-20"),
        ("1960", "", None),
    ],
)
def test_day_without_a_year_of_what_may_be_planned_is_the_nearest_when_that_is_past_or_sure(
    today, text, not_before, day
):
    assert read_date(text, whole=True, nearest=True, not_before=not_before) == day


def test_four_digits_are_a_year_only_when_they_can_be_one(today):
    assert read_date("1960", whole=False, nearest=True) == "1960"
    assert read_date("1020", whole=False, nearest=True) == "2025-10-20"


def test_year_that_was_not_typed_is_told_of_what_may_be_planned(today):
    assert is_interpreted("1020", "2025-10-20")
