"""Windows whose length is a value: several half-lives, the longest of several periods, a number of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from criteria.definition.reader import check_definition

DEFINITION = """\
format: 3
trial: {code: EX-HL, title: A made-up trial of half-lives}
version: {number: "1.0", effective_from: 2026-01-01}
codes: {agents: {small: small molecule, antibody: antibody}}
sections:
  - code: visit
    title: Visit
    parts:
      - key: visit
        kind: group
        title: Visit
        fields:
          date: {label: visit date, type: day, required: true}
          planned_first_dose_date: {label: planned first dose, type: day}
      - key: therapies
        kind: records
        title: Therapies
        item: therapy
        reviewable: true
        fields:
          name: {label: name, type: text}
          agents: {label: agents, type: codes, options: agents}
          end_date: {label: last dose, type: date}
          half_life: {label: half-life, type: number, unit: h}
drugs:
  names: therapies.name
  codes: therapies.agents
  listed:
    - {name: quickinib, codes: [small], half_life: {h: 5}}
    - {name: slowumab, codes: [antibody], half_life: {d: 21}}
    - {name: strangeumab, codes: [antibody]}
parameters:
  half_lives: {title: half-lives of washout, value: 5, unit: "1"}
  washout: {title: shortest washout, value: 30, unit: d}
criteria:
  - {code: E01, category: exclusion, statement: Washout, rule: {some: {of: therapies, where: RULE}}}
"""
ANCHOR = "before: visit.planned_first_dose_date"
LISTED = "{half_lives: {of: .name, times: $half_lives}}"
OWN = "{half_lives: {of: .half_life, times: $half_lives}}"
FIRST_DOSE = date(2026, 3, 12)
SINCE_LONGEST = f"{{since: {{date: .end_date, period: {{longest: [{LISTED}, $washout]}}, {ANCHOR}}}}}"


def protocol_of(rule):
    checked = check_definition(DEFINITION.replace("RULE", rule))
    assert checked.errors == ()
    return checked.protocol


LONGEST = protocol_of(SINCE_LONGEST)


def outcome(protocol, **therapy):
    document = {
        "visit": {"date": "2026-03-09", "planned_first_dose_date": FIRST_DOSE.isoformat()},
        "therapies": [therapy],
        "reviewed": ["therapies"],
    }
    assert protocol.validate(document) == ()
    (finding,) = protocol.findings(protocol.reader.read(document))
    assert protocol.outcomes(document)["E01"] == finding.outcome
    return finding.outcome


def days_before(days):
    return (FIRST_DOSE - timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [
        ("quickinib", 30, "fail"),  # 25 h are 2 days: the 30 days are longer
        ("quickinib", 31, "pass"),
        ("slowumab", 105, "fail"),
        ("slowumab", 106, "pass"),
        ("quickinib + slowumab", 105, "fail"),  # the longest of those that are named
        ("strangeumab", 30, "fail"),  # half-life not known: the 30 days exclude whatever it is
        ("strangeumab", 31, "unknown"),
        ("quickinib and something else", 31, "unknown"),
        ("slowumab and something else", 105, "fail"),
        (None, 30, "fail"),
        (None, 31, "unknown"),
    ],
)
def test_longest_of_half_lives_and_days(name, days, expected):
    therapy = {"end_date": days_before(days)} | ({"name": name} if name else {})
    assert outcome(LONGEST, **therapy) == expected


def test_partial_date_is_a_range_of_days():
    assert outcome(LONGEST, name="slowumab", end_date="2025-12") == "fail"
    assert outcome(LONGEST, name="slowumab", end_date="2025-11") == "unknown"
    assert outcome(LONGEST, name="slowumab", end_date="2025-10") == "pass"


@pytest.mark.parametrize(
    ("hours", "days", "expected"), [(24, 5, "fail"), (24, 6, "pass"), (2, 1, "fail"), (2, 2, "pass")]
)
def test_half_life_of_a_field_counts_what_has_begun_of_a_day(hours, days, expected):
    protocol = protocol_of(f"{{since: {{date: .end_date, period: {OWN}, {ANCHOR}}}}}")
    assert outcome(protocol, half_life=hours, end_date=days_before(days)) == expected


@pytest.mark.parametrize(
    ("word", "days", "expected"),
    [
        ("within", -1, "pass"),
        ("since", -1, "fail"),
        ("within", 0, "fail"),
        ("within", 5, "fail"),
        ("within", 6, "pass"),
    ],
)
def test_window_of_a_value_has_the_ends_of_a_window_of_days(word, days, expected):
    protocol = protocol_of(f"{{{word}: {{date: .end_date, period: {OWN}, {ANCHOR}}}}}")
    assert outcome(protocol, half_life=24, end_date=days_before(days)) == expected


@given(st.integers(-10, 60), st.integers(1, 40), st.sampled_from(["within-before", "within-after", "since-before"]))
def test_value_of_whole_days_is_the_window_of_a_parameter(days, length, words):
    word, side = words.split("-")
    text = DEFINITION.replace("value: 30, unit: d", f"value: {length}, unit: d").replace(
        'value: 5, unit: "1"', 'value: 1, unit: "1"'
    )
    found = []
    for period in ("$washout", OWN):
        window = f"{{date: .end_date, period: {period}, {side}: visit.planned_first_dose_date}}"
        protocol = check_definition(text.replace("RULE", f"{{{word}: {window}}}")).protocol
        found.append(outcome(protocol, half_life=24 * length, end_date=days_before(days)))
    assert found[0] == found[1]


def test_shortest_needs_each():
    protocol = protocol_of(SINCE_LONGEST.replace("longest", "shortest"))
    assert outcome(protocol, name="quickinib", end_date=days_before(2)) == "fail"
    assert outcome(protocol, name="quickinib", end_date=days_before(3)) == "pass"
    assert outcome(protocol, name="strangeumab", end_date=days_before(31)) == "pass"


def test_proof_names_the_days_and_the_half_lives():
    document = {
        "visit": {"date": "2026-03-09", "planned_first_dose_date": FIRST_DOSE.isoformat()},
        "therapies": [{"name": "slowumab", "end_date": days_before(50)}],
        "reviewed": ["therapies"],
    }
    (finding,) = LONGEST.findings(LONGEST.reader.read(document))
    proof = LONGEST.proof(finding)
    assert "50 days" in proof
    assert "105 days = 5 half-lives (name)" in proof


def test_days_between_two_dates_are_a_value():
    protocol = protocol_of("{compare: [{days: {from: .end_date, to: visit.planned_first_dose_date}}, '<', $washout]}")
    assert outcome(protocol, end_date=days_before(29)) == "fail"
    assert outcome(protocol, end_date=days_before(30)) == "pass"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (SINCE_LONGEST.replace(", $washout", ""), "list of two periods"),
        (SINCE_LONGEST.replace("$washout", "$half_lives"), "wrong unit: half_lives"),
        (SINCE_LONGEST.replace("times: $half_lives", "times: $washout"), "has a unit"),
        (SINCE_LONGEST.replace("of: .name", "of: .end_date"), "is a date"),
        (SINCE_LONGEST.replace(LISTED, "{count: {of: therapies}}"), "measured"),
        (SINCE_LONGEST.replace("longest", "longst"), "unknown operation"),
    ],
)
def test_period_that_is_none_is_refused_at_its_line(rule, message):
    errors = check_definition(DEFINITION.replace("RULE", rule)).errors
    assert errors
    assert {each.line for each in errors} == {36}
    if message != "measured":
        assert any(message in each.message for each in errors), errors


def test_drug_without_a_list_and_field_of_another_unit_are_refused():
    unlisted = DEFINITION[: DEFINITION.index("drugs:")] + DEFINITION[DEFINITION.index("parameters:") :]
    (error,) = check_definition(unlisted.replace("RULE", SINCE_LONGEST)).errors
    assert "lists no drugs" in error.message
    grams = DEFINITION.replace("unit: h}", "unit: g}").replace("RULE", SINCE_LONGEST.replace(".name", ".half_life"))
    assert any("is no half-life" in each.message for each in check_definition(grams).errors)
