import re

import pytest
from django.template.loader import render_to_string

from screening.crf import SectionForm, add_blank_row
from tests.support.submission import submitted

ANC = {"analyte": "anc", "value": 2, "unit": "10*9/L", "collected": "2026-03-08"}
AST = {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-08", "uln": 40}


@pytest.fixture
def section(vocabulary):
    return vocabulary.section("laboratory")


def test_row_for_each_analyte_with_its_own_units_and_limits(section, vocabulary):
    assert vocabulary.parts["labs"].fields["unit"].choices  # read once before: a copy must not remember it
    tests = {test.code: test for test in SectionForm(section, {}).parts[0].tests()}
    assert list(tests) == list(vocabulary.parts["labs"].analytes)
    clearance = tests["creatinine_clearance"].rows[0]
    assert [code for code, _name in clearance.fields["unit"].widget.choices] == ["mL/min"]
    assert [name for name in ("uln", "lod") if name in tests["ast"].rows[0].fields] == ["uln"]
    assert [name for name in ("uln", "lod") if name in tests["hbv_dna"].rows[0].fields] == ["lod"]
    assert not {"uln", "lod"} & tests["anc"].rows[0].fields.keys()


def test_every_input_is_named_by_analyte_and_column(section):
    html = render_to_string("crf/results.html", {"part": SectionForm(section, {}).parts[0]})
    inputs = re.findall(r"<(?:input|select)[^>]*>", html)
    shown = [tag for tag in inputs if 'type="hidden"' not in tag]
    assert shown
    assert [tag for tag in shown if "aria-label=" not in tag] == [tag for tag in shown if 'name="labs-DAY"' in tag]
    assert 'aria-label="Neutrophils, collection day"' in html


def test_row_in_which_only_the_unit_is_chosen_says_nothing(section):
    data = submitted(SectionForm(section, {}), labs__0__unit="/uL")
    assert SectionForm(section, {}, data).document == {}


def test_row_without_a_value_is_not_dropped_when_something_else_was_typed(section):
    data = submitted(SectionForm(section, {}), labs__0__unit="/uL", labs__0__collected="2026-03-08")
    row = {"analyte": "wbc", "unit": "/uL", "collected": "2026-03-08"}
    assert SectionForm(section, {}, data).document == {"labs": [row]}


def test_saved_row_goes_when_it_is_cleared(section):
    stored = {"labs": [ANC, AST]}
    data = submitted(SectionForm(section, stored), labs__0__value="", labs__0__collected="")
    assert SectionForm(section, stored, data).document == {"labs": [AST]}


def test_order_of_results_is_kept_and_a_new_one_comes_last(section):
    stored = {"labs": [AST, ANC | {"value": 1}, ANC]}
    data = add_blank_row(submitted(SectionForm(section, stored)), "labs.anc")
    index = int(data["labs-rows"]) - 1
    data.update({f"labs-{index}-value": "3", f"labs-{index}-unit": "/uL", f"labs-{index}-collected": "2026-03-08"})
    new = {"analyte": "anc", "value": 3, "unit": "/uL", "collected": "2026-03-08"}
    assert SectionForm(section, stored, data).document["labs"] == [*stored["labs"], new]


def test_limit_that_the_analyte_does_not_ask_is_kept_when_a_result_has_it(section):
    stored = {"labs": [ANC | {"uln": 7, "lod": 1}]}
    data = submitted(SectionForm(section, stored))
    assert SectionForm(section, stored, data).document == stored


def test_comparator_goes_with_its_result(section):
    data = submitted(SectionForm(section, {}), labs__0__value="≤1")
    assert SectionForm(section, {}, data).document["labs"][0]["comparator"] == "<="


def test_row_of_an_analyte_that_does_not_exist_is_left_out(section):
    data = submitted(SectionForm(section, {}), labs__0__CODE="gold", labs__0__value="1")
    assert SectionForm(section, {}, data).document == {}


# A new panel on another day


def panel(section, stored, **typed):
    return SectionForm(section, {"labs": stored}, submitted(SectionForm(section, {"labs": stored}), **typed)).parts[0]


def test_new_panel_has_a_row_for_each_test_with_a_value_and_keeps_unit_and_limits(section):
    grid = panel(section, [AST, ANC], labs__2__value="4.1", labs__2__unit="10*9/L", labs__DAY="2026-03-08")
    data = grid.with_new_panel()
    form = SectionForm(section, {"labs": [AST, ANC]}, data)
    new = form.parts[0].rows[len(grid.rows) :]
    assert [(row.code, row["unit"].value(), row["value"].value()) for row in new] == [
        *(("wbc", "10*9/L", None), ("anc", "10*9/L", None), ("ast", "U/L", None))
    ]
    assert new[2]["uln"].value() == "40"
    wbc = ANC | {"analyte": "wbc", "value": form.document["labs"][2]["value"]}
    assert form.document["labs"] == [AST, ANC, wbc]  # with the day that was for all, and none of the new rows
    assert data["labs-DAY"] == ""


def test_results_of_the_new_panel_have_its_day_alone(section):
    grid = panel(section, [AST])
    data = grid.with_new_panel()
    data.update({f"labs-{len(grid.rows)}-value": "35", "labs-DAY": "2026-03-10"})
    data["labs-DAY"] = "2026-03-10"
    found = SectionForm(section, {"labs": [AST]}, data).document["labs"]
    assert found == [AST, AST | {"value": 35, "collected": "2026-03-10"}]


def test_further_panel_adds_nothing_where_the_last_row_is_still_empty(section):
    grid = panel(section, [AST])
    again = SectionForm(section, {"labs": [AST]}, grid.with_new_panel()).parts[0]
    assert again.with_new_panel()["labs-rows"] == again.data["labs-rows"]


@pytest.mark.parametrize("day", ["", "soon"])
def test_no_panel_is_begun_while_a_result_has_no_day(section, day):
    grid = panel(section, [AST], labs__1__value="4.1", labs__DAY=day)
    assert grid.with_new_panel() is None
    assert grid.day.errors["DAY"] == ["Say first on which day the results typed below were collected."]


def test_limits_of_a_row_are_kept_when_they_were_typed_and_not_taken_from_the_row_before(section):
    grid = panel(section, [AST])
    ast = len(grid.rows)
    data = grid.with_new_panel()
    data[f"labs-{ast}-KEPT"] = ""
    assert len(SectionForm(section, {"labs": [AST]}, data).document["labs"]) == 2
