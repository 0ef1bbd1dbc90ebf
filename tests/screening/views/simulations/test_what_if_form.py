from decimal import Decimal

import pytest

from criteria.definition.reader import BadDefinition
from criteria.versions.versions import load_definition
from criteria.vocabulary import Fault
from screening.views.simulations.what_if_form import WhatIfForm
from tests.conftest import PROTOCOL

HYPERTENSION = PROTOCOL.parents[2] / "tests/data/hypertension.yaml"


@pytest.fixture
def form(version):
    return lambda **typed: WhatIfForm(version, {name.replace("__", "-"): text for name, text in typed.items()})


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ({"to__min_anc": "1000"}, {"min_anc": Decimal(1000)}),
        ({"to__min_anc": " 1000 /mm3 "}, {"min_anc": Decimal(1000)}),
        ({"to__max_bilirubin": "2.5", "to__max_ecog": "2"}, {"max_ecog": Decimal(2), "max_bilirubin": Decimal("2.5")}),
        ({"open__other_malignancy": "on"}, {"other_malignancy": None}),
        ({"to__other_malignancy": "any time"}, {"other_malignancy": None}),
        ({"to__lab_max_age": "14"}, {"lab_max_age": Decimal(14)}),
        ({"to__min_anc": "1000", "to__max_ecog": "1"}, {"min_anc": Decimal(1000)}),  # the other is as it is
    ],
)
def test_what_differs_is_read_in_the_unit_of_the_version(form, typed, values):
    found = form(**typed)
    assert found.is_valid()
    assert found.values == values


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("min_anc", "1,5", "with a decimal point"),
        ("min_anc", "1.5 10*9/L", "1500 /mm³"),
        ("min_anc", "-1500", "has no sign"),
        ("min_anc", "1.5", "permitted"),
        ("min_anc", "any time", "may not be open"),
        ("max_ecog", "9", "permitted"),
        ("other_malignancy", "2.5", "whole years"),
        ("min_anc", "1" * 61, "60"),
    ],
)
def test_value_that_is_none_is_refused_by_name_and_nothing_is_tried(form, name, text, words):
    found = form(**{f"to__{name}": text, "to__min_age": "21"})
    assert not found.is_valid()
    assert list(found.errors) == [f"to-{name}"]
    assert words in str(found.errors[f"to-{name}"])


def test_length_and_any_time_together_contradict_each_other(form):
    found = form(to__other_malignancy="2", open__other_malignancy="on")
    (message,) = found.errors["to-other_malignancy"]
    title = found.fields["to-other_malignancy"].label
    assert message == f"{title}: “2” was typed, and “any time” is ticked as well: leave one of the two."


def test_values_by_which_nobody_could_pass_are_refused_at_both(form):
    found = form(to__min_age="80", to__max_age="70")
    assert set(found.errors) == {"to-min_age", "to-max_age"}
    assert "no subject can satisfy I02" in str(found.errors["to-min_age"])


@pytest.mark.parametrize("typed", [{}, {"to__min_anc": "1500"}, {"to__min_anc": "  "}, {"to__gold": "1"}])
def test_form_is_refused_when_no_value_differs(form, typed):
    found = form(**typed)
    assert not found.is_valid()
    assert "No value differs" in str(found.non_field_errors())


def test_every_parameter_has_one_row_with_the_criteria_that_read_it(form, version):
    rows = [row for group in form().groups for row in group.rows]
    assert sorted(row.text.name for row in rows) == sorted(version.parameters.values_list("name", flat=True))
    by_name = {row.text.name: row for row in rows}
    assert by_name["min_anc"].text.codes == ("I08",)
    assert (by_name["min_anc"].text.value, by_name["min_anc"].unit) == ("1500 /mm³", "/mm³")
    assert by_name["contraception_after"].text.codes == ()
    assert [group.title for group in form().groups][:2] == ["Inclusion criteria", "Exclusion criteria"]


def test_only_a_window_that_is_closed_can_be_opened(form):
    can_be = {row.text.name for group in form().groups for row in group.rows if row.any_time}
    assert "other_malignancy" in can_be
    # open already; a threshold; a period from which a day is counted; read by nothing
    assert not can_be & {"lab_max_age", "min_anc", "min_life_expectancy", "cns_stable", "contraception_after"}


def test_earlier_values_stand_in_the_form(version):
    found = WhatIfForm(version, tried={"min_anc": 1000, "other_malignancy": "any time", "gold": 1})
    assert found["to-min_anc"].value() == 1000
    assert found["open-other_malignancy"].value() is True
    assert found["to-other_malignancy"].value() is None


def test_faults_of_the_definition_stand_at_their_parameter(form):
    found = form(to__min_anc="1000")
    assert found.is_valid()
    found.refuse(BadDefinition([Fault("parameters.min_anc.value", "too low"), Fault("criteria[0]", "odd")]).faults)
    assert found.errors["to-min_anc"] == ["too low"]
    assert found.non_field_errors() == ["criteria[0]: odd"]


@pytest.mark.django_db
def test_another_trial_has_its_own_parameters():
    version, _new = load_definition(HYPERTENSION.read_text())
    found = WhatIfForm(version, {})
    offered = {row.text.name for group in found.groups for row in group.rows}
    assert offered == set(version.parameters.values_list("name", flat=True))
    assert "to-min_anc" not in found.fields
