import pytest
from django import forms

from criteria.vocabulary import Field
from screening.crf.question import question_field
from screening.visits.labels import sentence_case

SHORT = {"a": "one", "b": "two"}
LONG = {f"c{index}": f"a rather long answer {index}" for index in range(5)}


@pytest.mark.parametrize(
    ("field", "widget"),
    [
        (Field(label="f", type="yn"), forms.RadioSelect),
        (Field(label="f", type="code", options=SHORT), forms.RadioSelect),
        (Field(label="f", type="code", options=LONG), forms.Select),
        (Field(label="f", type="codes", options=SHORT), forms.CheckboxSelectMultiple),
        (Field(label="f", type="integer", maximum=4), forms.RadioSelect),
        (Field(label="f", type="integer", maximum=400), forms.TextInput),
        (Field(label="f", type="number"), forms.TextInput),
        (Field(label="f", type="date"), forms.TextInput),
        (Field(label="f", type="text"), forms.TextInput),
    ],
)
def test_widget_suits_the_type(field, widget):
    assert type(question_field(field).widget) is widget


def test_not_known_can_be_chosen_unless_an_answer_is_required():
    optional = question_field(Field(label="f", type="yn")).widget.choices
    required = question_field(Field(label="f", type="yn", required=True)).widget.choices
    assert [code for code, _label in optional] == ["yes", "no", ""]
    assert [code for code, _label in required] == ["yes", "no"]


def test_grade_is_chosen_from_its_own_range():
    widget = question_field(Field(label="f", type="integer", minimum=1, maximum=4)).widget
    assert [code for code, _label in widget.choices] == ["1", "2", "3", "4", ""]


def test_question_takes_anything_and_knows_its_unit():
    field = question_field(Field(label="life expectancy", type="number", unit="mo", required=True))
    assert field.clean("not a number") == "not a number"
    assert field.clean("") == ""
    assert (field.unit, field.must, field.label) == ("months", True, "Life expectancy")


def test_dates_are_typed_with_a_hint():
    attributes = question_field(Field(label="f", type="day")).widget.attrs
    assert (attributes["placeholder"], "data-date" in attributes) == ("YYYY-MM-DD", True)


@pytest.mark.parametrize(("label", "said"), [("end", "End"), ("pH of it", "pH of it"), ("HBsAg", "HBsAg")])
def test_label_begins_with_a_capital_unless_it_has_its_own(label, said):
    assert sentence_case(label) == said


def test_judgement_is_marked_in_the_help_of_its_question():
    mark = "The investigator's judgement: record what the investigator said."
    assert question_field(Field(label="f", type="yn", judgement=True)).help_text == mark
    assert question_field(Field(label="f", type="yn", judgement=True, help="Now.")).help_text == f"Now. {mark}"
    assert question_field(Field(label="f", type="yn", help="Now.")).help_text == "Now."
