import json
from io import StringIO

import pytest
from django.core.management import call_command

from criteria.definition.json_schema import definition_schema
from criteria.definition.reader import check_definition
from criteria.definition.yaml_tree import YamlTree
from criteria.rules.codec import READERS
from tests.conftest import PROTOCOL, ROOT
from tests.criteria.definition.test_bad_files import BAD, GOOD
from tests.criteria.definition.test_reader import BROKEN, SMALL
from tests.support.json_schema import is_valid

SCHEMA = definition_schema()
# What the schema can say: keys, words and operations; names of other places are beyond it.
OF_FORM = ("unknown key", "is missing", "is none of", "input should be", "unknown operation", "needs a list of three")
FILES = [
    PROTOCOL,
    *sorted((ROOT / "tests/data").glob("*.yaml")),
    *sorted((ROOT / "tests/data/released").glob("*/*.yaml")),
]
CASES = [(GOOD, old, new) for old, new, *_rest in BAD] + [(SMALL, old, new) for old, new, *_rest in BROKEN]


def accepts(text):
    return is_valid(YamlTree(text).data, SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_schema_accepts_what_the_reader_accepts(path):
    assert accepts(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("base", "old", "new"), CASES, ids=[f"{new[:50]}" for _base, _old, new in CASES])
def test_schema_refuses_the_form_that_the_reader_refuses_and_no_other(base, old, new):
    text = base.replace(old, new, 1)
    if YamlTree(text).faults:
        return
    errors = check_definition(text).errors
    of_form = [each for each in errors if any(word in each.message for word in OF_FORM)]
    if of_form and not any(
        "a valid date" in each.message for each in of_form
    ):  # 30 February is a text of the right form
        assert not accepts(text), errors
    elif not errors:
        assert accepts(text)


def test_schema_knows_every_operation_and_what_it_needs():
    operation = SCHEMA["$defs"]["Rule"]["anyOf"][2]
    assert set(operation["properties"]) == set(READERS)
    assert operation["properties"]["age"]["required"] == ["born", "on"]
    assert operation["properties"]["all"]["items"] == {"$ref": "#/$defs/Rule"}
    assert operation["properties"]["compare"]["minItems"] == 3
    assert operation["properties"]["some"]["additionalProperties"] is False


def test_command_writes_the_schema_as_json():
    out = StringIO()
    call_command("protocol_schema", stdout=out)
    assert json.loads(out.getvalue()) == SCHEMA
