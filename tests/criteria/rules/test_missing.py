import random

import pytest
from hypothesis import given, settings, strategies as st

from tests.support.documents import (
    ABSENT,
    changed,
    history,
    no_first_dose,
    outcomes,
    put,
    records,
    result,
    unreviewed,
    verdict,
)
from tests.support.random_documents import random_document

MISSING = {
    "a fact": ("I03", [put(performance__ecog=None)], ["performance.ecog"]),
    "a laboratory result": ("I08", [result("anc", None)], ["labs.anc"]),
    "an upper limit of normal": ("I08", [result("ast", 28, "U/L")], ["labs.ast.uln"]),
    "what a clearance is computed from": (
        "I08",
        [result("creatinine", 150, "umol/L", uln=111), put(vitals__weight_kg=None)],
        ["labs.creatinine_clearance", "vitals.weight_kg"],
    ),
    "a detail of one record": (
        "E24",
        [records("procedures", {"kind": "venous_access"}, {"kind": "major_surgery"})],
        ["procedures[1].date"],
    ),
    "the review of a list": ("E24", [unreviewed("procedures")], ["reviewed.procedures"]),
    "a condition that was not asked": ("E22", [history("allogeneic_transplant")], ["history.allogeneic_transplant"]),
    "a detail of the history": (
        "E18",
        [history("infection", {"status": "past", "date": "2026-03-10", "anti_infective": "none"})],
        ["history.infection.severe"],
    ),
    "a detail of its second entry": (
        "E14",
        [history("myocardial_infarction", {"status": "past", "date": "1999"}, {"status": "past"})],
        ["history.myocardial_infarction[1].date"],
    ),
    "the day of the first dose": (
        "E24",
        [records("procedures", {"kind": "major_surgery", "date": "2026-02-01"}), no_first_dose()],
        ["visit.planned_first_dose_date"],
    ),
    "a partial date": ("E24", [records("procedures", {"kind": "major_surgery", "date": "2026-02"})],
                       ["procedures[0].date"]),
    "whether it applies": ("E28", [put(subject__sex=ABSENT, reproductive__pregnant="yes")], ["subject.sex"]),
    "a judgement": ("E19", [put(infections__tuberculosis="suspected")], ["infections.tuberculosis"]),
    "a weight that cannot be right": (
        "E30",
        [put(vitals__weight_kg_3_months_ago=0)],
        ["vitals.weight_kg", "vitals.weight_kg_3_months_ago"],
    ),
    "nothing, where the outcome is known": ("E24", [], []),
    "nothing, where one failure decides": ("I08", [result("anc", 0, "/uL"), result("platelets", None)], []),
}  # fmt: skip


@pytest.mark.parametrize("case", MISSING)
def test_only_what_could_still_change_the_outcome_is_asked_for(protocol, case):
    code, changes, expected = MISSING[case]
    assert sorted(verdict(protocol, code, changed(*changes)).missing) == expected


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_something_is_missing_exactly_where_an_outcome_is_unknown(protocol, seed):
    for found in protocol.assess(random_document(random.Random(seed))).verdicts:
        assert bool(found.missing) == (found.outcome == "unknown"), found.code


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_a_fact_of_a_group_that_is_missing_is_not_known_or_only_partly(protocol, seed):
    """To take away what is said to be missing changes nothing, where it was not there at all."""
    document = random_document(random.Random(seed))
    before = outcomes(protocol, document)
    for found in protocol.assess(document).verdicts:
        for path in found.missing:
            part, _, name = path.partition(".")
            inner = document.get(part)
            if isinstance(inner, dict) and inner.get(name) in (None, "unknown"):
                inner.pop(name, None)
    assert outcomes(protocol, document) == before


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.data())
def test_an_unknown_outcome_stays_unknown_when_yet_another_fact_of_its_list_is_forgotten(protocol, seed, data):
    document = random_document(random.Random(seed))
    unknown = [
        found for found in protocol.assess(document).verdicts if found.outcome == "unknown" and found.code != "E30"
    ]
    if not unknown:
        return
    found = data.draw(st.sampled_from(unknown))
    for path in found.missing:
        part, _, name = path.partition(".")
        if isinstance(document.get(part), dict):
            document[part].pop(name, None)
    assert outcomes(protocol, document)[found.code] == "unknown"
