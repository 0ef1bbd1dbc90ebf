"""Both versions of a section, field by field."""

import pytest

from criteria.definition.reader import parse_definition
from screening.views.visits.merge import merge_section
from tests.conftest import PROTOCOL

VOCABULARY = parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1].vocabulary
VISIT = {"visit": {"date": "2026-03-09"}}
ANC = {"analyte": "anc", "value": 2, "unit": "10*9/L", "collected": "2026-03-08"}


def merged(code, shown, seen, typed, **given):
    return merge_section(VOCABULARY, VOCABULARY.section(code), VISIT | shown, VISIT | seen, typed, given)


def test_every_difference_is_told_in_words_and_proposed_where_one_alone_changed_it():
    base = {"performance": {"ecog": 0, "life_expectancy_months": 6}}
    theirs = {"performance": {"ecog": 1, "life_expectancy_months": 5}}
    mine = {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    found = merged("performance", base, theirs, mine)
    ecog, months = found.choices
    assert (ecog.label, ecog.theirs, ecog.mine) == ("Performance status: ECOG performance status", "1", "2")
    assert (ecog.proposed, months.proposed) == ("", "theirs")
    assert (months.theirs, months.mine, months.chosen) == ("5 months", "6 months", "theirs")
    assert (found.by_both, found.by_one) == ([ecog], [months])
    assert found.part is None


def test_part_is_put_together_once_every_choice_is_made():
    base, theirs = {}, {"performance": {"ecog": 1, "life_expectancy_months": 5}}
    mine = {"performance": {"ecog": 2, "life_expectancy_months": 7}}
    ecog, months = merged("performance", base, theirs, mine).choices
    assert merged("performance", base, theirs, mine, **{ecog.name: "mine"}).part is None
    part = merged("performance", base, theirs, mine, **{ecog.name: "mine", months.name: "theirs"}).part
    assert part == {"performance": {"ecog": 2, "life_expectancy_months": 5}}


@pytest.mark.parametrize("answer", ["", "both", "None"])
def test_choice_of_neither_side_is_asked_again(answer):
    base, theirs, mine = {}, {"performance": {"ecog": 1}}, {"performance": {"ecog": 2}}
    (choice,) = merged("performance", base, theirs, mine).choices
    assert merged("performance", base, theirs, mine, **{choice.name: answer}).part is None


def test_whole_results_are_told_in_words():
    theirs, mine = {"labs": [ANC]}, {"labs": [ANC | {"analyte": "ast", "unit": "U/L"}]}
    first, second = merged("laboratory", {}, theirs, mine).choices
    assert (first.label, first.theirs) == ("Neutrophils", "2 ×10⁹/L on 2026-03-08")
    assert (second.label, second.theirs, second.mine[:8]) == ("AST", "no such entry", "2 U/L on")
    assert (first.proposed, second.proposed) == ("theirs", "mine")


def test_choice_is_void_when_rows_have_moved_since():
    """A choice says between which results it was made, not only at which place of the list."""
    theirs = {"labs": [ANC]}
    (choice,) = merged("laboratory", {}, theirs, {"labs": []}).choices
    mine = {"labs": [ANC | {"value": 9, "collected": "2026-03-01"}]}
    names = {each.name for each in merged("laboratory", {}, theirs, mine).choices}
    assert len(names) == 2
    (same,) = merged("laboratory", {}, theirs, {"labs": []}).choices
    assert same.name == choice.name


def test_lists_ticked_complete_differ_only_where_the_ticks_do():
    theirs = {"reviewed": ["vaccinations", "procedures"]}
    mine = {"reviewed": ["procedures", "vaccinations"]}
    assert merged("procedures", {}, theirs, mine).choices == []
    assert merged("procedures", {}, theirs, mine).part == {"reviewed": ["vaccinations", "procedures"]}
    (choice,) = merged("procedures", {}, theirs, {}).choices
    assert choice.label == "Lists confirmed complete"
