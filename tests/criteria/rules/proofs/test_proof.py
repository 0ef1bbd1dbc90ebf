import random
import re

import pytest

from criteria.evaluation.remedy import remedy_of
from tests.support.documents import (
    ABSENT,
    add,
    amend,
    changed,
    history,
    no_first_dose,
    put,
    records,
    result,
    unreviewed,
    verdict,
)
from tests.support.random_documents import random_document


def event(**values):
    return {"term": "rash", "organ_system": "skin", "during_pd1": "yes", "immune_related": "yes"} | values


def therapy(**values):
    return {"kind": "systemic", "name": "second line", "ongoing": "no"} | values


MEASURED = {"analyte": "creatinine_clearance", "value": 59, "unit": "mL/min", "collected": "2026-03-08"}
SERUM = {"specimen": "serum", "result": "negative", "date": "2026-03-14"}
WOMAN = put(subject__sex="female", reproductive__childbearing_potential="yes")
LATE = {"status": "past", "date": "2025-03-16"}

# What was done, and what a coordinator reads.
PROOFS = {
    "neutrophils too low": (
        "I08",
        [result("anc", "1.49", "10*9/L")],
        "Neutrophils 1.49 ×10⁹/L (limit: at least 1.5), 2026-03-08",
    ),
    "neutrophils too low, in another unit": (
        "I08",
        [result("anc", "1490", "/mm3")],
        "Neutrophils 1490 /mm³ (limit: at least 1500), 2026-03-08",
    ),
    "haemoglobin by the limit of its unit": (
        "I08",
        [result("haemoglobin", "5.59", "mmol/L")],
        "Haemoglobin 5.59 mmol/L (limit: at least 5.6), 2026-03-08",
    ),
    "result below the detectable": (
        "I08",
        [result("anc", "0.1", "10*9/L", comparator="<=")],
        "Neutrophils ≤ 0.1 ×10⁹/L (limit: at least 1.5), 2026-03-08",
    ),
    "growth factor": (
        "I08",
        [records("supportive_care", {"kind": "growth_factor", "date": "2026-02-26"})],
        "Haematological support 1 (growth factor): last given 2026-02-26, 10 days before the sample "
        "(neutrophils, platelets, haemoglobin); more than 14 needed. Repeat the sample from 2026-03-13",
    ),
    "bilirubin by the laboratory's own limit": (
        "I08",
        [result("bilirubin_total", 32, "umol/L", uln=21)],
        "Total bilirubin 32 µmol/L (limit: at most 31.5 = 1.5 × ULN), 2026-03-08",
    ),
    "creatinine and clearance": (
        "I08",
        [result("creatinine", 150, "umol/L", uln=111), put(vitals__weight_kg=40)],
        "Creatinine 150 µmol/L (limit: at most 132.6), 2026-03-08. Creatinine clearance (Cockcroft-Gault) ≈ 24.9 "
        "mL/min (limit: at least 60), from sex male, age 64 years, weight 40 kg, creatinine 150 µmol/L",
    ),
    "clearance measured": (
        "I08",
        [result("creatinine", 150, "umol/L", uln=111), add("labs", MEASURED)],
        "Creatinine 150 µmol/L (limit: at most 132.6). Creatinine clearance 59 mL/min (limit: at least 60). "
        "All results of 2026-03-08",
    ),
    "age within two limits": ("I02", [], "Age 64 years (limit: 18 to 80)"),
    "perhaps too old": (
        "I02",
        [put(subject__birth_date="1945")],
        "Age 80 to 81 years, date of birth incomplete (limit: at most 80)",
    ),
    "ECOG": ("I03", [put(performance__ecog=2)], "ECOG performance status 2 (limit: at most 1)"),
    "ECOG 0 is shown as 0": ("I03", [put(performance__ecog=0)], "ECOG performance status 0 (limit: at most 1)"),
    "ECOG missing": ("I03", [put(performance__ecog=None)], "ECOG performance status: not known"),
    "adenocarcinoma": (
        "I05",
        [put(disease__histology="other")],
        "Histology: other (allowed: oesophageal squamous cell carcinoma)",
    ),
    "last systemic therapy": (
        "E03",
        [add("therapies", therapy(end_date="2026-02-23"))],
        "Therapy 2 (second line): last dose 2026-02-23, 21 days before planned first dose; more than 21 needed; "
        "systemic anti-tumour. Clear with planned first dose from 2026-03-17",
    ),
    "two therapies and one day": (
        "E03",
        [amend("therapies", end_date="2026-03-01"), add("therapies", therapy(end_date="2026-03-05"))],
        "Therapy 1 (first line): last dose 2026-03-01, 15 days before planned first dose; more than 21 needed; "
        "systemic anti-tumour. Therapy 2 (second line): last dose 2026-03-05, 11 days before planned first dose; "
        "more than 21 needed; systemic anti-tumour. Clear with planned first dose from 2026-03-27",
    ),
    "course that is to end later": (
        "E03",
        [add("therapies", therapy(end_date="2026-03-20"))],
        "Therapy 2 (second line): last dose 2026-03-20, 4 days after planned first dose; must be more than 21 days "
        "before it; systemic anti-tumour. Clear with planned first dose from 2026-04-11",
    ),
    "other agents": (
        "I06",
        [amend("therapies", agents=["other_chemotherapy"])],
        "No therapy counts as the failed PD-1 inhibitor with platinum (list confirmed complete). Therapy 1 (first "
        "line): other chemotherapy (needed: PD-1 inhibitor and platinum)",
    ),
    "not asked": ("E22", [history("allogeneic_transplant")], "Allogeneic organ or stem cell transplant: not asked"),
    "had it": (
        "E22",
        [history("allogeneic_transplant", {"status": "past", "date": "1999"})],
        "Allogeneic organ or stem cell transplant (past), 1999",
    ),
    "absent": ("E13", [], "Absent: myocarditis, cardiomyopathy, malignant arrhythmia"),
    "labels with a comma": ("E27", [], "Absent: psychiatric illness; drug abuse, alcoholism or addiction"),
    "a window of months": (
        "E14",
        [history("myocardial_infarction", LATE)],
        "Myocardial infarction (past): last occurrence 2025-03-16, 12 months before planned first dose; more than 12 "
        "months needed. Clear with planned first dose from 2026-03-17",
    ),
    "what is current, however long ago it was noted": (
        "E14",
        [history("myocardial_infarction", LATE | {"status": "current"})],
        "Myocardial infarction (current), 2025-03-16",
    ),
    "at any time": (
        "E15",
        [history("hypertensive_crisis", {"status": "past", "date": "2001"})],
        "Hypertensive crisis (past): last occurrence 2001 (excluded at any time)",
    ),
    "list not confirmed": (
        "E24",
        [unreviewed("procedures")],
        "List not confirmed complete: Surgery, injuries and procedures",
    ),
    "list confirmed": ("E24", [], "No procedure (list confirmed complete)"),
    "same day": (
        "E24",
        [records("procedures", {"kind": "major_surgery", "date": "2026-03-16"})],
        "Procedure 1 (major surgery): 2026-03-16, the same day as planned first dose; must be more than 30 days "
        "before it. Clear with planned first dose from 2026-04-16",
    ),
    "known in part": (
        "E24",
        [records("procedures", {"kind": "major_surgery", "date": "2026-02"})],
        "Procedure 1 (major surgery): 2026-02, day not known; must be more than 30 days before planned first dose",
    ),
    "known in part, on either side": (
        "E03",
        [add("therapies", therapy(end_date="2026"))],
        "Therapy 2 (second line): last dose 2026, month and day not known; must be more than 21 days before planned "
        "first dose",
    ),
    "immune-related event": (
        "E05",
        [records("adverse_events", event(max_grade=3, current_grade=0))],
        "Adverse event 1 (rash): grade 3 (excluded from grade 3); skin (exempt: only endocrine); during the PD-1 "
        "inhibitor; immune-related",
    ),
    "blood pressure": (
        "E15",
        [put(vitals__systolic_bp=165, vitals__on_antihypertensives="yes")],
        "Systolic 165 mmHg (excluded from 160). On antihypertensive treatment",
    ),
    "blood pressure untreated": (
        "E15",
        [put(vitals__systolic_bp=165)],
        "Systolic 165 mmHg (limit: below 160). Not on antihypertensive treatment. Treat the blood pressure, "
        "and measure it again",
    ),
    "HBV DNA": (
        "E20",
        [put(infections__hbsag="positive", infections__hbv_antiviral="no"), result("hbv_dna", 5000, "[IU]/mL", lod=20)],
        "HBsAg positive: HBV DNA 5000 IU/mL (excluded above 200), 2026-03-08; no antiviral therapy for hepatitis B",
    ),
    "weight": (
        "E30",
        [put(vitals__weight_kg=45, vitals__weight_kg_3_months_ago=60)],
        "Weight lost in three months 25 % (excluded above 10), from weight three months ago 60 kg, weight 45 kg",
    ),
    "does not apply": ("E28", [], "Not applicable. Sex: male"),
    "applies perhaps": (
        "E28",
        [put(subject__sex=ABSENT, reproductive__pregnant="yes")],
        "Sex: not known. Not satisfied if it applies (female): pregnant",
    ),
    "pregnancy test": (
        "I09",
        [WOMAN, records("pregnancy_tests", SERUM)],
        "Pregnancy test 1 (serum): negative; taken 2026-03-14, 2 days before planned first dose (within the 3 days "
        "required)",
    ),
    "consent": (
        "I01",
        [],
        "Date of consent 2026-03-05, on or before visit 2026-03-09. Informed consent signed",
    ),
    "first dose not known": (
        "E26",
        [records("vaccinations", {"live": "yes", "planned": "no", "date": "2026-01-01"}), no_first_dose()],
        "Vaccination 1: 2026-01-01; planned first dose: not known",
    ),
}


@pytest.mark.parametrize("case", PROOFS)
def test_proof_says_first_what_was_found_when_a_clinician_reads_it(protocol, case):
    code, changes, proof = PROOFS[case]
    assert verdict(protocol, code, changed(*changes)).proof == proof


def test_proof_names_the_record_that_failed_and_leaves_the_others_out(protocol):
    document = changed(add("therapies", {"kind": "systemic", "name": "new", "ongoing": "yes"}))
    proof = verdict(protocol, "E03", document).proof
    assert "Therapy 2 (new)" in proof
    assert "herapy 1" not in proof


def test_further_line_is_told_once_when_it_counts_in_two_ways(protocol):
    line = therapy(agents=["other_chemotherapy"], intent="palliative", start_date="2026-01-20", end_date="2026-02-10")
    proof = verdict(protocol, "I06", changed(add("therapies", line))).proof
    assert proof.startswith("Therapy 2 (second line) counts as another line of systemic therapy: ")
    assert "start of therapy 2" not in proof  # one way is enough
    assert proof.count("palliative") == 1


@pytest.fixture(scope="module")
def findings(protocol):
    """Every finding of some random documents, each with its proof and the facts that it was found by."""
    numbers = random.Random(14)
    documents = [random_document(numbers) for _ in range(250)]
    return [
        (document, finding, protocol.proof(finding))
        for document in documents
        for finding in protocol.evaluate(document)
    ]


def test_proof_has_no_double_negative_and_says_nothing_twice_when_anything_was_answered(findings):
    for _document, _finding, proof in findings:
        assert proof == proof.strip()
        assert not re.search(r"not (at least|at most|above|below|from|on or)|10\*|umol|\[IU\]|mm\[Hg\]|\n", proof), (
            proof
        )
        assert not re.search(r"not known:? not|: (yes|no)(;|\.|$)|%\(|\{|[;:] [;:]|upper limit of normal \d", proof), (
            proof
        )
        sentences = [each for each in proof.split(". ") if "past" not in each]  # two infections may look alike
        assert len(set(sentences)) == len(sentences), proof
        for sentence in proof.split(". "):
            times = re.findall(r"[^;:(]+, [^;]+? (?:before|after) first dose", sentence)
            assert len(set(times)) == len(times), proof


def test_day_of_the_proof_is_that_of_the_remedy_when_both_name_one(protocol, findings):
    clear = re.compile(r"Clear with planned first dose from (\S+)$")
    found = [
        (document, finding, match[1])
        for document, finding, proof in findings
        if (match := clear.search(proof)) is not None
    ]
    assert len(found) > 25
    for document, finding, day in found:
        remedy = remedy_of(protocol, document, finding)
        assert (remedy.clear_from and remedy.clear_from.isoformat()) == day
