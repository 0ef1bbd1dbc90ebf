"""The exclusion criteria of the person's other conditions, E13 to E30."""

from fractions import Fraction

from benchmarks.handwritten.facts import Record, Truth
from benchmarks.handwritten.logic import (
    above_detection,
    all_of,
    any_of,
    days,
    ever,
    first_dose_day,
    is_one,
    known,
    last_result,
    negate,
    number_above,
    number_at_least,
    occurred,
    occurred_since,
    result_above,
    section,
    since,
    some,
    some_entry,
    within_after,
    within_before,
    yes,
)
from benchmarks.handwritten.outcome import exclude, include_if
from benchmarks.handwritten.parameters import (
    ANTI_INFECTIVE,
    ARTERIAL_THROMBOSIS,
    BLEEDING,
    CARDIAC,
    COPD,
    LIVE_VACCINE,
    MAJOR_SURGERY_AFTER,
    MAJOR_SURGERY_BEFORE,
    MAX_DIASTOLIC,
    MAX_HBV_DNA,
    MAX_RESIDUAL_GRADE,
    MAX_SYSTOLIC,
    MAX_WBC,
    MAX_WEIGHT_LOSS,
    MIN_NYHA,
    MINOR_PROCEDURE,
    SEVERE_INFECTION,
    VASCULAR_EVENT,
    VTE_GRADE,
)


def e13(doc: Record) -> str:
    """Myocarditis, cardiomyopathy or malignant arrhythmia."""
    return exclude(any_of(ever(doc, "myocarditis"), ever(doc, "cardiomyopathy"), ever(doc, "malignant_arrhythmia")))


def e14(doc: Record) -> str:
    """Serious heart or vessel disease in the last 12 months."""
    first_dose = first_dose_day(doc)

    def recent(entry: Record) -> Truth:
        return occurred_since(entry, CARDIAC, first_dose)

    def recent_and_hospitalised(entry: Record) -> Truth:
        return all_of(recent(entry), yes(entry, "hospitalised"))

    def recent_and_nyha(entry: Record) -> Truth:
        return all_of(recent(entry), number_at_least(entry, "nyha_class", MIN_NYHA))

    def recent_and_relevant(entry: Record) -> Truth:
        return all_of(recent(entry), yes(entry, "affects_safety_evaluation"))

    return exclude(
        any_of(
            some_entry(doc, "unstable_angina", recent_and_hospitalised),
            some_entry(doc, "myocardial_infarction", recent),
            some_entry(doc, "congestive_heart_failure", recent_and_nyha),
            some_entry(doc, "vascular_disease", recent_and_relevant),
            some_entry(doc, "other_cardiac_damage", recent_and_relevant),
        )
    )


def uncontrolled_pressure(doc: Record) -> Truth:
    vitals = section(doc, "vitals")
    high = any_of(
        number_at_least(vitals, "systolic_bp", MAX_SYSTOLIC), number_at_least(vitals, "diastolic_bp", MAX_DIASTOLIC)
    )
    if high is False:
        return False
    return True if high and yes(vitals, "on_antihypertensives") else None


def e15(doc: Record) -> str:
    """Thrombosis, stroke, hypertensive crisis, COPD exacerbation, uncontrolled blood pressure."""
    first_dose = first_dose_day(doc)

    def arterial(entry: Record) -> Truth:
        return occurred_since(entry, ARTERIAL_THROMBOSIS, first_dose)

    def venous(entry: Record) -> Truth:
        return all_of(occurred_since(entry, VASCULAR_EVENT, first_dose), number_at_least(entry, "grade", VTE_GRADE))

    def vascular(entry: Record) -> Truth:
        return occurred_since(entry, VASCULAR_EVENT, first_dose)

    def copd(entry: Record) -> Truth:
        return occurred_since(entry, COPD, first_dose)

    return exclude(
        any_of(
            some_entry(doc, "arterial_thrombosis", arterial),
            some_entry(doc, "venous_thromboembolism", venous),
            some_entry(doc, "transient_ischaemic_attack", vascular),
            some_entry(doc, "cerebrovascular_accident", vascular),
            some_entry(doc, "hypertensive_crisis", vascular),
            some_entry(doc, "hypertensive_encephalopathy", vascular),
            some_entry(doc, "copd_exacerbation", copd),
            uncontrolled_pressure(doc),
        )
    )


def e16(doc: Record) -> str:
    """Look for a bleeding disorder, or significant bleeding in the last month."""
    first_dose = first_dose_day(doc)

    def counts(entry: Record) -> Truth:
        return all_of(
            occurred_since(entry, BLEEDING, first_dose),
            yes(entry, "significant"),
            negate(all_of(yes(entry, "haemorrhoidal"), negate(yes(entry, "needed_intervention")))),
        )

    return exclude(any_of(ever(doc, "bleeding_disorder"), some_entry(doc, "bleeding_event", counts)))


def e17(doc: Record) -> str:
    """Inflammatory bowel disease or chronic diarrhoea."""
    return exclude(ever(doc, "inflammatory_bowel_disease"))


def e18(doc: Record) -> str:
    """Recent severe infection or systemic anti-infective treatment."""
    first_dose = first_dose_day(doc)

    def counts(entry: Record) -> Truth:
        last_given = days(entry, "anti_infective_last_date")
        return any_of(
            all_of(occurred_since(entry, SEVERE_INFECTION, first_dose), yes(entry, "severe")),
            all_of(
                occurred(entry),
                is_one(entry, "anti_infective", "systemic"),
                any_of(yes(entry, "anti_infective_ongoing"), since(last_given, ANTI_INFECTIVE, first_dose)),
            ),
        )

    return exclude(some_entry(doc, "infection", counts))


def e19(doc: Record) -> str:
    """Active tuberculosis or syphilis."""
    infections = section(doc, "infections")
    tuberculosis = (
        None if infections.get("tuberculosis") == "suspected" else is_one(infections, "tuberculosis", "active")
    )
    return exclude(any_of(tuberculosis, yes(infections, "syphilis_active")))


def e20(doc: Record) -> str:
    """Active hepatitis B without antiviral therapy, or active hepatitis C."""
    infections = section(doc, "infections")
    hbv_dna, hcv_rna = last_result(doc, "hbv_dna"), last_result(doc, "hcv_rna")
    return exclude(
        any_of(
            all_of(
                is_one(infections, "hbsag", "positive"),
                result_above(hbv_dna, MAX_HBV_DNA),
                True if hbv_dna is not None and known(hbv_dna, "lod") is None else above_detection(hbv_dna),
                negate(yes(infections, "hbv_antiviral")),
            ),
            all_of(is_one(infections, "hcv_antibody", "positive"), above_detection(hcv_rna)),
        )
    )


def e21(doc: Record) -> str:
    """Immunodeficiency, HIV, long-term steroids or immunosuppressants."""
    medication = section(doc, "medication")
    return exclude(
        any_of(
            ever(doc, "immunodeficiency"),
            is_one(section(doc, "infections"), "hiv_antibody", "positive"),
            yes(medication, "long_term_systemic_corticosteroids"),
            yes(medication, "immunosuppressants"),
        )
    )


def e22(doc: Record) -> str:
    """Allogeneic transplant."""
    return exclude(ever(doc, "allogeneic_transplant"))


def e23(doc: Record) -> str:
    """Toxicity of an earlier therapy that has not settled."""

    def counts(event: Record) -> Truth:
        excused = any_of(
            yes(event, "alopecia"),
            yes(event, "irreversible_accepted"),
            yes(event, "level_permitted"),
            all_of(
                is_one(event, "organ_system", "endocrine"),
                yes(event, "during_pd1"),
                yes(event, "stable_on_replacement"),
            ),
        )
        return all_of(number_above(event, "current_grade", MAX_RESIDUAL_GRADE), negate(excused))

    return exclude(some(doc, "adverse_events", counts))


def e24(doc: Record) -> str:
    """Surgery or injury too close to the first dose."""
    first_dose = first_dose_day(doc)

    def too_close(procedure: Record) -> Truth:
        when = days(procedure, "date")
        return any_of(
            all_of(
                is_one(procedure, "kind", "major_surgery", "serious_injury"),
                within_before(when, MAJOR_SURGERY_BEFORE, first_dose),
            ),
            all_of(is_one(procedure, "kind", "major_surgery"), within_after(when, MAJOR_SURGERY_AFTER, first_dose)),
            all_of(is_one(procedure, "kind", "minor_procedure"), within_before(when, MINOR_PROCEDURE, first_dose)),
        )

    return exclude(some(doc, "procedures", too_close))


def e25(doc: Record) -> str:
    """Hypersensitivity to the study drugs or to another antibody."""
    return exclude(any_of(ever(doc, "study_drug_hypersensitivity"), ever(doc, "severe_antibody_hypersensitivity")))


def e26(doc: Record) -> str:
    """Look for a live vaccine."""
    first_dose = first_dose_day(doc)

    def counts(vaccination: Record) -> Truth:
        return all_of(
            yes(vaccination, "live"),
            any_of(yes(vaccination, "planned"), since(days(vaccination, "date"), LIVE_VACCINE, first_dose)),
        )

    return exclude(some(doc, "vaccinations", counts))


def e27(doc: Record) -> str:
    """Psychiatric illness, drug abuse, alcoholism or addiction."""
    return exclude(any_of(ever(doc, "psychiatric_illness"), ever(doc, "substance_abuse")))


def e28(doc: Record) -> str:
    """Pregnant or breastfeeding."""
    reproductive = section(doc, "reproductive")
    return include_if(
        is_one(section(doc, "subject"), "sex", "female"),
        negate(any_of(yes(reproductive, "pregnant"), yes(reproductive, "breastfeeding"))),
    )


def e29(doc: Record) -> str:
    """Another reason, in the investigator's judgement."""
    return exclude(yes(section(doc, "investigator"), "other_reason_to_exclude"))


def lost_weight(doc: Record) -> Truth:
    vitals = section(doc, "vitals")
    now, earlier = known(vitals, "weight_kg"), known(vitals, "weight_kg_3_months_ago")
    if now is None or earlier is None:
        return yes(vitals, "known_weight_loss_over_10_percent")
    return Fraction(earlier) - Fraction(now) > MAX_WEIGHT_LOSS * Fraction(earlier)


def e30(doc: Record) -> str:
    """Look for a complication of the tumour, or another disease, that raises the risk."""
    investigator = section(doc, "investigator")
    return exclude(
        any_of(
            result_above(last_result(doc, "wbc"), MAX_WBC),
            lost_weight(doc),
            yes(investigator, "other_tumour_complication"),
            yes(investigator, "other_disease_raising_risk"),
        )
    )
