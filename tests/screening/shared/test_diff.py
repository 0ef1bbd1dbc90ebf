from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from screening.shared.diff import Change, align_records, changes


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
        ({}, {"g": {"a": 1}}, [("g.a", None, 1)]),
        ({"g": {"a": 1}}, {}, [("g.a", 1, None)]),
        ({}, {"g": {}}, []),
        ({"a": Decimal("9.0")}, {"a": 9}, [("a", Decimal("9.0"), 9)]),
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"r": [{"x": 1}]}, {"r": [{"x": 2}]}, [("r[0].x", 1, 2)]),
        ({"r": []}, {"r": [{"x": 1}]}, [("r[0].x", None, 1)]),
        ({"r": [{"x": 1}]}, {"r": []}, [("r[0].x", 1, None)]),
        ({"r": [{"x": 1}, {"x": 2}]}, {"r": [{"x": 2}]}, [("r[0].x", 1, None)]),
        ({"r": [{"x": 2}]}, {"r": [{"x": 1}, {"x": 2}]}, [("r[0].x", None, 1)]),
        ({"r": [{"x": 1}, {"x": 2}]}, {"r": [{"x": 3}, {"x": 2}]}, [("r[0].x", 1, 3)]),
        ({}, {"r": []}, [("r", None, [])]),
        ({"r": [{"x": 1}, {}]}, {"r": [{"x": 1}]}, [("r[1]", {}, None)]),
        ({"r": [{}]}, {"r": []}, [("r[0]", {}, None)]),
        ({}, {"r": [{}]}, [("r[0]", None, {})]),
        ({"r": [{}]}, {"r": [{"x": 1}]}, [("r[0].x", None, 1)]),
        (
            {"r": [{"analyte": "anc", "x": 1}]},
            {"r": [{"analyte": "wbc", "x": 1}, {"analyte": "anc", "x": 2}]},
            [("r[0].analyte", None, "wbc"), ("r[0].x", None, 1), ("r[1].x", 1, 2)],
        ),
        (
            {"r": [{"condition": "ascites", "x": 1}]},
            {"r": [{"condition": "infection", "x": 1}]},
            [
                ("r[0].condition", "ascites", None),
                ("r[0].x", 1, None),
                ("r[0].condition", None, "infection"),
                ("r[0].x", None, 1),
            ],
        ),
        ({"c": ["p", "q"]}, {"c": ["q"]}, [("c", ["p", "q"], ["q"])]),
        ({"a": {"x": 1}}, {"a": 5}, [("a", {"x": 1}, 5)]),
    ],
)
def test_changes_name_every_leaf_that_differs(old, new, expected):
    assert list(changes(old, new)) == expected


@pytest.mark.parametrize(("old", "expected"), [(None, False), ("unknown", False), ([], False), (0, True), ("no", True)])
def test_change_is_a_correction_when_something_was_known_before(old, expected):
    assert Change("a", old, 1).is_correction is expected


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("reviewed", ["a"], ["a", "b"], False),
        ("reviewed", ["a"], ["b"], True),
        ("reviewed", ["a"], None, True),
        ("therapies[0].agents", ["a"], ["a", "b"], True),
    ],
)
def test_change_of_a_list_is_a_correction_when_it_takes_something_back(path, old, new, expected):
    assert Change(path, old, new).is_correction is expected


entries = st.lists(st.dictionaries(st.sampled_from(["analyte", "x"]), st.integers(0, 2)), max_size=6)


@given(entries, entries)
def test_every_record_is_aligned_once_and_in_order(old, new):
    pairs = list(align_records(old, new))
    assert [was for was, _ in pairs if was is not None] == list(range(len(old)))
    assert [now for _, now in pairs if now is not None] == list(range(len(new)))
    assert (None, None) not in pairs
    assert not list(changes({"r": old}, {"r": list(old)}))
