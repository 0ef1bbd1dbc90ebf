from criteria.amendments.draft_doubts import draft_doubts
from criteria.definition.reader import edition_from, parse_definition
from tests.criteria.definition.test_bad_files import GOOD

CONTRADICTING = GOOD.replace(
    "    statement: Pregnant\n    applies: {is: {subject.sex: female}}\n    rule: {is: {subject.pregnant: yes}}",
    '    statement: Too heavy\n    rule: {compare: [subject.weight_kg, ">", $max_weight]}',
).replace("terms:\n", "  max_weight: {title: highest weight, value: 120, unit: kg}\nterms:\n")


def edition(text, **values):
    data = parse_definition(text[: text.index("tests:\n")])[0]
    data["tests"] = parse_definition(GOOD)[0]["tests"] if "applies" in text else []
    for name, value in values.items():
        data["parameters"][name]["value"] = value
    return edition_from(data)


def test_criteria_that_contradict_each_other_are_refused_when_values_make_them():
    old, new = edition(CONTRADICTING), edition(CONTRADICTING, min_weight=80, max_weight=70)
    assert [(each.code, each.kind, each.text) for each in draft_doubts(old, new)] == [
        ("E01", "refused", "nobody can satisfy both I02 and E01: they contradict")
    ]
    assert draft_doubts(new, new) == ()
    assert draft_doubts(old, new, frozenset({"E01"})) == ()


def test_test_of_the_definition_that_comes_out_otherwise_is_a_warning_with_its_proof():
    found = draft_doubts(edition(GOOD), edition(GOOD, min_weight=80))
    assert [(each.code, each.kind) for each in found] == [("I02", "warning")]
    assert found[0].text == (
        "the test “a sound man” of the definition no longer gives what it expects: Weight 70 kg (limit: at least 80)"
    )
    assert draft_doubts(edition(GOOD), edition(GOOD, min_weight=41)) == ()
