"""What can be changed about laboratory results and infections."""

from datetime import timedelta
from decimal import Decimal, localcontext

from tests.support.random_documents.draft import Draft, add_months
from tests.support.random_documents.words import COMFORTABLE, LIMITS, UPPER_LIMITS, Record

# Laboratory results.


def draft_result(draft: Draft, analyte: str, value: int | Decimal | None = None, unit: str | None = None) -> Record:
    unit = unit or draft.rng.choice(list(LIMITS[analyte]))
    limit = LIMITS[analyte][unit]
    if value is None:
        value = draft.around(limit)
        if draft.chance(0.4):
            value = draft.number(Decimal(limit) * Decimal(COMFORTABLE[analyte]))
    collected = draft.visit - timedelta(draft.pick(0, 1, 1, 1, 1, 2, 14, 40, -3, -9))
    result: Record = {"analyte": analyte, "value": value, "unit": unit, "collected": collected.isoformat()}
    if draft.chance(0.2):
        result["comparator"] = draft.pick(">", ">=", "<=", "<") if value > 0 else draft.pick(">", ">=")
    elif draft.chance(0.05):
        result["comparator"] = None
    if analyte in ("creatinine", "bilirubin_total", "ast", "alt") and draft.chance(0.85):
        uln = Decimal(UPPER_LIMITS.get(unit) or UPPER_LIMITS[analyte])
        if analyte == "creatinine":
            uln = Decimal(draft.pick("1.2", "1.5") if unit == "mg/dL" else draft.pick("106", "132.6"))
        result["uln"] = draft.number(uln)
    elif analyte in ("hbv_dna", "hcv_rna") and draft.chance(0.7):
        result["lod"] = draft.around(draft.pick("20", "15", "50", limit))
    return result


def change_lab(draft: Draft) -> None:
    """Another result of one analyte, in place of the old ones or beside them; or no result any more."""
    analyte = draft.rng.choice([name for name in LIMITS if name not in ("hbv_dna", "hcv_rna")])
    replace_result(draft, analyte, draft_result(draft, analyte))


def replace_result(draft: Draft, analyte: str, result: Record) -> None:
    labs = draft.records("labs")
    if draft.chance(0.7):
        labs[:] = [other for other in labs if other["analyte"] != analyte]
    if not draft.chance(0.05):
        labs.insert(draft.rng.randint(0, len(labs)), result)


def change_kidney(draft: Draft) -> None:
    """Creatinine above its limits, so that the clearance decides; a weight that brings it near the limit."""
    unit = draft.pick("mg/dL", "umol/L")
    value = Decimal(draft.pick("1.6", "1.51", "2", "1.8", "2.125"))
    result = draft_result(
        draft, "creatinine", draft.number(value if unit == "mg/dL" else value * Decimal("88.4")), unit
    )
    result["uln"] = Decimal("1.2") if unit == "mg/dL" else 106
    replace_result(draft, "creatinine", result)
    age = draft.pick(40, 68, 65, 76, 20)
    born = draft.near(add_months(draft.visit, -12 * age))
    draft.put(draft.section("subject"), "birth_date", draft.spell(min(born, draft.visit)), missing=0.05)
    sex = draft.section("subject").get("sex")
    with localcontext() as context:
        context.prec = 40
        needed = 60 * 72 * value / (140 - age) / (Decimal("0.85") if sex == "female" else 1)
        exact = needed.quantize(Decimal("1E-9")).normalize()
    draft.put(draft.section("vitals"), "weight_kg", draft.around(exact, "1", "0.1", "1E-9"), missing=0.06)
    if draft.chance(0.25):
        replace_result(draft, "creatinine_clearance", draft_result(draft, "creatinine_clearance"))


def change_hepatitis(draft: Draft) -> None:
    infections = draft.section("infections")
    if draft.chance(0.6):
        draft.put_code(infections, "hbsag", "positive", "positive", "positive", "negative")
        draft.put_yn(infections, "hbv_antiviral", yes=0.3, missing=0.2)
        replace_result(draft, "hbv_dna", draft_result(draft, "hbv_dna"))
    else:
        draft.put_code(infections, "hcv_antibody", "positive", "positive", "positive", "negative")
        replace_result(draft, "hcv_rna", draft_result(draft, "hcv_rna"))


def change_infections(draft: Draft) -> None:
    infections = draft.section("infections")
    if draft.chance(0.5):
        draft.put_code(infections, "tuberculosis", "none", "active", "suspected", "ruled_out", missing=0.2)
    if draft.chance(0.5):
        draft.put_yn(infections, "syphilis_active", yes=0.3, missing=0.2)
    if draft.chance(0.5):
        draft.put_code(infections, "hiv_antibody", "negative", "positive", missing=0.3)
