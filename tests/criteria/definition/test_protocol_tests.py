import pytest
from hypothesis import given, strategies as st

from criteria.definition.protocol_tests import merge_patch, results_of_tests
from criteria.definition.reader import BadDefinition, check_definition, parse_definition, protocol_from
from tests.criteria.definition.test_bad_files import GOOD

# The examples of RFC 7396, appendix A.
MERGED = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("base", "patch", "merged"), MERGED)
def test_merge_patch_of_the_standard_gives_what_the_standard_says(base, patch, merged):
    assert merge_patch(base, patch) == merged


JSON = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_merge_patch_is_the_same_when_it_is_merged_twice(base, patch):
    once = merge_patch(base, patch)
    assert merge_patch(once, patch) == once


def test_results_have_what_was_expected_and_found():
    data, protocol = parse_definition(GOOD)
    results = [*results_of_tests(data, protocol)]
    assert all(result.is_passed for result in results)
    assert results[1].expectations[0] == ("I01", "fail", "fail", "")
    assert results[3].expectations[0].why.startswith("“heavy”")


def test_failing_test_refuses_the_file_at_its_line_with_the_proof():
    text = GOOD.replace("I01: fail, I02: fail", "I01: fail, I02: pass")
    (fault,) = check_definition(text).errors
    assert fault.path == "tests[1].expect.I02"
    assert fault.line == next(at for at, line in enumerate(text.splitlines(), 1) if "I01: fail, I02: pass" in line)
    assert fault.message.startswith("test “a light woman after a stroke”: I02 comes out as fail, expected pass (Weight")
    with pytest.raises(BadDefinition):
        parse_definition(text)


def test_published_definition_is_read_although_its_tests_fail():
    data = parse_definition(GOOD)[0]
    data["parameters"]["min_weight"]["value"] = 80
    assert protocol_from(data).limits["min_weight"].value == 80


FAULTY = [
    ("    overall: eligible\n", "", None),
    ("    refused: subject.weight_kg", "", ("tests[3]", "expects nothing")),
    ("    refused: subject.weight_kg", "    refused: subject.weight_kg\n    overall: eligible",
     ("tests[3].refused", "has no outcomes")),
    ("  - name: weight in words", "  - name: a sound man", ("tests[3].name", "duplicate name")),
    ("    like: a sound man", "    like: weight in words", ("tests[1].like", "name one that stands above")),
    ("  - name: weight in words", "  - nam: weight in words", ("tests[3].name", "is missing")),
    ("weight_kg: heavy", "weight: 7", ("tests[3].refused", "comes out as accepted")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found"), FAULTY)
def test_test_that_is_written_wrongly_is_refused_at_its_place(old, new, found):
    assert old in GOOD
    errors = check_definition(GOOD.replace(old, new, 1)).errors
    if found is None:
        assert errors == ()
        return
    assert any(each.path == found[0] and found[1] in each.message for each in errors), errors
