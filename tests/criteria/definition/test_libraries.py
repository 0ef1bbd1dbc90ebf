"""Libraries of definitions: what a file takes of them, what it overrides, and what comes out of their formulae."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.definition.json_schema import definition_schema
from criteria.definition.libraries import FOLDER, chain_of, library_names, shelf_of
from criteria.definition.reader import check_definition, protocol_from
from criteria.definition.writer import definition_text, yaml_text
from criteria.definition.yaml_tree import YamlTree
from tests.criteria.definition.test_bad_files import ODD, places_in
from tests.support.json_schema import is_valid

HEAD = """\
format: 3
extends: {names}
trial: {{code: EX-LIB, title: A made-up trial}}
version: {{number: "1.0", effective_from: 2026-01-01}}
"""
ADULTS = HEAD.format(names="common") + "criteria:\n  - like: ADULT\n"
TIPE = "sections: [{code: visit, parts: [{key: subject, fields: {birth_date: {tipe: day}}}]}]"
DOCUMENT = {
    "visit": {"date": "2026-03-09", "planned_first_dose_date": "2026-03-12"},
    "subject": {"sex": "female", "birth_date": "1966-03-01"},
    "vitals": {"weight_kg": 65, "height_cm": 170},
    "ecg": {"qt_ms": 400, "heart_rate": 75},
    "liver": {"ascites": "mild", "encephalopathy": "none"},
    "labs": [
        {"analyte": code, "value": value, "unit": unit, "collected": "2026-03-08"}
        for code, value, unit in [
            ("creatinine", Decimal("1.0"), "mg/dL"),
            ("bilirubin_total", Decimal("2.5"), "mg/dL"),
            ("albumin", 30, "g/L"),
            ("inr", Decimal("1.5"), "{INR}"),
            ("ast", 60, "U/L"),
            ("alt", 64, "U/L"),
            ("platelets", 150, "10*9/L"),
        ]
    ],
}


def taking(*names, leave_out=()):
    codes = [code for code in shelf_of(names).criteria if code not in leave_out]
    return HEAD.format(names=f"[{', '.join(names)}]") + "criteria:\n" + "".join(f"  - like: {code}\n" for code in codes)


def entries(data, part):
    parts = {each["key"]: each for section in data["sections"] for each in section["parts"]}
    return list(parts[part].get("fields") or parts[part].get("analytes") or parts[part].get("conditions"))


@pytest.mark.parametrize("name", library_names())
def test_every_criterion_of_a_library_is_sound(name):
    leave_out = ("LVEFMAX",) if name == "cardiology" else ()  # a trial takes one of the two limits
    checked = check_definition(taking(name, leave_out=leave_out))
    assert checked.findings == ()
    assert is_valid(YamlTree(taking(name)).data, definition_schema())


@pytest.mark.parametrize("name", library_names())
def test_nothing_in_a_library_is_beyond_what_a_trial_can_take(name):
    for section in shelf_of((name,)).sections:
        assert all(part["kind"] in ("group", "records", "results", "checklist", "single") for part in section["parts"])
    assert chain_of([name])[-1] == name


def test_two_libraries_share_what_both_extend():
    checked = check_definition(taking("oncology", "cardiology", leave_out=("LVEFMAX",)))
    assert checked.findings == ()
    assert "nt_probnp" in entries(checked.data, "labs")
    assert "anc" in entries(checked.data, "labs")


def test_only_what_is_used_is_asked():
    data = check_definition(ADULTS).data
    assert [section["code"] for section in data["sections"]] == ["visit"]
    assert (entries(data, "visit"), entries(data, "subject")) == (["date"], ["birth_date"])
    assert list(data["parameters"]) == ["min_age"]
    assert "codes" not in data
    assert "extends" not in data


def test_what_was_read_stands_by_itself():
    data = check_definition(taking("oncology")).data
    text = definition_text(data)
    assert check_definition(text).data == data
    assert tuple(each.code for each in protocol_from(data).criteria) == tuple(shelf_of(("oncology",)).criteria)


def test_file_gives_its_own_values_words_and_questions():
    text = HEAD.format(names="oncology") + (
        "sections:\n"
        "  - code: laboratory\n    title: Blood\n    parts:\n"
        "      - key: labs\n        analytes:\n"
        "          anc: {help: By hand where below 1}\n          sodium: {}\n"
        "          ferritin: {label: ferritin, units: [{ug/L: 1}]}\n"
        "  - code: own\n    title: Own questions\n    parts:\n"
        "      - key: own\n        kind: group\n        title: Own\n        fields:\n"
        "          fit: {label: fit, type: yn}\n"
        "parameters:\n  min_anc: {value: 1}\n"
        "criteria:\n"
        "  - {like: MARROW, code: I03, statement: Enough blood cells}\n"
        "  - {code: I04, category: inclusion, statement: Fit, rule: {is: {own.fit: yes}}}\n"
    )
    checked = check_definition(text)
    assert checked.findings == ()
    data = checked.data
    assert [section["code"] for section in data["sections"]] == ["visit", "laboratory", "own"]
    assert data["sections"][1]["title"] == "Blood"
    assert entries(data, "labs") == ["anc", "platelets", "haemoglobin", "sodium", "ferritin"]
    labs = data["sections"][1]["parts"][0]["analytes"]
    assert labs["anc"]["help"] == "By hand where below 1"
    assert labs["anc"]["loinc"] == "751-8"
    assert data["parameters"]["min_anc"] == {
        "title": "lowest neutrophils",
        "value": 1,
        "unit": "10*9/L",
        "permitted": [Decimal("0.2"), 5],
    }
    assert [each["code"] for each in data["criteria"]] == ["I03", "I04"]


def test_null_takes_a_key_of_the_library_away():
    data = check_definition(ADULTS + "parameters: {min_age: {permitted: null, value: 16}}\n").data
    assert data["parameters"]["min_age"]["value"] == 16
    assert "permitted" not in data["parameters"]["min_age"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "nearest"),
    [
        ("extends: common", "extends: comon", 2, "unknown library", "common"),
        ("extends: common", "extends: ../../etc/passwd", 2, "unknown library", ""),
        ("extends: common", "extends: /etc/passwd", 2, "unknown library", ""),
        ("extends: common", "extends: [common, common]", 2, "stands twice", ""),
        ("extends: common", "extends: []", 2, "names 0 libraries", ""),
        ("extends: common", "extends: {common: 1}", 2, "unknown library", None),
        ("extends: common", f"extends: [{', '.join(['common'] * 11)}]", 2, "names 11 libraries", ""),
        ("format: 3", "format: 2", 1, "written in format 3", ""),
        ("like: ADULT", "like: ADULTS", 6, "no library has the criterion", "ADULT"),
        ("like: ADULT", "like: [ADULT]", 6, "no library has the criterion", None),
        ("like: ADULT", "{like: ADULT, rule: {compare: [vitals.wieght_kg, '>=', $min_age]}}", 6, "unknown fact", None),
        ("criteria:", "parameters: {min_age: {value: 200}}\ncriteria:", 5, "outside what is permitted", ""),
        ("criteria:", "parameters: {min_age: 3}\ncriteria:", 5, "must be", None),
        ("criteria:", "sections: 4\ncriteria:", 5, "list", ""),
        ("criteria:", "sections: [{code: visit, parts: 3}]\ncriteria:", 5, "list", ""),
        ("criteria:", f"{TIPE}\ncriteria:", 5, "unknown key", "type"),
        ("criteria:", f"{TIPE[:-1]}, {{code: visit, parts: []}}]\ncriteria:", 5, "is empty", ""),
    ],
)  # fmt: skip
def test_fault_is_named_at_its_line_in_the_file(old, new, line, said, nearest):
    checked = check_definition(ADULTS.replace(old, new, 1))
    found = [each for each in checked.errors if said in each.message]
    assert found, checked.findings
    assert found[0].line == line
    assert nearest is None or found[0].nearest == nearest


def test_criterion_of_the_library_that_reads_what_the_file_takes_away_is_told_where_it_is_taken():
    fields = "{birth_date: null, sex: {}}"
    text = ADULTS + f"sections: [{{code: visit, title: V, parts: [{{key: subject, fields: {fields}}}]}}]\n"
    (found,) = check_definition(text).errors
    assert (found.line, found.path) == (6, "criteria[0].rule.compare[0].age.born")


def test_fault_in_what_the_library_alone_holds_is_told_where_it_is_extended():
    (found,) = check_definition(ADULTS.replace("criteria:", "parameters: {min_age: null}\ncriteria:")).errors
    assert found.line == 5
    text = HEAD.format(names="common") + (
        "sections: [{code: visit, title: V, parts: [{key: subject, fields: {birth_date: null, sex: {}}}]}]\n"
        "criteria: [{code: I1, category: inclusion, statement: S,"
        " rule: {compare: [{term: bmi}, '>=', $limit]}}, {like: EGFR}]\n"
        "parameters: {limit: {title: limit, value: 20, unit: kg/m2}}\n"
    )
    found = check_definition(text).errors
    assert {(each.line, each.message.partition(":")[0]) for each in found} == {(2, "in the library “common”")}


def test_cycle_of_libraries_is_refused(monkeypatch):
    data = {"one": {"extends": "two"}, "two": {"extends": ["one"]}}
    monkeypatch.setattr("criteria.definition.libraries.library_data", data.__getitem__)
    with pytest.raises(ValueError, match="extends itself"):
        chain_of(["one"])


def test_libraries_stand_in_one_folder_and_are_named_by_a_plain_word():
    assert {"common", "oncology", "cardiology"} <= set(library_names())
    assert all(path.stem.isidentifier() for path in FOLDER.iterdir())


def term_value(name, document=DOCUMENT):
    """The value of a formula of a library, as its proof tells it."""
    text = HEAD.format(names="cardiology") + (
        "criteria:\n  - {code: I1, category: inclusion, statement: S,"
        f" rule: {{compare: [{{term: {name}}}, '>=', $limit]}}}}\n"
        f"parameters: {{limit: {{title: limit, value: 0, unit: {UNITS.get(name, '1')!r}}}}}\n"
    )
    protocol = check_definition(text).protocol
    kept = {}
    for part in protocol.vocabulary.parts.values():  # only what the file takes of the library may stand in a document
        given = document[part.key]
        if isinstance(given, list):
            kept[part.key] = [each for each in given if each["analyte"] in part.analytes]
        else:
            kept[part.key] = {name: each for name, each in given.items() if name in part.fields}
    assert protocol.validate(kept) == ()
    (finding,) = protocol.findings(protocol.reader.read(kept))
    return protocol.proof(finding)


UNITS = {"egfr": "mL/min/{1.73_m2}", "creatinine_clearance": "mL/min", "qtcf": "ms", "bmi": "kg/m2", "bsa": "m2"}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        # Each worked by hand from the published equation: a woman of 60, 65 kg, 170 cm, creatinine 1.0 mg/dL.
        ("egfr", "64.5"),
        ("creatinine_clearance", "61.4"),
        ("qtcf", "430.9"),
        ("bmi", "22.5"),
        ("bsa", "1.8"),
        ("child_pugh", "8"),
        ("fib4", "3"),
    ],
)
def test_formula_gives_the_published_value(name, told):
    assert f" {told}" in term_value(name)


EXTENDING = YamlTree(
    HEAD.format(names="oncology")
    + (
        "codes: {sex: {male: m, female: f}}\n"
        "sections:\n"
        "  - code: laboratory\n    parts:\n"
        "      - {key: labs, analytes: {anc: {help: x}, ferritin: {label: f, units: [{ug/L: 1}]}}}\n"
        "  - code: own\n    title: Own\n    parts:\n      - {key: lesions, fields: {site: null}}\n"
        "      - {key: own, kind: group, title: Own, fields: {fit: {label: fit, type: yn}}}\n"
        "parameters: {min_anc: {value: 1}}\n"
        "terms: {bmi: {label: mass}}\n"
        "criteria: [{like: MARROW, code: I03}, {like: MEASURE, source: x}]\n"
    )
).data
PLACES = [*places_in(EXTENDING)]


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(ODD)), min_size=1, max_size=3))
def test_odd_values_in_a_file_that_extends_a_library_are_answered_and_never_a_crash(changes):
    data = deepcopy(EXTENDING)
    for place, odd in changes:
        inner = data
        for key in place[:-1]:
            try:
                inner = inner[key]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(inner, dict) or (isinstance(inner, list) and place[-1] in range(len(inner))):
            inner[place[-1]] = deepcopy(odd)
    checked = check_definition(yaml_text(data))
    assert checked.errors or checked.protocol is not None
    assert all(each.line >= 1 and each.column >= 1 and each.message for each in checked.findings)
