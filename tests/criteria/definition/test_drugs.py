"""Drugs in a definition file: read, refused, written, kept in rows and compared."""

import pytest

from criteria.definition.reader import BadDefinition, Edition, parse_definition
from criteria.definition.writer import definition_text
from criteria.records import canonical
from criteria.versions.comparison import Difference, compare
from criteria.versions.versions import edition_of, load_definition, protocol_of
from tests.criteria.definition.test_reader import SMALL, faults

# Of SMALL as it was before there were drugs.
FINGERPRINT = "86efcc5eb7dc074b1faead186510942da795cda7e0b57f6ca655a6653f320753"

WITH_DRUGS = SMALL.replace(
    "parameters:\n",
    """\
      - key: therapies
        kind: records
        title: Therapies
        item: therapy
        fields:
          name: {label: name, type: text}
          agents: {label: agents, type: codes, options: colours}
          ongoing: {label: ongoing, type: yn}
      - {key: others, kind: records, title: Others, item: other, fields: {name: {label: name, type: text}}}
drugs:
  names: therapies.name
  codes: therapies.agents
  listed:
    - {name: cisplatin, codes: [red], other_names: [顺铂, DDP]}
    - {name: S-1, codes: [red, blue]}
parameters:
""",
    1,
)


def test_drugs_are_read_with_their_names_and_codes():
    drugs = parse_definition(WITH_DRUGS)[1].vocabulary.drugs
    assert (drugs.names, drugs.codes) == ("therapies.name", "therapies.agents")
    assert [(drug.names, drug.codes) for drug in drugs.listed] == [
        (("cisplatin", "顺铂", "DDP"), ("red",)),
        (("S-1",), ("red", "blue")),
    ]
    assert drugs.named_in("顺铂 + S-1").codes == {"red", "blue"}


def test_a_file_without_drugs_has_none():
    assert parse_definition(SMALL)[1].vocabulary.drugs is None


# What was changed in the file, where the fault is found, what is said of it.
BROKEN = [
    ("  names: therapies.name\n", "", "drugs.names", "is missing"),
    ("  codes: therapies.agents\n", "", "drugs.codes", "is missing"),
    ("  names: therapies.name\n", "  names: therapies.name\n  kind: a\n", "drugs.kind", "unknown key"),
    ("names: therapies.name", "names: therapies.nam", "drugs.names", "unknown field “therapies.nam”"),
    ("names: therapies.name", "names: visit.colour", "drugs.names", "unknown field “visit.colour”"),
    ("names: therapies.name", "names: therapies.ongoing", "drugs.names", "is of type yn, not text"),
    ("codes: therapies.agents", "codes: therapies.name", "drugs.codes", "is of type text, not codes"),
    ("names: therapies.name", "names: others.name", "drugs.codes", "stands in another list than “others.name”"),
    ("codes: [red]", "codes: [green]", "drugs.listed[0].codes", "“green” is not a code of “agents”"),
    ("codes: [red]", "codes: []", "drugs.listed[0].codes", "is empty"),
    ("codes: [red]", "codes: red", "drugs.listed[0].codes", ""),
    ("{name: S-1, ", "{", "drugs.listed[1].name", "is missing"),
    ("name: S-1", "nam: S-1, name: S-1", "drugs.listed[1].nam", "unknown key"),
    ("name: S-1", 'name: " "', "drugs.listed[1].name", "is empty"),
    ("name: S-1", 'name: "5+2"', "drugs.listed[1].name", "a name has a letter"),
    ("name: S-1", "name: 联合", "drugs.listed[1].name", "it connects the names of drugs"),
    ("name: S-1", "name: ＤＤＰ", "drugs.listed[1].name", "“ＤＤＰ” is read like “DDP”"),
    ("[顺铂, DDP]", "[顺铂, Cisplatin]", "drugs.listed[0].other_names[1]", "read like “cisplatin”"),
    ("[顺铂, DDP]", "[顺铂, 5]", "drugs.listed[0].other_names[1]", ""),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_faulty_list_of_drugs_is_refused_with_the_place_and_the_line(old, new, place, message):
    assert WITH_DRUGS.count(old) == 1
    (found,) = faults(WITH_DRUGS.replace(old, new))
    assert found.path == place
    assert message in found.message
    assert "(line " in found.message


def test_every_fault_of_a_list_of_drugs_is_named_in_one_answer():
    text = WITH_DRUGS.replace("codes: [red],", "codes: [green],").replace("codes: [red, blue]", "code: [red]")
    text = text.replace("names: therapies.name", "names: therapies.nam")
    assert [fault.path for fault in faults(text)] == [
        "drugs.names",
        "drugs.listed[0].codes",
        "drugs.listed[1].codes",
        "drugs.listed[1].code",
    ]


def test_a_list_of_drugs_that_is_no_list_is_refused():
    start, end = WITH_DRUGS.index("drugs:\n"), WITH_DRUGS.index("parameters:\n")
    for block, place in (("drugs: {}\n", "drugs.names"), ("drugs: none\n", "drugs"), ("drugs: []\n", "drugs")):
        assert place in {fault.path for fault in faults(WITH_DRUGS[:start] + block + WITH_DRUGS[end:])}


def test_what_refers_to_a_faulty_part_is_let_be():
    (found,) = faults(WITH_DRUGS.replace("        item: therapy\n", ""))
    assert found.path == "sections[0].parts[2].item"


@pytest.mark.django_db
def test_a_version_without_drugs_keeps_its_fingerprint():
    version, _ = load_definition(SMALL)
    assert version.definition_sha256 == FINGERPRINT
    assert "drugs" not in canonical.dump(edition_of(version).data)


@pytest.mark.django_db
def test_drugs_are_kept_in_the_rows_and_written_to_a_file_that_loads_the_same():
    version, _ = load_definition(WITH_DRUGS)
    assert protocol_of(version).vocabulary.drugs == parse_definition(WITH_DRUGS)[1].vocabulary.drugs
    text = definition_text(edition_of(version).data)
    again, new = load_definition(text)
    assert (again.pk, new) == (version.pk, False)


@pytest.mark.django_db
def test_changed_drugs_are_refused_under_a_number_that_was_published():
    load_definition(WITH_DRUGS)
    with pytest.raises(BadDefinition, match="was published with another content"):
        load_definition(WITH_DRUGS.replace("DDP", "CDDP"))


def compared(old, new):
    return compare(*(Edition(*parse_definition(text)) for text in (old, new)))


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ("[顺铂, DDP]", "[顺铂]", Difference("Drugs / cisplatin: other names", "顺铂, DDP", "顺铂")),
        ("codes: [red],", "codes: [blue],", Difference("Drugs / cisplatin: codes", "red", "blue")),
        (
            "    - {name: S-1, codes: [red, blue]}\n",
            "",
            Difference("Drugs / S-1", "codes: red, blue", ""),
        ),
        (
            "parameters:\n",
            "    - {name: TIL, codes: [blue], other_names: [TILs]}\nparameters:\n",
            Difference("Drugs / TIL", "", "other names: TILs; codes: blue"),
        ),
    ],
)
def test_a_changed_list_of_drugs_is_a_difference_of_no_outcome(before, after, difference):
    found = compared(WITH_DRUGS, WITH_DRUGS.replace(before, after, 1))
    assert found.questions == (difference,)
    assert found.same_questions
    assert not found.changed_codes


def test_drugs_in_another_order_are_no_difference():
    lines = [line for line in WITH_DRUGS.splitlines(keepends=True) if line.startswith("    - {name: ")]
    assert compared(WITH_DRUGS, WITH_DRUGS.replace("".join(lines), "".join(reversed(lines)))).is_empty


def test_drugs_that_a_version_is_the_first_to_list_are_told_whole():
    start, end = WITH_DRUGS.index("drugs:\n"), WITH_DRUGS.index("parameters:\n")
    found = compared(WITH_DRUGS[:start] + WITH_DRUGS[end:], WITH_DRUGS)
    assert [difference.label for difference in found.questions] == ["Drugs", "Drugs / cisplatin", "Drugs / S-1"]
    assert found.questions[0].new == "named in: therapies.name; codes in: therapies.agents"
