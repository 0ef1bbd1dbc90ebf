"""An interpretation is shown where the part of the rule that it is about decided, and only there."""

import random
import re

import pytest
from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.evaluation.interpretations import shown_interpretations
from tests.criteria.definition.test_reader import SMALL
from tests.support.documents import ABSENT, add, amend, changed, history, put, records, result
from tests.support.random_documents import random_document

LOCAL = {"kind": "local_palliative", "name": "radiotherapy", "ongoing": "no", "end_date": "2026-01-10"}
WOMAN = put(subject__sex="female", reproductive__childbearing_potential="yes")
SERUM = {"specimen": "serum", "result": "negative", "date": "2026-03-14"}
URINE = {"specimen": "urine", "result": "positive", "date": "2026-03-15"}
TREATED = put(vitals__systolic_bp=165, vitals__on_antihypertensives="yes")

# What was done, the criterion, how what is shown of it begins.
SHOWN = {
    "of the whole criterion": ("I02", [], ["Completed years"]),
    "of the regimen": ("I06", [], ["Failure is progression", "“Combined”"]),
    "of another kind of therapy too": (
        "I06",
        [add("therapies", LOCAL)],
        ["Failure is progression", "“Combined”", "Local therapy"],
    ),
    "of no part but the marrow": ("I08", [result("anc", "1.4")], []),
    "of the kidney": ("I08", [result("creatinine", 150, "umol/L", uln=111), put(vitals__weight_kg=40)], ["“And/or”"]),
    "of the support": (
        "I08",
        [records("supportive_care", {"kind": "growth_factor", "date": "2026-02-26"})],
        ["The days without support"],
    ),
    "of ALT": ("I08", [result("alt", 500, "U/L", uln=50)], ["“ALST”"]),
    "of a serum test": ("I09", [WOMAN, records("pregnancy_tests", SERUM)], ["A serum test prevails"]),
    "of a test in doubt": (
        "I09",
        [WOMAN, records("pregnancy_tests", SERUM, URINE)],
        ["A serum test prevails", "A urine test that is not negative"],
    ),
    "of whom it concerns": ("I11", [], ["The record says “uncircumcised”"]),
    "of who is not concerned by it": ("I11", [put(reproductive__sterilised="yes")], ["The record says"]),
    "of who is not concerned for another reason": ("I11", [put(subject__sex="female")], []),
    "of a study that is allowed": ("E02", [put(concurrent_study="observational")], ["Observational studies"]),
    "of no study": ("E02", [], []),
    "of a window": ("E01", [history("other_malignancy", {"status": "past", "date": "2020"})], ["The years are"]),
    "of an absent tumour": ("E01", [], []),
    "of an agent": ("E04", [amend("therapies", agents=["anti_pdl1"])], ["A PD-L1 inhibitor"]),
    "of no such agent": ("E04", [], []),
    "of a past lung disease": ("E08", [history("interstitial_lung_disease", {"status": "past"})], ["Excludes only if"]),
    "of an absent lung disease": ("E08", [], []),
    "of an event at any time": (
        "E15",
        [history("hypertensive_crisis", {"status": "past", "date": "2001"})],
        ["In the record only arterial thrombosis"],
    ),
    "of pressure under treatment": ("E15", [TREATED], []),
    "of pressure that is undecided": (
        "E15",
        [put(vitals__systolic_bp=165, vitals__on_antihypertensives="no")],
        ["High pressure without treatment"],
    ),
    "of what is not known": ("E15", [put(vitals__systolic_bp=165, vitals__on_antihypertensives=ABSENT)], []),
    "of a suspicion": ("E19", [put(infections__tuberculosis="suspected")], ["Suspected tuberculosis"]),
    "of what is ruled out": ("E19", [put(infections__tuberculosis="ruled_out")], []),
    "of venous access": (
        "E24",
        [records("procedures", {"kind": "venous_access", "date": "2026-03-15"})],
        ["Venous access"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWN)
def test_interpretation_is_shown_where_its_part_decided(protocol, case):
    code, changes, expected = SHOWN[case]
    (finding,) = protocol.findings(protocol.reader.read(changed(*changes)), {code})
    shown = shown_interpretations(protocol, finding)
    assert len(shown) == len(expected), shown
    assert all(text.startswith(start) for text, start in zip(shown, expected, strict=True)), shown


WHOLE = SMALL.replace("    statement: Red\n", "    statement: Red\n    reading: Or pink.\n")
OF_PARTS = SMALL.replace(
    "    statement: Red\n", "    statement: Red\n    reading: [Or pink., {about: visit.colour, text: Not orange.}]\n"
)


@pytest.mark.parametrize(
    ("text", "colour", "expected"),
    [
        (WHOLE, "red", ("Or pink.",)),
        (WHOLE, "blue", ("Or pink.",)),
        (WHOLE, None, ()),
        (OF_PARTS, "red", ("Or pink.", "Not orange.")),
        (OF_PARTS, None, ()),
        (SMALL, "red", ()),
    ],
)
def test_interpretation_of_the_whole_is_shown_of_every_outcome_that_is_decided(text, colour, expected):
    protocol = parse_definition(text)[1]
    facts = protocol.reader.read({"visit": {"date": "2026-03-09", "colour": colour}})
    (finding,) = protocol.findings(facts, {"E1"})
    assert shown_interpretations(protocol, finding) == expected


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_what_is_shown_is_about_what_the_verdict_looked_at(protocol, seed):
    document = random_document(random.Random(seed))
    verdicts = {verdict.code: verdict for verdict in protocol.sheet(document).verdicts}
    for finding in protocol.evaluate(document):
        verdict, shown = verdicts[finding.criterion.code], shown_interpretations(protocol, finding)
        looked = {re.sub(r"\[\d+\]", "", path) for path in verdict.values}
        looked |= {f"${name}" for name in verdict.parameters}
        for each in finding.criterion.interpretations:
            if not each.about:
                assert (each.text in shown) == (finding.outcome in ("pass", "fail"))
            elif each.text in shown and finding.outcome != "unknown":
                assert any(f"{path}.".startswith(f"{topic.name}.") for topic in each.about for path in looked)
