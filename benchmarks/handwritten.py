"""An independent hand-written reading of the NCT05990231 eligibility criteria.

Plain Python for this one trial, written from the criteria page alone and without sight of the rule engine. It is
kept as a referee (the engine's tests compare the two on random documents) and as the benchmark's baseline.

A truth is True, False or None (unknown). A date is the interval of days that it covers, a laboratory result the range
that it reports. Numbers are compared as they were reported (int or Decimal), against limits stated in the reported
unit; whatever has to be multiplied is a Fraction. No binary floating point anywhere.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

Truth: TypeAlias = bool | None
Number: TypeAlias = int | Decimal | Fraction
Record: TypeAlias = dict[str, Any]
Days: TypeAlias = tuple[date, date]


class Window(NamedTuple):
    """The length of a window: calendar months, or days."""

    months: int = 0
    days: int = 0


class Range(NamedTuple):
    """What a reported result can be. `high` is None when it has no upper bound."""

    low: Number
    high: Number | None
    low_open: bool = False
    high_open: bool = False


# Parameters, at their default values. A window of None is "any time".

MIN_AGE = 18
MAX_AGE = 80
MAX_ECOG = 1
MIN_LIFE_EXPECTANCY = 3
RELAPSE_WINDOW = Window(months=6)
MIN_NODE = 15
MIN_LESION = 10

MIN_ANC = {"/mm3": 1500, "/uL": 1500, "10*3/uL": Decimal("1.5"), "10*9/L": Decimal("1.5")}
MIN_PLATELETS = {"/mm3": 100_000, "/uL": 100_000, "10*3/uL": 100, "10*9/L": 100}
MIN_HAEMOGLOBIN = {"g/dL": 9, "g/L": 90, "mmol/L": Decimal("5.6")}
MAX_CREATININE = {"mg/dL": Decimal("1.5"), "umol/L": Decimal("132.6")}  # 1 mg/dL = 88.4 umol/L
MIN_CLEARANCE = 60
MAX_BILIRUBIN = Fraction(3, 2)  # times the upper limit of normal, as are the next two
MAX_AST = Fraction(3, 2)
MAX_ALT = Fraction(3, 2)
SUPPORT_FREE = Window(days=14)
LAB_MAX_AGE: Window | None = None
PREGNANCY_TEST_WINDOW = Window(days=3)

OTHER_MALIGNANCY = Window(months=36)
WASHOUT_SYSTEMIC = Window(days=21)
WASHOUT_LOCAL = Window(days=14)
WASHOUT_IMMUNOMODULATOR = Window(days=14)
WASHOUT_TCM = Window(days=7)
SEVERE_IRAE = 3
CARDIAC_IRAE = 2
MAX_RESIDUAL_GRADE_PD1 = 1
AUTOIMMUNE = Window(months=24)
CNS_STABLE = Window(days=14)
CNS_STEROID_FREE = Window(days=7)
CNS_MAX_LESION = 15
CARDIAC = Window(months=12)
MIN_NYHA = 2
ARTERIAL_THROMBOSIS = Window(months=6)
VTE_GRADE = 3
VASCULAR_EVENT: Window | None = None
COPD = Window(months=1)
MAX_SYSTOLIC = 160
MAX_DIASTOLIC = 100
BLEEDING = Window(months=1)
SEVERE_INFECTION = Window(days=28)
ANTI_INFECTIVE = Window(days=14)
MAX_HBV_DNA = {"[IU]/mL": 200, "{copies}/mL": 1000}
MAX_RESIDUAL_GRADE = 1
MAJOR_SURGERY_BEFORE = Window(days=30)
MAJOR_SURGERY_AFTER = Window(days=30)
MINOR_PROCEDURE = Window(days=3)
LIVE_VACCINE = Window(days=30)
MAX_WBC = {"/mm3": 20_000, "/uL": 20_000, "10*3/uL": 20, "10*9/L": 20}
MAX_WEIGHT_LOSS = Fraction(10, 100)

# Cockcroft-Gault, (140 - age) x weight x sex / (72 x mg/dL): what the numerator must reach per unit of creatinine.
CLEARANCE_PER_CREATININE = {
    "mg/dL": Fraction(MIN_CLEARANCE * 72),
    "umol/L": Fraction(MIN_CLEARANCE * 72) / Fraction("88.4"),
}
COCKCROFT_GAULT_SEX = {"male": Fraction(1), "female": Fraction("0.85")}

NOT_PD1_IMMUNOTHERAPY = frozenset(
    (
        "anti_pdl1",
        "anti_ctla4",
        "anti_cd47",
        "anti_sirpa",
        "anti_lag3",
        "costimulatory_agonist",
        "cell_therapy",
        "other_immunotherapy",
    )
)
LOCALLY_CURABLE_TUMOURS = (
    "basal_cell_skin",
    "squamous_cell_skin",
    "superficial_bladder",
    "cervical_in_situ",
    "breast_in_situ",
)


# Three-valued logic (Kleene's strong one).


def all_of(*conditions: Truth) -> Truth:
    if False in conditions:
        return False
    return None if None in conditions else True


def any_of(*conditions: Truth) -> Truth:
    if True in conditions:
        return True
    return None if None in conditions else False


def negate(condition: Truth) -> Truth:
    return None if condition is None else not condition


# Facts. An absent key, null and "unknown" are the same.


def section(doc: Record, name: str) -> Record:
    found = doc.get(name)
    return found if isinstance(found, dict) else {}


def known(record: Record, key: str) -> Any:
    value = record.get(key)
    return None if value == "unknown" else value


def yes(record: Record, key: str) -> Truth:
    answer = record.get(key)
    if answer == "yes":
        return True
    return False if answer == "no" else None


def is_one(record: Record, key: str, *codes: str) -> Truth:
    value = record.get(key)
    if value is None or value == "unknown":
        return None
    return value in codes


def number_at_least(record: Record, key: str, limit: int) -> Truth:
    value = known(record, key)
    return None if value is None else bool(value >= limit)


def number_above(record: Record, key: str, limit: int) -> Truth:
    value = known(record, key)
    return None if value is None else bool(value > limit)


def records(doc: Record, name: str) -> list[Record]:
    found = doc.get(name)
    return found if isinstance(found, list) else []


def is_reviewed(doc: Record, name: str) -> bool:
    return name in (doc.get("reviewed") or ())


def some(doc: Record, name: str, satisfies: Callable[[Record], Truth]) -> Truth:
    """Whether some record of a list satisfies a condition; absence is proved only by a reviewed list."""
    return exists([satisfies(record) for record in records(doc, name)], is_reviewed(doc, name))


def exists(truths: list[Truth], complete: bool) -> Truth:
    if True in truths:
        return True
    return False if complete and None not in truths else None


# Dates.


def days(record: Record, key: str) -> Days | None:
    """The interval of days that a whole or partial date covers."""
    text = record.get(key)
    if text is None or text == "unknown":
        return None
    if len(text) == 10:
        day = date.fromisoformat(text)
        return day, day
    year = int(text[:4])
    if len(text) == 4:
        return date(year, 1, 1), date(year, 12, 31)
    month = int(text[5:])
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def visit_day(doc: Record) -> date:
    return date.fromisoformat(doc["visit"]["date"])


def first_dose_day(doc: Record) -> date | None:
    text = known(doc["visit"], "planned_first_dose_date")
    return None if text is None else date.fromisoformat(text)


def add_months(day: date, months: int) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def before(anchor: date, window: Window) -> date:
    return (add_months(anchor, -window.months) if window.months else anchor) - timedelta(window.days)


def after(anchor: date, window: Window) -> date:
    return (add_months(anchor, window.months) if window.months else anchor) + timedelta(window.days)


def is_between(when: Days | None, first: date, last: date) -> Truth:
    if when is None:
        return None
    if first <= when[0] and when[1] <= last:
        return True
    return False if when[1] < first or last < when[0] else None


def on_or_before(when: Days | None, limit: date) -> Truth:
    if when is None:
        return None
    if when[1] <= limit:
        return True
    return False if when[0] > limit else None


def since(when: Days | None, window: Window | None, anchor: date | None) -> Truth:
    if window is None:
        return True
    if when is None or anchor is None:
        return None
    start = before(anchor, window)
    if when[0] >= start:
        return True
    return False if when[1] < start else None


def within_before(when: Days | None, window: Window | None, anchor: date | None) -> Truth:
    if window is None:
        return True
    if anchor is None:
        return None
    return is_between(when, before(anchor, window), anchor)


def within_after(when: Days | None, window: Window, anchor: date | None) -> Truth:
    if anchor is None:
        return None
    return is_between(when, anchor + timedelta(1), after(anchor, window))


def age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_range(doc: Record) -> tuple[int, int] | None:
    born = days(section(doc, "subject"), "birth_date")
    if born is None:
        return None
    visit = visit_day(doc)
    return age(min(born[1], visit), visit), age(born[0], visit)


# Laboratory results.


def last_result(doc: Record, analyte: str) -> Record | None:
    last: Record | None = None
    for result in records(doc, "labs"):
        if result["analyte"] == analyte and (last is None or result["collected"] >= last["collected"]):
            last = result
    return last


def reported(result: Record) -> Range:
    value = result["value"]
    comparator = result.get("comparator")
    if comparator == "<":
        return Range(0, value, high_open=True)
    if comparator == "<=":
        return Range(0, value)
    if comparator == ">":
        return Range(value, None, low_open=True)
    if comparator == ">=":
        return Range(value, None)
    return Range(value, value)


def at_least(value: Range, limit: Number) -> Truth:
    if value.low >= limit:
        return True
    if value.high is not None and (value.high < limit or (value.high == limit and value.high_open)):
        return False
    return None


def above(value: Range, limit: Number) -> Truth:
    if value.low > limit or (value.low == limit and value.low_open):
        return True
    return False if value.high is not None and value.high <= limit else None


def result_at_least(result: Record | None, limits: dict[str, Any]) -> Truth:
    return None if result is None else at_least(reported(result), limits[result["unit"]])


def result_above(result: Record | None, limits: dict[str, Any]) -> Truth:
    return None if result is None else above(reported(result), limits[result["unit"]])


def at_most_times_uln(result: Record | None, factor: Fraction) -> Truth:
    if result is None:
        return None
    uln = known(result, "uln")
    return None if uln is None else negate(above(reported(result), factor * Fraction(uln)))


def above_detection(result: Record | None) -> Truth:
    if result is None:
        return None
    lod = known(result, "lod")
    if lod is None:
        return result.get("comparator") not in ("<", "<=")
    return above(reported(result), lod)


# Medical history.


def entries(doc: Record, condition: str) -> list[Record]:
    return [entry for entry in records(doc, "history") if entry["condition"] == condition]


def some_entry(doc: Record, condition: str, satisfies: Callable[[Record], Truth]) -> Truth:
    """Whether some entry of a condition satisfies; a condition without an entry was not asked and is unknown."""
    found = entries(doc, condition)
    return exists([satisfies(entry) for entry in found], bool(found))


def occurred(entry: Record) -> Truth:
    return is_one(entry, "status", "past", "current")


def is_current(entry: Record) -> Truth:
    return is_one(entry, "status", "current")


def ever(doc: Record, condition: str) -> Truth:
    return some_entry(doc, condition, occurred)


def occurred_since(entry: Record, window: Window | None, anchor: date | None) -> Truth:
    return all_of(occurred(entry), any_of(is_current(entry), since(days(entry, "date"), window, anchor)))


# Outcomes.


def include(condition: Truth) -> str:
    if condition is None:
        return "unknown"
    return "pass" if condition else "fail"


def exclude(condition: Truth) -> str:
    return include(negate(condition))


def include_if(applies: Truth, condition: Truth) -> str:
    if applies is False:
        return "not_applicable"
    if applies is None:
        return "pass" if condition else "unknown"
    return include(condition)


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
    """Expected to live at least three months."""
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
    """The agents of a therapy, None when they are not known."""
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
    """The disease failed a PD-1 inhibitor with platinum, and had no other systemic therapy."""
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
    """An uncontrolled comorbidity."""
    return exclude(
        any_of(
            some_entry(doc, "decompensated_cirrhosis", is_current),
            some_entry(doc, "nephrotic_syndrome", is_current),
            some_entry(doc, "uncontrolled_metabolic_disorder", is_current),
            some_entry(doc, "compliance_limiting_condition", is_current),
            some_entry(doc, "other_uncontrolled_comorbidity", is_current),
        )
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
    """A bleeding disorder, or significant bleeding in the last month."""
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
    """A live vaccine."""
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
    """A complication of the tumour, or another disease, that raises the risk."""
    investigator = section(doc, "investigator")
    return exclude(
        any_of(
            result_above(last_result(doc, "wbc"), MAX_WBC),
            lost_weight(doc),
            yes(investigator, "other_tumour_complication"),
            yes(investigator, "other_disease_raising_risk"),
        )
    )


_FUNCTIONS: tuple[Callable[[Record], str], ...] = (
    *(i01, i02, i03, i04, i05, i06, i07, i08, i09, i10, i11, i12),
    *(e01, e02, e03, e04, e05, e06, e07, e08, e09, e10, e11, e12, e13, e14, e15),
    *(e16, e17, e18, e19, e20, e21, e22, e23, e24, e25, e26, e27, e28, e29, e30),
)
CRITERIA: dict[str, Callable[[Record], str]] = {function.__name__.upper(): function for function in _FUNCTIONS}


def outcomes(document: Record) -> dict[str, str]:
    """The outcome of every criterion at a visit."""
    return {code: criterion(document) for code, criterion in CRITERIA.items()}


def overall(outcomes: dict[str, str]) -> str:
    """What the outcomes of all criteria amount to."""
    found = outcomes.values()
    if "fail" in found:
        return "ineligible"
    return "undetermined" if "unknown" in found else "eligible"
