import json

from fhir.resources.evidencevariable import EvidenceVariable

from criteria.definition.reader import Edition, parse_definition
from criteria.standards import standard_text
from criteria.standards.texts import AS_TEXT
from tests.criteria.definition.test_reader import SMALL

MARK = [{"url": AS_TEXT, "valueBoolean": True}]


def exported(*changes):
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return json.loads(standard_text(Edition(*parse_definition(text)), "fhir"))


def rule(text):
    """The characteristic of the exclusion criterion with this rule."""
    third = ("blue: blue}", "blue: blue, green: green}")
    return exported(third, ("rule: {is: {visit.colour: red}}", f"rule: {text}"))["characteristic"][1]


def by_value(label, **value):
    return {"definitionByTypeAndValue": {"type": {"text": label}, **value}}


def colour(code):
    return by_value("colour", valueCodeableConcept={"coding": [{"code": code}], "text": code})


def quantity(comparator):
    return {
        "value": 100,
        "comparator": comparator,
        "unit": "/min",
        "system": "http://unitsofmeasure.org",
        "code": "/min",
    }


def test_resource_is_one_of_fhir_r5_and_comes_back_unchanged(shipped):
    text = standard_text(shipped, "fhir")
    read = EvidenceVariable.model_validate_json(text)
    assert json.loads(read.model_dump_json()) == json.loads(text)
    assert [each.linkId for each in read.characteristic] == [each.code for each in shipped.protocol.criteria]
    assert text == standard_text(shipped, "fhir")


def test_exclusion_is_said_by_exclude_and_a_limit_with_its_unit():
    slow, red = exported()["characteristic"]
    assert "exclude" not in slow
    assert slow["definitionByTypeAndValue"]["valueQuantity"] == quantity("<=")
    assert red["exclude"] is True
    assert red["definitionByTypeAndValue"] == colour("red")["definitionByTypeAndValue"]


def test_combinations_are_said_by_their_names():
    found = rule("{any: [{is: {visit.colour: [red, blue]}}, {not: {compare: [visit.pulse, '<=', $max_pulse]}}]}")
    either = {"definitionByCombination": {"code": "any-of", "characteristic": [colour("red"), colour("blue")]}}
    not_slow = {"exclude": True, **by_value("pulse", valueQuantity=quantity("<="))}
    assert found["definitionByCombination"] == {"code": "any-of", "characteristic": [either, not_slow]}
    least = rule("{at_least: {n: 1, of: [{is: {visit.colour: red}}, {is: {visit.colour: blue}}]}}")
    assert least["definitionByCombination"]["threshold"] == 1


def test_exclusion_of_what_is_not_so_is_no_double_exclude():
    found = rule("{not: {is: {visit.colour: red}}}")
    assert found["exclude"] is True
    assert found["definitionByCombination"] == {
        "code": "all-of",
        "characteristic": [{"exclude": True, **colour("red")}],
    }


def test_what_fhir_cannot_say_is_text_and_marked():
    found = rule("{since: {date: visit.end, period: $window, before: visit.date}}")
    assert found["extension"] == MARK
    assert "6 months" in found["definitionCodeableConcept"]["text"]
    kelvin = rule(
        "{compare: [{formula: {label: doubled pulse, unit: /min, value: {times: [2, visit.pulse]}}}, '>', $max_pulse]}"
    )
    assert kelvin["extension"] == MARK
    assert kelvin["definitionByTypeAndValue"]["type"] == {"text": "doubled pulse"}


def test_criterion_that_applies_to_some_is_met_by_all_others():
    applies = "rule: {term: slow}\n    applies: {is: {visit.colour: blue}}"
    inclusion = exported(("rule: {term: slow}", applies))["characteristic"][0]
    others, slow = inclusion["definitionByCombination"]["characteristic"]
    assert inclusion["definitionByCombination"]["code"] == "any-of"
    assert others == {"exclude": True, **colour("blue")}
    assert slow["description"] == "slow pulse"


def test_resource_says_whose_words_they_are_and_that_unknown_is_no_answer():
    found = exported(
        ("    statement: Red\n", "    statement: Red\n    official_wording: {zh: 红色, en: Red all over}\n"),
        ("trial: {code", "sponsor_protocol: {version: '3.0', date: 2023-05-04}\ntrial: {code"),
    )
    assert found["characteristic"][1]["description"] == "Red all over"
    assert found["note"][0]["text"] == "Sponsor's protocol: 3.0 of 2023-05-04."
    assert "unknown answer" in found["note"][1]["text"]
