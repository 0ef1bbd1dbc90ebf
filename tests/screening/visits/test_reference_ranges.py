from datetime import date
from decimal import Decimal

import pytest

from criteria.rules.ranges import Range, point
from criteria.vocabulary import BadDocument
from criteria.vocabulary.limits import SiteLimit
from screening.visits.range_decisions import confirm_range, end_range, retract_range
from screening.visits.reference_ranges import RangeValues, add_range, age_on, limit_key, ranges_of, site_limits_of
from tests.support.factories import ReferenceRangeFactory

DAY = date(2026, 3, 8)
CREATININE = {
    "laboratory": "City laboratory",
    "analyte": "creatinine",
    "unit": "umol/L",
    "sex": "",
    "uln": 104,
    "valid_from": date(2026, 1, 1),
    "valid_until": None,
    "source": "laboratory's list of 2026-01",
}


@pytest.fixture
def add(trial, administrator, signer):
    """Adds a range that another person confirms, and whatever is doubtful about it the first."""

    def added(**changed):
        said = CREATININE | changed
        key = limit_key(said["analyte"], said["unit"], said["uln"])
        entered = add_range(trial, administrator, RangeValues(**said), key)
        confirm_range(entered, signer)
        return entered

    return added


def uln(trial, sex, day=DAY, unit="umol/L", age=None):
    found = ranges_of(trial).find("creatinine", sex, day, unit, age)
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
        ({"laboratory": " "}, ["laboratory"]),
        ({"laboratory": "x" * 101}, ["laboratory"]),
        ({"age_from": -1}, ["age_from"]),
        ({"age_until": 131}, ["age_until"]),
        ({"age_from": 65, "age_until": 64}, ["age_until"]),
        ({"lln": Decimal("-1")}, ["lln"]),
        ({"lln": 104}, ["lln"]),
        ({"lln": "unknown"}, ["lln"]),
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


# A second person, and what becomes of a range


def test_range_counts_once_another_person_has_confirmed_it(trial, administrator, signer):
    entered = add_range(trial, administrator, RangeValues(**CREATININE))
    assert uln(trial, "male") is None
    assert ranges_of(trial).unit("creatinine", DAY) == ""
    confirm_range(entered, signer)
    assert uln(trial, "male") == 104


def test_range_entered_before_counts_without_a_second_person(trial, administrator):
    ReferenceRangeFactory(trial=trial, created_by=administrator)
    assert uln(trial, "male") == 104


def test_ended_range_counts_until_its_last_day_and_one_marked_wrong_on_none(add, trial, administrator):
    earlier, later = add(uln=100), add(uln=104, valid_from=date(2026, 2, 1))
    end_range(later, administrator, date(2026, 3, 7), "A new list.")
    assert [uln(trial, "male", day) for day in (date(2026, 3, 7), DAY)] == [104, 100]
    retract_range(earlier, administrator, "Of another test.")
    assert [uln(trial, "male", day) for day in (date(2026, 3, 7), DAY)] == [104, None]


def test_ranges_are_read_with_what_became_of_them_in_one_query(add, trial, administrator, django_assert_num_queries):
    for day in (1, 2):
        end_range(add(), administrator, date(2026, 6, 30), "A new list.")
        end_range(add(valid_from=date(2026, 1, day)), administrator, date(2026, 6, day), "A new list.")
    retract_range(add(), administrator, "Of another test.")
    with django_assert_num_queries(1):
        rows = ranges_of(trial).rows
        assert [row.last_day for row in rows] == [date(2026, 6, day) for day in (30, 1, 30, 2)] + [None]
        assert [(row.is_confirmed, row.is_wrong) for row in rows] == [(True, False)] * 4 + [(True, True)]
        assert rows[0].confirmation.created_by.username


# Several laboratories, ages, lower limits


def test_limit_is_taken_where_all_laboratories_agree(add, trial):
    add(laboratory="City", uln=104)
    add(laboratory="County", uln=Decimal("104.0"))
    assert uln(trial, "male") == 104
    add(laboratory="County", uln=110, valid_from=date(2026, 2, 1))
    assert uln(trial, "male") is None
    found = ranges_of(trial).find_each("creatinine", "male", DAY, "umol/L")
    assert [(row.laboratory, row.uln) for row in found] == [("City", 104), ("County", 110)]
    assert uln(trial, "male", date(2026, 1, 31)) == 104
    add(laboratory="County", uln=None, valid_from=date(2026, 3, 1))
    assert uln(trial, "male") is None


def test_range_of_an_unnamed_laboratory_gives_way_to_a_later_named_one(add, trial, administrator):
    ReferenceRangeFactory(trial=trial, created_by=administrator, uln=100)
    add(laboratory="City", uln=104, valid_from=date(2026, 2, 1))
    assert [uln(trial, "male", day) for day in (date(2026, 1, 31), DAY)] == [100, 104]


def test_range_is_that_of_the_persons_age(add, trial):
    add(uln=90, age_until=64)
    add(uln=110, age_from=65)
    ages = [point(64), point(65), Range(66, 67), Range(64, 65), None]
    assert [uln(trial, "male", age=age) for age in ages] == [90, 110, 110, None, None]
    assert ranges_of(trial).unit("creatinine", DAY) == "umol/L"
    assert len(ranges_of(trial).applicable_ranges("creatinine", DAY, "umol/L")) >= 2


def test_own_age_goes_before_any_and_own_sex_before_own_age(add, trial):
    add(uln=100)
    add(uln=90, age_until=64)
    assert [uln(trial, "male", age=age) for age in (point(40), point(70), None)] == [90, 100, 100]
    add(sex="male", uln=111)
    assert uln(trial, "male", age=point(40)) == 111


@pytest.mark.parametrize(
    ("born", "expected"),
    [("1961-03-08", (65, 65)), ("1961-03-09", (64, 64)), ("1961", (64, 65)), ("then", None), (None, None)],
)
def test_age_is_that_on_the_day_of_collection(born, expected):
    found = age_on({"subject": {"birth_date": born}}, DAY)
    assert (found and (found.low, found.high)) == expected
    assert age_on({"subject": "unknown"}, DAY) is None


def test_another_spelling_of_a_laboratory_is_refused(add):
    add(laboratory="City laboratory")
    with pytest.raises(BadDocument, match="named “City laboratory” here"):
        add(laboratory="city  Laboratory")
    add(laboratory="City laboratory II")


# What guards a result guards its limit


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"uln": Decimal("1.2")}, "40 to 180 µmol/L; plausible would be 1.2 mg/dL"),
        ({"uln": 181}, "40 to 180 µmol/L"),
        ({"uln": Decimal("104"), "unit": "mg/dL"}, "plausible would be 104 µmol/L"),
    ],
)
def test_implausible_limit_is_asked_back_and_kept_once_confirmed(trial, administrator, changed, told):
    said = RangeValues(**(CREATININE | changed))
    with pytest.raises(BadDocument) as asked:
        add_range(trial, administrator, said)
    ((path, message),) = asked.value.faults
    assert path == "confirmed"
    assert told in message
    with pytest.raises(BadDocument):
        add_range(trial, administrator, said, "creatinine umol/L 1.3")
    entered = add_range(trial, administrator, said, limit_key("creatinine", said.unit, said.uln))
    assert entered.doubt == message


def test_limit_far_from_the_present_one_is_asked_back(add, trial, administrator):
    add(uln=60)
    with pytest.raises(BadDocument, match=r"factor of 1.5 .* 60 µmol/L \(City laboratory\)"):
        add_range(trial, administrator, RangeValues(**CREATININE))
    assert not add_range(trial, administrator, RangeValues(**(CREATININE | {"uln": 90}))).doubt


# The site's own ranges, for the check of a limit


def test_site_limits_are_those_of_the_day_in_every_unit_that_converts(add, trial, vocabulary):
    add(uln=104)
    add(uln=Decimal("1.2"), unit="mg/dL", laboratory="County")
    add(uln=None, laboratory="Village")
    document = {"subject": {"sex": "male", "birth_date": "1961"}}
    result = {"analyte": "creatinine", "unit": "mg/dL", "collected": "2026-03-08"}
    expected = [SiteLimit(104, "umol/L", "City laboratory"), SiteLimit(Decimal("1.2"), "mg/dL", "County")]
    found = ranges_of(trial)
    assert site_limits_of(found, vocabulary, document, result) == expected
    assert site_limits_of(found, vocabulary, document, result | {"collected": "2025-12-31"}) == []
