"""What can be changed about the medical history."""

from collections.abc import Callable

from tests.support.random_documents.draft import Draft
from tests.support.random_documents.words import CONDITION_WINDOWS, MALIGNANCY_TYPES, Record

# Medical history.


def entry_details(draft: Draft, condition: str, entry: Record) -> None:
    if condition == "other_malignancy":
        draft.put_code(entry, "type", *MALIGNANCY_TYPES)
        draft.put_yn(entry, "cured_by_local_treatment", "investigator_confirms_exempt")
    elif condition == "autoimmune_disease":
        draft.put_code(entry, "systemic_treatment", "none", "replacement_only", "systemic", "systemic", "systemic")
        draft.put_yn(entry, "treatment_ongoing", yes=0.2)
        draft.put(entry, "treatment_last_date", draft.spell(draft.edge(24, 0, from_visit=True)))
    elif condition == "interstitial_lung_disease":
        draft.put_yn(entry, "needs_systemic_steroids", "controlled")
    elif condition in ("pleural_effusion", "pericardial_effusion", "ascites"):
        draft.put_yn(entry, "symptomatic", "repeated_drainage", yes=0.3)
    elif condition == "unstable_angina":
        draft.put_yn(entry, "hospitalised")
    elif condition == "congestive_heart_failure":
        draft.put_code(entry, "nyha_class", 1, 1, 2, 3, 4)
    elif condition in ("vascular_disease", "other_cardiac_damage"):
        draft.put_yn(entry, "affects_safety_evaluation")
    elif condition == "venous_thromboembolism":
        draft.put_code(entry, "grade", 1, 2, 2, 3, 3, 4, 5)
    elif condition == "bleeding_event":
        draft.put_yn(entry, "significant", "haemorrhoidal", yes=0.6)
        draft.put_yn(entry, "needed_intervention", yes=0.3)
    elif condition == "infection":
        draft.put_yn(entry, "severe")
        draft.put_code(entry, "anti_infective", "none", "systemic", "systemic", "hepatitis_antiviral")
        draft.put_yn(entry, "anti_infective_ongoing", yes=0.2)
        draft.put(entry, "anti_infective_last_date", draft.spell(draft.edge(0, 14)))


def change_condition(draft: Draft, condition: str) -> None:
    """Other entries for a condition: none, one or several, in every status."""
    history = draft.records("history")
    others = [entry for entry in history if entry["condition"] != condition]
    history[:] = others
    for _ in range(draft.pick(0, 1, 1, 1, 1, 2, 2, 3)):
        entry: Record = {
            "condition": condition,
            "status": draft.pick("absent", "past", "past", "past", "current", "unknown"),
        }
        if entry["status"] != "absent" or draft.chance(0.2):
            from_visit, months, days = CONDITION_WINDOWS.get(condition, (False, 12, 0))
            draft.put(entry, "date", draft.spell(draft.edge(months, days, from_visit)))
            entry_details(draft, condition, entry)
        history.insert(draft.rng.randint(0, len(history)), entry)


def history_changer(*conditions: str) -> Callable[[Draft], None]:
    def change(draft: Draft) -> None:
        change_condition(draft, draft.rng.choice(conditions))

    return change
