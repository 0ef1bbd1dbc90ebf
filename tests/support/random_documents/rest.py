"""What else can be changed, and what can go missing."""

from datetime import timedelta
from decimal import Decimal

from tests.support.random_documents.draft import Draft
from tests.support.random_documents.words import LISTS

# Everything else.


def change_pressure(draft: Draft) -> None:
    vitals = draft.section("vitals")
    draft.put(vitals, "systolic_bp", draft.around("160", "1", "0.1"))
    draft.put(vitals, "diastolic_bp", draft.around("100", "1", "0.1"))
    draft.put_yn(vitals, "on_antihypertensives")


def change_weight(draft: Draft) -> None:
    vitals = draft.section("vitals")
    earlier = Decimal(draft.pick("70", "63.5", "80", "55.55"))
    draft.put(vitals, "weight_kg_3_months_ago", draft.number(earlier))
    draft.put(vitals, "weight_kg", draft.around(earlier * Decimal("0.9"), "1", "0.01", "1E-30"))
    draft.put_yn(vitals, "known_weight_loss_over_10_percent", missing=0.3)


def change_imaging(draft: Draft) -> None:
    imaging = draft.section("imaging")
    draft.put_yn(imaging, "invades_critical_structure", "necrosis_or_cavity", "bleeding_risk_increased")
    draft.put_yn(imaging, "fistula_risk", yes=0.15)
    if draft.chance(0.3):
        draft.put(imaging, "date", draft.spell(draft.visit - timedelta(draft.rng.randint(0, 60))))


def change_cns_sites(draft: Draft) -> None:
    key = draft.pick("brainstem_metastasis", "meningeal_metastasis", "spinal_cord_metastasis_or_compression")
    draft.put_yn(draft.section("cns"), key, missing=0.4)


def change_brain(draft: Draft) -> None:
    cns = draft.section("cns")
    kinds = ("none", "treated", "treated", "untreated", "untreated", "treated_and_untreated")
    draft.put_code(cns, "brain_metastases", *kinds, missing=0.1)
    draft.put(cns, "stable_since", draft.spell(draft.edge(0, 14)))
    draft.put_code(cns, "corticosteroids", "never", "never", "stopped", "stopped", "stopped", "ongoing", missing=0.08)
    draft.put(cns, "corticosteroid_stop_date", draft.spell(draft.edge(0, 7)))
    draft.put_yn(cns, "symptomatic", "oedema", yes=0.15, missing=0.08)
    draft.put(cns, "largest_mm", draft.around("15", "1", "0.1"), missing=0.08)


def change_medication(draft: Draft) -> None:
    key = draft.pick("long_term_systemic_corticosteroids", "immunosuppressants")
    draft.put_yn(draft.section("medication"), key, missing=0.4)


def change_study(draft: Draft) -> None:
    kinds = ("none", "observational", "interventional_follow_up", "interventional_treatment")
    draft.put_code(draft.document, "concurrent_study", *kinds, missing=0.3)


def change_judgement(draft: Draft) -> None:
    key = draft.pick("other_reason_to_exclude", "other_tumour_complication", "other_disease_raising_risk")
    draft.put_yn(draft.section("investigator"), key, missing=0.3)


def lose_first_dose(draft: Draft) -> None:
    draft.put(draft.section("visit"), "planned_first_dose_date", None)


def lose_review(draft: Draft) -> None:
    """A list that nobody confirmed, or no confirmation at all."""
    reviewed = draft.document.get("reviewed")
    if draft.chance(0.1):
        draft.document["reviewed"] = draft.pick(None, [])
    elif reviewed:
        reviewed.remove(draft.rng.choice(reviewed))


def lose_list(draft: Draft) -> None:
    """A list gone from the document: absent, null or empty."""
    name = draft.rng.choice((*LISTS, "pregnancy_tests", "labs", "history") if draft.chance(0.2) else LISTS)
    how = draft.rng.randrange(3)
    if how == 0:
        draft.document.pop(name, None)
    else:
        draft.document[name] = None if how == 1 else []


def lose_fact(draft: Draft) -> None:
    """A fact of one section gone unknown."""
    sections = (
        *("subject", "consent", "performance", "disease", "vitals", "imaging", "cns", "infections", "medication"),
        *("reproductive", "investigator"),
    )
    facts = draft.section(draft.rng.choice(sections))
    if facts:
        draft.put(facts, draft.rng.choice(list(facts)), None)


def lose_record_fact(draft: Draft) -> None:
    """A fact of one record in a list gone unknown."""
    found = draft.document.get(draft.rng.choice(LISTS))
    record = draft.rng.choice(found) if found else {}
    keys = [key for key in record if key not in ("agents", "term", "site", "name")]
    if keys:
        draft.put(record, draft.rng.choice(keys), None)


def lose_section(draft: Draft) -> None:
    names = [name for name in draft.document if name not in ("visit", "reviewed", *LISTS, "labs", "history")]
    if not names:
        return
    name = draft.rng.choice(names)
    if draft.chance(0.5):
        del draft.document[name]
    else:
        draft.document[name] = None
