"""The words by which proofs tell an answer: read, refused, compared, and kept apart from what an answer means."""

import pytest

from criteria.definition.reader import parse_definition
from criteria.versions.comparison import compare
from tests.criteria.definition.test_reader import SMALL, faults
from tests.criteria.versions.comparison.conftest import edition

PULSE = "pulse: {label: pulse, type: number, unit: /min}"
COLOUR = "colour: {label: colour, type: code, options: colours}"
SMOKER = "          smoker: {label: smoker, type: yn, proof: {yes: a smoker, no: not a smoker}}\n"
WITH_WORDS = (
    SMALL.replace(PULSE, PULSE.replace("type", 'proof: "heart rate {value}", type'))
    .replace(COLOUR, COLOUR.replace("type", "proof: {red: red all over}, type"))
    .replace("      - key: labs\n", f"{SMOKER}      - key: labs\n")
    .replace("rule: {is: {visit.colour: red}}", "rule: {any: [{is: {visit.colour: red}}, {is: {visit.smoker: yes}}]}")
)


@pytest.mark.parametrize(
    ("answers", "slow", "red"),
    [
        (
            {"pulse": 101, "colour": "red", "smoker": "no"},
            "Heart rate 101 /min (limit: at most 100)",
            "Red all over",
        ),
        (
            {"pulse": 90, "colour": "blue", "smoker": "no"},
            "Heart rate 90 /min (limit: at most 100)",
            "Colour: blue. Not a smoker",
        ),
        ({"colour": "blue"}, "Pulse: not known", "Whether a smoker: not known"),
    ],
)
def test_proof_tells_an_answer_in_the_words_of_the_definition(answers, slow, red):
    sheet = parse_definition(WITH_WORDS)[1].assess({"visit": {"date": "2026-03-09"} | answers})
    assert [verdict.proof for verdict in sheet.verdicts] == [slow, red]


BROKEN = [
    ("heart rate {value}", "heart rate", "visit.fields.pulse", "must hold {value} once"),
    ("heart rate {value}", "{value} of {value}", "visit.fields.pulse", "must hold {value} once"),
    ("{red: red all over}", "{pink: pink all over}", "colour.proof.pink", "“pink” is no answer to this question"),
    ("{yes: a smoker, no: not a smoker}", '"smoker {value}"', "smoker.proof", "no value is told within other words"),
    ('"heart rate {value}"', "{100: fast}", "pulse.proof", "no words for each answer"),
    ("yes: a smoker", "yes: ''", "smoker.proof", "is empty"),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), BROKEN)
def test_faulty_words_are_refused_at_their_place(old, new, place, message):
    assert old in WITH_WORDS
    found = faults(WITH_WORDS.replace(old, new, 1))
    assert any(place.rpartition(".")[2] in path and message in words for path, words in found), found


def test_words_of_a_proof_are_a_difference_that_changes_no_outcome():
    old = edition(WITH_WORDS)
    found = compare(old, edition(WITH_WORDS, ("heart rate", "rate"), ("not a smoker", "no smoker")))
    assert [(each.label.rpartition("/")[2].strip(), each.old, each.new) for each in found.questions] == [
        ("pulse: in a proof", "heart rate {value}", "rate {value}"),
        ("smoker: in a proof", "yes: a smoker; no: not a smoker", "yes: a smoker; no: no smoker"),
    ]
    assert (found.changed_codes, found.same_questions) == (frozenset(), True)


def test_question_is_named_by_words_of_its_own_where_its_answer_is_not_known():
    text = WITH_WORDS.replace("no: not a smoker}", "no: not a smoker, unknown: smoking}")
    sheet = parse_definition(text)[1].assess({"visit": {"date": "2026-03-09", "colour": "blue"}})
    assert [verdict.proof for verdict in sheet.verdicts][1] == "Smoking: not known"
