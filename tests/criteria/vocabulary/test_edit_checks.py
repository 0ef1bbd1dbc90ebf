from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.definition.reader import parse_definition
from criteria.records import canonical
from criteria.vocabulary.edit_checks import edit_checks
from tests.support.documents import changed, put, records, result
from tests.support.random_documents.words import LIMITS


def asked(protocol, *changes):
    return edit_checks(protocol.vocabulary, changed(*changes))


def test_haemoglobin_in_the_wrong_unit_is_asked_back_with_the_right_one(protocol):
    (doubt,) = asked(protocol, result("haemoglobin", "140", "g/dL"))
    assert doubt.path == "labs[7].value"
    assert doubt.key == "labs.haemoglobin 140 g/dL 2026-03-08"
    assert doubt.value == "140 g/dL"
    assert doubt.message == "outside what is plausible: 4 to 22 g/dL; plausible would be 140 g/L"


# A slip as it is typed, and what would have been right.
SLIPS = [
    ("platelets", "210000", "10*9/L", "210000 /µL, 210000 /mm³"),
    ("anc", "3.2", "/uL", "3.2 ×10⁹/L, 3.2 ×10³/µL"),
    ("wbc", "6100", "10*9/L", "6100 /µL, 6100 /mm³"),
    ("creatinine", "1.0", "umol/L", "1 mg/dL"),
    ("creatinine", "78", "mg/dL", "78 µmol/L"),
    ("bilirubin_total", "0.7", "umol/L", "0.7 mg/dL"),
    ("haemoglobin", "7.3", "g/L", "7.3 g/dL, 7.3 mmol/L"),
]


@pytest.mark.parametrize(("analyte", "value", "unit", "right"), SLIPS)
def test_a_slip_of_the_unit_is_asked_back(protocol, analyte, value, unit, right):
    (doubt,) = asked(protocol, result(analyte, value, unit, uln=Decimal(40)))
    assert doubt.message.endswith(f"plausible would be {right}")


@pytest.mark.parametrize(
    ("path", "value", "key", "words"),
    [
        ("vitals__weight_kg", 610, "vitals.weight_kg 610 kg", "25 to 250 kg"),
        ("vitals__height_cm", Decimal("1.68"), "vitals.height_cm 1.68 cm", "120 to 220 cm"),
        ("vitals__systolic_bp", 1280, "vitals.systolic_bp 1280 mm[Hg]", "60 to 260 mmHg"),
        ("performance__life_expectancy_months", 90, "performance.life_expectancy_months 90 mo", "0.5 to 60 months"),
        ("cns__largest_mm", Decimal("0.9"), "cns.largest_mm 0.9 mm", "1 to 120 mm"),
    ],
)
def test_an_implausible_answer_is_asked_back_with_its_range(protocol, path, value, key, words):
    (doubt,) = asked(protocol, put(**{path: value}))
    assert (doubt.path, doubt.key) == (path.replace("__", "."), key)
    assert doubt.message == f"outside what is plausible: {words}"


def test_a_doubt_keeps_its_key_when_it_moves_in_the_list(protocol):
    liver, node = {"site": "liver", "diameter_mm": 2200}, {"site": "node", "diameter_mm": 20}
    (first,) = asked(protocol, records("lesions", liver, node))
    (second,) = asked(protocol, records("lesions", node, liver | {"diameter_mm": Decimal("2200.0")}))
    assert (first.path, second.path) == ("lesions[0].diameter_mm", "lesions[1].diameter_mm")
    assert first.key == second.key == "lesions.diameter_mm 2200 mm"


def test_same_value_in_another_record_is_a_doubt_of_its_own(protocol):
    lesion = {"site": "liver", "diameter_mm": 2200}
    found = asked(protocol, records("lesions", lesion, lesion | {"site": "node"}))
    assert [doubt.key for doubt in found] == ["lesions.diameter_mm 2200 mm", "lesions.diameter_mm 2200 mm (2)"]


@pytest.mark.parametrize("comparator", [None, "unknown", ">", ">="])
def test_a_result_above_what_is_plausible_is_asked_back_however_it_is_reported(protocol, comparator):
    assert asked(protocol, result("platelets", "2001", "10*9/L", comparator=comparator))


def test_a_result_below_a_limit_of_detection_is_no_slip(protocol):
    assert not asked(protocol, result("platelets", "9999", "10*9/L", comparator="<"))
    assert not asked(protocol, result("ast", "1", "U/L", comparator=">", uln=40))
    assert asked(protocol, result("ast", "3", "U/L", comparator="<", uln=40))


@pytest.mark.parametrize("value", ["0.05", "60"])
def test_the_ends_of_a_range_are_plausible(protocol, value):
    assert not asked(protocol, result("anc", value, "10*9/L"))
    assert not asked(protocol, result("anc", str(Decimal(value) * 1000), "/mm3"))


LIMITED = [(analyte, unit) for analyte, units in LIMITS.items() for unit in units]


@pytest.mark.parametrize(("analyte", "unit"), LIMITED)
def test_a_result_at_the_limit_of_a_criterion_is_plausible_in_every_unit(protocol, analyte, unit):
    assert protocol.vocabulary.parts["labs"].analytes[analyte].plausible
    assert not asked(protocol, result(analyte, LIMITS[analyte][unit], unit))


def test_no_case_that_people_screened_by_is_asked_back(protocol, cases):
    for document in cases.values():
        assert not edit_checks(protocol.vocabulary, document["document"])


def test_a_detail_of_the_history_and_a_single_answer_are_asked_back(second_text):
    text = second_text.replace("type: integer}}", "type: integer, plausible: [0, 60]}}").replace(
        "field: {label: smoker, type: yn}", "field: {label: cigarettes, type: number, plausible: [0, 100]}"
    )
    text = text.replace("        - is: {smoker: yes}\n", "")
    vocabulary = parse_definition(text)[1].vocabulary
    document = {
        "visit": {"date": "2026-03-09"},
        "smoker": 400,
        "history": [{"condition": "gout", "status": "past", "flares": 61}],
    }
    found = edit_checks(vocabulary, document)
    assert [(each.path, each.key) for each in found] == [
        ("smoker", "smoker 400"),
        ("history[0].flares", "history.gout.flares 61"),
    ]


@given(st.decimals("0.001", "100000", places=3), st.sampled_from(["10*9/L", "10*3/uL", "/uL", "/mm3"]))
def test_what_is_implausible_does_not_hang_on_the_unit(protocol, value, unit):
    factor = {"10*9/L": 1, "10*3/uL": 1, "/uL": 1000, "/mm3": 1000}[unit]
    one = asked(protocol, result("wbc", str(value), "10*9/L"))
    other = asked(protocol, result("wbc", str(value * factor), unit))
    assert bool(one) == bool(other)


@given(st.decimals(0, 10000, places=2), st.sampled_from(["umol/L", "mg/dL"]))
def test_no_value_that_is_asked_back_lies_in_the_range_that_is_named(protocol, value, unit):
    for doubt in asked(protocol, result("creatinine", str(value), unit, uln=111)):
        low, _, high = doubt.message.split(";")[0].removeprefix("outside what is plausible: ").partition(" to ")
        assert not Decimal(low) <= value <= Decimal(high.split(" ")[0])


def test_doubts_change_no_verdict(protocol):
    sheet = protocol.assess(changed(result("haemoglobin", "1400", "g/L"), put(vitals__height_cm=17)))
    assert sheet.overall == "eligible"
    assert canonical.dump(sheet._asdict())
