"""The document that says how a definition is written: every example in it is read, and every operation stands in it."""

import re
from textwrap import dedent

import pytest

from criteria.definition.reader import check_definition
from criteria.definition.yaml_tree import YamlTree
from criteria.rules.codec import READERS, decoder
from tests.conftest import ROOT

TEXT = (ROOT / "docs/protocol-format.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
RECIPES, CONDITIONS, VALUES, TERMS = "### Recipes", "### Conditions", "### Values", "### Terms"


def section(start, end):
    return TEXT[TEXT.index(start) : TEXT.index(end, TEXT.index(start) + 1)]


def blocks(text, language="yaml"):
    return [found[2] for found in BLOCK.finditer(text) if found[1] == language]


WHOLE = blocks(TEXT[TEXT.index("## A whole small trial") :])[0]
TUTORIAL = section("## A first trial", RECIPES)


def cells(text, column):
    """The code in one column of the tables of a section."""
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [code.replace("\\|", "|") for row in rows[1:] for code in CODE.findall(row[column])]


def tree_of(code):
    """A rule or value as it is written in a table: with or without its braces."""
    for text in (code, f"{{{code}}}"):
        tree = YamlTree(text)
        if not tree.faults and isinstance(tree.data, dict):
            return tree.data
    raise AssertionError(f"not readable as a rule: {code}")


EXAMPLES = [code for code in (*cells(section(CONDITIONS, VALUES), 0), *cells(section(VALUES, TERMS), 0)) if ":" in code]
RECIPE_RULES = [code for code in cells(section(RECIPES, "## How the YAML is read"), 1) if re.match(r"\w+: [\[{]", code)]


@pytest.mark.parametrize("text", blocks(TEXT), ids=lambda text: text.strip().splitlines()[0][:50])
def test_example_is_readable_as_yaml(text):
    assert YamlTree(dedent(text)).faults == []


def test_whole_trial_is_sound_and_its_tests_pass():
    checked = check_definition(WHOLE)
    assert checked.findings == ()
    assert len(checked.data["tests"]) == 5


@pytest.mark.parametrize("text", blocks(TUTORIAL), ids=lambda text: text.strip().splitlines()[0][:50])
def test_step_of_the_tutorial_stands_in_the_whole_trial(text):
    assert text in WHOLE


def test_tests_of_the_reference_pass_with_the_whole_trial():
    (example,) = blocks(section("## Tests", "## Checking a file"))
    checked = check_definition(WHOLE[: WHOLE.index("tests:\n")] + example)
    assert checked.errors == ()
    assert len(checked.data["tests"]) == 3


def test_example_that_extends_libraries_is_sound():
    (example,) = blocks(section("## Libraries", "## The vocabulary"))
    checked = check_definition(example)
    assert checked.findings == ()
    assert [each["code"] for each in checked.data["criteria"]] == ["ADULT", "I02", "E01"]


def test_example_of_a_named_value_is_sound():
    _named, named_value = (each for each in blocks(section(TERMS, "## Checks between answers")))
    text = "format: 3\nextends: common\n" + WHOLE[: WHOLE.index("sections:")] + named_value
    checked = check_definition(text + "parameters: {max_bmi: {title: highest body mass index, value: 40, unit: kg/m2}}")
    assert checked.findings == ()


@pytest.mark.parametrize("code", EXAMPLES)
def test_example_of_an_operation_is_decoded(code):
    decoding = decoder({"name": {"label": "name", "rule": {"known": "x"}}})
    decoding.decode(tree_of(code), "rule")
    assert decoding.faults == []


@pytest.mark.parametrize("code", RECIPE_RULES)
def test_recipe_is_decoded(code):
    decoding = decoder({})
    tree = tree_of(code)
    decoding.decode(tree.get("applies", tree), "rule")
    assert decoding.faults == []


def test_reference_names_every_operation_and_no_other():
    named = {key for code in EXAMPLES for key in tree_of(code)}
    also = {code for code in cells(section(VALUES, TERMS), 1) if code in READERS}
    assert named | also == set(READERS)


def test_every_command_that_is_named_exists():
    commands = ROOT / "criteria/management/commands"
    for name in set(re.findall(r"manage\.py (\w+)", TEXT)):
        assert (commands / f"{name}.py").exists(), name
