import pytest

from criteria.versions.comparison import Difference, compare
from tests.criteria.definition.test_reader import SMALL
from tests.criteria.versions.comparison.conftest import edition

PULSE = "pulse: {label: pulse, type: number, unit: /min}"
HB = "{label: haemoglobin, units: [{g/dL: 1, g/L: 0.1}, {mmol/L: 1}]}"

# What was changed, the place in words, old, new; whether documents are read as before.
CHANGED = [
    (PULSE, PULSE.replace("label: pulse", "label: heart rate"), "Visit / Visit / heart rate: label", "pulse",
     "heart rate", True),
    (PULSE, PULSE.replace("}", ", help: At rest.}"), "Visit / Visit / pulse: help", "", "At rest.", True),
    (PULSE, PULSE.replace("}", ", plausible: [30, 200]}"), "Visit / Visit / pulse: plausible", "", "30 to 200 /min",
     True),
    (PULSE, PULSE.replace("}", ", perishable: true}"), "Visit / Visit / pulse: perishable", "no", "yes", True),
    (PULSE, PULSE.replace("}", ", judgement: true}"), "Visit / Visit / pulse: answered by judgement", "no", "yes",
     True),
    (PULSE, PULSE.replace("}", ", action: review}"), "Visit / Visit / pulse: action", "",
     "investigator to review", True),
    (PULSE, PULSE.replace("}", ", action: {do: rest, wait: an hour is over, repeat: visit.pulse}}"),
     "Visit / Visit / pulse: action", "", "rest, wait until an hour is over, repeat visit.pulse", True),
    ("{mmol/L: 1}]", "{mmol/L: 1}], action: none", "Visit / Laboratory / haemoglobin: action", "", "nothing", True),
    ("title: Laboratory", "title: Laboratory\n        action: repeat", "Visit / Laboratory: action", "", "repeat",
     True),
    (PULSE, PULSE.replace("}", ", when: {visit.colour: [red, unknown]}}"), "Visit / Visit / pulse: asked when", "",
     "visit.colour: red, unknown", True),
    (PULSE, PULSE.replace("}", ", required: true}"), "Visit / Visit / pulse: required", "no", "yes", False),
    (PULSE, PULSE.replace("}", ", maximum: 300}"), "Visit / Visit / pulse: most", "", "300", False),
    (PULSE, PULSE.replace("number", "integer"), "Visit / Visit / pulse: type", "number", "whole number", False),
    ("not_before: visit.date", "not_after: visit.date", "Visit / Visit / end: not before", "visit.date", "", False),
    ("red: red", "red: Red", "Visit / Visit / colour: option red", "red", "Red", True),
    ("red: red,", "red: red, green: green,", "Visit / Visit / colour: option green", "", "green", False),
    ("red: red, blue: blue", "blue: blue, red: red", "Visit / Visit / colour: order of options", "red, blue",
     "blue, red", True),
    ("g/L: 0.1}", "g/L: 0.01}", "Visit / Laboratory / haemoglobin: units", "g/dL (1 g/L = 0.1 g/dL); mmol/L",
     "g/dL (1 g/L = 0.01 g/dL); mmol/L", False),
    ("{mmol/L: 1}]", "{mmol/L: 1}], lod: true", "Visit / Laboratory / haemoglobin: limit of detection asked", "no",
     "yes", True),
    ("{mmol/L: 1}]", "{mmol/L: 1}], uln: true, plausible_uln: {g/L: [100, 200], mmol/L: [6, 12]}",
     "Visit / Laboratory / haemoglobin: plausible upper limit of normal", "", "100 to 200 g/L; 6 to 12 mmol/L", True),
    ("{mmol/L: 1}]", "{mmol/L: 1}], lod: true, plausible_lod: {g/L: [1, 2]}",
     "Visit / Laboratory / haemoglobin: plausible limit of detection", "", "1 to 2 g/L", True),
    ("    title: Visit\n", "    title: The visit\n", "The visit: title", "Visit", "The visit", True),
    ("title: Laboratory", "title: Blood", "Visit / Blood: title", "Laboratory", "Blood", True),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "label", "old", "new", "same"), CHANGED, ids=[row[2] for row in CHANGED])
def test_a_changed_question_is_told_with_its_place_in_words(amended, before, after, label, old, new, same):
    found = amended((before, after))
    assert Difference(label, old, new) in found.questions
    assert found.same_questions is same


def test_a_question_that_is_added_is_told_whole(amended):
    found = amended((PULSE, f"{PULSE}\n          arm: {{label: arm, type: code, options: {{l: left, r: right}}}}"))
    assert found.questions == (
        Difference("Visit / Visit / arm", "", "label: arm; type: one of its options; options: left, right"),
    )
    assert not found.same_questions


def test_terms_that_are_offered_are_told_with_their_code_and_other_names(amended):
    sign = "sign: {label: sign, type: text, offered: {sets: colour, listed: {red: {rash: [皮疹], itch: []}}}}"
    found = amended((PULSE, f"{PULSE}\n          {sign}"))
    text = "label: sign; type: text; terms offered: red: rash (皮疹), itch"
    assert found.questions == (Difference("Visit / Visit / sign", "", text),)


def test_a_test_that_is_removed_is_told_whole(amended):
    wbc = f"{HB}\n          wbc: {{label: white cells, units: [{{10*9/L: 1}}]}}"
    removed = amended((wbc, HB), base=((HB, wbc),))
    assert removed.questions == (
        Difference("Visit / Laboratory / white cells", "label: white cells; units: ×10⁹/L", ""),
    )


def test_sections_in_another_order_are_told(second_text):
    start, pressure, rest = (second_text.index(f"  - code: {code}\n") for code in ("visit", "pressure", "tests"))
    old = edition(second_text)
    new = edition(second_text[:start] + second_text[pressure:rest] + second_text[start:pressure] + second_text[rest:])
    found = compare(old, new)
    assert found.questions == (
        Difference("Sections: order", "Visit, Pressure, Tests, History", "Pressure, Visit, Tests, History"),
    )
    assert found.same_questions


def test_a_condition_and_its_detail_are_told(second_text):
    old = edition(second_text)
    new = edition(second_text, ("label: flares in a year, type: integer", "label: flares, type: integer, maximum: 9"))
    assert compare(old, new).questions == (
        Difference("History / gout / flares: label", "flares in a year", "flares"),
        Difference("History / gout / flares: most", "", "9"),
    )


def test_body_system_of_a_condition_and_that_it_perishes_are_told(second_text):
    old = edition(second_text)
    new = edition(second_text, ("{label: heart attack}", "{label: heart attack, group: cardiac, perishable: true}"))
    found = compare(old, new)
    assert found.questions == (
        Difference("History / heart attack: body system", "", "cardiac"),
        Difference("History / heart attack: perishable", "no", "yes"),
    )


def test_a_condition_that_becomes_a_judgement_is_told_and_read_as_before(second_text):
    found = compare(edition(second_text), edition(second_text, ("{label: gout,", "{label: gout, judgement: true,")))
    assert found.questions == (Difference("History / gout: answered by judgement", "no", "yes"),)
    assert found.same_questions


def test_a_help_text_is_told_as_it_is_shown(second_text):
    found = compare(edition(second_text), edition(second_text, ('"At least {min_waist}."', '"{min_waist} or more."')))
    assert found.questions == (Difference("Visit / Person / waist: help", "At least 0.9 m.", "0.9 m or more."),)


def test_only_what_looks_at_a_question_could_come_out_otherwise(amended):
    assert amended(("red: red,", "red: red, green: green,")).changed_codes == {"E1"}
    assert amended((PULSE, PULSE.replace("}", ", maximum: 300}"))).changed_codes == {"I1"}
    assert amended(("g/L: 0.1}", "g/L: 0.01}")).changed_codes == frozenset()


def test_a_unit_of_the_first_trial_counts_for_the_criterion_that_reads_it(real):
    assert real(("mg/dL: 88.4", "mg/dL: 88.42")).changed_codes == {"I08"}


def test_nothing_is_compared_of_the_small_definition_but_what_is_there():
    assert compare(edition(SMALL), edition(SMALL)).is_empty
