from decimal import Decimal

import pytest
import yaml
from hypothesis import given, strategies as st

from criteria.definition.yaml_tree import YamlTree, compose, mark_at
from tests.conftest import PROTOCOL


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
    "deep as a well": "a: " + "[" * 1500,
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_not_yaml_is_one_fault_and_no_crash(case):
    tree = YamlTree(UNREADABLE[case])
    assert len(tree.faults) == 1
    assert "not readable as YAML" in tree.faults[0].message


# What is refused of a file that would take more than any definition needs, and at which line and column.
TOO_LARGE = {
    "an alias within itself": ("a: &a [*a]", "has no end", (1, 4)),
    "a file of 40 MB": ("a: " + "x" * 40_000_000, "more than 524288 bytes; it was not read", (1, 1)),
    "levels": ("a:\n" + "".join(f"{' ' * at}- \n" for at in range(120)), "more than 100 levels", (102, 101)),
    "one long text many times": (
        f"a: &a {'x' * 1000}\nb: [{', '.join(['*a'] * 30_000)}]", "more than 20000000 characters", (1, 4)
    ),
    "long keys around many entries": (
        f"{'k' * 1000}: [{', '.join(['1'] * 30_000)}]", "more than 20000000 characters", (1, 60_557)
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOO_LARGE)
def test_what_would_grow_beyond_all_bounds_is_refused_with_its_place(case):
    text, message, mark = TOO_LARGE[case]
    tree = YamlTree(text)
    (fault,) = tree.faults
    assert message in fault.message
    assert fault.message.startswith("too large")
    assert tree.data is None
    assert tree.mark_of("") == mark


def test_a_number_of_endless_digits_is_a_fault_at_its_place():
    tree = YamlTree("a:\n  b: " + "1" * 5000)
    assert tree.faults == [("a.b", "a number of more than 60 digits")]
    assert tree.mark_of("a.b") == (2, 6)


# What people type wrong, what they are told, and where.
IN_PLAIN_WORDS = [
    ("a: [1, 2", "opened here and never closed", (1, 4)),
    ("a: {b: 1]}", "closed by another one", (1, 9)),
    ("a: {x: 1 y: 2}", "a comma is missing", (1, 11)),
    ("a:\n  b: 1\n c: 2", "the indentation fits none of the lines above", (3, 2)),
    ("a:\n\tb: 1", "a tab: indent with spaces", (2, 1)),
    ("a: *nowhere", "no list or mapping above has this name", (1, 4)),
    ("a: &x 1\nb: &x 2", "an &name stands twice", (2, 4)),
    ("a: 1\n---\nb: 2", "a second document", (2, 1)),
    ("a: b: c", "quotes", (1, 5)),
    ("a: 'open", "never closed", (1, 4)),
    ('a: "op\\q"', "backslash", (1, 8)),
    ("a: 1\n- b", "an entry of a list", (2, 1)),
    ("a: @x", "no text begins with @ without quotes", (1, 4)),
    ("a: |x\n  b", "may stand before a text in lines", (1, 5)),
    ('a: "b" c', "put the whole text into quotes", (1, 8)),
    ("a: b\nc: \x07", "cannot be printed (number 0007", (2, 4)),
    ("a: & b", "a name right behind it", (1, 5)),
]


@pytest.mark.parametrize(("text", "words", "mark"), IN_PLAIN_WORDS)
def test_error_of_the_parser_is_told_in_plain_words_with_its_place(text, words, mark):
    tree = YamlTree(text)
    (fault,) = tree.faults
    assert words in fault.message
    assert tree.mark_of("") == mark


LONG = "".join(f"k{at}: {'x' * 100}\n" for at in range(700))  # in which libyaml says what is wrong
IN_A_LONG_FILE = [
    ("a:\n  b: 1\n c: 2", "the indentation fits none of the lines above", 703),
    ("a: @x", "begins", 701),
    ("a: *nowhere", "no list or mapping above has this name", 701),
    ("a: b: c", "quotes", 701),
    ("a: 'open", "never closed", 701),
    ("a: {x: 1 y: 2}", "a comma is missing", 701),
    ("a: [1, 2", "a comma is missing", 702),
]


@pytest.mark.parametrize(("text", "words", "line"), IN_A_LONG_FILE)
def test_error_in_a_long_file_is_told_in_plain_words_too(text, words, line):
    tree = YamlTree(LONG + text)
    (fault,) = tree.faults
    assert fault.message.startswith("not readable as YAML: ")
    assert words in fault.message
    assert tree.mark_of("").line in (line, line - 1)


def test_a_place_has_its_line_and_one_that_is_not_there_that_of_what_is_around_it():
    tree = YamlTree("sections:\n  - code: visit\n    parts:\n      - key: visit\n")
    assert tree.line_of("sections[0].parts[0].key") == " (line 4)"
    assert tree.line_of("sections[0].parts[0].kind") == " (line 4)"
    assert tree.line_of("sections[7].parts") == " (line 2)"
    assert tree.line_of("trial.code") == " (line 1)"
    assert tree.mark_of("sections[0].parts[0].key") == (4, 14)
    assert tree.mark_of("sections[0].parts[0].key", key=True) == (4, 9)
    assert tree.mark_of("sections[0].parts[0]", key=True) == (4, 9)


@given(st.text(max_size=40))
def test_nothing_crashes_whatever_a_file_holds(text):
    YamlTree(text)


def test_names_within_names_that_stand_for_millions_of_entries_are_refused():
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 8)]
    (fault,) = YamlTree("\n".join(lines)).faults
    assert "more than 200000 entries" in fault.message


PIECES = [
    "a",
    "b?",
    "?",
    "? ",
    "?x",
    " ",
    "\n",
    "\n  ",
    "\n    ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ">-\n",
    "|\n",
    "'",
    '"',
]


def shape(node):
    """Return what a node says and where, however it was read."""
    if isinstance(node, tuple):
        return tuple(map(shape, node))
    if isinstance(node, yaml.CollectionNode):
        return mark_at(node), tuple(map(shape, node.value))
    return node and (mark_at(node), node.value, bool(node.style))


def read(text, loader):
    try:
        return shape(loader(text))
    except (yaml.YAMLError, RecursionError):
        return "refused"


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_question_marks_mean_the_same_whichever_parser_reads(text):
    """PyYAML takes one within brackets for the sign of a key, libyaml for a letter."""
    assert read(f"k: {text}", compose) == read(f"k: {text}", lambda text: yaml.compose(text, Loader=yaml.SafeLoader))


def test_definition_that_ships_is_read_by_the_faster_parser(monkeypatch):
    monkeypatch.setattr(yaml, "SafeLoader", None)
    assert compose(PROTOCOL.read_text(encoding="utf-8"))
