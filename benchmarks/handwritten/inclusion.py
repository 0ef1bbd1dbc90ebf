"""The inclusion criteria, I01 to I12."""

from datetime import date
from fractions import Fraction

from benchmarks.handwritten.facts import Record, Truth
from benchmarks.handwritten.logic import (
    after,
    age_range,
    all_of,
    any_of,
    at_least,
    at_most_times_uln,
    before,
    days,
    exists,
    first_dose_day,
    is_one,
    is_reviewed,
    known,
    last_result,
    negate,
    number_above,
    number_at_least,
    on_or_before,
    records,
    reported,
    result_above,
    result_at_least,
    section,
    some,
    visit_day,
    within_before,
    yes,
)
from benchmarks.handwritten.outcome import include, include_if
from benchmarks.handwritten.parameters import (
    CLEARANCE_PER_CREATININE,
    COCKCROFT_GAULT_SEX,
    LAB_MAX_AGE,
    MAX_AGE,
    MAX_ALT,
    MAX_AST,
    MAX_BILIRUBIN,
    MAX_CREATININE,
    MAX_ECOG,
    MIN_AGE,
    MIN_ANC,
    MIN_CLEARANCE,
    MIN_HAEMOGLOBIN,
    MIN_LESION,
    MIN_LIFE_EXPECTANCY,
    MIN_NODE,
    MIN_PLATELETS,
    PREGNANCY_TEST_WINDOW,
    RELAPSE_WINDOW,
    SUPPORT_FREE,
)

# Inclusion criteria.


def i01(doc: Record) -> str:
    """Written informed consent."""
    consent = section(doc, "consent")
    return include(all_of(yes(consent, "signed"), on_or_before(days(consent, "date"), visit_day(doc))))


def i02(doc: Record) -> str:
    """Aged 18 to 80."""
    ages = age_range(doc)
    if ages is None:
        return "unknown"
    youngest, oldest = ages
    if youngest >= MIN_AGE and oldest <= MAX_AGE:
        return "pass"
    return "fail" if oldest < MIN_AGE or youngest > MAX_AGE else "unknown"


def i03(doc: Record) -> str:
    """ECOG performance status 0 or 1."""
    return include(negate(number_above(section(doc, "performance"), "ecog", MAX_ECOG)))


def i04(doc: Record) -> str:
    """Require a life expectancy of at least three months."""
    return include(number_at_least(section(doc, "performance"), "life_expectancy_months", MIN_LIFE_EXPECTANCY))


def i05(doc: Record) -> str:
    """Advanced oesophageal squamous cell carcinoma, confirmed, that cannot be cured."""
    disease = section(doc, "disease")
    return include(
        all_of(
            is_one(disease, "histology", "escc"),
            is_one(disease, "confirmed_by", "histology", "cytology", "histology_and_cytology"),
            is_one(disease, "extent", "locally_advanced", "recurrent", "metastatic"),
            negate(yes(disease, "curable")),
        )
    )


def agents_of(therapy: Record) -> list[str] | None:
    """Return the agents of a therapy, None when they are not known."""
    agents: list[str] | None = known(therapy, "agents")
    if agents or (agents is not None and therapy.get("kind") in ("local_palliative", "antitumour_tcm")):
        return agents
    return None


def progressed_in_time(therapy: Record) -> Truth:
    progression, end = days(therapy, "progression_date"), days(therapy, "end_date")
    if progression is None or end is None:
        return None
    if progression[1] < after(end[0], RELAPSE_WINDOW):
        return True
    return False if progression[0] >= after(end[1], RELAPSE_WINDOW) else None


def qualifies(therapy: Record) -> Truth:
    agents = agents_of(therapy)
    return all_of(
        is_one(therapy, "kind", "systemic"),
        None if agents is None else "pd1_inhibitor" in agents and "platinum" in agents,
        yes(therapy, "progressed"),
        any_of(
            is_one(therapy, "intent", "palliative"),
            all_of(is_one(therapy, "intent", "neoadjuvant", "adjuvant", "definitive"), progressed_in_time(therapy)),
        ),
    )


def started_after_progression(later: Record, earlier: Record) -> Truth:
    """Whether a regimen started on or after the day on which another one progressed."""
    start, progression = days(later, "start_date"), days(earlier, "progression_date")
    if start is None or progression is None:
        return None
    if start[0] >= progression[1]:
        return True
    return False if start[1] < progression[0] else None


def i06(doc: Record) -> str:
    """Require that the disease failed a PD-1 inhibitor with platinum, and had no other systemic therapy."""
    therapies = records(doc, "therapies")
    qualifying = [qualifies(therapy) for therapy in therapies]
    palliative = [is_one(therapy, "intent", "palliative") for therapy in therapies]

    def is_extra(mine: int) -> Truth:
        follows_any: Truth = False
        follows_palliative: Truth = False
        for other, earlier in enumerate(therapies):
            if other != mine and qualifying[other] is not False:
                follows = all_of(qualifying[other], started_after_progression(therapies[mine], earlier))
                follows_any = any_of(follows_any, follows)
                follows_palliative = any_of(follows_palliative, all_of(palliative[other], follows))
        return all_of(
            is_one(therapies[mine], "kind", "systemic"),
            any_of(
                all_of(negate(qualifying[mine]), any_of(palliative[mine], follows_any)),
                all_of(palliative[mine], follows_palliative),
            ),
        )

    reviewed = is_reviewed(doc, "therapies")
    extra = [is_extra(index) for index in range(len(therapies))]
    return include(all_of(exists(qualifying, reviewed), negate(exists(extra, reviewed))))


def i07(doc: Record) -> str:
    """At least one measurable lesion."""

    def is_target(lesion: Record) -> Truth:
        return all_of(
            any_of(
                number_at_least(lesion, "diameter_mm", MIN_NODE),
                all_of(negate(yes(lesion, "nodal")), number_at_least(lesion, "diameter_mm", MIN_LESION)),
            ),
            any_of(negate(yes(lesion, "irradiated")), yes(lesion, "progressed_after_irradiation")),
        )

    return include(some(doc, "lesions", is_target))


def cockcroft_gault_suffices(doc: Record, creatinine: Record | None) -> Truth:
    ages = age_range(doc)
    weight = known(section(doc, "vitals"), "weight_kg")
    sex = known(section(doc, "subject"), "sex")
    if creatinine is None or ages is None or weight is None or sex is None:
        return None
    youngest, oldest = ages
    value = reported(creatinine)
    needed = CLEARANCE_PER_CREATININE[creatinine["unit"]]
    factor = Fraction(weight) * COCKCROFT_GAULT_SEX[sex]
    if value.high is not None and (140 - oldest) * factor >= needed * Fraction(value.high):
        return True
    best, lowest_need = (140 - youngest) * factor, needed * Fraction(value.low)
    return False if best < lowest_need or (best == lowest_need and value.low_open) else None


def i08(doc: Record) -> str:
    """Adequate bone marrow, kidney and liver function, without support."""
    anc, platelets, haemoglobin, creatinine, clearance, bilirubin, ast, alt = results = [
        last_result(doc, analyte)
        for analyte in (
            "anc",
            "platelets",
            "haemoglobin",
            "creatinine",
            "creatinine_clearance",
            "bilirubin_total",
            "ast",
            "alt",
        )
    ]
    sampled = {None if result is None else date.fromisoformat(result["collected"]) for result in results[:3]}

    def in_sample_window(support: Record) -> Truth:
        given = days(support, "date")
        return any_of(*[within_before(given, SUPPORT_FREE, day) for day in sampled])

    kidney = any_of(
        at_most_times_uln(creatinine, Fraction(1)),
        negate(result_above(creatinine, MAX_CREATININE)),
    )
    if kidney is not True:
        kidney = any_of(
            kidney,
            at_least(reported(clearance), MIN_CLEARANCE) if clearance else cockcroft_gault_suffices(doc, creatinine),
        )
    first_dose = first_dose_day(doc)
    return include(
        all_of(
            result_at_least(anc, MIN_ANC),
            result_at_least(platelets, MIN_PLATELETS),
            result_at_least(haemoglobin, MIN_HAEMOGLOBIN),
            negate(some(doc, "supportive_care", in_sample_window)),
            kidney,
            at_most_times_uln(bilirubin, MAX_BILIRUBIN),
            at_most_times_uln(ast, MAX_AST),
            at_most_times_uln(alt, MAX_ALT),
            *[within_before(days(result, "collected"), LAB_MAX_AGE, first_dose) for result in results if result],
        )
    )


def is_fertile_woman(doc: Record) -> Truth:
    return all_of(
        is_one(section(doc, "subject"), "sex", "female"),
        yes(section(doc, "reproductive"), "childbearing_potential"),
    )


def not_pregnant_by_test(doc: Record) -> Truth:
    first_dose = first_dose_day(doc)
    if first_dose is None:
        return None
    # Whole ISO dates sort as text.
    start, end = before(first_dose, PREGNANCY_TEST_WINDOW).isoformat(), first_dose.isoformat()
    tests = [test for test in records(doc, "pregnancy_tests") if start <= test["date"] <= end]
    tests.sort(key=lambda test: str(test["date"]))  # stable: of several on one day the last in the list is last
    serum = [test for test in tests if test["specimen"] == "serum"]
    urine = [test for test in tests if test["specimen"] == "urine"]
    if not serum:
        return True if urine and urine[-1]["result"] == "negative" else None
    last = serum[-1]
    if last["result"] == "positive":
        return False
    if last["result"] == "indeterminate":
        return None
    doubted = any(test["date"] > last["date"] and test["result"] != "negative" for test in urine)
    return None if doubted else True


def i09(doc: Record) -> str:
    """Women of childbearing potential: a negative pregnancy test."""
    return include_if(is_fertile_woman(doc), not_pregnant_by_test(doc))


def i10(doc: Record) -> str:
    """Women of childbearing potential with a fertile partner: contraception."""
    reproductive = section(doc, "reproductive")
    return include_if(
        all_of(is_fertile_woman(doc), yes(reproductive, "partner_at_risk")),
        yes(reproductive, "contraception_agreed"),
    )


def i11(doc: Record) -> str:
    """Men with a partner of childbearing potential: contraception."""
    reproductive = section(doc, "reproductive")
    return include_if(
        all_of(
            is_one(section(doc, "subject"), "sex", "male"),
            negate(yes(reproductive, "sterilised")),
            yes(reproductive, "partner_at_risk"),
        ),
        yes(reproductive, "contraception_agreed"),
    )


def i12(doc: Record) -> str:
    """Willing and able to comply."""
    return include(yes(section(doc, "consent"), "willing_to_comply"))
