import random
import re
from copy import deepcopy
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.evaluation.dose_dates import HORIZON, later_days
from criteria.evaluation.needed import Advice, flat
from tests.conftest import PROTOCOL, ROOT
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


GRADE = "current grade of adverse event 1"
POSITIVE = {"specimen": "serum", "result": "positive", "date": "2026-03-14"}
INFECTION = {"status": "current", "severe": "yes", "anti_infective": "systemic", "anti_infective_ongoing": "yes"}
DONE = {
    "a result is repeated": ("I08", (result("anc", "1.49"),), [Advice("labs.anc", repeat="neutrophils")]),
    "results after support are repeated from a day on": (
        "I08",
        (records("supportive_care", {"kind": "blood_component", "date": "2026-03-01"}),),
        [
            Advice(f"labs.{path}", repeat=label, collected_from=date(2026, 3, 16))
            for path, label in (("anc", "neutrophils"), ("platelets", "platelets"), ("haemoglobin", "haemoglobin"))
        ],
    ),
    "what a computed value is made of is repeated": (
        "I08",
        (result("creatinine", "1.9", "mg/dL", uln="1.2"),),
        [Advice("labs.creatinine", repeat="creatinine"), Advice("vitals.weight_kg", repeat="weight")],
    ),
    "a performance status is repeated": (
        "I03",
        (put(performance__ecog=2),),
        [Advice("performance.ecog", repeat="ECOG performance status")],
    ),
    "a pressure is treated and repeated": (
        "E15",
        (put(vitals__systolic_bp=170, vitals__on_antihypertensives="yes"),),
        [Advice("vitals.systolic_bp", "treat the blood pressure", repeat="systolic blood pressure")],
    ),
    "active hepatitis B is treated, whose DNA need not be repeated": (
        "E20",
        (put(infections__hbsag="positive", infections__hbv_antiviral="no"),
         result("hbv_dna", "5000", "[IU]/mL", lod="20")),
        [Advice(path, "start antiviral therapy") for path in ("labs.hbv_dna", "infections.hbv_antiviral")],
    ),
    "a residual grade is waited for": (
        "E23",
        (records("adverse_events", EVENT | {"current_grade": 2}),),
        [Advice("adverse_events", wait="the event has settled", repeat=GRADE)],
    ),
    "a therapy that goes on is waited for": (
        "E03",
        (amend("therapies", ongoing="yes"),),
        [
            Advice(
                "therapies", wait="the course has ended", washout="more than 3 weeks", record="therapy 1 (first line)"
            )
        ],
    ),
    "an infection is treated, and its treatment waited for": (
        "E18",
        (history("infection", INFECTION),),
        [
            Advice("history.infection", "treat the infection", "it is over", washout="more than 4 weeks"),
            Advice("history.infection", wait="the anti-infective treatment has ended", washout="more than 2 weeks"),
        ],
    ),
    "an effusion is treated": (
        "E11",
        (history("ascites", {"status": "current", "symptomatic": "yes"}),),
        [Advice("history.ascites", "treat the effusion, then examine again")],
    ),
    "a condition is reviewed": (
        "E12",
        (history("nephrotic_syndrome", {"status": "current"}),),
        [Advice("history.nephrotic_syndrome", review="nephrotic syndrome")],
    ),
    "a judgement is reviewed": (
        "E29",
        (put(investigator__other_reason_to_exclude="yes"),),
        [Advice("investigator.other_reason_to_exclude", review="“another reason speaks against taking part”")],
    ),
    "a diagnosis is confirmed": (
        "I05",
        (put(disease__confirmed_by="not_confirmed"),),
        [Advice("disease.confirmed_by", "confirm the diagnosis by biopsy or cytology")],
    ),
    "imaging is repeated where no lesion is large enough": (
        "I07",
        (amend("lesions", diameter_mm=9),),
        [Advice("lesions", "repeat the tumour imaging")],
    ),
    "imaging is repeated where there is no lesion": (
        "I07",
        (records("lesions"),),
        [Advice("lesions", "repeat the tumour imaging")],
    ),
    "brain metastases are treated": (
        "E10",
        (put(cns__brain_metastases="untreated", cns__symptomatic="yes", cns__corticosteroids="never",
             cns__largest_mm=8, cns__oedema="no"),),
        [Advice("cns.symptomatic", "treat the metastases, then repeat the brain imaging")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DONE)
def test_what_the_definition_declares_can_be_done_is_advised(protocol, case):
    code, changes, advice = DONE[case]
    found = of(protocol, code, *changes)
    assert (found.remedy, found.clear_from, [*flat(found.advice)]) == ("act", None, advice)


def test_a_positive_pregnancy_test_is_repeated_and_not_waited_away(protocol):
    found = of(protocol, "I09", records("pregnancy_tests", POSITIVE), sex="woman")
    assert (found.remedy, found.clear_from) == ("act", None)
    assert [*flat(found.advice)] == [Advice("pregnancy_tests", "repeat the serum pregnancy test")]


def test_a_result_that_is_too_old_is_repeated_from_the_first_day_of_its_window():
    """A later first dose would only make it older; this earlier version takes it for a failure, and not for unknown."""
    text = (ROOT / "tests/data/released/1.0.0/NCT05990231-1.1.yaml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.lstrip().startswith("lab_max_age:"))
    protocol = parse_definition(text.replace(line, line.replace("value: any time", "value: 8")))[1]
    found = of(protocol, "I08", result("anc", "2", collected="2026-03-05"))
    assert [*flat(found.advice)] == [Advice("labs.anc", repeat="neutrophils", collected_from=date(2026, 3, 8))]


CLOSED = {
    "consent that was not given": ("I01", put(consent__signed="no"), "man"),
    "a person not willing to come": ("I12", put(consent__willing_to_comply="no"), "man"),
    "contraception that was not agreed": ("I11", put(reproductive__contraception_agreed="no"), "man"),
    "contraception of a woman": (
        "I10",
        put(reproductive__contraception_agreed="no", reproductive__partner_at_risk="yes"),
        "woman",
    ),
    "a pregnancy": ("E28", put(reproductive__pregnant="yes"), "woman"),
    "an antibody": ("E21", put(infections__hiv_antibody="positive"), "man"),
    "a disease not known to have progressed": ("I06", amend("therapies", progressed="no"), "man"),
    "no earlier therapy": ("I06", records("therapies"), "man"),
    "a relapse too late": (
        "I06",
        amend("therapies", intent="adjuvant", end_date="2025-04-01", progression_date="2025-12-01"),
        "man",
    ),
    "another tumour that goes on": ("E01", history("other_malignancy", TUMOUR | {"status": "current"}), "man"),
    "an extent of the disease": ("I05", put(disease__extent="localised"), "man"),
    "a loss of weight that was told": (
        "E30",
        put(vitals__weight_kg_3_months_ago=None, vitals__known_weight_loss_over_10_percent="yes"),
        "man",
    ),
}


@pytest.mark.parametrize("case", CLOSED)
def test_of_an_answer_about_which_nothing_is_to_be_done_nothing_is_advised(protocol, case):
    code, change, sex = CLOSED[case]
    found = of(protocol, code, change, sex=sex)
    assert (found.remedy, found.advice, found.visit_from) == ("open", (), None)


def test_one_condition_about_which_nothing_is_to_be_done_leaves_the_others_without_advice(protocol):
    """To confirm the diagnosis would not help a person whose disease is localised."""
    found = of(protocol, "I05", put(disease__confirmed_by="not_confirmed", disease__extent="localised"))
    assert (found.remedy, found.advice) == ("open", ())


def test_a_visit_is_waited_for_where_a_window_is_counted_from_it(protocol):
    found = of(protocol, "E01", history("other_malignancy", TUMOUR))
    assert (found.remedy, found.clear_from, found.visit_from) == ("wait", None, date(2029, 1, 1))


@pytest.mark.parametrize(
    ("code", "change", "day"),
    [
        ("I02", put(subject__birth_date="2009-01-01"), date(2027, 1, 1)),
        ("I02", put(subject__birth_date="2008-12"), date(2026, 12, 31)),
        ("I02", put(subject__birth_date="2012-02-29"), date(2030, 3, 1)),
        ("I01", put(consent__date="2026-03-10"), date(2026, 3, 10)),
    ],
)
def test_a_visit_is_waited_for_that_the_day_of_a_birth_or_a_consent_names(protocol, code, change, day):
    found = of(protocol, code, change)
    assert (found.remedy, found.clear_from, found.visit_from, found.advice) == ("wait", None, day, ())


WINDOWS = {"vitals_max_age": "7", "vascular_event": "6"}


def test_a_first_dose_that_ends_the_reason_is_named_though_something_has_to_be_repeated_for_it():
    """By then the blood pressure is too old: the criterion is not yet known, and no reason to wait longer."""
    text = PROTOCOL.read_text(encoding="utf-8").partition("\ntests:")[0]
    for name, value in WINDOWS.items():
        text = re.sub(rf"(  {name}: .*value: )any time", rf"\g<1>{value}", text)
    protocol = parse_definition(text)[1]
    attack = history("transient_ischaemic_attack", {"status": "past", "date": "2025-12-01"})
    found = of(protocol, "E15", attack, put(vitals__date="2026-03-09"))
    assert (found.remedy, found.clear_from, found.clear_until) == ("wait", date(2026, 6, 2), None)
    assert found.missing == (("vitals.date", "repeat blood pressure and weight (the last is too old)"),)


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


def test_a_positive_pregnancy_test_is_not_waited_away_when_it_leaves_the_window(protocol):
    """With a first dose a day later the urine test alone would stand in the window, for that one day."""
    tests = (("serum", "positive", "2026-03-13"), ("urine", "negative", "2026-03-14"))
    rows = [{"specimen": specimen, "result": result, "date": day} for specimen, result, day in tests]
    found = of(protocol, "I09", records("pregnancy_tests", *rows), sex="woman")
    assert (found.remedy, found.clear_from) == ("act", None)


def test_days_that_are_clear_end_where_something_else_stands_in_the_way(protocol):
    surgery = [{"kind": "major_surgery", "date": day} for day in ("2026-03-10", "2026-06-20")]
    found = of(protocol, "E24", records("procedures", *surgery))
    assert (found.clear_from, found.clear_until) == (date(2026, 4, 10), date(2026, 5, 20))
    assert of(protocol, "E24", records("procedures", surgery[0])).clear_until is None


OPEN_INFECTION = {"status": "past", "date": "2026-03-01", "severe": "yes", "anti_infective": "systemic"}


def test_a_first_dose_by_which_something_else_decides_names_what_is_missing_then(protocol):
    """Out of the window the infection itself excludes no more; whether its treatment does was not answered."""
    found = of(protocol, "E18", history("infection", OPEN_INFECTION))
    assert (found.remedy, found.clear_from) == ("wait", date(2026, 3, 30))
    assert [path for path, _question in found.missing] == [
        "history.infection.anti_infective_ongoing",
        "history.infection.anti_infective_last_date",
    ]
    answered = OPEN_INFECTION | {"anti_infective_ongoing": "no", "anti_infective_last_date": "2026-03-20"}
    then = of(protocol, "E18", history("infection", answered))
    assert (then.clear_from, then.missing) == (date(2026, 4, 4), ())


def test_a_visit_by_which_something_else_decides_names_what_is_missing_then(protocol):
    tumours = [TUMOUR, {"status": "past", "type": "other", "cured_by_local_treatment": "no"}]
    found = of(protocol, "E01", history("other_malignancy", *tumours))
    assert (found.visit_from, [path for path, _question in found.missing]) == (
        date(2029, 1, 1),
        ["history.other_malignancy[1].date"],
    )


def test_a_first_dose_beyond_the_horizon_is_not_waited_for(protocol):
    booked = history("myocardial_infarction", {"status": "past", "date": "2026-03-17"})
    found = of(protocol, "E14", booked)
    assert (found.remedy, found.clear_from) == ("wait", None)


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
    assert {each.remedy for each in found.values()} == {"open", "wait"}
    assert not any(each.advice for each in found.values())


CLEARANCE = {"analyte": "creatinine_clearance", "value": 59, "unit": "mL/min", "collected": "2026-03-08"}
DISTANCES = {
    "in the unit that was typed": (
        "I08",
        (result("anc", "1490", "/mm3"),),
        [("neutrophils", "10 /mm³", "below")],
    ),
    "of a limit in another unit": ("I08", (result("haemoglobin", "85", "g/L"),), [("haemoglobin", "5 g/L", "below")]),
    "of several results": (
        "I08",
        (result("anc", "1.4"), result("platelets", "90")),
        [("neutrophils", "0.1 ×10⁹/L", "below"), ("platelets", "10 ×10⁹/L", "below")],
    ),
    "of each of the ways out": (
        "I08",
        (result("creatinine", "1.6", "mg/dL", uln="1.2"),),
        [
            ("creatinine", "0.1 mg/dL", "above"),  # from 1.5 mg/dL, which is nearer than its upper limit
            ("creatinine clearance (Cockcroft-Gault)", "≈ 19.76 mL/min", "below"),
        ],
    ),
    "of a measured value by its own name": (
        "I08",
        (result("creatinine", 150, "umol/L", uln=111), add("labs", CLEARANCE)),
        [("creatinine", "17.4 µmol/L", "above"), ("creatinine clearance", "1 mL/min", "below")],
    ),
    "of two limits of which either would do": (
        "E20",
        (put(infections__hbsag="positive", infections__hbv_antiviral="no"), result("hbv_dna", 201, "[IU]/mL", lod=20)),
        [("HBV DNA", "1 IU/mL", "above")],
    ),
    "of an age": ("I02", (put(subject__birth_date="2009-01-01"),), [("age", "1 year", "below")]),
    "of a record": (
        "E23",
        (records("adverse_events", EVENT | {"term": "rash", "current_grade": 3}),),
        [("current grade of adverse event 1 (rash)", "2", "above")],
    ),
    "of a value at the limit": (
        "E15",
        (put(vitals__systolic_bp=160, vitals__on_antihypertensives="yes"),),
        [("systolic blood pressure", "0 mmHg", "at")],
    ),
    "none of what stays as it is": ("E05", (records("adverse_events", EVENT | {"max_grade": 3}),), []),
    "none of a judgement": ("I04", (put(performance__life_expectancy_months=2),), []),
    "none of a code": ("I01", (put(consent__signed="no"),), []),
    "none of a date": ("E03", (amend("therapies", end_date="2026-02-23"),), []),
    "none of a result that is a range": ("I08", (result("anc", "1", comparator="<"),), []),
}


@pytest.mark.parametrize("case", DISTANCES)
def test_the_distance_to_the_limit_is_told(protocol, case):
    code, changes, expected = DISTANCES[case]
    assert [tuple(each) for each in of(protocol, code, *changes).distances] == expected


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_a_first_dose_that_is_waited_for_is_the_first_that_would_do(protocol, seed):
    document = random_document(random.Random(seed))
    for code, found in failing(protocol, document).items():
        if not found.clear_from:
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


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_with_the_day_that_is_promised_the_criterion_is_satisfied(protocol, seed, forget):
    """Whatever was not answered: the whole criterion counts, not the window alone that decided it."""
    numbers = random.Random(seed)
    document = random_document(numbers)
    days = later_days(protocol.reader.read(document))
    for entry in document.get("history", []) if forget else ():
        for name in numbers.sample(sorted(entry.keys() - {"condition", "status"}), k=len(entry) > 3):
            del entry[name]
    for code, found in failing(protocol, document).items():
        if found.clear_from:
            last = found.clear_until or min(found.clear_from + timedelta(60), date.fromordinal(days[-1]))
            then = {outcome(protocol, code, moved(document, day)) for day in (found.clear_from, last)}
        elif found.visit_from:
            then = {outcome(protocol, code, moved(document, found.visit_from, "date"))}
        else:
            continue
        assert (then <= {"pass", "not_applicable"}) if not found.missing else then == {"unknown"}
        clear = re.search(
            r"Clear with planned first dose from (\S+)$", protocol.proof(finding_of(protocol, code, document))
        )
        if clear:
            assert outcome(protocol, code, moved(document, date.fromisoformat(clear[1]))) in {"pass", "not_applicable"}


def moved(document, day, name="planned_first_dose_date"):
    copy = deepcopy(document)
    copy["visit"][name] = day.isoformat()
    return copy


def outcome(protocol, code, document):
    return finding_of(protocol, code, document).outcome


def finding_of(protocol, code, document):
    (finding,) = protocol.findings(protocol.reader.read(document), {code})
    return finding
