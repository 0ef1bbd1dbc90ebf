from decimal import Decimal

from criteria.definition.reader import edition_from
from criteria.versions.comparison import Difference, SentencePair, TitleChange, compare
from tests.criteria.definition.test_reader import SMALL
from tests.criteria.versions.comparison.conftest import edition

LIMIT = "value: 100, unit: /min"
WINDOW = """\
  - code: E2
    category: exclusion
    statement: Ended lately
    rule: {since: {date: visit.end, period: $window, before: visit.date}}
"""


def test_nothing_differs_from_itself_whatever_its_number_and_day(amended):
    found = amended(('number: "1", effective_from: 2025-01-01', 'number: "2", effective_from: 2026-01-01'))
    assert found.is_empty
    assert (found.changed_codes, found.same_questions) == (frozenset(), True)


def test_a_new_limit_shows_old_and_new_in_the_criterions_own_sentence(amended):
    found = amended((LIMIT, "value: 90, unit: /min"))
    ((name, title, old, new, sentences),) = found.values
    assert (name, title, old, new) == ("max_pulse", "highest pulse", "100 /min", "90 /min")
    assert sentences == (
        SentencePair(
            "I1",
            "Requires: slow pulse (pulse at most 100 /min).",
            "Requires: slow pulse (pulse at most 90 /min).",
        ),
    )
    assert found.criteria == ()
    assert found.changed_codes == {"I1"}
    assert not found.is_empty


def test_a_limit_read_in_applies_is_shown_in_its_sentence(amended):
    applies = ("    statement: Red\n", "    statement: Red\n    applies: {term: slow}\n")
    (change,) = amended((LIMIT, "value: 90, unit: /min"), base=(applies,)).values
    assert [pair.code for pair in change.sentences] == ["I1", "E1"]
    assert change.sentences[1].new == "Where slow pulse (pulse at most 90 /min), excludes: colour is red."


def test_a_window_that_is_opened_reads_any_time(amended):
    found = amended(("value: 6, unit: mo", "value: any time, unit: mo"), base=((SMALL, SMALL + WINDOW),))
    ((_, _, old, new, sentences),) = found.values
    assert (old, new) == ("6 months", "any time")
    assert sentences == (
        SentencePair("E2", "Excludes: end no earlier than 6 months before visit date.", "Excludes: end at any time."),
    )


def test_a_limit_in_another_unit_is_another_value(amended):
    (change,) = amended(("value: 6, unit: mo", "value: 6, unit: a")).values
    assert (change.old, change.new) == ("6 months", "6 years")


def test_a_digit_more_is_shown_since_every_proof_will_show_it():
    old = edition(SMALL)
    block = old.data["parameters"]["max_pulse"] | {"value": Decimal("100.0")}
    new = edition_from({**old.data, "parameters": {**old.data["parameters"], "max_pulse": block}})
    (change,) = compare(old, new).values
    assert (change.old, change.new) == ("100 /min", "100.0 /min")


def test_a_parameter_that_no_rule_reads_has_no_sentences(real):
    (change,) = real(("last dose for, value: 120,", "last dose for, value: 90,")).values
    assert (change.name, change.old, change.new, change.sentences) == ("contraception_after", "120 days", "90 days", ())


def test_a_value_shown_in_a_help_text_does_not_change_the_question(real):
    found = real(("last dose for, value: 120,", "last dose for, value: 90,"))
    assert (found.questions, found.changed_codes, found.same_questions) == ((), frozenset(), True)


def test_a_parameter_that_is_added_has_no_old_value_and_one_removed_no_new(amended):
    found = amended(
        ("  window: {title: window, value: 6, unit: mo}\n", "  min_pulse: {title: lowest pulse, value: 40}\n")
    )
    assert [(change.name, change.old, change.new) for change in found.values] == [
        ("min_pulse", "", "40"),
        ("window", "6 months", ""),
    ]


def test_a_title_and_what_an_amendment_may_do_are_differences_of_no_outcome(amended):
    found = amended((f"highest pulse, {LIMIT}", f"fastest pulse, {LIMIT}, type: number, permitted: [40, 200]"))
    assert found.titles == (TitleChange("max_pulse", "highest pulse", "fastest pulse"),)
    assert found.rest == (
        Difference("fastest pulse: type", "", "number"),
        Difference("fastest pulse: permitted range", "", "40 to 200 /min"),
    )
    assert (found.values, found.changed_codes) == ((), frozenset())


def test_a_changed_source_of_a_value_is_a_difference_of_no_outcome(amended):
    cited = (LIMIT, f"{LIMIT}, source: Protocol 2.0")
    found = amended(("source: Protocol 2.0", 'source: "Protocol 3.0, page 5"'), base=(cited,))
    assert found.rest == (Difference("highest pulse: source", "Protocol 2.0", "Protocol 3.0, page 5"),)
    assert (found.values, found.criteria, found.changed_codes) == ((), (), frozenset())
    assert amended(cited).rest == (Difference("highest pulse: source", "", "Protocol 2.0"),)


def test_the_trials_own_entries_are_told_and_the_note_of_a_version_is_not(amended):
    found = amended(
        ("title: A trial}", "title: Another trial, planned_enrolment: 20}"),
        ("effective_from: 2025-01-01}", "effective_from: 2025-01-01, note: Amended.}"),
    )
    assert found.rest == (
        Difference("title of the trial", "A trial", "Another trial"),
        Difference("planned enrolment", "", "20"),
    )
