"""What a row of the grid takes from elsewhere, and what it asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from criteria.vocabulary import Fault
from criteria.vocabulary.values import number_hint
from screening.crf import SectionForm, add_blank_row
from screening.crf.laboratory import Laboratory
from screening.models import RangeRetraction, ReferenceRange
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
        ReferenceRange(
            analyte=analyte, unit=unit, sex=sex, uln=uln, valid_from=first, valid_until=last, needs_confirmation=False
        )
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


def test_question_is_true_when_the_number_was_changed_before_the_unit(section):
    typed = {"value": "11.8", "VALUE_WAS": "11.8", "UNIT_WAS": "g/L", "unit": "g/dL"}
    ((_path, problem),) = sent(section, [HB], "haemoglobin", **typed).unit_questions()
    assert problem.message == "11.8 had the unit g/L, which was then changed to g/dL. Which is right?"


@pytest.mark.parametrize("value", ["118", "118.0"])
def test_nothing_is_asked_when_the_saved_number_and_unit_are_entered_again(section, value):
    typed = {"value": value, "VALUE_WAS": value, "UNIT_WAS": "g/dL", "unit": "g/L"}
    assert list(sent(section, [HB], "haemoglobin", **typed).unit_questions()) == []


def test_number_is_asked_when_only_its_unit_is_the_saved_one_again(section):
    typed = {"value": "12", "VALUE_WAS": "12", "UNIT_WAS": "g/dL", "unit": "g/L"}
    assert len(list(sent(section, [HB], "haemoglobin", **typed).unit_questions())) == 1


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
        "upper limit 104 µmol/L, from the laboratory's ranges (valid from 2026-01-01)"
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


def test_limit_in_force_is_shown_in_a_blank_row(section, laboratory):
    row = row_of(SectionForm(section, {}, laboratory=laboratory), "creatinine")
    assert row.fields["uln"].widget.attrs["placeholder"] == "104"
    assert [*row.remarks] == ["upper limit 104 µmol/L is in force: leave it blank to take it"]
    assert "placeholder" not in row_of(SectionForm(section, {}), "creatinine").fields["uln"].widget.attrs


def test_limit_in_force_is_that_of_the_day_for_all_and_of_the_unit_in_the_row(section, laboratory):
    form = sent(section, [], "ast", laboratory, **{"labs-DAY": "2024-03-08"})
    assert row_of(form, "ast").fields["uln"].widget.attrs["placeholder"] == "35"
    form = sent(section, [], "creatinine", laboratory, unit="mg/dL")
    assert "placeholder" not in row_of(form, "creatinine").fields["uln"].widget.attrs
    assert form.document == {"labs": []}


def test_limit_that_was_typed_is_told_when_another_one_is_in_force(section, laboratory):
    form = sent(section, [], "creatinine", laboratory, value="88", unit="umol/L", collected="2026-03-08", uln="101")
    (remark,) = row_of(form, "creatinine").remarks
    assert remark.startswith("the limit 101 µmol/L was typed; the range in force is 104 µmol/L")
    form = sent(section, [], "creatinine", laboratory, value="88", unit="umol/L", collected="2026-03-08", uln="104")
    assert [*row_of(form, "creatinine").remarks] == []


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
        ("female", "2026-03-08", "the range of 2026-03-08 for female is 84 µmol/L"),
        ("male", "2025-03-08", "there is no range of 2025-03-08 for male"),
        (None, "2026-03-08", "there is no range of 2026-03-08 for a subject whose sex is not known"),
    ],
)
def test_limit_of_a_range_that_is_not_the_valid_one_is_remarked_and_stays(section, ranges, sex, day, told):
    result = CREATININE | {"unit": "umol/L", "uln": 104, "collected": day}
    laboratory = Laboratory(ranges, sex, date(2026, 3, 9))
    for data in (None, submitted(SectionForm(section, {"labs": [result]}, laboratory=laboratory))):
        form = SectionForm(section, {"labs": [result]}, data, laboratory=laboratory)
        remark = f"the limit 104 µmol/L is that of another day or sex: {told}"
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


# Several laboratories, ages, ranges that do not count


def own_range(**said):
    usual = {"analyte": "ast", "unit": "U/L", "uln": 40, "valid_from": date(2026, 1, 1), "needs_confirmation": False}
    return ReferenceRange(**(usual | said))


def remarks_of(section, rows, result=AST, document=None):
    form = SectionForm(section, {"labs": [result]}, laboratory=Laboratory(Ranges(tuple(rows)), document=document or {}))
    return list(row_of(form, "ast").remarks)


def test_limit_is_not_filled_where_the_laboratories_differ_and_each_is_named(section):
    rows = [own_range(laboratory="City"), own_range(laboratory="County", uln=50)]
    told = "type the upper limit of the laboratory that measured: City 40 U/L, County 50 U/L"
    assert remarks_of(section, rows) == [told]
    for uln in (40, 50):
        assert remarks_of(section, rows, AST | {"uln": uln}) == []
    (filled,) = remarks_of(section, [*rows[:1], own_range(laboratory="County")])
    assert filled == "upper limit 40 U/L, from the ranges of City (valid from 2026-01-01)"


def test_limit_is_filled_by_the_age_on_the_day_of_collection(section):
    rows = [own_range(age_until=64), own_range(age_from=65, uln=50)]
    for born, uln in (("1961-03-09", 40), ("1961-03-08", 50)):
        (told,) = remarks_of(section, rows, document={"subject": {"birth_date": born}})
        assert told.startswith(f"upper limit {uln} U/L")
    assert remarks_of(section, rows) == []
    (doubt,) = remarks_of(section, rows, AST | {"uln": 40}, {"subject": {"birth_date": "1950"}})
    assert doubt.startswith("the limit 40 U/L is that of another day, sex or age: the range of 2026-03-08")


def test_limit_of_a_range_that_was_marked_wrong_is_remarked(section):
    wrong = own_range(uln=400)
    wrong.retraction = RangeRetraction(range=wrong)
    (doubt,) = remarks_of(section, [wrong, own_range()], AST | {"uln": 400})
    told = "the limit 400 U/L is that of a range that was marked wrong: the range of 2026-03-08"
    assert doubt == f"{told} for a subject whose sex is not known is 40 U/L"


def test_range_that_nobody_confirmed_fills_nothing_and_says_nothing_of_a_limit(section):
    waiting = own_range(needs_confirmation=True)
    assert remarks_of(section, [waiting]) == []
    (remark,) = remarks_of(section, [waiting, own_range(uln=50)], AST | {"uln": 40})
    assert remark.startswith("the limit 40 U/L was typed; the range in force is 50 U/L")


# A result that is typed as one text


def test_sign_number_and_unit_of_one_text_are_parted(section):
    form = sent(section, [], "hbv_dna", value="＜20 IU/mL", collected="2026/3/8")
    assert form.document["labs"] == [
        {"analyte": "hbv_dna", "comparator": "<", "value": 20, "unit": "[IU]/mL", "collected": "2026-03-08"}
    ]
    row = row_of(form, "hbv_dna")
    assert [row[name].value() for name in ("value", "unit", "collected")] == ["<20", "[IU]/mL", "2026-03-08"]
    assert [(echo.typed, sorted(echo.shown.values())) for echo in row.echoes] == [
        ("＜20 IU/mL", ["<20", "<20", "[IU]/mL", "[IU]/mL"]),
        ("2026/3/8", ["2026-03-08"]),
    ]


def test_unit_that_is_typed_goes_before_the_one_that_was_saved_and_nothing_is_asked(section):
    form = sent(section, [HB], "haemoglobin", value="118 g/dL", VALUE_WAS="118 g/dL", UNIT_WAS="g/L")
    assert (form.document["labs"][0]["value"], form.document["labs"][0]["unit"]) == (118, "g/dL")
    assert list(form.unit_questions()) == []


def test_number_of_full_width_is_asked_when_its_unit_changes_later(section):
    typed = {"value": "１１８", "VALUE_WAS": "１１８", "UNIT_WAS": "g/dL", "unit": "g/L"}
    assert len(list(sent(section, [], "haemoglobin", **typed).unit_questions())) == 1


@pytest.mark.parametrize(
    ("code", "typed", "value"),
    [
        ("anc", {"value": "1.200", "unit": "10*9/L"}, "1.200"),  # 1200 is not plausible in that unit
        ("anc", {"value": "1,200", "unit": "10*9/L"}, None),
        ("hbv_dna", {"value": "1.200", "unit": "[IU]/mL"}, None),
        ("hbv_dna", {"value": "1.200"}, None),
        ("hbv_dna", {"value": "2.31E+04 IU/ml"}, "23100"),
        ("platelets", {"value": "118 g/L"}, None),  # of the line above, on the report
        ("anc", {"value": "1+", "unit": "10*9/L"}, None),
    ],
)
def test_result_is_read_only_where_it_has_one_meaning(section, code, typed, value):
    form = sent(section, [], code, **typed)
    (result,) = form.document["labs"]
    assert str(result["value"]) == (value or typed["value"])
    assert isinstance(result["value"], str) is (value is None)
    assert row_of(form, code)["value"].value() == (value or typed["value"])


def test_saved_result_is_not_read_again(section):
    """It may have come by a file, where a point is a point."""
    saved = {"analyte": "hbv_dna", "value": Decimal("1.200"), "unit": "[IU]/mL", "collected": "2026-03-08"}
    form = sent(section, [saved], "hbv_dna", lod="1")
    assert str(form.document["labs"][0]["value"]) == "1.200"
    assert row_of(form, "hbv_dna").echoes == []


DNA = {"analyte": "hbv_dna", "comparator": "<=", "value": 20, "unit": "[IU]/mL", "collected": "2026-03-08"}


def test_saved_comparator_stands_before_the_value_and_goes_with_it(section):
    assert row_of(SectionForm(section, {"labs": [DNA]}), "hbv_dna")["value"].value() == "≤20"
    assert sent(section, [DNA], "hbv_dna").document["labs"] == [DNA]
    assert not sent(section, [DNA], "hbv_dna").is_touched
    (result,) = sent(section, [DNA], "hbv_dna", value="20").document["labs"]
    assert result == {name: value for name, value in DNA.items() if name != "comparator"}


def test_saved_number_is_not_read_again_when_a_comparator_stands_before_it(section):
    saved = DNA | {"value": Decimal("1.200")}
    form = sent(section, [saved], "hbv_dna", lod="1")
    assert (str(form.document["labs"][0]["value"]), form.document["labs"][0]["comparator"]) == ("1.200", "<=")


@pytest.mark.parametrize("typed", ["<1,200", "＜1,200"])
def test_number_with_two_readings_is_told_without_its_comparator(section, typed):
    (result,) = sent(section, [], "hbv_dna", value=typed).document["labs"]
    assert (result["comparator"], result["value"]) == ("<", "1,200")


@pytest.mark.parametrize(("value", "shown"), [("20", "≤20"), ("≤20", "≤20"), ("<20", "<20")])
def test_comparator_of_a_draft_of_before_is_joined_to_its_value(section, value, shown):
    form = sent(section, [], "hbv_dna", value=value, comparator="<=")
    assert row_of(form, "hbv_dna")["value"].value() == shown
    assert form.document["labs"][0]["comparator"] == {"≤20": "<=", "<20": "<"}[shown]


def test_fault_of_a_comparator_is_shown_at_the_value(section):
    form = sent(section, [DNA], "hbv_dna")
    assert form.spot("labs[0].comparator").anchor == "at-labs-0-value"


@pytest.mark.parametrize("text", ["not detected", "未检出", "TND"])
def test_not_detected_is_below_the_limit_of_detection_in_the_row(section, text):
    form = sent(section, [], "hcv_rna", value=text, unit="[IU]/mL", lod="15", collected="2026-03-08")
    (result,) = form.document["labs"]
    assert (result["comparator"], result["value"], result["lod"]) == ("<", 15, 15)


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("hcv_rna", {"value": "not detected"}),
        ("hcv_rna", {"value": "not detected", "lod": "0"}),
        ("platelets", {"value": "not detected"}),
    ],
)
def test_words_are_no_result_when_they_say_no_limit(section, code, typed):
    (result,) = sent(section, [], code, **typed).document["labs"]
    assert result["value"] == typed["value"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({"value": "未检出", "lod": "15 IU/mL"}, {"value": "<15", "lod": "15", "unit": "[IU]/mL"}),
        ({"value": "<15 IU/mL", "lod": "15IU/ml"}, {"value": "<15", "lod": "15", "unit": "[IU]/mL"}),
        ({"value": "20", "unit": "{copies}/mL", "lod": "15 IU/mL"}, {"lod": "15 IU/mL", "unit": "{copies}/mL"}),
    ],
)
def test_limit_is_read_with_its_unit_when_that_is_the_unit_of_the_result(section, typed, shown):
    row = row_of(sent(section, [], "hcv_rna", **typed), "hcv_rna")
    assert {name: row[name].data for name in shown} == shown


def test_limit_is_asked_as_a_bare_number_when_what_is_not_detected_has_none(section):
    form = sent(section, [], "hcv_rna", value="未检出", collected="2026-03-08", unit="[IU]/mL")
    part = section.parts[0]
    assert "as a bare number, such as 15" in number_hint(form.document[part.key][0]["value"])
