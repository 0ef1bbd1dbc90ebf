from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from screening.shared.diff import changes
from screening.visits.merge import Conflict, combine_records, conflicts, merge_parts

ANC = {"analyte": "anc", "value": Decimal("1.4"), "unit": "10*9/L", "collected": "2026-03-01"}
PLATELETS = {"analyte": "platelets", "value": 210, "unit": "10*9/L", "collected": "2026-03-01"}
FIRST_LINE = {"name": "first line", "end_date": "2025-12-20"}
SECOND_LINE = {"name": "second line", "end_date": "2026-01-20"}

leaves = st.none() | st.integers(0, 2) | st.sampled_from(["unknown", "yes", "no"]) | st.lists(st.sampled_from("ab"))
records = st.lists(st.dictionaries(st.sampled_from(["analyte", "x", "collected"]), leaves, max_size=3), max_size=4)
groups = st.dictionaries(st.sampled_from("xyz"), leaves, max_size=3)
parts = st.dictionaries(st.sampled_from(["labs", "group", "single", "reviewed"]), leaves | groups | records, max_size=4)


def decide(found, side):
    return {conflict.path: side for conflict in found}


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "proposed"),
    [(1, 2, 1, "theirs"), (1, 1, 2, "mine"), (1, 2, 3, ""), (None, None, 0, "mine"), (0, None, 0, "theirs")],
)
def test_side_that_alone_changed_a_value_is_proposed(base, theirs, mine, proposed):
    def part(value):
        return {} if value is None else {"performance": {"ecog": value}}

    expected = Conflict("performance.ecog", theirs, mine, proposed)
    assert conflicts(part(base), part(theirs), part(mine)) == [expected]


def test_nothing_is_asked_where_both_came_to_the_same():
    assert conflicts({}, {"labs": [ANC], "x": {"a": 1}}, {"x": {"a": 1}, "labs": [dict(ANC)]}) == []


def test_results_of_two_tests_are_both_kept_when_two_people_typed_one_each():
    found = conflicts({}, {"labs": [ANC]}, {"labs": [PLATELETS]})
    assert [(conflict.path, conflict.proposed) for conflict in found] == [("labs[0]", "theirs"), ("labs[1]", "mine")]
    choices = {conflict.path: conflict.proposed for conflict in found}
    assert merge_parts({}, {"labs": [ANC]}, {"labs": [PLATELETS]}, choices) == {"labs": [ANC, PLATELETS]}


def test_new_records_of_two_people_are_not_taken_for_one():
    base = {"therapies": [FIRST_LINE]}
    theirs, mine = {"therapies": [FIRST_LINE, SECOND_LINE]}, {"therapies": [FIRST_LINE, {"name": "third line"}]}
    found = conflicts(base, theirs, mine)
    assert [(conflict.path, conflict.theirs, conflict.mine) for conflict in found] == [
        ("therapies[1]", SECOND_LINE, None),
        ("therapies[2]", None, {"name": "third line"}),
    ]


def test_result_and_sample_without_one_are_compared_as_a_whole():
    """Put together value by value they would be neither."""
    sample = {"analyte": "anc", "not_done": "溶血", "collected": "2026-03-01"}
    assert conflicts({}, {"labs": [ANC]}, {"labs": [sample]}) == [Conflict("labs[0]", ANC, sample, "")]
    assert conflicts({"labs": [ANC]}, {"labs": [ANC]}, {"labs": [sample]}) == [Conflict("labs[0]", ANC, sample, "mine")]
    assert conflicts({}, {"labs": [sample]}, {"labs": [sample | {"not_done": "clotted"}]}) == [
        Conflict("labs[0].not_done", "溶血", "clotted", "")
    ]


def test_one_sample_typed_twice_is_compared_value_by_value():
    found = conflicts({}, {"labs": [ANC]}, {"labs": [ANC | {"value": Decimal("1.6")}]})
    assert found == [Conflict("labs[0].value", Decimal("1.4"), Decimal("1.6"), "")]


def test_samples_of_two_days_are_two_results():
    later = ANC | {"collected": "2026-03-08"}
    assert [conflict.path for conflict in conflicts({}, {"labs": [ANC]}, {"labs": [later]})] == ["labs[0]", "labs[1]"]


def test_record_is_followed_when_the_other_side_put_one_before_it():
    base = {"therapies": [FIRST_LINE]}
    theirs = {"therapies": [SECOND_LINE, FIRST_LINE]}
    mine = {"therapies": [FIRST_LINE | {"end_date": "2025-12-24"}]}
    found = conflicts(base, theirs, mine)
    assert found == [
        Conflict("therapies[0]", SECOND_LINE, None, "theirs"),
        Conflict("therapies[1].end_date", "2025-12-20", "2025-12-24", "mine"),
    ]
    choices = {conflict.path: conflict.proposed for conflict in found}
    assert merge_parts(base, theirs, mine, choices) == {
        "therapies": [SECOND_LINE, FIRST_LINE | {"end_date": "2025-12-24"}]
    }


@pytest.mark.parametrize(
    ("theirs", "mine", "proposed"),
    [([], [FIRST_LINE], "theirs"), ([FIRST_LINE], [], "mine"), ([], [FIRST_LINE | {"end_date": "2026"}], "")],
)
def test_record_that_one_side_took_away_is_one_conflict(theirs, mine, proposed):
    (found,) = conflicts({"therapies": [FIRST_LINE]}, {"therapies": theirs}, {"therapies": mine})
    assert (found.path, found.proposed) == ("therapies[0]", proposed)


def test_codes_and_completed_lists_are_one_value_each():
    theirs = {"therapies": [FIRST_LINE | {"agents": ["platinum"]}], "reviewed": ["therapies"]}
    mine = {"therapies": [FIRST_LINE | {"agents": ["platinum", "targeted"]}]}
    found = conflicts({"therapies": [FIRST_LINE | {"agents": ["platinum"]}]}, theirs, mine)
    assert [(conflict.path, conflict.proposed) for conflict in found] == [
        ("therapies[0].agents", "mine"),
        ("reviewed", "theirs"),
    ]


def test_path_of_a_conflict_names_its_record_among_those_of_both():
    base, theirs, mine = {}, {"labs": [ANC]}, {"labs": [PLATELETS]}
    assert combine_records(base, theirs, mine)["labs"] == [ANC, PLATELETS]


def test_key_error_when_a_conflict_is_not_decided():
    with pytest.raises(KeyError):
        merge_parts({}, {"labs": [ANC]}, {"labs": [PLATELETS]}, {"labs[0]": "mine"})
    with pytest.raises(KeyError):
        merge_parts({}, {"x": 1}, {"x": 2}, {"x": "both"})


@given(parts, parts, parts)
def test_all_of_one_side_gives_that_side(base, theirs, mine):
    found = conflicts(base, theirs, mine)
    assert len({conflict.path for conflict in found}) == len(found)
    assert changes(theirs, merge_parts(base, theirs, mine, decide(found, "theirs"))) == ()
    assert changes(mine, merge_parts(base, theirs, mine, decide(found, "mine"))) == ()


@given(*[st.dictionaries(st.sampled_from("pqr"), groups)] * 3, st.data())
def test_nothing_changes_but_what_was_decided(base, theirs, mine, data):
    found = conflicts(base, theirs, mine)
    choices = {conflict.path: data.draw(st.sampled_from(["theirs", "mine"])) for conflict in found}
    decided = frozen(changes(theirs, merge_parts(base, theirs, mine, choices)))
    assert set(decided) == set(frozen(c[:3] for c in found if choices[c.path] == "mine"))


def frozen(rows):
    return [tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in rows]


@given(parts, parts, parts)
def test_a_key_without_a_conflict_stays_as_it_was(base, theirs, mine):
    found = conflicts(base, theirs, mine)
    result = merge_parts(base, theirs, mine, decide(found, "mine"))
    asked = {conflict.path.split(".")[0].split("[")[0] for conflict in found}
    for key in {**theirs, **mine}.keys() - asked:
        assert changes(theirs.get(key), result.get(key)) == ()


@given(parts, parts)
def test_one_side_alone_decides_where_the_other_changed_nothing(base, mine):
    found = conflicts(base, base, mine)
    assert {conflict.proposed for conflict in found} <= {"mine"}
