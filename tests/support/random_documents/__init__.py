"""Random visit documents, all valid, biased to where the criteria turn.

A document starts as an eligible man or woman and has up to a dozen things about it changed: a value at a limit or one
step to a side, in some accepted unit, a date at the edge of a window, a fact that is missing, a list nobody reviewed.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

from tests.support.random_documents.draft import Draft
from tests.support.random_documents.history import history_changer
from tests.support.random_documents.laboratory import change_hepatitis, change_infections, change_kidney, change_lab
from tests.support.random_documents.people import eligible
from tests.support.random_documents.rest import (
    change_brain,
    change_cns_sites,
    change_imaging,
    change_judgement,
    change_medication,
    change_pressure,
    change_study,
    change_weight,
    lose_fact,
    lose_first_dose,
    lose_list,
    lose_record_fact,
    lose_review,
    lose_section,
)
from tests.support.random_documents.treatment import (
    add_adverse_event,
    add_immunotherapy,
    add_line,
    add_procedure,
    add_support,
    add_vaccination,
    add_washout,
    change_age,
    change_compliance,
    change_consent,
    change_disease,
    change_lesions,
    change_one_therapy,
    change_performance,
    change_pregnancy,
    change_pregnancy_tests,
    change_regimens,
    change_reproductive,
    change_sex,
)
from tests.support.random_documents.words import CONDITIONS, LISTS

__all__ = ["eligible", "random_document"]


CHANGES: tuple[Callable[[Draft], None], ...] = (
    *(change_consent, change_compliance, change_age, change_sex, change_performance, change_disease),
    *(change_lesions, change_lesions, change_regimens, change_regimens, add_line, change_one_therapy),
    *(add_washout, add_washout, add_immunotherapy, add_adverse_event, add_adverse_event, add_support),
    *(add_procedure, add_procedure, add_vaccination, change_pregnancy_tests, change_pregnancy_tests),
    *(change_reproductive, change_reproductive, change_pregnancy),
    *(change_lab, change_lab, change_lab, change_kidney, change_kidney, change_hepatitis, change_hepatitis),
    *(change_infections, change_pressure, change_weight, change_imaging, change_cns_sites, change_brain, change_brain),
    *(change_medication, change_study, change_judgement),
    *(lose_first_dose, lose_review, lose_list, lose_fact, lose_record_fact, lose_section),
    history_changer(*CONDITIONS),
    history_changer("other_malignancy"),
    history_changer("autoimmune_disease"),
    history_changer("interstitial_lung_disease"),
    history_changer("pleural_effusion", "pericardial_effusion", "ascites"),
    history_changer(*CONDITIONS[6:11]),
    history_changer("myocarditis", "cardiomyopathy", "malignant_arrhythmia"),
    history_changer(*CONDITIONS[14:19]),
    history_changer(*CONDITIONS[19:26]),
    history_changer("bleeding_disorder", "bleeding_event", "bleeding_event"),
    history_changer("inflammatory_bowel_disease"),
    history_changer("infection"),
    history_changer("immunodeficiency", "allogeneic_transplant"),
    history_changer("study_drug_hypersensitivity", "severe_antibody_hypersensitivity"),
    history_changer("psychiatric_illness", "substance_abuse"),
)


def random_days(rng: random.Random) -> tuple[date, date]:
    """V and F: mostly an ordinary March, sometimes where the calendar is awkward."""
    if rng.random() < 0.6:
        return date(2026, 3, 9), date(2026, 3, 16)
    awkward = [(2026, 8, 31), (2024, 2, 29), (2025, 2, 28), (2026, 3, 30), (2026, 3, 1), (2026, 1, 1), (2025, 12, 31)]
    first_dose = date(*rng.choice(awkward))
    return first_dose - timedelta(rng.choice((0, 0, 1, 7, 28))), first_dose


def random_document(rng: random.Random) -> dict[str, object]:
    """A valid visit document, its numbers int or Decimal."""
    visit, first_dose = random_days(rng)
    if rng.random() < 0.04:  # wholly random: of nothing but what the changes put there
        days = {"date": visit.isoformat(), "planned_first_dose_date": first_dose.isoformat()}
        draft = Draft(rng, {"visit": days, "reviewed": rng.sample(LISTS, rng.randint(0, 6))}, visit, first_dose)
        draft.put_code(draft.section("subject"), "sex", "male", "female")
        changes = rng.randint(10, 80)
    else:
        draft = Draft(rng, eligible(rng.choice(("male", "female")), visit, first_dose), visit, first_dose)
        changes = rng.randint(0, 12)
    for change in rng.choices(CHANGES, k=changes):
        change(draft)
    return draft.document
