from criteria.versions.comparison.changes import Difference

TESTS = "tests:\n  - {name: none, document: {visit: {date: 2026-03-09}}, expect: {I1: unknown}}\n"
END = "    statement: Red\n    rule: {is: {visit.colour: red}}\n"


def test_test_that_was_added_changed_or_removed_is_a_difference_of_no_outcome(amended):
    found = amended((END, END + TESTS))
    new = 'document: {"visit":{"date":"2026-03-09"}}; expect: {"I1":"unknown"}'
    assert found.rest == (Difference("Test: none", "", new),)
    assert not found.is_empty
    assert found.changed_codes == frozenset()
    changed = amended(("I1: unknown", "E1: unknown"), base=((END, END + TESTS),))
    assert changed.rest == (Difference("Test: none", new, new.replace("I1", "E1")),)
    assert amended((END + TESTS, END), base=((END, END + TESTS),)).rest == (Difference("Test: none", new, ""),)
