"""What is wrong with a file of cases is said with the file and the case."""

import pytest

from tests.support.yaml_cases import BadCase, read_cases

CASE = "criterion: I03\ncases:\n  - name: A case\n    outcome: pass\n"
BAD_CASES = {
    "{outcom: pass}": "unknown key “outcom”; expected one of: name, person, change",
    "{change: {}}": "say either the outcome, or `refused:`",
    "{outcome: pass, refused: visit.date}": "say either the outcome, or `refused:`",
    "{outcome: maybe}": "“maybe” is no outcome; expected one of: pass, fail, unknown, not_applicable",
    "{outcome: pass, person: child}": "“child” is no person; expected one of: man, woman, sick",
    "{outcome: pass, person: sick}": "unknown key “chnge”",
    "{outcome: pass, change: consent.date}": "“change” holds names with values",
    "{outcome: pass, change: {consent.day: 2026-03-09}}": "the vocabulary has no “consent.day”",
    "{outcome: pass, change: {consent.date.day: 9}}": "the vocabulary has no “consent.date.day”",
    "{outcome: pass, change: {labs.sodium: 140}}": "the vocabulary has no “labs.sodium”",
    "{outcome: pass, change: {labs.anc.volue: 3}}": "the vocabulary has no “labs.anc.volue”",
    "{outcome: pass, change: {labs.hbv_dna.value: 3}}": "“labs.hbv_dna.value”",
    "{outcome: pass, change: {history.migraine: {status: past}}}": "the vocabulary has no “history.migraine”",
    '{outcome: pass, change: {"therapies[1].end_date": "2026"}}': "the person has nothing at “therapies[1].end_date”",
    "{outcome: pass, add: {consent: {signed: no}}}": "“consent” is no list to add to",
    "{outcome: pass, remove: reviewed.tests}": "the vocabulary has no “reviewed.tests”",
    "{outcome: pass, remove: labs.hbv_dna}": "the person has nothing at “labs.hbv_dna” to remove",
    "{outcome: pass, change: {consent.date: 2026-02-30}}": "consent.date: “2026-02-30”",
    "{outcome: pass, change: {consent.date: 2026}}": "consent.date: “2026” is not a date",
    "{outcome: pass, change: {labs.anc: 3}}": "labs[0]: “3” is not an object",
    "{outcome: pass, change: {lesions: [{size: 3}]}}": "lesions[0].size: unknown key",
    "{outcome: pass, remove: 3}": "“remove” holds a text or a list of texts",
    "{refused: consent.date}": "the document is not refused",
    "{outcome: pass, proof: 3}": "“proof” holds a text or a list of texts",
}
BAD_FILES = {
    "criterion: I03": "holds the keys criterion, persons, cases",
    CASE + "case: []": "holds the keys criterion, persons, cases",
    CASE.replace("I03", "I04"): "is not named after its criterion, I04",
    CASE.replace("- name: A case\n    ", "- "): "each case has a name of its own (line 3)",
    CASE + "  - name: A case\n    outcome: fail\n": "each case has a name of its own (line 5)",
    CASE + "    outcome: fail\n": "duplicate key “outcome”: each may stand once (line 5)",
    CASE + "persons: [": "not readable as YAML",
    "": "holds the keys criterion, persons, cases",
}


@pytest.mark.parametrize("written", BAD_CASES)
def test_fault_of_a_case_is_named_with_file_and_case(protocol, tmp_path, written):
    case = written.replace("{", "{name: A case, ", 1)
    text = f"criterion: I03\npersons: {{sick: {{chnge: no}}}}\ncases: [{case}]\n"
    with pytest.raises(BadCase) as refusal:
        entry_in(tmp_path, text).read(protocol)
    assert str(refusal.value).startswith("I03.yaml::A case: ")
    assert BAD_CASES[written] in str(refusal.value)


@pytest.mark.parametrize("text", BAD_FILES)
def test_fault_of_a_file_is_named_with_the_file(tmp_path, text):
    with pytest.raises(BadCase) as refusal:
        entry_in(tmp_path, text)
    assert str(refusal.value).startswith("I03.yaml: ")
    assert BAD_FILES[text] in str(refusal.value)


def test_persons_that_begin_with_each_other_are_refused(protocol, tmp_path):
    persons = "persons: {one: {person: other}, other: {person: one}}\n"
    text = persons + CASE.replace("outcome", "person: one\n    outcome")
    with pytest.raises(BadCase, match="begins with itself"):
        entry_in(tmp_path, text).read(protocol)


def test_parameter_that_the_protocol_lacks_is_named(amended):
    with pytest.raises(LookupError, match="the protocol has no parameter “max_ecg”"):
        amended((("max_ecg", 2),))


def test_persons_are_changed_step_by_step_and_stay_as_they_were(protocol, tmp_path):
    text = """
criterion: I03
persons:
  tested: {change: {labs.hbv_dna: {value: 1.50, unit: "[IU]/mL", collected: 2026-03-08}}}
  retested: {person: tested, add: {labs.hbv_dna: {value: 9, unit: "[IU]/mL", collected: 2026-03-09}}}
cases:
  - {name: One, person: retested, change: {"labs.hbv_dna[1].value": 10}, outcome: pass}
  - {name: Other, person: retested, remove: reviewed.lesions, outcome: pass}
"""
    (tmp_path / "I03.yaml").write_text(text)
    one, other = (entry.read(protocol).document for entry in read_cases(tmp_path / "I03.yaml"))
    assert [str(lab["value"]) for lab in one["labs"] if lab["analyte"] == "hbv_dna"] == ["1.50", "10"]
    assert [str(lab["value"]) for lab in other["labs"] if lab["analyte"] == "hbv_dna"] == ["1.50", "9"]
    assert "lesions" in one["reviewed"]
    assert "lesions" not in other["reviewed"]


def entry_in(folder, text):
    path = folder / "I03.yaml"
    path.write_text(text)
    return read_cases(path)[0]
