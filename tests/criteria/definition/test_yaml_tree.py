from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.definition.yaml_tree import YamlTree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("88.4", Decimal("88.4")),
        ("1.50", Decimal("1.50")),
        ("0.1000000000000000000000000000000000001", Decimal("0.1000000000000000000000000000000000001")),
        ("18", 18),
        ("-3", -3),
        ("'18'", "18"),
        ('"no"', "no"),
        ("1e5", "1e5"),
        ("0x10", "0x10"),
        ("010", 10),
        ("12:30:45", "12:30:45"),
        ("2026-03-14", "2026-03-14"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1_000", "1_000"),
        ("<=", "<="),
    ],
)
def test_a_word_means_what_it_says(text, value):
    found = YamlTree(f"a: {text}").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_a_code_of_yes_stays_a_word_when_it_is_a_key():
    assert YamlTree("{yes: 1, no: 2, 5: 3}").data == {"yes": 1, "no": 2, "5": 3}


def test_a_key_that_stands_twice_is_a_fault_with_its_line():
    tree = YamlTree("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n")
    ((place, message),) = tree.faults
    assert place == "b.c"
    assert "twice" in message or "duplicate" in message
    assert tree.line_of(place) == " (line 5)"


def test_an_anchor_is_the_same_thing_in_both_places():
    assert YamlTree("a: &x [1, {b: no}]\nc: *x").data == {"a": [1, {"b": "no"}], "c": [1, {"b": "no"}]}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_nothing_is_read_from_an_empty_file(text):
    tree = YamlTree(text)
    assert not tree.data
    assert tree.faults == []


UNREADABLE = {
    "open bracket": "a: [1, 2",
    "bad indentation": "a:\n  b: 1\n c: 2",
    "tab": "a:\n\tb: 1",
    "unknown alias": "a: *nowhere",
    "two documents": "a: 1\n---\nb: 2",
    "control character": "a: \x07",
    "an alias within itself": "a: &a [*a]",
    "deep as a well": "a: " + "[" * 1500,
    "endless digits": "a: " + "1" * 5000,
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_not_yaml_is_one_fault_and_no_crash(case):
    tree = YamlTree(UNREADABLE[case])
    assert len(tree.faults) == 1
    assert "not readable as YAML" in tree.faults[0].message


def test_a_place_has_its_line_and_one_that_is_not_there_that_of_what_is_around_it():
    tree = YamlTree("sections:\n  - code: visit\n    parts:\n      - key: visit\n")
    assert tree.line_of("sections[0].parts[0].key") == " (line 4)"
    assert tree.line_of("sections[0].parts[0].kind") == " (line 4)"
    assert tree.line_of("sections[7].parts") == " (line 2)"
    assert tree.line_of("trial.code") == " (line 1)"


@given(st.text(max_size=40))
def test_nothing_crashes_whatever_a_file_holds(text):
    YamlTree(text)


def test_names_within_names_that_stand_for_millions_of_entries_are_refused():
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 8)]
    (fault,) = YamlTree("\n".join(lines)).faults
    assert "more than 200000 entries" in fault.message
