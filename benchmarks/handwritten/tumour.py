"""The exclusion criteria of the tumour, its treatment and its surroundings, E01 to E12."""

from benchmarks.handwritten.facts import Record, Truth, Window
from benchmarks.handwritten.inclusion import agents_of
from benchmarks.handwritten.logic import (
    all_of,
    any_of,
    before,
    days,
    first_dose_day,
    is_current,
    is_one,
    negate,
    number_above,
    number_at_least,
    occurred,
    occurred_since,
    on_or_before,
    section,
    since,
    some,
    some_entry,
    visit_day,
    yes,
)
from benchmarks.handwritten.outcome import exclude
from benchmarks.handwritten.parameters import (
    AUTOIMMUNE,
    CARDIAC_IRAE,
    CNS_MAX_LESION,
    CNS_STABLE,
    CNS_STEROID_FREE,
    LOCALLY_CURABLE_TUMOURS,
    MAX_RESIDUAL_GRADE_PD1,
    NOT_PD1_IMMUNOTHERAPY,
    OTHER_MALIGNANCY,
    SEVERE_IRAE,
    WASHOUT_IMMUNOMODULATOR,
    WASHOUT_LOCAL,
    WASHOUT_SYSTEMIC,
    WASHOUT_TCM,
)

# Exclusion criteria.


def e01(doc: Record) -> str:
    """Another malignant tumour within three years."""
    visit = visit_day(doc)

    def counts(entry: Record) -> Truth:
        exempt = all_of(
            yes(entry, "cured_by_local_treatment"),
            any_of(is_one(entry, "type", *LOCALLY_CURABLE_TUMOURS), yes(entry, "investigator_confirms_exempt")),
        )
        return all_of(occurred_since(entry, OTHER_MALIGNANCY, visit), negate(exempt))

    return exclude(some_entry(doc, "other_malignancy", counts))


def e02(doc: Record) -> str:
    """Another interventional study."""
    return exclude(is_one(doc, "concurrent_study", "interventional_treatment"))


def e03(doc: Record) -> str:
    """Therapy too close to the first dose."""
    first_dose = first_dose_day(doc)

    def too_close(therapy: Record) -> Truth:
        ongoing, end = yes(therapy, "ongoing"), days(therapy, "end_date")

        def given(kind: str, washout: Window) -> Truth:
            return all_of(is_one(therapy, "kind", kind), any_of(ongoing, since(end, washout, first_dose)))

        agents = agents_of(therapy)
        only_il11 = None if agents is None else set(agents) == {"il11"}
        return any_of(
            given("systemic", WASHOUT_SYSTEMIC),
            given("local_palliative", WASHOUT_LOCAL),
            all_of(
                given("immunomodulator", WASHOUT_IMMUNOMODULATOR),
                negate(all_of(only_il11, yes(therapy, "for_thrombocytopenia"))),
            ),
            given("antitumour_tcm", WASHOUT_TCM),
        )

    return exclude(some(doc, "therapies", too_close))


def e04(doc: Record) -> str:
    """Immunotherapy other than a PD-1 inhibitor."""

    def has_other_immunotherapy(therapy: Record) -> Truth:
        agents = agents_of(therapy)
        return None if agents is None else not NOT_PD1_IMMUNOTHERAPY.isdisjoint(agents)

    return exclude(some(doc, "therapies", has_other_immunotherapy))


def e05(doc: Record) -> str:
    """Toxicity of the earlier PD-1 inhibitor."""

    def counts(event: Record) -> Truth:
        immune_related = yes(event, "immune_related")
        endocrine = is_one(event, "organ_system", "endocrine")
        serious = all_of(
            immune_related,
            any_of(
                all_of(number_at_least(event, "max_grade", SEVERE_IRAE), negate(endocrine)),
                yes(event, "led_to_permanent_discontinuation"),
                all_of(is_one(event, "organ_system", "cardiac"), number_at_least(event, "max_grade", CARDIAC_IRAE)),
                is_one(event, "organ_system", "neurologic", "ophthalmologic"),
            ),
        )
        excused = any_of(
            all_of(endocrine, yes(event, "stable_on_replacement")),
            all_of(
                negate(immune_related),
                any_of(yes(event, "alopecia"), yes(event, "irreversible_accepted"), yes(event, "level_permitted")),
            ),
        )
        return all_of(
            yes(event, "during_pd1"),
            any_of(
                serious,
                all_of(number_above(event, "current_grade", MAX_RESIDUAL_GRADE_PD1), negate(excused)),
                yes(event, "needed_other_immunosuppressant"),
                yes(event, "recurred_needing_systemic_steroids"),
            ),
        )

    return exclude(some(doc, "adverse_events", counts))


def e06(doc: Record) -> str:
    """Risk of bleeding or of a fistula on imaging."""
    imaging = section(doc, "imaging")
    return exclude(
        any_of(
            all_of(
                any_of(yes(imaging, "invades_critical_structure"), yes(imaging, "necrosis_or_cavity")),
                yes(imaging, "bleeding_risk_increased"),
            ),
            yes(imaging, "fistula_risk"),
        )
    )


def e07(doc: Record) -> str:
    """Autoimmune disease treated systemically in the last two years."""
    visit = visit_day(doc)

    def treated(entry: Record) -> Truth:
        return all_of(
            occurred(entry),
            is_one(entry, "systemic_treatment", "systemic"),
            any_of(yes(entry, "treatment_ongoing"), since(days(entry, "treatment_last_date"), AUTOIMMUNE, visit)),
        )

    return exclude(some_entry(doc, "autoimmune_disease", treated))


def e08(doc: Record) -> str:
    """Uncontrolled interstitial lung disease on systemic steroids."""

    def counts(entry: Record) -> Truth:
        return all_of(is_current(entry), yes(entry, "needs_systemic_steroids"), negate(yes(entry, "controlled")))

    return exclude(some_entry(doc, "interstitial_lung_disease", counts))


def e09(doc: Record) -> str:
    """Brainstem, meningeal or spinal cord metastasis."""
    cns = section(doc, "cns")
    return exclude(
        any_of(
            yes(cns, "brainstem_metastasis"),
            yes(cns, "meningeal_metastasis"),
            yes(cns, "spinal_cord_metastasis_or_compression"),
        )
    )


def e10(doc: Record) -> str:
    """Active brain metastases."""
    cns = section(doc, "cns")
    first_dose = first_dose_day(doc)

    def by(key: str, window: Window) -> Truth:
        return None if first_dose is None else on_or_before(days(cns, key), before(first_dose, window))

    treated_allowed = all_of(
        by("stable_since", CNS_STABLE),
        any_of(
            is_one(cns, "corticosteroids", "never"),
            all_of(is_one(cns, "corticosteroids", "stopped"), by("corticosteroid_stop_date", CNS_STEROID_FREE)),
        ),
    )
    untreated_allowed = all_of(
        negate(yes(cns, "symptomatic")),
        is_one(cns, "corticosteroids", "never", "stopped"),
        negate(number_above(cns, "largest_mm", CNS_MAX_LESION)),
        negate(yes(cns, "oedema")),
    )
    return exclude(
        any_of(
            all_of(is_one(cns, "brain_metastases", "treated", "treated_and_untreated"), negate(treated_allowed)),
            all_of(is_one(cns, "brain_metastases", "untreated", "treated_and_untreated"), negate(untreated_allowed)),
        )
    )


def e11(doc: Record) -> str:
    """Effusion or ascites with symptoms or repeated drainage."""

    def counts(entry: Record) -> Truth:
        return all_of(is_current(entry), any_of(yes(entry, "symptomatic"), yes(entry, "repeated_drainage")))

    return exclude(
        any_of(*[some_entry(doc, site, counts) for site in ("pleural_effusion", "pericardial_effusion", "ascites")])
    )


def e12(doc: Record) -> str:
    """Look for an uncontrolled comorbidity."""
    return exclude(
        any_of(
            some_entry(doc, "decompensated_cirrhosis", is_current),
            some_entry(doc, "nephrotic_syndrome", is_current),
            some_entry(doc, "uncontrolled_metabolic_disorder", is_current),
            some_entry(doc, "compliance_limiting_condition", is_current),
            some_entry(doc, "other_uncontrolled_comorbidity", is_current),
        )
    )
