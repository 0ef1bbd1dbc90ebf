"""What differs in the checks of two versions, and in the meaning for which they were written."""

CODE = "  - code: C08\n"
MESSAGE = "An event cannot be worse now than it ever was. Which of the two grades is right?"


def test_message_condition_and_criteria_of_a_check_are_compared_in_words(real):
    found = real(
        (MESSAGE, "Which grade is right?"),
        (
            "    criteria: [E05, E23]\n    rule: {some: {of: adverse_events, where: {compare: [.current_grade,",
            "    criteria: [E05]\n    rule: {some: {of: adverse_events, where: {compare: [.current_grade,",
        ),
        ('[.current_grade, ">", .max_grade]', '[.current_grade, ">=", .max_grade]'),
    )
    by_label = {each.label: (each.old, each.new) for each in found.rest}
    assert by_label["Check C08: message"] == (MESSAGE, "Which grade is right?")
    assert by_label["Check C08: criteria touched"] == ("E05, E23", "E05")
    old, new = by_label["Check C08: condition"]
    assert old != new
    assert (found.values, found.criteria, found.changed_codes) == ((), (), frozenset())


def test_limit_of_a_check_is_compared_as_its_condition(real):
    (found,) = real(("CTCAE v5.0, value: 3}", "CTCAE v5.0, value: 4}")).rest
    assert found.label == "Check C16: condition"


def test_check_that_is_added_or_removed_is_told_with_all_it_has(real):
    found = real((CODE, "  - code: C99\n")).rest
    labels = [each.label for each in found]
    assert labels[:4] == [f"Check C99: {name}" for name in ("message", "condition", "concerns", "criteria touched")]
    assert [each.new for each in found if each.label.startswith("Check C08")] == [""] * 4


def test_format_of_the_definition_is_compared(real):
    assert [(each.old, each.new) for each in real(("format: 2\n", "format: 1\n")).rest] == [("2", "1")]
