"""What a row of the grid takes from elsewhere, and what it asks."""

from datetime import date

import pytest
from django.template.loader import render_to_string

from criteria.vocabulary import Fault
from screening.crf import SectionForm, add_blank_row
from screening.crf.laboratory import Laboratory
from screening.models import ReferenceRange
from screening.visits.reference_ranges import Ranges
from tests.support.submission import submitted

HB = {"analyte": "haemoglobin", "value": 118, "unit": "g/L", "collected": "2026-03-08"}
AST = {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-08"}
CREATININE = {"analyte": "creatinine", "value": 1, "unit": "mg/dL", "collected": "2026-03-08", "uln": 2}


@pytest.fixture
def section(vocabulary):
    return vocabulary.section("laboratory")


@pytest.fixture
def ranges():
    """AST up to 35 in 2024 and up to 40 from 2026 on; creatinine in umol/L by sex."""
    rows = [
        ReferenceRange(analyte=analyte, unit=unit, sex=sex, uln=uln, valid_from=first, valid_until=last)
        for analyte, unit, sex, uln, first, last in (
            ("ast", "U/L", "", 35, date(2024, 1, 1), date(2024, 12, 31)),
            ("ast", "U/L", "", 40, date(2026, 1, 1), None),
            ("creatinine", "umol/L", "male", 104, date(2026, 1, 1), None),
            ("creatinine", "umol/L", "female", 84, date(2026, 1, 1), None),
        )
    ]
    return Ranges(tuple(rows))


@pytest.fixture
def laboratory(ranges):
    """At a man's visit."""
    return Laboratory(ranges, "male", date(2026, 3, 9))


def index_of(form, code):
    return next(index for index, row in enumerate(form.parts[0].rows) if row.code == code)


def sent(section, stored, code, laboratory=None, **typed):
    """The form of the section once something was typed into the first row of an analyte."""
    blank = SectionForm(section, {"labs": stored}, laboratory=laboratory)
    data = submitted(blank)
    row = index_of(blank, code)
    data.update({name if name.startswith("labs") else f"labs-{row}-{name}": text for name, text in typed.items()})
    return SectionForm(section, {"labs": stored}, data, laboratory=laboratory)


def row_of(form, code):
    return form.parts[0].rows[index_of(form, code)]


# A unit that changes


def test_number_is_asked_when_its_unit_changes(section):
    form = sent(section, [HB], "haemoglobin", unit="g/dL")
    ((path, problem),) = form.unit_questions()
    assert (path, problem.label, problem.anchor) == ("labs[0]", "Haemoglobin", "notes-labs-0-all")
    html = render_to_string("crf/result_notes.html", {"row": row_of(form, "haemoglobin")})
    assert "118 g/L, which is 11.8 g/dL" in html


@pytest.mark.parametrize(("option", "value"), [(0, 118), (1, "11.8")])
def test_number_is_what_was_answered(section, option, value):
    question = row_of(sent(section, [HB], "haemoglobin", unit="g/dL"), "haemoglobin").unit_question
    form = sent(section, [HB], "haemoglobin", unit="g/dL", UNIT_ANSWER=question.options[option].value)
    (result,) = form.document["labs"]
    assert (str(result["value"]), result["unit"]) == (str(value), "g/dL")
    assert list(form.unit_questions()) == []


@pytest.mark.parametrize(
    "typed",
    [
        {"unit": "g/dL", "value": "11.8"},  # typed anew, with the new unit
        {"unit": "g/L"},
        {"unit": "g/dL", "value": "much"},  # wrong, and said to be wrong
        {"unit": "g/dL", "value": ""},
        {"unit": "ounces"},
    ],
)
def test_nothing_is_asked_when_there_is_no_doubt_about_the_number(section, typed):
    assert list(sent(section, [HB], "haemoglobin", **typed).unit_questions()) == []


def test_number_that_was_typed_before_the_unit_changed_is_asked_though_nothing_was_saved(section):
    typed = {"value": "118", "VALUE_WAS": "118", "UNIT_WAS": "g/dL", "unit": "g/L"}
    assert len(list(sent(section, [], "haemoglobin", **typed).unit_questions())) == 1
    assert list(sent(section, [], "haemoglobin", **typed | {"UNIT_WAS": ""}).unit_questions()) == []


def test_saved_limit_is_left_out_when_the_unit_beside_it_changes(section):
    """Two in mg/dL is no limit in umol/L: a value far above normal would pass."""
    form = sent(section, [CREATININE], "creatinine", unit="umol/L", value="88")
    (result,) = form.document["labs"]
    assert "uln" not in result
    assert "the limit 2 mg/dL is left out" in next(row_of(form, "creatinine").remarks)


def test_limit_that_was_typed_with_the_new_unit_is_kept(section):
    (result,) = sent(section, [CREATININE], "creatinine", unit="umol/L", value="88", uln="104").document["labs"]
    assert (result["value"], result["uln"]) == (88, 104)


# The laboratory's ranges


def test_blank_limit_is_filled_from_the_range_of_the_day_and_the_sex(section, laboratory):
    form = sent(section, [], "creatinine", laboratory, value="88", unit="umol/L", collected="2026-03-08")
    assert form.document["labs"][0]["uln"] == 104
    assert list(row_of(form, "creatinine").remarks) == [
        "upper limit 104 umol/L, from the laboratory's ranges (valid from 2026-01-01)"
    ]


@pytest.mark.parametrize(
    "typed", [{"collected": "2025-12-31"}, {"collected": "soon"}, {"unit": "mg/dL"}, {"value": ""}]
)
def test_blank_limit_stays_blank_where_no_range_was_valid(section, laboratory, typed):
    given = {"value": "88", "unit": "umol/L", "collected": "2026-03-08"} | typed
    (result,) = sent(section, [], "creatinine", laboratory, **given).document["labs"]
    assert "uln" not in result


def test_limit_that_was_typed_goes_before_the_range(section, laboratory):
    form = sent(section, [], "ast", laboratory, value="31", collected="2026-03-08", uln="35")
    assert form.document["labs"][0]["uln"] == 35


def test_limit_is_announced_before_it_is_saved(section, laboratory):
    form = SectionForm(section, {"labs": [AST]}, laboratory=laboratory)
    assert "upper limit 40 U/L" in next(row_of(form, "ast").remarks)


def test_unit_of_a_blank_row_is_the_laboratory_s(section, laboratory):
    form = SectionForm(section, {}, laboratory=laboratory)
    assert row_of(form, "creatinine")["unit"].value() == "umol/L"
    assert not row_of(form, "haemoglobin")["unit"].value()
    assert SectionForm(section, {}, submitted(form), laboratory=laboratory).document == {}


# A limit that was filled in for another day or another sex


@pytest.mark.parametrize(
    ("typed", "uln", "remark"),
    [
        ({"collected": "2024-12-20"}, 35, "upper limit 35 U/L, from the laboratory's ranges (valid from 2024-01-01)"),
        ({"collected": "2025-12-20"}, None, "the limit 40 U/L is left out: it holds for 2026-03-08"),
        (
            {"collected": "", "labs-DAY": "2024-12-20"},
            35,
            "upper limit 35 U/L, from the laboratory's ranges (valid from 2024-01-01)",
        ),
        ({"collected": "2026-03-07"}, 40, None),
        ({"collected": "2024-12-20", "uln": "38"}, 38, None),
    ],
    ids=["other range", "no range", "day for all", "same range", "typed anew"],
)
def test_saved_limit_follows_the_day_when_that_is_corrected(section, laboratory, typed, uln, remark):
    """Forty of the range of 2026 is no limit of a sample of 2024: a value above normal would pass."""
    form = sent(section, [AST | {"uln": 40}], "ast", laboratory, **typed)
    assert form.document["labs"][0].get("uln") == uln
    remarks = list(row_of(form, "ast").remarks)
    assert remark in remarks if remark else not any("left out" in each for each in remarks)


def test_saved_limit_of_a_paper_stays_when_the_day_is_corrected(section, laboratory):
    """It is of none of the site's ranges, so nobody but the paper knows it."""
    form = sent(section, [AST | {"uln": 42}], "ast", laboratory, collected="2025-12-20")
    assert form.document["labs"][0]["uln"] == 42


@pytest.mark.parametrize(
    ("sex", "day", "told"),
    [
        ("female", "2026-03-08", "the range of 2026-03-08 for female is 84 umol/L"),
        ("male", "2025-03-08", "there is no range of 2025-03-08 for male"),
        (None, "2026-03-08", "there is no range of 2026-03-08 for somebody whose sex is not known"),
    ],
)
def test_limit_of_a_range_that_is_not_the_valid_one_is_remarked_and_stays(section, ranges, sex, day, told):
    result = CREATININE | {"unit": "umol/L", "uln": 104, "collected": day}
    laboratory = Laboratory(ranges, sex, date(2026, 3, 9))
    for data in (None, submitted(SectionForm(section, {"labs": [result]}, laboratory=laboratory))):
        form = SectionForm(section, {"labs": [result]}, data, laboratory=laboratory)
        remark = f"the limit 104 umol/L is that of another day or sex: {told}"
        assert list(row_of(form, "creatinine").remarks) == [remark]
        assert form.document["labs"] == [result]


@pytest.mark.parametrize("changed", [{"uln": 104}, {"uln": 90}, {"unit": "mg/dL", "uln": 84}, {"uln": "unknown"}])
def test_limit_that_is_valid_or_of_no_range_is_not_remarked(section, laboratory, changed):
    form = SectionForm(section, {"labs": [CREATININE | {"unit": "umol/L"} | changed]}, laboratory=laboratory)
    assert not [remark for remark in row_of(form, "creatinine").remarks if "another day or sex" in remark]


# One day for all


def test_day_for_all_is_that_of_every_number_without_one(section):
    day = {"labs-DAY": "2026-03-08"}
    form = sent(section, [AST], "haemoglobin", value="118", unit="g/L", **day)
    assert form.document["labs"] == [AST, HB]
    assert "collected on 2026-03-08, as said above" in list(row_of(form, "haemoglobin").remarks)
    assert sent(section, [AST], "ast", **{"labs-DAY": "2026-03-01"}).document["labs"] == [AST]
    assert sent(section, [], "ast", **day).document["labs"] == []


def test_wrong_day_for_all_is_said_once_and_where_it_was_typed(section):
    form = sent(section, [], "haemoglobin", value="118", unit="g/L", **{"labs-DAY": "yesterday", "labs-0-value": "2"})
    form.refuse(Fault(f"labs[{index}].collected", "no day") for index in range(2))
    assert [(problem.anchor, problem.label) for problem in form.problems] == [
        ("at-labs-DAY", "Laboratory results: Collected on")
    ]


# The result that counts


def test_result_that_counts_is_marked_when_there_are_several(section):
    stored = [HB, HB | {"value": 120, "collected": "2026-03-01"}, AST]
    rows = SectionForm(section, {"labs": stored}).parts[0].rows
    assert [row.counts for row in rows[:3]] == [True, False, False]


def test_result_that_counts_is_marked_while_another_one_is_typed(section):
    data = add_blank_row(submitted(SectionForm(section, {"labs": [HB]})), "labs.haemoglobin")
    index = int(data["labs-rows"]) - 1
    data.update({f"labs-{index}-value": "120", f"labs-{index}-unit": "g/L"})
    assert not any(row.counts for row in SectionForm(section, {"labs": [HB]}, data).parts[0].rows)
    data[f"labs-{index}-collected"] = "2026-03-09"
    rows = SectionForm(section, {"labs": [HB]}, data).parts[0].rows
    assert [row.counts for row in (rows[0], rows[-1])] == [False, True]
