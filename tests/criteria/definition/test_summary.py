"""The summary in a definition file: read, refused, written and kept in rows."""

import pytest

from criteria.definition.reader import parse_definition
from criteria.definition.writer import definition_text
from criteria.records import canonical
from criteria.versions.versions import edition_of, load_definition, protocol_of
from tests.criteria.definition.test_reader import SMALL, faults

# Of SMALL as it was before there was a summary.
FINGERPRINT = "86efcc5eb7dc074b1faead186510942da795cda7e0b57f6ca655a6653f320753"

WITH_SUMMARY = (
    SMALL.replace(
        "parameters:\n",
        """\
      - key: therapies
        kind: records
        title: Therapies
        item: therapy
        reviewable: true
        fields:
          name: {label: name, type: text}
          started: {label: start, type: date}
          ongoing: {label: ongoing, type: yn}
parameters:
""",
        1,
    )
    + """\
summary:
  - label: Pulse
    values: [visit.pulse, {formula: {label: a third, unit: /min, value: {over: [{in: [visit.pulse, /min]}, 3]}}}]
  - {label: Blood, values: [labs.hb, visit.colour]}
  - {label: Therapy, of: therapies, values: [.name, .started, .ongoing]}
"""
)


def test_lines_are_read_in_their_order():
    entries = parse_definition(WITH_SUMMARY)[1].summarizer.entries
    assert [(entry.label, entry.of, len(entry.values)) for entry in entries] == [
        ("Pulse", "", 2),
        ("Blood", "", 2),
        ("Therapy", "therapies", 3),
    ]


def test_a_file_without_a_summary_has_none_when_it_is_evaluated():
    assert parse_definition(SMALL)[1].summary({"visit": {"date": "2026-03-09"}}) == ()


# What was changed in the file, where the fault is found, what is said of it.
BROKEN = [
    ("  - label: Pulse\n    values", "  - values", "summary[0].label", "is missing"),
    ("values: [labs.hb, visit.colour]", "values: []", "summary[1].values", "is empty"),
    ("label: Blood", "label: Pulse", "summary[1].label", "duplicate label “Pulse”"),
    ("label: Blood", "label: Blood, colour: red", "summary[1].colour", "unknown key"),
    ("[labs.hb,", "[labs.hp,", "summary[1].values[0]", "did you mean “labs.hb”?"),
    ("[labs.hb,", "[$max_pulse,", "summary[1].values[0]", "must be a fact"),
    ("[labs.hb,", "[{known: labs.hb},", "summary[1].values[0]", "must be a fact"),
    ("[labs.hb,", "[.hb,", "summary[1].values[0]", "stands outside a list"),
    ("of: therapies", "of: therapy", "summary[2].of", "unknown list “therapy”"),
    (".name, .started", ".nam, .started", "summary[2].values[0]", "unknown fact “nam” of therapies"),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_broken_summary_is_refused_with_its_place_and_line(old, new, place, message):
    assert WITH_SUMMARY.count(old) == 1
    found = faults(WITH_SUMMARY.replace(old, new))
    assert any(fault.path.startswith(place) and message in fault.message for fault in found), found
    assert all("(line " in fault.message for fault in found)


@pytest.mark.django_db
def test_a_definition_without_a_summary_keeps_its_fingerprint():
    assert load_definition(SMALL)[0].definition_sha256 == FINGERPRINT


@pytest.mark.django_db
def test_a_summary_is_kept_in_its_row_and_written_again():
    version, _new = load_definition(WITH_SUMMARY)
    assert version.definition_sha256 != FINGERPRINT
    assert [entry.label for entry in protocol_of(version).summarizer.entries] == ["Pulse", "Blood", "Therapy"]
    data = edition_of(version).data
    assert canonical.dump(parse_definition(definition_text(data))[0]["summary"]) == canonical.dump(data["summary"])
