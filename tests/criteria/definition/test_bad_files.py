"""Files that people get wrong: each edit of a sound definition is found at its line, with the name that was meant."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from criteria.definition.reader import BadDefinition, check_definition, parse_definition
from criteria.definition.writer import yaml_text
from criteria.definition.yaml_tree import YamlTree

GOOD = """\
format: 2
trial:
  code: EX-1
  title: A made-up trial
version:
  number: "1.0"
  effective_from: 2026-01-01
codes:
  agents: {platinum: platinum, taxane: taxane}
sections:
  - code: visit
    title: Visit
    parts:
      - key: visit
        kind: group
        title: Visit
        fields:
          date: {label: visit date, type: day, required: true}
          first_dose: {label: first dose, type: day, not_before: visit.date}
      - key: subject
        kind: group
        title: Subject
        fields:
          sex: {label: sex, type: code, options: {male: male, female: female}}
          birth_date: {label: date of birth, type: date, not_after: visit.date}
          pregnant: {label: pregnant, type: yn, when: {.sex: female}}
          weight_kg: {label: weight, type: number, unit: kg, plausible: [25, 250], help: "At least {min_weight}."}
  - code: treatment
    title: Treatment
    parts:
      - key: therapies
        kind: records
        title: Therapies
        item: therapy
        reviewable: true
        fields:
          name: {label: name, type: text}
          agents: {label: agents, type: codes, options: agents}
          end_date: {label: last dose, type: date}
      - key: labs
        kind: results
        title: Laboratory
        analytes:
          anc: {label: neutrophils, units: [{10*9/L: 1, /mm3: 0.001}], plausible: {10*9/L: [0.1, 50]}}
      - key: history
        kind: checklist
        title: History
        conditions:
          stroke: {label: stroke}
parameters:
  min_age: {title: minimum age, value: 18, unit: a}
  min_weight: {title: lowest weight, value: 40, unit: kg, permitted: [30, 80]}
  min_anc: {title: lowest neutrophils, value: 1500, unit: /mm3}
  washout: {title: washout, value: 3, unit: wk}
terms:
  pretreated: {label: pretreated, rule: {some: {of: therapies, where: {has: {.agents: platinum}}}}}
criteria:
  - code: I01
    category: inclusion
    statement: An adult
    rule: {compare: [{age: {born: subject.birth_date, on: visit.date}}, ">=", $min_age]}
  - code: I02
    category: inclusion
    statement: Heavy enough
    rule: {compare: [subject.weight_kg, ">=", $min_weight]}
  - code: I03
    category: inclusion
    statement: Enough neutrophils, after platinum
    rule: {all: [{compare: [labs.anc, ">=", $min_anc]}, {term: pretreated}]}
  - code: E01
    category: exclusion
    statement: Pregnant
    applies: {is: {subject.sex: female}}
    rule: {is: {subject.pregnant: yes}}
  - code: E02
    category: exclusion
    statement: Treated lately, or a stroke
    rule:
      any:
        - some: {of: therapies, where: {since: {date: .end_date, period: $washout, before: visit.first_dose}}}
        - some: {of: history.stroke}
tests:
  - name: a sound man
    document:
      visit: {date: 2026-03-09, first_dose: 2026-03-16}
      subject: {sex: male, birth_date: 1980-02-03, weight_kg: 70}
      therapies: [{name: DDP, agents: [platinum], end_date: 2025-12-01}]
      labs: [{analyte: anc, value: 3.2, unit: 10*9/L, collected: 2026-03-08}]
      history: [{condition: stroke, status: absent}]
      reviewed: [therapies]
    expect: {I01: pass, I02: pass, I03: pass, E01: not_applicable, E02: pass}
    overall: eligible
  - name: a light woman after a stroke
    like: a sound man
    document:
      subject: {sex: female, birth_date: 2009-01-01, weight_kg: 39, pregnant: yes}
      labs: [{analyte: anc, value: 1.4, unit: 10*9/L, collected: 2026-03-08}]
      history: [{condition: stroke, status: past}]
    expect: {I01: fail, I02: fail, I03: fail, E01: fail, E02: fail}
  - name: a woman who is not pregnant
    like: a light woman after a stroke
    document: {subject: {pregnant: no}, reviewed: null}
    expect: {E01: pass}
  - name: weight in words
    document: {visit: {date: 2026-03-09}, subject: {weight_kg: heavy}}
    refused: subject.weight_kg
"""

I02 = 'rule: {compare: [subject.weight_kg, ">=", $min_weight]}'
# What is changed, what is found on the changed line, and the nearest name.
BAD = [
    # keys
    ("format: 2", "fromat: 2", "unknown key", "format"),
    ("criteria:\n", "criterias:\n", "unknown key", "criteria"),
    ("  title: A made-up trial", "  titel: A made-up trial", "unknown key", "title"),
    ('  number: "1.0"', '  numbr: "1.0"', "unknown key", "number"),
    ("    title: Visit\n", "    tilte: Visit\n", "unknown key", "title"),
    ("        item: therapy", "        itme: therapy", "unknown key", "item"),
    ("{label: name, type: text}", "{lable: name, type: text}", "unknown key", "label"),
    ("        reviewable: true", "        reviewble: true", "unknown key", "reviewable"),
    ("{label: stroke}", "{label: stroke, perishible: true}", "unknown key", "perishable"),
    ("plausible: {10*9/L", "plausibel: {10*9/L", "unknown key", "plausible"),
    ("permitted: [30, 80]", "permited: [30, 80]", "unknown key", "permitted"),
    ("    statement: An adult", "    statment: An adult", "unknown key", "statement"),
    ("{label: pretreated, rule", "{labell: pretreated, rule", "unknown key", "label"),
    ("born: subject.birth_date, on:", "born: subject.birth_date, onn:", "unknown key", "on"),
    ("{of: therapies, where: {since", "{off: therapies, where: {since", "unknown key", "of"),
    ("period: $washout, before", "periode: $washout, before", "unknown key", "period"),
    ("    overall: eligible", "    overal: eligible", "unknown key", "overall"),
    # kinds and types
    ("kind: checklist", "kind: checklists", "is none of", "checklist"),
    ("type: number, unit: kg", "type: numbr, unit: kg", "input should be", "number"),
    ("category: exclusion\n    statement: Pregnant", "category: exclude\n    statement: Pregnant", "input should be",
     "exclusion"),
    ("E02: pass}", "E02: passed}", "input should be", "pass"),
    # operations
    (I02, I02.replace("compare", "comapre"), "unknown operation", "compare"),
    ("{all: [{compare", "{al: [{compare", "unknown operation", "all"),
    ("where: {since", "where: {sinse", "unknown operation", "since"),
    # facts, lists and parameters
    ("compare: [subject.weight_kg", "compare: [subject.wieght_kg", "unknown fact", "subject.weight_kg"),
    ("compare: [labs.anc", "compare: [labs.acn", "unknown fact", "labs.anc"),
    ("date: .end_date", "date: .enddate", "unknown fact", "end_date"),
    ("{some: {of: therapies, where: {has", "{some: {of: therapys, where: {has", "unknown list", "therapies"),
    ("some: {of: history.stroke}", "some: {of: history.strok}", "unknown list", "history.stroke"),
    ("\">=\", $min_age]", "\">=\", $min_aeg]", "missing parameter", "min_age"),
    ("At least {min_weight}", "At least {min_wieght}", "missing parameter", "min_weight"),
    ("{term: pretreated}", "{term: pretreeted}", "unknown term", "pretreated"),
    ("not_after: visit.date", "not_after: visit.dat", "unknown fact", "visit.date"),
    ("when: {.sex: female}", "when: {.sexx: female}", "unknown fact", ".sex"),
    # codes
    ("options: agents", "options: agent", "unknown code list", "agents"),
    ("{.agents: platinum}", "{.agents: platinium}", "is not a code of", "platinum"),
    ("applies: {is: {subject.sex: female}}", "applies: {is: {subject.sex: femail}}", "is not a code of", "female"),
    ("when: {.sex: female}", "when: {.sex: femal}", "is not a code of", "female"),
    # units
    ("{10*9/L: [0.1, 50]}", "{10^9/L: [0.1, 50]}", "wrong unit: the test has", "10*9/L"),
    # rules
    (I02, I02.replace("$min_weight", "40"), "a threshold is a parameter", ""),
    (I02, I02.replace('">="', '"=>"'), "is not one of", ""),
    (I02, "rule: {known: subject.weight_kg}", "a visit without answers is ineligible", ""),
    ("value: 40, unit: kg", "value: 90, unit: kg", "lies outside what is permitted", ""),
    (I02, 'rule: {compare: ["", ">=", $min_weight]}', "“” is not the name of a fact", ""),
    (I02, 'rule: {compare: [subject.weight_kg, ">=", $]}', "“$” is not the name of a fact or of a parameter", ""),
    ("units: [{10*9/L: 1, /mm3: 0.001}]", "units: [{}]", "is empty", ""),
    ("      - key: history", "      - {}\n      - key: history", "`kind` is missing", ""),
    # tests
    ("I03: pass, E01", "I30: pass, E01", "unknown criterion", "I03"),
    ("    like: a sound man", "    like: a sond man", "unknown test", "a sound man"),
    ("I01: pass, I02: pass", "I01: fail, I02: pass", "I01 comes out as pass, expected fail", ""),
    ("    overall: eligible", "    overall: undetermined", "overall comes out as eligible, expected undetermined", ""),
    ("unit: 10*9/L, collected: 2026-03-08}]\n      history: [{condition: stroke, status: absent}]",
     "unit: 10*9/l, collected: 2026-03-08}]\n      history: [{condition: stroke, status: absent}]",
     "the document is refused", ""),
    ("    refused: subject.weight_kg", "    refused: subject.sex", "comes out as accepted, expected refused", ""),
    # the form of the file
    ("  code: EX-1", "  code: EX-1\n  code: EX-2", "duplicate key", ""),
    ("  title: A made-up trial", "  title: A trial: made up", "put a text that holds `: ` into quotes", ""),
    ("  title: A made-up trial", "\ttitle: A made-up trial", "a tab: indent with spaces", ""),
    ("  - name: weight in words", "  - name: 'weight in words", "opened here and never closed", ""),
    ("statement: Pregnant", "statement: Pregnant [ICD: O09]\n     rule: x", "indent a key like the keys", ""),
    ("    refused: subject.weight_kg", "    refused: [subject.weight_kg", "opened here and never closed", ""),
]  # fmt: skip


def changed_lines(old, new):
    """The lines of the file, counted from 1, on which an edit stands."""
    start = GOOD.index(old)
    while old and new and old[0] == new[0]:
        old, new, start = old[1:], new[1:], start + 1
    first = GOOD[:start].count("\n") + 1
    return range(first, first + new.count("\n") + 1)


@pytest.mark.parametrize(("old", "new", "message", "nearest"), BAD, ids=[case[1][:40] for case in BAD])
def test_bad_file_is_refused_at_its_line_with_the_nearest_name(old, new, message, nearest):
    assert old in GOOD
    checked = check_definition(GOOD.replace(old, new, 1))
    found = [each for each in checked.errors if message in each.message]
    assert found, checked.errors
    assert any(each.line in changed_lines(old, new) and each.nearest == nearest for each in found), found
    with pytest.raises(BadDefinition, match=r"\(line \d+\)"):
        parse_definition(GOOD.replace(old, new, 1))


def test_good_file_is_found_without_fault_and_without_warning():
    assert check_definition(GOOD).findings == ()


# What can be read, and is no definition of a trial, or a doubtful one: an edit, and what is said, at which place.
NEVER_LIGHT = 'rule: {compare: [subject.weight_kg, "<", $min_weight]}'
DOUBTS = [
    (I02, "rule: {known: subject.weight_kg}", "error", "criteria[1].rule", "a visit without answers is ineligible"),
    (I02, "rule: {all: [{known: subject.pregnant}, {is: {subject.pregnant: no}}]}", "error", "criteria[1].rule",
     "`known: subject.pregnant` is false there"),
    ("rule: {is: {subject.pregnant: yes}}", "rule: {any: [{is: {subject.pregnant: yes}}, {not: {known: labs.anc}}]}",
     "error", "criteria[3].rule", "a visit without answers is ineligible"),
    ("    statement: Pregnant\n    applies: {is: {subject.sex: female}}\n    rule: {is: {subject.pregnant: yes}}",
     "    statement: Heavy\n    rule: {compare: [subject.weight_kg, \">=\", $min_weight]}",
     "error", "criteria[3].rule", "nobody can satisfy both I02 and E01"),
    ("    statement: Pregnant\n    applies: {is: {subject.sex: female}}\n    rule: {is: {subject.pregnant: yes}}",
     "    statement: Not male\n    rule: {any: [{is: {subject.sex: male}}, {is: {subject.sex: female}}]}",
     "error", "criteria[3].rule", "no answer satisfies E01"),
    (I02, "rule: {all: [{compare: [subject.weight_kg, \">=\", $min_weight]}, " + NEVER_LIGHT[6:] + "]}", "error",
     "criteria[1].rule", "no subject can satisfy I02"),
    (I02, "rule: {any: [{compare: [subject.weight_kg, \">=\", $min_weight]}, " + NEVER_LIGHT[6:] + "]}", "warning",
     "criteria[1].rule", "I02 can exclude no subject"),
    (I02, "rule: {judgement: {question: decide, about: subject.weight_kg}}", "warning", "criteria[1].rule",
     "unknown for every document"),
    ("min_weight: {title: lowest weight, value: 40, unit: kg, permitted: [30, 80]}",
     "min_weight: {title: lowest weight, value: 400, unit: kg}", "warning", "criteria[1].rule",
     "holds for no plausible value"),
    ("min_weight: {title: lowest weight, value: 40, unit: kg, permitted: [30, 80]}",
     "min_weight: {title: lowest weight, value: 4, unit: kg}", "warning", "criteria[1].rule",
     "holds for every plausible value"),
    ("value: 18, unit: a", "value: 180, unit: a", "error", "criteria[0].rule", "no subject can satisfy I01"),
    ("    applies: {is: {subject.sex: female}}", "    applies: {is: {subject.sex: [female, male]}}", "warning",
     "criteria[3].applies", "every answer to “subject.sex” is named"),
    ("terms:", "  odd: {title: odd, value: 1}\nterms:", "warning", "parameters.odd", "no rule reads this parameter"),
    ("sections:\n", "  colours: {red: red}\nsections:\n", "warning", "codes.colours", "no field has this code list"),
    ("value: 40, unit: kg", "value: 40, unit: kq", "error", "criteria[1].rule.compare[2]", "wrong unit"),
    ("          sex: {label", "          pressure: {label: pressure, type: number, unit: mmHg}\n          sex: {label",
     "warning", "sections[0].parts[1].fields.pressure.unit", "“mmHg” is not a unit of UCUM; did you mean “mm[Hg]”?"),
    ("/mm3: 0.001}", "/mm3: 0.001, x10*9/L: 1}", "warning",
     "sections[1].parts[1].analytes.anc.units[0].x10*9/L", "did you mean “10*9/L”?"),
    ("I01: pass, I02: pass, I03: pass", "I01: pass, I02: pass", "warning", "tests", "no test expects pass of I03"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "severity", "place", "message"), DOUBTS, ids=[case[4] for case in DOUBTS])
def test_doubt_is_told_at_its_place_and_refuses_only_what_no_trial_can_mean(old, new, severity, place, message):
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    found = check_definition(text).findings
    assert [each for each in found if message in each.message and each.severity == severity and each.path == place], (
        found
    )


def test_every_fault_of_every_block_is_found_in_one_run():
    text = GOOD
    for old, new in [
        ("format: 2", "fromat: 2"),
        ("type: number, unit: kg", "type: numbr, unit: kg"),
        ("        item: therapy", "        itme: therapy"),
        ("    statement: An adult", "    statment: An adult"),
        ('">=", $min_age]', '">=", $min_aeg]'),
        ("compare: [labs.anc", "compare: [labs.acn"),
        ("value: 3, unit: wk", "value: three, unit: wk"),
        ("category: exclusion\n    statement: Treated", "category: exclude\n    statement: Treated"),
        ("some: {of: history.stroke}", "some: {of: history.strok}"),
        ("I03: pass, E01", "I30: pass, E01"),
        ("    like: a sound man", "    like: a sond man"),
    ]:
        assert old in text
        text = text.replace(old, new, 1)
    found = check_definition(text).errors
    assert [(each.path, each.nearest) for each in found] == [
        ("fromat", "format"),
        ("sections[0].parts[1].fields.weight_kg.type", "number"),
        ("sections[1].parts[0].item", ""),
        ("sections[1].parts[0].itme", "item"),
        ("parameters.washout.value", ""),
        ("parameters.washout.value", ""),
        ("criteria[0].statement", ""),
        ("criteria[0].statment", "statement"),
        ("criteria[0].rule.compare[2]", "min_age"),
        ("criteria[2].rule.all[0].compare[0]", "labs.anc"),
        ("criteria[4].category", "exclusion"),
        ("criteria[4].rule.any[1]", "history.stroke"),
        ("tests[0].expect.I30", "I03"),
        ("tests[1].like", "a sound man"),
    ]


def bomb(levels):
    """Terms of which each stands for the two below it: as many parts as 2 to the power of the levels."""
    base = '  t0: {label: t0, rule: {compare: [subject.weight_kg, ">=", $min_weight]}}\n'
    rest = "".join(
        f"  t{at}: {{label: t, rule: {{all: [{{term: t{at - 1}}}, {{term: t{at - 1}}}]}}}}\n" for at in range(1, levels)
    )
    return GOOD.replace(I02, f"rule: {{term: t{levels - 1}}}").replace("terms:\n", f"terms:\n{base}{rest}")


def nested(levels):
    return GOOD.replace(I02, f"rule: {'{not: ' * levels}{I02[6:]}{'}' * levels}")


def chain(levels):
    """Terms of which each stands for the one below it."""
    base = '  t0: {label: t0, rule: {compare: [subject.weight_kg, ">=", $min_weight]}}\n'
    rest = "".join(f"  t{at}: {{label: t{at}, rule: {{term: t{at - 1}}}}}\n" for at in range(1, levels))
    return GOOD.replace(I02, f"rule: {{term: t{levels - 1}}}").replace("terms:\n", f"terms:\n{base}{rest}")


CRITERION = "  - {code: X%d, category: inclusion, statement: x, rule: {term: pretreated}}\n"
FIELD = "          f%d: {label: f, type: yn}\n"
TOO_MUCH = {
    "terms within terms": (bomb(25), "the rules have more than 10000 parts"),
    "rules within rules": (nested(70), "more than 60 rules, one within another"),
    "rules within rules beyond what YAML may hold": (nested(300), "too large"),
    "a chain of terms": (chain(300), "more than 60 rules, one within another"),
    "criteria": (GOOD.replace("tests:\n", "".join(CRITERION % at for at in range(600)) + "tests:\n"), "605 entries"),
    "fields": (GOOD.replace("          name: {", "".join(FIELD % at for at in range(4000)) + "          name: {"),
               "fields, tests and conditions: at most 3000"),
    "faults": (GOOD.replace("terms:\n", "".join(f"  P{at}: {{value: x}}\n" for at in range(2000)) + "terms:\n"),
               "more faults: mend these first"),
    "a file of 40 MB": (GOOD + "# " + "x" * 40_000_000, "more than 524288 bytes; it was not read"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOO_MUCH)
def test_file_that_would_take_too_long_is_refused_before_it_does(case):
    text, message = TOO_MUCH[case]
    found = check_definition(text).errors
    assert any(message in each.message for each in found), found[:5]
    assert len(found) <= 201


def test_rules_as_deep_as_is_allowed_are_evaluated():
    checked = check_definition(nested(58))
    assert checked.errors == ()
    assert checked.protocol.assess({"visit": {"date": "2026-03-09"}}).outcomes["I02"] == "unknown"


LINES = GOOD.splitlines(keepends=True)
WORDS = ["[]", "{}", "null", "7", "yes", "x", ".x", "$x", "[x]", "{x: y}", "{all: []}", "{term: x}", "&a [*a]", "''"]


@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 3), st.sampled_from(WORDS)), max_size=4))
def test_file_that_is_changed_at_random_is_answered_and_never_a_crash(changes):
    lines = list(LINES)
    for at, kind, word in changes:
        key, colon, _value = lines[at].partition(":")
        lines[at] = ("", f"{lines[at]}{lines[at]}", f"{key}{colon} {word}\n", f"{word}{lines[at].lstrip()}")[kind]
    checked = check_definition("".join(lines))
    assert all(each.line >= 1 and each.column >= 1 and each.message for each in checked.findings)
    assert checked.errors or checked.protocol is not None


def places_in(data, place=()):
    """The places of all mappings and lists, with each entry of theirs."""
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield (*place, key)
        yield from places_in(data[key], (*place, key))


DATA = YamlTree(GOOD).data
PLACES = [*places_in(DATA)]
ODD = [None, 0, -1, Decimal("1.5"), True, "x", "", [], {}, ["x"], {"x": "y"}, [[]], [{}], {"all": ["x"]}, "visit.date"]


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(ODD)), min_size=1, max_size=3))
def test_definition_with_odd_values_anywhere_is_answered_and_never_a_crash(changes):
    data = deepcopy(DATA)
    for place, odd in changes:
        inner = data
        for key in place[:-1]:
            try:
                inner = inner[key]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(inner, dict) or (isinstance(inner, list) and place[-1] in range(len(inner))):
            inner[place[-1]] = odd
    checked = check_definition(yaml_text(data))
    assert checked.errors or checked.protocol is not None
