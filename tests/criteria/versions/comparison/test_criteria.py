from criteria.versions.comparison import CriterionChange, Difference, rules_changed
from criteria.versions.comparison.criteria import position_changes
from tests.criteria.definition.test_reader import SMALL
from tests.criteria.versions.comparison.conftest import edition

RED = "rule: {is: {visit.colour: red}}"
BLUE = """\
  - code: E2
    category: exclusion
    statement: Blue
    reading: Blue all over.
    applies: {term: slow}
    rule: {is: {visit.colour: blue}}
"""
REST = SMALL[SMALL.index("  - code: E1") :]


def test_words_that_changed_are_named_one_by_one(amended):
    found = amended(
        (
            "    statement: Red\n",
            "    statement: Reddish\n    reading: Or pink.\n    official_wording: Red, or redder.\n",
        )
    )
    (change,) = found.criteria
    assert change == CriterionChange(
        "E1",
        "changed",
        "Reddish",
        (
            Difference("statement", "Red", "Reddish"),
            Difference("interpretation", "", "Or pink."),
            Difference("official wording", "", "Red, or redder."),
        ),
    )
    assert found.changed_codes == frozenset()


def test_a_changed_source_of_a_rule_is_a_difference_of_no_outcome(amended):
    found = amended(("    statement: Red\n", "    statement: Red\n    source: Protocol 2.0, page 34\n"))
    (change,) = found.criteria
    assert change == CriterionChange("E1", "changed", "Red", (Difference("source", "", "Protocol 2.0, page 34"),))
    assert found.changed_codes == frozenset()


def test_a_changed_rule_shows_both_sentences(amended):
    found = amended((RED, "rule: {is: {visit.colour: blue}}"))
    (change,) = found.criteria
    assert change.parts == (Difference("rule", "Excludes: colour is red.", "Excludes: colour is blue."),)
    assert found.changed_codes == {"E1"}


def test_a_rule_that_only_has_another_value_is_not_a_changed_rule(amended):
    assert amended(("value: 100, unit: /min", "value: 90, unit: /min")).criteria == ()


def test_a_rule_written_otherwise_that_is_the_same_tree_is_not_changed(amended):
    assert amended((RED, "rule: {is: {visit.colour: [red]}}")).is_empty


def test_a_rule_changed_within_a_term_is_a_change_of_what_uses_it(amended):
    found = amended(('visit.pulse, "<=", $max', 'visit.pulse, "<", $max'))
    (change,) = found.criteria
    assert (change.code, [part.label for part in change.parts]) == ("I1", ["rule"])
    assert change.parts[0].new == "Requires: slow pulse (pulse below 100 /min)."


def test_to_whom_it_applies_is_named_where_it_changed(amended):
    found = amended(("    statement: Red\n", "    statement: Red\n    applies: {term: slow}\n"))
    (change,) = found.criteria
    assert change.parts == (Difference("applies", "to every subject", "slow pulse (pulse at most 100 /min)"),)
    assert found.changed_codes == {"E1"}


def test_another_category_changes_the_outcome_though_the_rule_is_the_same(amended):
    found = amended(("category: exclusion", "category: inclusion"))
    assert found.criteria[0].parts == (Difference("category", "exclusion", "inclusion"),)
    assert found.changed_codes == {"E1"}


def test_criteria_added_and_removed_are_told_with_all_that_they_say(amended):
    found = amended((REST, BLUE))
    assert [(change.code, change.kind, change.statement) for change in found.criteria] == [
        ("E2", "added", "Blue"),
        ("E1", "removed", "Red"),
    ]
    assert found.criteria[0].parts == (
        Difference("interpretation", "", "Blue all over."),
        Difference("category", "", "exclusion"),
        Difference("applies", "", "slow pulse (pulse at most 100 /min)"),
        Difference("rule", "", "Excludes: colour is blue."),
    )
    assert found.criteria[1].parts[-1] == Difference("rule", "Excludes: colour is red.", "")
    assert found.changed_codes == {"E1", "E2"}


def test_a_formula_that_is_worked_out_otherwise_is_told_though_its_sentence_is_the_same(real):
    found = real(("female: 0.85", "female: 0.9"))
    (change,) = found.criteria
    assert change.code == "I08"
    assert change.parts[0].new == (
        f"{change.parts[0].old} (“creatinine clearance (Cockcroft-Gault)” is worked out in another way.)"
    )
    assert found.changed_codes == {"I08"}


def test_a_formula_is_told_too_where_a_new_limit_makes_the_sentence_another(real):
    found = real(("female: 0.85", "female: 0.9"), ("value: 1500, unit: /mm3", "value: 1000, unit: /mm3"))
    assert "worked out in another way" in found.criteria[0].parts[0].new


def test_a_rule_that_reads_the_same_but_is_not_is_told_in_words(amended):
    twice = ("  max_pulse:", "  same_limit: {title: also, value: 100, unit: /min}\n  max_pulse:")
    (change,) = amended(("$max_pulse", "$same_limit"), base=(twice,)).criteria
    assert change.parts[0].new.endswith("100 /min). (This reads the same, but the rule is built in another way.)")


def test_a_rule_changed_where_an_open_window_hides_it_is_told_in_words(real):
    before = (
        "date: labs.anc.collected, period: $lab_max_age, before",
        "date: labs.anc.collected, period: $lab_max_age, after",
    )
    found = real((before[0], before[0].replace("labs.anc", "labs.wbc")))
    (change,) = found.criteria
    assert change.parts[0].new.endswith("(This reads the same, but the rule is built in another way.)")


def test_a_criterion_that_stands_elsewhere_is_told_with_its_new_place(amended):
    second, first = REST, SMALL[SMALL.index("  - code: I1") : SMALL.index("  - code: E1")]
    found = amended((first + second, second + first))
    assert len(found.criteria) == 1
    assert found.criteria[0].parts[0].label == "position"
    assert found.changed_codes == frozenset()


def test_only_what_moved_is_told_and_not_what_it_passed():
    places = dict(position_changes(["A", "B", "C", "D"], ["B", "C", "X", "A", "D"]))
    assert places == {"A": Difference("position", "first", "after C")}
    assert not dict(position_changes(["A", "B", "C"], ["A", "X", "C"]))


def rules_changed_by(*changes):
    return rules_changed(edition(SMALL).protocol, edition(SMALL, *changes).protocol)


def test_rules_that_limits_alone_do_not_tell_are_named():
    assert rules_changed_by((REST, BLUE)) == ("E2", "E1")
    assert rules_changed_by((RED, "rule: {is: {visit.colour: blue}}")) == ("E1",)
    assert rules_changed_by(("category: exclusion", "category: inclusion")) == ("E1",)
    assert rules_changed_by(("    statement: Red\n", "    statement: Red\n    applies: {term: slow}\n")) == ("E1",)
    assert rules_changed_by(('visit.pulse, "<=", $max', 'visit.pulse, "<", $max')) == ("I1",)


def test_rules_that_only_have_another_limit_wording_or_place_are_not_named():
    second, first = REST, SMALL[SMALL.index("  - code: I1") : SMALL.index("  - code: E1")]
    assert rules_changed_by(("value: 100, unit: /min", "value: 90, unit: /min")) == ()
    assert rules_changed_by(("    statement: Red\n", "    statement: Reddish\n")) == ()
    assert rules_changed_by((first + second, second + first)) == ()


def test_what_an_interpretation_is_about_is_told_and_changes_no_outcome(amended):
    reading = "    statement: Red\n    reading: [Or pink., {about: visit.colour, text: Not orange.}]\n"
    about = "    statement: Red\n    reading: [Or pink., {about: {visit.colour: [red, blue]}, text: Not orange.}]\n"
    found = amended((reading, about), base=(("    statement: Red\n", reading),))
    (change,) = found.criteria
    assert change.parts == (
        Difference(
            "interpretation",
            "Or pink.\nNot orange. (about: colour)",
            "Or pink.\nNot orange. (about: colour: red or blue)",
        ),
    )
    assert (found.changed_codes, found.same_questions) == (frozenset(), True)


def test_single_interpretation_is_the_same_when_it_stands_alone_in_a_list(amended):
    base = (("    statement: Red\n", "    statement: Red\n    reading: Or pink.\n"),)
    assert amended(("reading: Or pink.", "reading: [Or pink.]"), base=base).is_empty


def test_words_of_one_language_and_another_sponsor_protocol_are_named(amended):
    both = ("    statement: Red\n", "    statement: Red\n    official_wording: {zh: 红色, en: Red}\n")
    head = ("trial: {code", "sponsor_protocol: {version: '2.0'}\ntrial: {code")
    found = amended(
        ("en: Red}", "en: Red all over}"), ("{version: '2.0'}", "{version: '3.0', date: 2023-05-04}"), base=(both, head)
    )
    assert found.criteria[0].parts == (
        Difference("official wording", "[en] Red\n[zh] 红色", "[en] Red all over\n[zh] 红色"),
    )
    assert found.rest == (Difference("sponsor's protocol", "2.0", "3.0 of 2023-05-04"),)
    assert found.changed_codes == frozenset()
