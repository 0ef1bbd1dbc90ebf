import pytest

from criteria.definition.reader import BadDefinition, parse_definition, protocol_from

SMALL = """\
trial: {code: T1, title: A trial}
version: {number: "1", effective_from: 2025-01-01}
codes:
  colours: {red: red, blue: blue}
sections:
  - code: visit
    title: Visit
    parts:
      - key: visit
        kind: group
        title: Visit
        fields:
          date: {label: visit date, type: day, required: true}
          end: {label: end, type: date, not_before: visit.date}
          pulse: {label: pulse, type: number, unit: /min}
          colour: {label: colour, type: code, options: colours}
      - key: labs
        kind: results
        title: Laboratory
        analytes:
          hb: {label: haemoglobin, units: [{g/dL: 1, g/L: 0.1}, {mmol/L: 1}]}
parameters:
  max_pulse: {title: highest pulse, value: 100, unit: /min}
  window: {title: window, value: 6, unit: mo}
terms:
  slow: {label: slow pulse, rule: {compare: [visit.pulse, "<=", $max_pulse]}}
criteria:
  - code: I1
    category: inclusion
    statement: A slow pulse
    rule: {term: slow}
  - code: E1
    category: exclusion
    statement: Red
    rule: {is: {visit.colour: red}}
"""


def faults(text):
    with pytest.raises(BadDefinition) as refusal:
        parse_definition(text)
    return refusal.value.faults


def test_a_sound_file_becomes_a_protocol():
    data, protocol = parse_definition(SMALL)
    assert (protocol.trial, protocol.version, protocol.effective_from.isoformat()) == ("T1", "1", "2025-01-01")
    assert [criterion.code for criterion in protocol.criteria] == ["I1", "E1"]
    assert data["codes"] == {"colours": {"red": "red", "blue": "blue"}}


def test_the_data_of_a_file_make_the_same_protocol_again():
    data, protocol = parse_definition(SMALL)
    again = protocol_from(data)
    document = {"visit": {"date": "2026-03-09", "pulse": 101, "colour": "red"}}
    assert again.assess(document) == protocol.assess(document)


# What was changed in the file, where the fault is found, what is said of it.
BROKEN = [
    # blocks
    ("trial: {code: T1, title: A trial}", "trial: {code: T1}", "trial.title", "is missing"),
    ("trial: {code: T1, title: A trial}", "trial: {code: 'T 1', title: A}", "trial.code", ""),
    ("title: A trial}", "title: A trial, colour: red}", "trial.colour", "unknown key"),
    ("title: A trial}", "title: A trial, registry_url: 'javascript:x'}", "trial.registry_url", ""),
    ("title: A trial}", "title: A trial, planned_enrolment: 0}", "trial.planned_enrolment", ""),
    ("effective_from: 2025-01-01", "effective_from: 2025-02-30", "version.effective_from", ""),
    ("effective_from: 2025-01-01", "effective_from: 2025-01-01T00:00:00", "version.effective_from", "2026-03-14"),
    ("effective_from: 2025-01-01", "effective_from: 1735689600", "version.effective_from", "2026-03-14"),
    ('number: "1"', "number: 1.0", "version.number", ""),
    ('number: "1"', 'number: "  "', "version.number", ""),
    ('number: "1"', 'number: " 1"', "version.number", ""),
    ("value: 100,", "value: 1.2e3,", "parameters.max_pulse.value", "plain number"),
    ("value: 100,", "value: 1_200,", "parameters.max_pulse.value", "plain number"),
    ("criteria:\n", "criterions: []\ncriteria:\n", "criterions", "unknown key"),
    ("title: A trial}", f"title: A, registry_url: 'https://{'x' * 200}'}}", "trial.registry_url", "200"),
    ("title: A trial}", "title: A, planned_enrolment: 99999999999}", "trial.planned_enrolment", ""),
    ("title: A trial}", 'title: "A\\0"}', "trial.title", "NUL"),
    ("statement: Red", 'statement: "\\ud800"', "criteria[1].statement", "surrogate"),
    # vocabulary
    ("kind: group", "kind: groupe", "sections[0].parts[0].kind", "did you mean “group”?"),
    ("        kind: group\n", "", "sections[0].parts[0].kind", "`kind` is missing"),
    ("type: number, unit: /min", "type: numbr, unit: /min", "sections[0].parts[0].fields.pulse.type", ""),
    ("label: pulse, ", "", "sections[0].parts[0].fields.pulse.label", "is missing"),
    ("options: colours", "options: colors", "sections[0].parts[0].fields.colour.options", "unknown code list “colors”"),
    ("options: colours", "options: {}", "sections[0].parts[0].fields.colour.options", ""),
    (", options: colours", "", "sections[0].parts[0].fields.colour.options", "empty option list"),
    ("type: number, unit: /min", "type: number, options: {a: a}", "sections[0].parts[0].fields.pulse.options",
     "has no options"),
    ("red: red", "unknown: red", "sections[0].parts[0].fields.colour.options.unknown", "may be unknown"),
    ("unit: /min}\n          c", "unit: /min, when: {visit.hue: red}}\n          c",
     "sections[0].parts[0].fields.pulse.when.visit.hue", "unknown fact"),
    ("unit: /min}\n          c", "unit: /min, when: {.date: red}}\n          c",
     "sections[0].parts[0].fields.pulse.when..date", "only an answer with codes or grades"),
    ("unit: /min}\n          c", "unit: /min, when: {.colour: [red, green, unknown]}}\n          c",
     "sections[0].parts[0].fields.pulse.when..colour", "“green” is not a code"),
    ("unit: /min}\n          c", "unit: /min, when: {.colour: []}}\n          c",
     "sections[0].parts[0].fields.pulse.when..colour", "is empty"),
    ("unit: /min}\n          c", "unit: /min, required: true, when: {.colour: red}}\n          c",
     "sections[0].parts[0].fields.pulse.when", "what is required is always asked"),
    ("title: Laboratory", "title: Laboratory\n        when: {visit.colour: red}", "sections[0].parts[1].when",
     "laboratory results are always asked"),
    ("unit: /min}\n          c", "unit: /min, offered: {sets: colour, listed: {red: {a rash: []}}}}\n          c",
     "sections[0].parts[0].fields.pulse.offered", "no terms are offered for a field of type number"),
    ("unit: /min}\n          c", "unit: /min, offered: {sets: hue, listed: {red: {a rash: []}}}}\n          c",
     "sections[0].parts[0].fields.pulse.offered.sets", "“hue” is no code of the same record"),
    ("unit: /min}\n          c", "unit: /min, offered: {sets: colour, listed: {green: {a rash: []}}}}\n          c",
     "sections[0].parts[0].fields.pulse.offered.listed.green", "“green” is not a code of “colour”"),
    ("type: date, not_before", "type: text, not_before", "sections[0].parts[0].fields.end.not_before", "only a date"),
    ("not_before: visit.date", "not_before: visit.dat", "sections[0].parts[0].fields.end.not_before", "unknown fact"),
    ("label: end,", "label: end, unit: d,", "sections[0].parts[0].fields.end.unit", "has none"),
    ("label: pulse,", 'label: pulse, help: "at most {max_puls}",', "sections[0].parts[0].fields.pulse.help",
     "missing parameter “max_puls”"),
    ("key: labs", "key: visit", "sections[0].parts[1].key", "duplicate key “visit”"),
    ("key: labs", "key: reviewed", "sections[0].parts[1].key", "reserved"),
    ("g/L: 0.1}, {mmol/L: 1}", "g/L: 0.1}, {g/L: 1}", "sections[0].parts[1].analytes.hb.units", "duplicate unit “g/L”"),
    ("{mmol/L: 1}", "{mmol/L: 2}", "sections[0].parts[1].analytes.hb.units[1]", "has the factor 1"),
    ("{mmol/L: 1}", "{mmol/L: 0}", "sections[0].parts[1].analytes.hb.units[1].mmol/L", ""),
    ("unit: /min}", "unit: /min, plausible: [200, 20]}", "sections[0].parts[0].fields.pulse.plausible", "is no range"),
    ("unit: /min}", "unit: /min, plausible: [20]}", "sections[0].parts[0].fields.pulse.plausible", ""),
    ("unit: /min}", "unit: /min, plausible: [low, 20]}", "sections[0].parts[0].fields.pulse.plausible[0]", ""),
    ("type: date, not_before", "type: date, plausible: [1, 2], not_before", "sections[0].parts[0].fields.end.plausible",
     "has no range"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], plausible: {g/l: [40, 220]}", "sections[0].parts[1].analytes.hb.plausible.g/l",
     "the test has g/dL, g/L, mmol/L"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], plausible: {g/L: [40, 220], g/dL: [4, 22]}",
     "sections[0].parts[1].analytes.hb.plausible.g/dL", "a second range for the units that convert to g/L"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], plausible: {g/L: [220, 40]}", "sections[0].parts[1].analytes.hb.plausible.g/L",
     "is no range"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], uln: true, plausible_uln: {g/l: [40, 220]}",
     "sections[0].parts[1].analytes.hb.plausible_uln.g/l", "the test has g/dL, g/L, mmol/L"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], uln: true, plausible_uln: {g/L: [220, 40]}",
     "sections[0].parts[1].analytes.hb.plausible_uln.g/L", "is no range"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], lod: true, plausible_lod: {g/L: [40]}",
     "sections[0].parts[1].analytes.hb.plausible_lod.g/L", ""),
    ("{mmol/L: 1}]", "{mmol/L: 1}], plausible_uln: {g/L: [40, 220]}",
     "sections[0].parts[1].analytes.hb.plausible_uln", "the test asks no “uln”"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], uln: true, plausible_lod: {g/L: [40, 220]}",
     "sections[0].parts[1].analytes.hb.plausible_lod", "the test asks no “lod”"),
    ("kind: results", "kind: results\n        perishable: perhaps", "sections[0].parts[1].perishable", ""),
    ("unit: /min}", "unit: /min, action: ask}", "sections[0].parts[0].fields.pulse.action",
     "'repeat', 'review' or 'none' (found “ask”)"),
    ("unit: /min}", "unit: /min, action: [repeat]}", "sections[0].parts[0].fields.pulse.action", ""),
    ("unit: /min}", "unit: /min, action: {treat: it}}", "sections[0].parts[0].fields.pulse.action.treat",
     "unknown key"),
    ("unit: /min}", "unit: /min, action: {do: ' '}}", "sections[0].parts[0].fields.pulse.action.do", "is empty"),
    ("unit: /min}", "unit: /min, action: {}}", "sections[0].parts[0].fields.pulse.action", "give do, wait or repeat"),
    ("unit: /min}", "unit: /min, action: {repeat: visit.puls}}", "sections[0].parts[0].fields.pulse.action.repeat",
     "unknown fact “visit.puls”"),
    ("unit: /min}", "unit: /min, action: {repeat: labs}}", "sections[0].parts[0].fields.pulse.action.repeat",
     "unknown fact “labs”"),
    ("{mmol/L: 1}]", "{mmol/L: 1}], action: {repeat: labs.anc}", "sections[0].parts[1].analytes.hb.action.repeat",
     "unknown fact “labs.anc”"),
    ("kind: results", "kind: results\n        action: {wait: ''}", "sections[0].parts[1].action.wait", "is empty"),
    ("type: day, required: true", "type: day", "sections", "every trial needs the field visit.date"),
    # parameters
    ("value: 100, unit: /min", "value: -1, unit: /min", "parameters.max_pulse.value", "is below zero"),
    ("value: 100, unit: /min", "value: lots, unit: /min", "parameters.max_pulse.value", ""),
    ("value: 100, unit: /min", "unit: /min", "parameters.max_pulse.value", "is missing"),
    ("value: 100, unit: /min", "value: any time, unit: /min", "terms.slow.rule", "only a window may be"),
    ("value: 100, unit: /min", "value: 100, unit: mg", "terms.slow.rule", "wrong unit"),
    ("title: highest pulse", f"title: {'x' * 201}", "parameters.max_pulse.title", "200"),
    ("value: 6, unit: mo", f"value: 6, unit: {'x' * 21}", "parameters.window.unit", "20"),
    ("  window:", f"  {'w' * 61}:", "parameters", "60"),
    ("value: 100, unit: /min", "value: 100, unit: /min, type: text", "parameters.max_pulse.type", ""),
    ("value: 100, unit: /min", "value: 100, unit: /min, permitted: [40]", "parameters.max_pulse.permitted", ""),
    ("value: 100, unit: /min", "value: 100, unit: /min, permitted: [200, 40]", "parameters.max_pulse.permitted",
     "200 to 40 is no range"),
    ("value: 100, unit: /min", "value: 100, unit: /min, permitted: [40, 99.5]", "parameters.max_pulse.value",
     "100 /min lies outside what is permitted: 40 to 99.5 /min"),
    ("value: 100, unit: /min", "value: 99.5, unit: /min, type: integer", "parameters.max_pulse.value",
     "99.5 is not whole"),
    ("value: 100, unit: /min", "value: 100, unit: /min, type: integer, permitted: [40, 120.5]",
     "parameters.max_pulse.permitted[1]", "120.5 is not whole"),
    ("value: 100, unit: /min", "value: 100, unit: /min, type: window", "parameters.max_pulse.type",
     "the rules compare with it"),
    ("value: 6, unit: mo", "value: 6, unit: kg, type: window", "parameters.window.type", "“kg” counts no time"),
    ("value: 100, unit: /min", 'value: 100, unit: /min, source: "  "', "parameters.max_pulse.source", "is blank"),
    ("value: 100, unit: /min", f"value: 100, unit: /min, source: {'x' * 501}", "parameters.max_pulse.source",
     "has 501 characters: at most 500"),
    ("value: 100, unit: /min", 'value: 100, unit: /min, source: "a\\nb"', "parameters.max_pulse.source", "one line"),
    ("value: 100, unit: /min", "value: 100, unit: /min, source: 5", "parameters.max_pulse.source", ""),
    # terms and criteria
    ("{term: slow}", "{term: slwo}", "criteria[0].rule.term", "unknown term “slwo”"),
    ('"<=", $max_pulse', '"=<", $max_pulse', "terms.slow.rule.compare[1]", "is not one of"),
    ("code: E1", "code: I1", "criteria[1].code", "duplicate code “I1”"),
    ("code: E1", "code: 1E", "criteria[1].code", ""),
    ("code: E1", "code: ABCDEFGHI", "criteria[1].code", ""),
    ("category: exclusion", "category: exclude", "criteria[1].category", ""),
    ("    statement: Red\n", "", "criteria[1].statement", "is missing"),
    ("    statement: Red\n", '    statement: Red\n    source: "a\\x07"\n', "criteria[1].source", "control characters"),
    ("    statement: Red\n", "    statement: Red\n    source: null\n", "criteria[1].source", ""),
    ("visit.colour: red}", "visit.color: red}", "criteria[1].rule.is", "did you mean “visit.colour”?"),
    ("visit.colour: red}", "visit.colour: green}", "criteria[1].rule", "“green” is not a code"),
    ("    rule: {is: {visit.colour: red}}", "    rule: {is: {visit.colour: []}}", "criteria[1].rule.is", "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "message"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_broken_file_is_refused_with_the_place_and_the_line(old, new, place, message):
    assert SMALL.count(old) >= 1
    found = faults(SMALL.replace(old, new, 1))
    assert any(fault.path.startswith(place) and message in fault.message for fault in found), found
    assert all("(line " in fault.message for fault in found)


ACTED = SMALL.replace(
    "unit: /min}", "unit: /min, perishable: true, action: {do: wait an hour, repeat: visit.pulse}}", 1
)


@pytest.mark.parametrize(
    ("action", "place", "message"),
    [
        ("{repeat: visit.colour}", ".repeat", "“visit.colour” has the action none"),
        ("{do: paint it, repeat: labs.hb}", "", ""),
        ("repeat", "", ""),
        ("review", "", ""),
    ],
)
def test_action_repeats_nothing_of_which_the_file_says_that_it_is_not_repeated(action, place, message):
    text = SMALL.replace("unit: /min}", f"unit: /min, action: {action}}}", 1)
    text = text.replace("options: colours}", "options: colours, action: none}")
    if not message:
        assert parse_definition(text)
        return
    (fault,) = faults(text)
    assert fault.path == f"sections[0].parts[0].fields.pulse.action{place}"
    assert message in fault.message


def test_action_of_what_stays_as_it_is_is_refused_where_the_file_says_what_perishes():
    text = ACTED.replace("options: colours}", "options: colours, action: repeat}")
    (fault,) = faults(text)
    assert fault.path == "sections[0].parts[0].fields.colour.action"
    assert "neither perishable nor may it change" in fault.message
    assert parse_definition(text.replace("action: repeat}", "action: repeat, may_change: true}"))
    assert parse_definition(text.replace("action: repeat}", "action: none}"))


def test_action_changes_nothing_of_a_sheet_when_it_is_given():
    document = {"visit": {"date": "2026-03-09", "pulse": 101, "colour": "red"}}
    assert parse_definition(ACTED)[1].assess(document) == parse_definition(SMALL)[1].assess(document)


SOURCED = SMALL.replace(
    "value: 100, unit: /min", 'value: 100, unit: /min, source: "Protocol 2.0, section 5.1"'
).replace("    statement: Red\n", "    statement: Red\n    source: Protocol 2.0, page 34\n")


def test_source_is_read_of_a_parameter_and_of_a_criterion_when_there_is_one():
    _data, protocol = parse_definition(SOURCED)
    assert {name: limit.source for name, limit in protocol.limits.items()} == {
        "max_pulse": "Protocol 2.0, section 5.1",
        "window": "",
    }
    assert {each.code: each.source for each in protocol.criteria} == {"I1": "", "E1": "Protocol 2.0, page 34"}


def test_source_changes_nothing_of_a_sheet_when_it_is_given():
    document = {"visit": {"date": "2026-03-09", "pulse": 101, "colour": "red"}}
    assert parse_definition(SOURCED)[1].assess(document) == parse_definition(SMALL)[1].assess(document)


def test_every_fault_is_named_in_one_answer_with_its_line():
    text = SMALL.replace("label: pulse, ", "").replace("category: exclusion", "category: exclude")
    text = text.replace("{term: slow}", "{all: [{term: slwo}, {nought: 1}]}").replace(
        "value: 6, unit: mo", "value: six"
    )
    places = {fault.path for fault in faults(text)}
    assert {
        "sections[0].parts[0].fields.pulse.label",
        "parameters.window.value",
        "criteria[0].rule.all[0].term",
        "criteria[0].rule.all[1]",
        "criteria[1].category",
    } <= places


def test_a_fault_has_the_line_of_the_file():
    (fault,) = faults(SMALL.replace("visit.colour: red}", "visit.colour: green}"))
    line = next(index for index, text in enumerate(SMALL.splitlines(), 1) if "visit.colour: red}" in text)
    assert f"(line {line})" in fault.message


def test_what_refers_to_a_broken_part_is_not_called_broken_too():
    found = faults(SMALL.replace("label: pulse, ", ""))
    assert [fault.path for fault in found] == ["sections[0].parts[0].fields.pulse.label"]


def test_a_term_that_nothing_uses_is_named():
    text = SMALL.replace("terms:\n", "terms:\n  odd: {label: odd, rule: {nought: 1}}\n")
    assert [fault.path for fault in faults(text)] == ["terms.odd"]


@pytest.mark.parametrize("text", ["", "[]", "5", "a: b", "criteria: 5"])
def test_what_is_no_definition_is_refused(text):
    assert faults(text)


def test_no_document_of_a_trial_needs_more_than_the_date_of_the_visit():
    assert parse_definition(SMALL)[1].assess({"visit": {"date": "2026-03-09"}}).outcomes == {
        "I1": "unknown",
        "E1": "unknown",
    }


HEART_ATTACK = "{label: heart attack}"


def test_body_system_of_a_condition_and_that_it_perishes_are_read(second_text):
    said = "{label: heart attack, group: cardiac, perishable: true}"
    conditions = parse_definition(second_text.replace(HEART_ATTACK, said))[1].vocabulary.parts["history"].conditions
    assert {code: (each.group, each.perishable) for code, each in conditions.items()} == {
        "heart_attack": ("cardiac", True),
        "gout": ("", False),
    }


@pytest.mark.parametrize(
    ("given", "key"),
    [(f"group: {'x' * 101}", "group"), ("group: [cardiac]", "group"), ("perishable: now", "perishable")],
)
def test_condition_that_is_declared_wrongly_is_refused_with_its_place(second_text, given, key):
    (fault,) = faults(second_text.replace(HEART_ATTACK, f"{{label: heart attack, {given}}}"))
    assert fault.path.endswith(f".conditions.heart_attack.{key}")


def test_several_codes_decide_what_is_asked():
    several = SMALL.replace(
        "          colour:",
        "          hues: {label: hues, type: codes, options: colours}\n"
        "          pale: {label: pale, type: yn, when: {.hues: [red, unknown]}}\n          colour:",
    )
    _data, protocol = parse_definition(several)
    assert protocol.vocabulary.parts["visit"].fields["pale"].when == {".hues": ("red", "unknown")}
    (fault,) = faults(several.replace("[red, unknown]", "green"))
    assert "“green” is not a code" in fault.message


BY_LANGUAGE = "    statement: Red\n    official_wording: {zh: 红色, en: Red all over}\n"


def test_official_wording_by_language_and_the_sponsor_protocol_are_read():
    text = SMALL.replace("    statement: Red\n", BY_LANGUAGE) + 'sponsor_protocol: {version: "3.0", date: 2023-05-04}\n'
    data, protocol = parse_definition(text)
    assert protocol.criteria[1].official_wording == "[en] Red all over\n[zh] 红色"
    assert data["sponsor_protocol"] == {"version": "3.0", "date": "2023-05-04"}


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("{zh: 红色, en: Red all over}", "{Chinese: 红色}", "criteria[1].official_wording.Chinese"),
        ("{zh: 红色, en: Red all over}", "{}", "criteria[1].official_wording"),
        ("en: Red all over", 'en: "Red\\n[zh] 红色"', "criteria[1].official_wording.en"),
        ('version: "3.0"', 'version: "3\\n0"', "sponsor_protocol.version"),
        ("date: 2023-05-04", "date: 4 May 2023", "sponsor_protocol.date"),
        ('version: "3.0", ', "", "sponsor_protocol.version"),
    ],
)
def test_official_wording_or_sponsor_protocol_that_cannot_be_is_named(old, new, path):
    text = SMALL.replace("    statement: Red\n", BY_LANGUAGE) + 'sponsor_protocol: {version: "3.0", date: 2023-05-04}\n'
    assert old in text
    assert path in [found.path for found in faults(text.replace(old, new))]
