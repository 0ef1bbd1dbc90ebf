from criteria.definition.reader import edition_from, parse_definition
from screening.amendments.version_tests import version_tests
from tests.criteria.definition.test_bad_files import GOOD


def told_tests(text, **values):
    data = parse_definition(text)[0]
    for name, value in values.items():
        data["parameters"][name]["value"] = value
    return version_tests(edition_from(data))


def test_tests_are_told_in_the_words_of_each_criterion_when_they_come_out_as_expected():
    told = told_tests(GOOD)
    assert told.count_text == "All 4 tests come out as expected."
    assert [each.name for each in told.tests] == [
        "a sound man",
        "a light woman after a stroke",
        "a woman who is not pregnant",
        "weight in words",
    ]
    assert [(each.label, each.expected) for each in told.tests[0].expectations] == [
        ("I01", "met"),
        ("I02", "met"),
        ("I03", "met"),
        ("E01", "not applicable"),
        ("E02", "absent"),
        ("Overall", "eligible"),
    ]
    assert told.tests[3].expectations[0][:3] == ("", "subject.weight_kg", "refused")


def test_test_that_comes_out_otherwise_says_how_and_why():
    told = told_tests(GOOD, min_weight=80)
    assert told.count_text == "3 of 4 tests come out as expected."
    first = told.tests[0]
    assert not first.is_passed
    assert [(each.label, each.found) for each in first.expectations if each.found] == [
        ("I02", "not met"),
        ("Overall", "ineligible"),
    ]
    assert "at least 80" in first.expectations[1].why
