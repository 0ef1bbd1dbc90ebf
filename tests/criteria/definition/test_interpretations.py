"""Interpretations in a definition file: read, refused, written and kept in rows."""

import pytest

from criteria.definition.reader import parse_definition
from criteria.definition.writer import definition_text
from criteria.evaluation.criterion import Interpretation, Topic
from criteria.models import Criterion
from criteria.versions.versions import edition_of, load_definition, protocol_of
from tests.criteria.definition.test_reader import SMALL, faults

# Of SMALL as it was before an interpretation could be about a part of a rule.
FINGERPRINT = "86efcc5eb7dc074b1faead186510942da795cda7e0b57f6ca655a6653f320753"
READING = """\
    reading:
      - Colours are those of the skin.
      - {about: visit.colour, text: Pink is red.}
      - {about: [visit.colour, {visit.colour: red}], text: Orange is not.}
"""
WITH_LIST = SMALL.replace("    statement: Red\n", f"    statement: Red\n{READING}")


def test_interpretations_are_read_with_what_they_are_about():
    (_, criterion) = parse_definition(WITH_LIST)[1].criteria
    assert criterion.interpretations == (
        Interpretation("Colours are those of the skin."),
        Interpretation("Pink is red.", (Topic("visit.colour"),)),
        Interpretation("Orange is not.", (Topic("visit.colour"), Topic("visit.colour", ("red",)))),
    )
    assert criterion.reading == "Colours are those of the skin.\nPink is red.\nOrange is not."


def test_single_text_is_about_the_whole_criterion():
    text = SMALL.replace("    statement: Red\n", "    statement: Red\n    reading: Pink is red.\n")
    assert parse_definition(text)[1].criteria[1].interpretations == (Interpretation("Pink is red."),)
    assert parse_definition(SMALL)[1].criteria[1].interpretations == ()


def test_interpretation_may_be_about_a_parameter():
    reading = "    reading: [{about: $max_pulse, text: At rest.}]\n"
    text = SMALL.replace("    statement: A slow pulse\n", f"    statement: A slow pulse\n{reading}")
    assert parse_definition(text)[1].criteria[0].interpretations == (
        Interpretation("At rest.", (Topic("$max_pulse"),)),
    )


# What was changed in the file, where the fault is found, what is said of it.
BROKEN = [
    ("about: visit.colour, text", "about: visit.color, text", "criteria[1].reading[1].about", "unknown fact"),
    ("about: visit.colour, text", "about: $least, text", "criteria[1].reading[1].about", "missing parameter “least”"),
    ("about: visit.colour, text", "about: $window, text", "criteria[1].reading[1].about", "does not look at “$window”"),
    ("about: visit.colour, text", "about: labs.hb, text", "criteria[1].reading[1].about", "does not look at “labs.hb”"),
    ("about: visit.colour, text", "about: [], text", "criteria[1].reading[1].about", "is empty"),
    ("{visit.colour: red}", "{visit.colour: pink}", "criteria[1].reading[2].about", "“pink” is not a code"),
    ("{visit.colour: red}", "{}", "criteria[1].reading[2].about", "is empty"),
    ("text: Pink is red.", "text: ''", "criteria[1].reading[1].text", "is empty"),
    ("text: Pink is red.", 'text: "Pink\\nis red."', "criteria[1].reading[1].text", "must be one line"),
    ("text: Pink is red.", "words: Pink is red.", "criteria[1].reading[1].text", "is missing"),
    ("text: Pink is red.", "text: Pink., words: red", "criteria[1].reading[1].words", "unknown key"),
    ("Colours are those of the skin.", "[Colours]", "criteria[1].reading[0]", "must be a mapping with keys"),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), BROKEN)
def test_faulty_interpretation_is_refused_at_its_place(old, new, place, message):
    assert old in WITH_LIST
    found = faults(WITH_LIST.replace(old, new, 1))
    assert any(path.startswith(place) and message in words for path, words in found), found


def test_interpretations_are_written_as_they_were_read():
    data, _ = parse_definition(WITH_LIST)
    again, protocol = parse_definition(definition_text(data))
    assert again["criteria"] == data["criteria"]
    assert protocol.criteria[1].interpretations == parse_definition(WITH_LIST)[1].criteria[1].interpretations


@pytest.mark.django_db
def test_interpretations_come_back_from_the_rows_of_a_version():
    data, protocol = parse_definition(WITH_LIST)
    version, _ = load_definition(WITH_LIST)
    row = Criterion.objects.get(version=version, code="E1")
    assert row.reading == "Colours are those of the skin.\nPink is red.\nOrange is not."
    assert edition_of(version).data["criteria"][1]["reading"] == data["criteria"][1]["reading"]
    assert protocol_of(version).criteria[1].interpretations == protocol.criteria[1].interpretations


@pytest.mark.django_db
def test_version_without_a_list_keeps_its_fingerprint():
    version, _ = load_definition(SMALL)
    assert version.definition_sha256 == FINGERPRINT
    assert Criterion.objects.filter(version=version, interpretations__isnull=False).count() == 0
