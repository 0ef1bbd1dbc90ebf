import random
from copy import deepcopy
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from criteria.evaluation.dose_dates import HORIZON
from tests.support.documents import add, amend, changed, history, put, records, result
from tests.support.failing import failing
from tests.support.random_documents import random_document

EVENT = {
    "max_grade": 2,
    "current_grade": 0,
    "during_pd1": "yes",
    "immune_related": "yes",
    "organ_system": "skin",
    "alopecia": "no",
    "irreversible_accepted": "no",
    "level_permitted": "no",
}
OTHER_LINE = {"kind": "systemic", "intent": "palliative", "agents": ["other_chemotherapy"], "progressed": "yes"}
DATES = {"start_date": "2026-01-20", "end_date": "2026-02-01", "ongoing": "no"}
TUMOUR = {"status": "past", "date": "2025", "type": "other", "cured_by_local_treatment": "no"}


def of(protocol, code, *changes, sex="man"):
    return failing(protocol, changed(*changes, sex=sex))[code]


FOR_GOOD = {
    "a history": ("E13", history("myocarditis", {"status": "past"})),
    "a condition that one has for ever had, though it is current": (
        "E17",
        history("inflammatory_bowel_disease", {"status": "current"}),
    ),
    "an event whose window is open": ("E15", history("cerebrovascular_accident", {"status": "past", "date": "2001"})),
    "a current event whose window is open": (
        "E15",
        history("transient_ischaemic_attack", {"status": "current", "date": "2026-03"}),
    ),
    "an age above the maximum": ("I02", put(subject__birth_date="1940")),
    "another line of therapy": ("I06", add("therapies", OTHER_LINE | DATES)),
    "another immunotherapy": ("E04", amend("therapies", agents=["pd1_inhibitor", "platinum", "anti_ctla4"])),
    "an immune-related event": ("E05", records("adverse_events", EVENT | {"max_grade": 3})),
    "another histology": ("I05", put(disease__histology="other")),
    "a transplant": ("E22", history("allogeneic_transplant", {"status": "past", "date": "1999"})),
    "a metastasis of the spinal cord": ("E09", put(cns__spinal_cord_metastasis_or_compression="yes")),
}


@pytest.mark.parametrize("case", FOR_GOOD)
def test_some_failures_are_for_good(protocol, case):
    code, change = FOR_GOOD[case]
    found = of(protocol, code, change)
    assert (found.remedy, found.clear_from) == ("none", None)


REPEATABLE = {
    "a result": ("I08", result("anc", "1.49")),
    "support before the sample": (
        "I08",
        records("supportive_care", {"kind": "blood_component", "date": "2026-03-01"}),
    ),
    "a performance status": ("I03", put(performance__ecog=2)),
    "an age below the minimum": ("I02", put(subject__birth_date="2009-01-01")),
    "a condition that may become past": ("E12", history("nephrotic_syndrome", {"status": "current"})),
    "an attack that goes on": ("E14", history("myocardial_infarction", {"status": "current", "date": "2026-03-01"})),
    "a window counted from the visit": ("E01", history("other_malignancy", TUMOUR)),
    "a residual grade": ("E23", records("adverse_events", EVENT | {"current_grade": 2})),
    "a pressure": ("E15", put(vitals__systolic_bp=170, vitals__on_antihypertensives="yes")),
    "a diagnosis not confirmed yet": ("I05", put(disease__confirmed_by="not_confirmed")),
    "no earlier therapy, until one is given": ("I06", records("therapies")),
    "a relapse too late, until another therapy fails": (
        "I06",
        amend("therapies", intent="adjuvant", end_date="2025-04-01", progression_date="2025-12-01"),
    ),
    "a disease not known to have progressed": ("I06", amend("therapies", progressed="no")),
    "a lesion that is too small": ("I07", amend("lesions", diameter_mm=9)),
    "no lesion yet": ("I07", records("lesions")),
    "a therapy that goes on": ("E03", amend("therapies", ongoing="yes")),
    "an effusion with symptoms": ("E11", history("ascites", {"status": "current", "symptomatic": "yes"})),
    "a consent that was not given": ("I01", put(consent__signed="no")),
    "an investigator's judgement": ("E29", put(investigator__other_reason_to_exclude="yes")),
}


@pytest.mark.parametrize("case", REPEATABLE)
def test_some_failures_may_come_right_by_new_facts(protocol, case):
    code, change = REPEATABLE[case]
    found = of(protocol, code, change)
    assert (found.remedy, found.clear_from) == ("repeat", None)


WAITING = {
    "a washout": ("E03", amend("therapies", end_date="2026-02-23"), date(2026, 3, 17)),
    "an infarction": (
        "E14",
        history("myocardial_infarction", {"status": "past", "date": "2025-03-16"}),
        date(2026, 3, 17),
    ),
    "a thrombosis in a month, counted from its last day": (
        "E15",
        history("arterial_thrombosis", {"status": "past", "date": "2025-11"}),
        date(2026, 6, 1),
    ),
    "a bleeding of one month, by the calendar": (
        "E16",
        history(
            "bleeding_event", {"status": "past", "date": "2026-02-28", "significant": "yes", "haemorrhoidal": "no"}
        ),
        date(2026, 4, 1),
    ),
    "surgery": ("E24", records("procedures", {"kind": "major_surgery", "date": "2026-03-10"}), date(2026, 4, 10)),
    "a vaccine": ("E26", records("vaccinations", {"live": "yes", "date": "2026-03-01"}), date(2026, 4, 1)),
    "treated brain metastases": (
        "E10",
        put(cns__brain_metastases="treated", cns__stable_since="2026-03-05", cns__corticosteroids="never"),
        date(2026, 3, 19),
    ),
}


@pytest.mark.parametrize("case", WAITING)
def test_some_failures_end_with_a_later_first_dose(protocol, case):
    code, change, day = WAITING[case]
    found = of(protocol, code, change)
    assert (found.remedy, found.clear_from) == ("wait", day)


def test_a_positive_pregnancy_test_is_not_mended_by_waiting(protocol):
    positive = records("pregnancy_tests", {"specimen": "serum", "result": "positive", "date": "2026-03-14"})
    assert of(protocol, "I09", positive, sex="woman").remedy == "repeat"


def test_a_positive_pregnancy_test_is_not_waited_away_when_it_leaves_the_window(protocol):
    """With a first dose a day later the urine test alone would stand in the window, for that one day."""
    tests = (("serum", "positive", "2026-03-13"), ("urine", "negative", "2026-03-14"))
    rows = [{"specimen": specimen, "result": result, "date": day} for specimen, result, day in tests]
    found = of(protocol, "I09", records("pregnancy_tests", *rows), sex="woman")
    assert (found.remedy, found.clear_from) == ("repeat", None)


def test_days_that_are_clear_end_where_something_else_stands_in_the_way(protocol):
    surgery = [{"kind": "major_surgery", "date": day} for day in ("2026-03-10", "2026-06-20")]
    found = of(protocol, "E24", records("procedures", *surgery))
    assert (found.clear_from, found.clear_until) == (date(2026, 4, 10), date(2026, 5, 20))
    assert of(protocol, "E24", records("procedures", surgery[0])).clear_until is None


def test_a_first_dose_beyond_the_horizon_is_not_waited_for(protocol):
    booked = history("myocardial_infarction", {"status": "past", "date": "2026-03-17"})
    assert of(protocol, "E14", booked).remedy == "repeat"


def test_a_file_that_does_not_say_what_perishes_promises_no_failure_for_good(second):
    document = {
        "visit": {"date": "2026-03-09", "randomisation": "2026-03-16"},
        "person": {"sex": "female", "born": "1990", "waist_cm": 80},
        "smoker": "yes",
        "readings": [{"day": "2026-03-10", "systolic": 90}],
        "medication": {"drugs": ["insulin"]},
    }
    found = failing(second, document)
    assert {"A1", "A2", "A4", "B1", "B3", "B5"} <= found.keys()
    assert {each.remedy for each in found.values()} == {"repeat"}


DISTANCES = {
    "in the unit that was typed": (
        "I08",
        (result("anc", "1490", "/mm3"),),
        [("neutrophils", "10 /mm3")],
    ),
    "of a limit in another unit": ("I08", (result("haemoglobin", "85", "g/L"),), [("haemoglobin", "5 g/L")]),
    "of several results": (
        "I08",
        (result("anc", "1.4"), result("platelets", "90")),
        [("neutrophils", "0.1 10*9/L"), ("platelets", "10 10*9/L")],
    ),
    "of each of the ways out": (
        "I08",
        (result("creatinine", "1.6", "mg/dL", uln="1.2"),),
        [
            ("creatinine", "0.4 mg/dL"),
            ("creatinine", "0.1 mg/dL"),
            ("creatinine clearance (Cockcroft-Gault)", "≈ 19.76 mL/min"),
        ],
    ),
    "of an age": ("I02", (put(subject__birth_date="2009-01-01"),), [("age", "1 year")]),
    "of a record": (
        "E23",
        (records("adverse_events", EVENT | {"term": "rash", "current_grade": 3}),),
        [("adverse event 1 (rash): current grade", "2")],
    ),
    "of a value at the limit": (
        "E15",
        (put(vitals__systolic_bp=160, vitals__on_antihypertensives="yes"),),
        [("systolic blood pressure", "0 mmHg")],
    ),
    "none of a code": ("I01", (put(consent__signed="no"),), []),
    "none of a date": ("E03", (amend("therapies", end_date="2026-02-23"),), []),
    "none of a result that is a range": ("I08", (result("anc", "1", comparator="<"),), []),
}


@pytest.mark.parametrize("case", DISTANCES)
def test_the_distance_to_the_limit_is_told(protocol, case):
    code, changes, expected = DISTANCES[case]
    assert [tuple(each) for each in of(protocol, code, *changes).distances] == expected


@pytest.mark.parametrize(
    ("code", "change", "about"),
    [
        ("E13", history("myocarditis", {"status": "past"}), ("myocarditis past",)),
        ("E03", amend("therapies", end_date="2026-02-23"), ("therapy 1 (first line): end",)),
        ("I01", put(consent__signed="no"), ("informed consent signed",)),
        ("E04", amend("therapies", agents=["cell_therapy", "platinum", "pd1_inhibitor"]),
         ("therapy 1 (first line): agents",)),
        ("I02", put(subject__birth_date="1940"), ("age",)),
    ],
)  # fmt: skip
def test_what_decided_and_could_come_right_is_named(protocol, code, change, about):
    assert of(protocol, code, change).about == about


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_a_first_dose_that_is_waited_for_is_the_first_that_would_do(protocol, seed):
    document = random_document(random.Random(seed))
    for code, found in failing(protocol, document).items():
        if found.remedy != "wait":
            continue
        start = date.fromisoformat(document["visit"]["planned_first_dose_date"])
        for days in range(1, (found.clear_from - start).days + 1):
            then = outcome(protocol, code, moved(document, start + timedelta(days)))
            assert then in ("fail", "unknown") or start + timedelta(days) == found.clear_from
        assert then != "fail"
        assert (found.clear_from - start).days <= HORIZON
        last = found.clear_until or start + timedelta(HORIZON)
        stays = [found.clear_from + timedelta(days) for days in range(0, (last - found.clear_from).days + 1, 7)]
        assert "fail" not in {outcome(protocol, code, moved(document, day)) for day in [*stays, last]}


def moved(document, day):
    copy = deepcopy(document)
    copy["visit"]["planned_first_dose_date"] = day.isoformat()
    return copy


def outcome(protocol, code, document):
    (finding,) = protocol.findings(protocol.reader.read(document), {code})
    return finding.outcome
