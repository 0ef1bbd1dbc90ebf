"""Checks between answers of NCT05990231, and what holds for every check."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from criteria.evaluation.checks import CheckContext
from criteria.records import canonical
from tests.conftest import ROOT
from tests.support.documents import BASE, changed, history, put, records, result
from tests.support.random_documents import random_document

TODAY = date(2026, 11, 30)
CASES = [canonical.parse(row) for row in (ROOT / "tests/data/checks.jsonl").read_text(encoding="utf-8").splitlines()]


def raised(protocol, *changes, sex="man", today=TODAY, remarks=None):
    document = changed(*changes, sex=sex)
    assert not protocol.validate(document)
    return protocol.raised_checks(document, CheckContext(today, remarks or {}))


def codes(protocol, *changes, **rest):
    return [check.code for check in raised(protocol, *changes, **rest)]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case_raises_the_checks_that_it_must_and_no_other_it_must_not(protocol, case):
    found = {check.code for check in protocol.raised_checks(case["document"], CheckContext(TODAY))}
    assert set(case["checks"]) <= found
    assert not found.intersection(case["not"])


@pytest.mark.parametrize("sex", BASE)
def test_ordinary_person_is_asked_nothing(protocol, sex):
    assert codes(protocol, sex=sex) == []


EVENT = {"term": "rash", "organ_system": "skin", "max_grade": 1, "current_grade": 0, "immune_related": "yes"}
REGIMEN = {
    "kind": "systemic",
    "agents": ["pd1_inhibitor"],
    "intent": "palliative",
    "start_date": "2025-01-06",
    "end_date": "2025-06-30",
    "ongoing": "no",
    "progressed": "no",
}
LESION = {"site": "liver", "nodal": "no", "diameter_mm": 22, "irradiated": "no"}


def event(**values):
    return records("adverse_events", EVENT | values)


def later(**values):
    second = REGIMEN | {"start_date": "2025-07-20", "end_date": "2025-12-20", "progressed": "yes"}
    return records("therapies", REGIMEN, second | values)


SIDES = [
    ("C01", [put(reproductive__breastfeeding="yes")], "man", [put(reproductive__breastfeeding="no")]),
    (
        "C01",
        [records("pregnancy_tests", {"specimen": "urine", "result": "negative", "date": "2026-03-01"})],
        "man",
        [],
    ),
    ("C04", [event(term="Immune myocarditis", immune_related="no")], "man", [event()]),
    ("C04", [event(term="pneumonitis")], "man", [event(term="pneumonitis", immune_related="no")]),
    ("C04", [event(organ_system="endocrine"), history("autoimmune_disease")], "man", [event(organ_system="endocrine")]),
    ("C05", [records("lesions", LESION, LESION | {"site": "左侧小脑"})], "man", [records("lesions", LESION)]),
    (
        "C05",
        [records("lesions", LESION | {"site": "脑膜"}), put(cns__brain_metastases="treated")],
        "man",
        [records("lesions", LESION | {"site": "thoracic vertebra"})],
    ),
    ("C06", [result("hbv_dna", 500, "[IU]/mL", lod=20)], "man", [result("hbv_dna", 0, "[IU]/mL")]),
    (
        "C07",
        [result("hcv_rna", 5, "[IU]/mL", lod=15)],
        "man",
        [result("hcv_rna", 5, "[IU]/mL", lod=15, comparator="<")],
    ),
    ("C10", [later()], "man", [later(intent="adjuvant")]),
    ("C10", [later(start_date="2025-08-29")], "man", [later(start_date="2025-08-30")]),
    ("C10", [later()], "man", [later(agents=["platinum"])]),
    ("C11", [put(consent__date="2026-03-10")], "man", [put(consent__date="2026-03-09")]),
    ("C11", [put(cns__stable_since="1955-01-01")], "man", [put(cns__date="2026-03-01")]),
    ("C11", [result("anc", 3, "10*9/L", collected="2026-03-17")], "man", [result("anc", 3, "10*9/L")]),
    ("C12", [result("ast", 30, "U/L", uln=91)], "man", [result("ast", 30, "U/L", uln=90)]),
    ("C12", [result("bilirubin_total", 12, "umol/L", uln=7)], "man", [result("bilirubin_total", 12, "umol/L", uln=8)]),
    ("C14", [put(vitals__weight_kg=127, vitals__weight_kg_3_months_ago=66)], "man", [put(vitals__weight_kg=78)]),
    ("C14", [records("lesions", LESION, LESION | {"diameter_mm": 2})], "man", [records("lesions", LESION)]),
    ("C14", [put(subject__birth_date="2009-01-01")], "man", [put(subject__birth_date="2008-03-09")]),
    (
        "C16",
        [history("venous_thromboembolism", {"status": "past", "grade": 2, "pulmonary_embolism": "yes"})],
        "man",
        [history("venous_thromboembolism", {"status": "past", "grade": 2, "pulmonary_embolism": "no"})],
    ),
    ("C16", [event(term="肺栓塞", max_grade=2)], "man", [event(term="肺栓塞", max_grade=3)]),
    ("C19", [later(ongoing=None)], "man", [later(ongoing="no")]),
    ("C20", [put(reproductive__sterilised="yes")], "woman", [put(reproductive__sterilised="yes", subject__sex="male")]),
    ("C21", [later(ongoing="yes")], "man", [later(ongoing="yes", end_date="2027-01-01")]),
    ("C25", [result("anc", 9, "10*9/L")], "man", [result("anc", 3, "10*9/L")]),
    ("C26", [put(cns__largest_mm=5)], "man", [put(cns__largest_mm=5, cns__brain_metastases="untreated")]),
    (
        "C16",
        [history("venous_thromboembolism", {"status": "past", "grade": 2}), event(term="pulmonary thromboembolism")],
        "man",
        [
            history("venous_thromboembolism", {"status": "past", "grade": 2, "pulmonary_embolism": "no"}),
            event(term="pulmonary embolism", max_grade=3),
        ],
    ),
    ("C25", [result("anc", 9, "10*9/L")], "man", [result("anc", 9, "10*9/L", collected="2026-03-07")]),
    ("C31", [event(term="upper GI bleeding")], "man", [event(term="rash")]),
    ("C31", [event(term="radiation pneumonitis")], "man", [event(term="radiation dermatitis")]),
    ("C31", [event(term="infusion reaction", max_grade=3)], "man", [event(term="infusion reaction", max_grade=2)]),
    ("C37", [result("hbv_dna", 5, "[IU]/mL", lod=5000)], "man", [result("hbv_dna", 5, "[IU]/mL", lod=20)]),
    ("C38", [later(start_date="2025-06-29")], "man", [later(start_date="2025-06-30")]),
    ("C39", [later(end_date="2026-12-01")], "man", [later(end_date="2026-12-01", ongoing="yes")]),
    (
        "C39",
        [records("procedures", {"kind": "serious_injury", "date": "2026-12-01"})],
        "man",
        [records("procedures", {"kind": "major_surgery", "date": "2026-12-01"})],
    ),
    (
        "C40",
        [put(visit__planned_first_dose_date="2026-05-09")],
        "man",
        [put(visit__planned_first_dose_date="2026-05-08")],
    ),
    ("C41", [put(consent__date="2025-09-09")], "man", [put(consent__date="2025-09-10")]),
    (
        "C42",
        [later(kind="antitumour_tcm", agents=["targeted"])],
        "man",
        [later(kind="immunomodulator", agents=["thymosin"])],
    ),
    (
        "C43",
        [later(kind="immunomodulator", agents=["il11"], for_thrombocytopenia="yes")],
        "man",
        [
            later(kind="immunomodulator", agents=["il11"], for_thrombocytopenia="yes"),
            records("supportive_care", {"kind": "growth_factor", "date": "2026-02-01"}),
        ],
    ),
    (
        "C44",
        [history("venous_thromboembolism", {"status": "past", "grade": 2}), event(term="DVT", max_grade=3)],
        "man",
        [history("venous_thromboembolism", {"status": "past", "grade": 3}), event(term="DVT", max_grade=3)],
    ),
    ("C45", [event(during_pd1="no")], "man", [event(during_pd1="yes")]),
    (
        "C46",
        [event(term="encephalitis", organ_system="other")],
        "man",
        [event(term="encephalitis", organ_system="neurologic")],
    ),
    (
        "C46",
        [event(term="hepatitis", organ_system="endocrine")],
        "man",
        [event(term="hepatitis", organ_system="hepatic")],
    ),
    (
        "C47",
        [event(stable_on_replacement="yes")],
        "man",
        [event(stable_on_replacement="yes", organ_system="endocrine")],
    ),
    ("C48", [event(alopecia="yes", organ_system="neurologic")], "man", [event(alopecia="yes")]),
    (
        "C49",
        [history("infection", {"status": "past", "anti_infective": "none", "anti_infective_last_date": "2026-03-01"})],
        "man",
        [history("infection", {"status": "past", "anti_infective": "none"})],
    ),
    ("C49", [put(cns__corticosteroids="never", cns__corticosteroid_stop_date="2026-03-01")], "man", []),
    (
        "C50",
        [put(cns__brain_metastases="treated", cns__oedema="yes")],
        "man",
        [put(cns__brain_metastases="treated_and_untreated", cns__oedema="yes")],
    ),
    (
        "C52",
        [put(reproductive__childbearing_potential="no")],
        "woman",
        [put(reproductive__childbearing_potential="yes")],
    ),
    (
        "C53",
        [put(imaging__bleeding_risk_increased="yes")],
        "man",
        [put(imaging__bleeding_risk_increased="yes", imaging__necrosis_or_cavity="yes")],
    ),
    ("C54", [put(infections__hbv_antiviral="yes")], "man", [put(infections__hbv_antiviral="no")]),
    ("C55", [put(vitals__weight_kg=122)], "man", [put(vitals__weight_kg=112)]),
    (
        "C56",
        [records("lesions", LESION | {"site": "纵隔淋巴结"})],
        "man",
        [records("lesions", LESION | {"site": "纵隔淋巴结", "nodal": "yes"})],
    ),
    (
        "absent",
        [history("myocardial_infarction", {"status": "absent", "date": "2026-01-10"})],
        "man",
        [history("bleeding_event", {"status": "absent", "significant": "no"})],
    ),
    (
        "absent",
        [history("infection", {"status": "absent"}, {"status": "past"})],
        "man",
        [history("infection", {"status": "past"})],
    ),
]


@pytest.mark.parametrize(
    ("code", "contradicts", "sex", "agrees"), SIDES, ids=[f"{side[0]}-{at}" for at, side in enumerate(SIDES)]
)
def test_check_is_raised_on_one_side_and_silent_on_the_other(protocol, code, contradicts, sex, agrees):
    assert code in codes(protocol, *contradicts, sex=sex)
    assert code not in codes(protocol, *agrees, sex=sex)


def test_drugs_named_without_their_code_are_asked_by_name_of_the_therapy(protocol):
    found = raised(protocol, later(name="nivolumab + cisplatin", intent="adjuvant"))
    assert [(check.code, check.paths) for check in found] == [("C09", ("therapies[1].name", "therapies[1].agents"))]


def test_each_record_is_asked_by_itself_with_its_own_key(protocol):
    wrong = EVENT | {"max_grade": 1, "current_grade": 2}
    found = raised(protocol, records("adverse_events", wrong, wrong | {"term": "fatigue"}))
    assert [check.code for check in found] == ["C08", "C08"]
    assert [check.path for check in found] == ["adverse_events[0].current_grade", "adverse_events[1].current_grade"]
    assert len({check.key for check in found}) == 2


def test_key_stays_when_a_record_is_put_before_and_changes_with_the_value(protocol):
    def key(*before, **values):
        every = records("adverse_events", *before, EVENT | {"term": "fatigue", "current_grade": 2} | values)
        return next(check.key for check in raised(protocol, every) if check.code == "C08")

    assert key() == key(EVENT) == key(EVENT, EVENT)
    assert len({key(), key(current_grade=3), key(term="fever")}) == 3


def test_second_contradiction_of_the_same_words_has_a_key_of_its_own(protocol):
    """Else the reason for the first would answer one that was added later."""
    emboli = [
        {"status": "past", "grade": 2, "pulmonary_embolism": "yes", "date": day} for day in ("2025-01-01", "2026-03-01")
    ]

    def found(*entries):
        return [each for each in raised(protocol, history("venous_thromboembolism", *entries)) if each.code == "C16"]

    first, second = found(*emboli)
    assert first.key == found(emboli[0])[0].key != second.key
    twins = found(emboli[0], emboli[0])
    assert len({each.key for each in twins}) == 2
    assert len({each.path for each in twins}) == 2


def test_each_day_before_birth_is_a_contradiction_of_its_own_and_says_which(protocol):
    found = raised(protocol, put(vitals__date="1961-05-19", imaging__date="1950-01-01"))
    assert [(each.code, each.path) for each in found] == [("C11", "imaging.date"), ("C11", "vitals.date")]
    assert found[1].value.endswith("day of blood pressure and weight 1961-05-19, date of birth 1961-05-20")
    (changed_since,) = raised(protocol, put(vitals__date="1901-01-01"))
    assert len({found[0].key, found[1].key, changed_since.key}) == 3


@pytest.mark.parametrize(
    ("second", "unit", "found"), [(210, "10*9/L", []), (60, "10*9/L", ["C51"]), (60000, "/uL", [])]
)
def test_two_results_of_one_day_are_asked_where_they_differ(protocol, second, unit, found):
    again = {"analyte": "platelets", "value": second, "unit": unit, "collected": "2026-03-08"}
    assert codes(protocol, lambda document: document["labs"].append(again)) == found


@pytest.mark.parametrize("clearance", [None, 80])
def test_low_computed_clearance_is_asked_beside_a_good_measured_one(protocol, clearance):
    light = put(
        vitals__weight_kg=25, vitals__weight_kg_3_months_ago=25, vitals__height_cm=120, subject__birth_date="1947-01-01"
    )
    weak = result("creatinine", 110, "umol/L", uln=111)
    measured = result("creatinine_clearance", clearance, "mL/min")
    assert "C15" in codes(protocol, light, weak, measured)


def test_result_that_does_not_count_is_checked_too(protocol):
    older = result("creatinine", Decimal("0.9"), "mg/dL", uln=111, collected="2026-03-01")
    newer = {"analyte": "creatinine", "value": 80, "unit": "umol/L", "collected": "2026-03-08", "uln": 111}
    found = raised(protocol, older, lambda document: document["labs"].append(newer))
    assert [check.path for check in found] == ["labs[7].uln"]


def test_remark_of_the_caller_raises_the_check_at_the_value_that_it_is_about(protocol):
    (check,) = raised(protocol, remarks={0: {"comparator_kept": "yes"}})
    assert (check.code, check.paths) == ("C13", ("labs[0].comparator",))


def test_check_that_cannot_be_decided_is_silent(protocol):
    assert "C01" not in codes(protocol, put(subject__sex=None, reproductive__pregnant="yes"))


def test_clearing_the_contradiction_clears_the_check(protocol):
    assert "C17" in codes(protocol, put(infections__hbsag="positive", infections__hbv_antiviral="no"))
    assert "C17" not in codes(protocol, put(infections__hbsag="positive", infections__hbv_antiviral="yes"))


@pytest.mark.parametrize(("day", "found"), [("2026-11-30", []), ("2026-12-01", ["future"])])
def test_day_that_has_not_come_is_reported_from_the_day_after_today(protocol, day, found):
    planned = put(visit__planned_first_dose_date="2026-12-24", consent__date="2026-11-20")
    assert codes(protocol, put(visit__date=day), planned) == found


def test_what_is_planned_may_lie_in_the_future(protocol):
    surgery = records("procedures", {"kind": "major_surgery", "date": "2027-01-10"})
    vaccine = records("vaccinations", {"live": "no", "date": "2027-01-10", "planned": "yes"})
    assert codes(protocol, surgery, vaccine, put(visit__planned_first_dose_date="2026-04-24")) == []


@given(source=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_checks_of_a_section_are_the_same_when_the_others_are_left_out(protocol, source):
    document = random_document(source)
    remarks = {at: {"uln_as_site": "no", "unit_kept": "yes"} for at in range(len(document.get("labs") or []))}
    complete = protocol.raised_checks(document, CheckContext(TODAY, remarks))
    for section in protocol.vocabulary.sections:
        keys = frozenset(section.keys)
        needed = remarks if protocol.checks.reads_remarks(keys) else {}
        found = protocol.raised_checks(document, CheckContext(TODAY, needed, keys=keys))
        assert concerning(found, keys) == concerning(complete, keys)


def concerning(checks, keys):
    return [check for check in checks if any(re.split(r"[.\[]", path)[0] in keys for path in check.all_paths)]


@given(source=st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_check_never_changes_an_outcome(protocol, source):
    document = random_document(source)
    before = protocol.assess(document)
    for check in protocol.raised_checks(document, CheckContext(TODAY)):
        assert check.message
    assert protocol.assess(document) == before


def test_check_asks_what_its_alternative_is_about_and_shows_what_was_computed(protocol):
    swapped = put(vitals__systolic_bp=78, vitals__diastolic_bp=128)
    (pressure,) = (each for each in raised(protocol, swapped) if each.code == "C14")
    assert pressure.text == (
        "systolic blood pressure 78 mmHg, diastolic blood pressure 128 mmHg: The systolic pressure is not above the "
        "diastolic one. Were the two swapped?"
    )
    lost = put(vitals__weight_kg=61, vitals__weight_kg_3_months_ago=90)
    (weight,) = (each for each in raised(protocol, lost) if each.code == "C14")
    assert weight.value.startswith("weight lost in three months ≈ 32.2 %; weight")
