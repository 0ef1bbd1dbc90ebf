import pytest
from hypothesis import given, strategies as st

from criteria.definition.reader import check_definition
from criteria.definition.registry_record import read_record
from criteria.definition.skeleton import skeleton_text

RECORD = """\
1. Study Identification

Unique Protocol Identification Number
NCT01234567
Brief Title
A Made-up Drug: "First" Trial
7. Study Design

Enrollment
35 (Anticipated)

10. Eligibility

Minimum Age & Unit of Time
18 Years
Eligibility Criteria
Inclusion Criteria:
Age ≥18 and ≤80 years. Neutrophils ≥1,500/mm3, bilirubin ≤1.5 times ULN. Note: without support for 14 days.
CTCAE 5.0 holds.

Exclusion Criteria:
 Pregnant or breastfeeding women. Systolic pressure ≥160 mmHg despite a PD-1 inhibitor.

11. Contacts
Somebody. Else.
"""


def test_record_gives_names_statements_and_numbers():
    record = read_record(RECORD)
    assert (record.number, record.title, record.planned_enrolment) == (
        "NCT01234567",
        'A Made-up Drug: "First" Trial',
        35,
    )
    assert [(each.code, each.text, each.numbers) for each in record.statements] == [
        ("I01", "Age ≥18 and ≤80 years.", ("≥18", "≤80 years")),
        (
            "I02",
            "Neutrophils ≥1,500/mm3, bilirubin ≤1.5 times ULN. Note: without support for 14 days.",
            ("≥1,500/mm3", "≤1.5 times ULN", "14 days"),
        ),
        ("I03", "CTCAE 5.0 holds.", ("5.0",)),
        ("E01", "Pregnant or breastfeeding women.", ()),
        ("E02", "Systolic pressure ≥160 mmHg despite a PD-1 inhibitor.", ("≥160 mmHg",)),
    ]


@pytest.mark.parametrize("bullet", ["* ", "- ", "1. ", "(1) ", "• "])
def test_bullets_are_statements_whatever_sentences_they_hold(bullet):
    text = f"Inclusion Criteria:\n{bullet}Adults. Of any sex.\n{bullet}Able to\n  consent.\nExclusion Criteria:\nNone."
    assert [each.text for each in read_record(text).statements] == ["Adults. Of any sex.", "Able to consent.", "None."]


def test_skeleton_has_the_statements_as_comments_and_no_rule_from_them():
    plain, text = skeleton_text(), skeleton_text(read_record(RECORD))
    checked = check_definition(text)
    assert checked.findings == ()
    assert checked.data["trial"] == {
        "code": "NCT01234567",
        "title": 'A Made-up Drug: "First" Trial',
        "registry_url": "https://clinicaltrials.gov/study/NCT01234567",
        "planned_enrolment": 35,
    }
    assert checked.data["criteria"] == check_definition(plain).data["criteria"]
    assert '#    statement: "Age ≥18 and ≤80 years."\n' in text
    assert "#    rule:    # numbers in it: ≥18; ≤80 years\n" in text


def test_statement_without_its_rule_is_refused_when_it_is_made_a_criterion():
    lines = skeleton_text(read_record(RECORD)).splitlines()
    at = lines.index("#  - code: I01")
    text = "\n".join(lines).replace("\n".join(lines[at : at + 5]), "\n".join(line[1:] for line in lines[at : at + 5]))
    errors = check_definition(text.replace("  - code: I01", "  - code: I99", 1)).errors
    assert any(each.line == at + 5 and "a rule is one operation" in each.message for each in errors), errors


@given(st.text(max_size=300))
def test_skeleton_is_sound_whatever_a_record_holds(text):
    record = read_record(f"NCT01234567\nBrief Title\n{text}\nInclusion Criteria:\n{text}\nExclusion Criteria: {text}")
    assert check_definition(skeleton_text(record)).findings == ()


def test_nothing_is_found_in_a_text_that_is_no_record():
    assert read_record("") == ("", "", None, ())
    assert skeleton_text(read_record("")) == skeleton_text()
