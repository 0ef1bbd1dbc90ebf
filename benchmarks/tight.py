"""The 42 criteria as a good engineer writes them by hand where only outcomes are wanted, for speed alone.

Lists are indexed once, dates parsed once per text, exits early, numbers compared exactly and without fractions. From a
parsed document, as the engine takes it, to the outcomes by code; no trace, no proof, and no definition that could be
changed. This is the yardstick for the engine; `handwritten` is the readable reading, with which it agrees.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Context, Decimal
from functools import cache

MUL = Context(prec=200).multiply  # exact

NAME = {True: "pass", False: "fail", None: "unknown"}
FLIP = {True: "fail", False: "pass", None: "unknown"}


@cache
def span(text):
    n = len(text)
    if n == 10:
        d = date(int(text[:4]), int(text[5:7]), int(text[8:])).toordinal()
        return d, d
    y = int(text[:4])
    if n == 4:
        return date(y, 1, 1).toordinal(), date(y, 12, 31).toordinal()
    m = int(text[5:])
    return date(y, m, 1).toordinal(), date(y, m, monthrange(y, m)[1]).toordinal()


@cache
def months(ordinal, count):
    d = date.fromordinal(ordinal)
    y, m = divmod(d.year * 12 + d.month - 1 + count, 12)
    return date(y, m + 1, min(d.day, monthrange(y, m + 1)[1])).toordinal()


@cache
def age(born, on):
    b, t = date.fromordinal(born), date.fromordinal(on)
    return t.year - b.year - ((t.month, t.day) < (b.month, b.day))


def dt(r, k):
    t = r.get(k)
    return None if t is None or t == "unknown" else span(t)


def kn(r, k):
    v = r.get(k)
    return None if v == "unknown" else v


YES = {"yes": True, "no": False}.get


def since(when, start):
    if when is None or start is None:
        return None
    if when[0] >= start:
        return True
    return False if when[1] < start else None


def between(when, first, last):
    if when is None:
        return None
    if first <= when[0] and when[1] <= last:
        return True
    return False if when[1] < first or last < when[0] else None


def ge(v, limit):
    return None if v is None else v >= limit


OCC = {"past": True, "current": True, "absent": False}.get
CUR = {"current": True, "past": False, "absent": False}.get


def status(entries, table):
    """Whether some entry has a status; a condition without entries was not asked."""
    if not entries:
        return None
    found = False
    for e in entries:
        t = table(e.get("status"))
        if t:
            return True
        if t is None:
            found = None
    return found


def occ_since(e, start, any_time=False):
    s = e.get("status")
    if s == "absent":
        return False
    if s == "current":
        return True
    if s != "past":
        return None
    return True if any_time else since(dt(e, "date"), start)


def both(a, b):
    return False if a is False or b is False else None if a is None or b is None else True


def either(a, b):
    return True if a or b else None if a is None or b is None else False


def neg(a):
    return None if a is None else not a


def some(records, closed, f):
    found = False
    for r in records:
        t = f(r)
        if t:
            return True
        if t is None:
            found = None
    return found if closed else None


def entry(entries, f):
    return some(entries, True, f) if entries else None


def bounds(r):
    """(low, high or None, low open, high open) of a result as reported."""
    v, c = r["value"], r.get("comparator")
    if c is None or c == "unknown":
        return v, v, False, False
    if c == "<":
        return 0, v, False, True
    if c == "<=":
        return 0, v, False, False
    return v, None, c == ">", False


def lab_ge(r, limits):
    if r is None:
        return None
    c = r.get("comparator")
    limit = limits if limits.__class__ is int else limits[r["unit"]]
    if c is None or c == "unknown":
        return r["value"] >= limit
    lo, hi, _, ho = bounds(r)
    if lo >= limit:
        return True
    return False if hi is not None and (hi < limit or (hi == limit and ho)) else None


def above(r, limit):
    lo, hi, lop, _ = bounds(r)
    if lo > limit or (lo == limit and lop):
        return True
    return False if hi is not None and hi <= limit else None


def lab_gt(r, limits):
    return None if r is None else above(r, limits[r["unit"]])


def le_uln(r, num, den):
    """Return whether a result is at most num/den times its upper limit."""
    if r is None:
        return None
    u = r.get("uln")
    if u is None or u == "unknown":
        return None
    c = r.get("comparator")
    if c is None or c == "unknown":
        return MUL(r["value"], den) <= MUL(u, num)
    lo, hi, lop, _ = bounds(r)
    lo, u = MUL(lo, den), MUL(u, num)
    if lo > u or (lo == u and lop):
        return False
    return True if hi is not None and MUL(hi, den) <= u else None


def detected(r):
    if r is None:
        return None
    lod = kn(r, "lod")
    return r.get("comparator") not in ("<", "<=") if lod is None else above(r, lod)


D = Decimal
ANC = {"/mm3": 1500, "/uL": 1500, "10*3/uL": D("1.5"), "10*9/L": D("1.5")}
PLT = {"/mm3": 100000, "/uL": 100000, "10*3/uL": 100, "10*9/L": 100}
HB = {"g/dL": 9, "g/L": 90, "mmol/L": D("5.6")}
CR = {"mg/dL": D("1.5"), "umol/L": D("132.6")}
WBC = {"/mm3": 20000, "/uL": 20000, "10*3/uL": 20, "10*9/L": 20}
HBV = {"[IU]/mL": 200, "{copies}/mL": 1000}
CGF = {"mg/dL": D(1), "umol/L": D("88.4")}
SEX = {"male": D(1), "female": D("0.85")}
OTHER_IT = frozenset(
    [
        "anti_pdl1",
        "anti_ctla4",
        "anti_cd47",
        "anti_sirpa",
        "anti_lag3",
        "costimulatory_agonist",
        "cell_therapy",
        "other_immunotherapy",
    ]
)
CURABLE = frozenset(
    ["basal_cell_skin", "squamous_cell_skin", "superficial_bladder", "cervical_in_situ", "breast_in_situ"]
)
HOWS, EXTENTS = (
    frozenset(("histology", "cytology", "histology_and_cytology")),
    frozenset(("locally_advanced", "recurrent", "metastatic")),
)
EMPTY = {}


class V:
    """One visit, indexed once."""

    __slots__ = ("ages", "day", "doc", "dose", "hist", "labs", "repro", "reviewed", "subject", "vitals")

    def __init__(self, doc):
        self.doc = doc
        v = doc["visit"]
        self.day = span(v["date"])[0]
        d = v.get("planned_first_dose_date")
        self.dose = None if d is None or d == "unknown" else span(d)[0]
        hist = self.hist = {}
        h = doc.get("history")
        if h.__class__ is list:
            for e in h:
                c = e["condition"]
                if c in hist:
                    hist[c].append(e)
                else:
                    hist[c] = [e]
        labs = self.labs = {}
        rows = doc.get("labs")
        if rows.__class__ is list:
            for r in rows:
                a = r["analyte"]
                p = labs.get(a)
                if p is None or r["collected"] >= p["collected"]:
                    labs[a] = r
        r = doc.get("reviewed")
        self.reviewed = r if r.__class__ is list else ()
        self.subject, self.repro, self.vitals = self.part("subject"), self.part("reproductive"), self.part("vitals")
        b = dt(self.subject, "birth_date")
        self.ages = None if b is None else (age(min(b[1], self.day), self.day), age(b[0], self.day))

    def part(self, name):
        p = self.doc.get(name)
        return p if p.__class__ is dict else EMPTY

    def rows(self, name):
        p = self.doc.get(name)
        return p if p.__class__ is list else ()

    def back(self, days):
        return None if self.dose is None else self.dose - days


def agents_of(t):
    a = kn(t, "agents")
    return a if a or (a is not None and t.get("kind") in ("local_palliative", "antitumour_tcm")) else None


def i01(v):
    c = v.part("consent")
    w = dt(c, "date")
    return NAME[
        both(YES(c.get("signed")), None if w is None else True if w[1] <= v.day else False if w[0] > v.day else None)
    ]


def i02(v):
    a = v.ages
    if a is None:
        return "unknown"
    if a[0] >= 18 and a[1] <= 80:
        return "pass"
    return "fail" if a[1] < 18 or a[0] > 80 else "unknown"


def i03(v):
    e = kn(v.part("performance"), "ecog")
    return "unknown" if e is None else "pass" if e <= 1 else "fail"


def i04(v):
    m = kn(v.part("performance"), "life_expectancy_months")
    return "unknown" if m is None else "pass" if m >= 3 else "fail"


def i05(v):
    d = v.part("disease")
    h, by, ex, cu = kn(d, "histology"), kn(d, "confirmed_by"), kn(d, "extent"), YES(d.get("curable"))
    if (
        (h is not None and h != "escc")
        or (by is not None and by not in HOWS)
        or (ex is not None and ex not in EXTENTS)
        or cu
    ):
        return "fail"
    return "unknown" if h is None or by is None or ex is None or cu is None else "pass"


def qualifies(t):
    k = kn(t, "kind")
    if k is not None and k != "systemic":
        return False
    a, p = agents_of(t), YES(t.get("progressed"))
    has = None if a is None else "pd1_inhibitor" in a and "platinum" in a
    if has is False or p is False:
        return False
    i = kn(t, "intent")
    if i == "palliative":
        late = True
    else:
        pr, end = dt(t, "progression_date"), dt(t, "end_date")
        if pr is None or end is None:
            t_ = None
        elif pr[1] < months(end[0], 6):
            t_ = True
        else:
            t_ = False if pr[0] >= months(end[1], 6) else None
        late = None if i is None else t_
        if i is None and t_ is False:
            late = None
    return both(both(None if k is None else True, has), both(p, late))


def i06(v):
    ts = v.rows("therapies")
    q = [qualifies(t) for t in ts]
    pal = []
    for t in ts:
        i = kn(t, "intent")
        pal.append(None if i is None else i == "palliative")
    closed = "therapies" in v.reviewed
    met = True if True in q else None if not closed or None in q else False
    extra = False
    for m, mine in enumerate(ts):
        k = kn(mine, "kind")
        if k is not None and k != "systemic":
            continue
        fa = fp = False
        start = dt(mine, "start_date")
        for o, other in enumerate(ts):
            if o == m or q[o] is False:
                continue
            pr = dt(other, "progression_date")
            after = (
                None
                if start is None or pr is None
                else True
                if start[0] >= pr[1]
                else False
                if start[1] < pr[0]
                else None
            )
            f = both(q[o], after)
            fa = either(fa, f)
            fp = either(fp, both(pal[o], f))
        x = both(None if k is None else True, either(both(neg(q[m]), either(pal[m], fa)), both(pal[m], fp)))
        if x:
            extra = True
            break
        if x is None:
            extra = None
    if extra is False and not closed:
        extra = None
    return NAME[both(met, neg(extra))]


def target(lesion):
    d = kn(lesion, "diameter_mm")
    if d is None:
        big = None
    elif d >= 15:
        big = True
    else:
        big = both(neg(YES(lesion.get("nodal"))), d >= 10)
    if big is False:
        return False
    return both(big, either(neg(YES(lesion.get("irradiated"))), YES(lesion.get("progressed_after_irradiation"))))


def i07(v):
    return NAME[some(v.rows("lesions"), "lesions" in v.reviewed, target)]


def clearance(v, cr):
    w, sex = kn(v.vitals, "weight_kg"), kn(v.subject, "sex")
    if cr is None or v.ages is None or w is None or sex is None:
        return None
    lo, hi, lop, _ = bounds(cr)
    young, old = v.ages
    f = MUL(MUL(w, SEX[sex]), CGF[cr["unit"]])
    if hi is not None and MUL(140 - old, f) >= MUL(4320, hi):
        return True
    best, need = MUL(140 - young, f), MUL(4320, lo)
    return False if best < need or (best == need and lop) else None


def i08(v):
    L = v.labs.get
    anc, plt, hb, cr = L("anc"), L("platelets"), L("haemoglobin"), L("creatinine")
    found = True
    for t in (
        lab_ge(anc, ANC),
        lab_ge(plt, PLT),
        lab_ge(hb, HB),
        le_uln(L("bilirubin_total"), 3, 2),
        le_uln(L("ast"), 3, 2),
        le_uln(L("alt"), 3, 2),
    ):
        if t is False:
            return "fail"
        if t is None:
            found = None
    kidney = either(le_uln(cr, 1, 1), neg(lab_gt(cr, CR)))
    if kidney is not True:
        cl = L("creatinine_clearance")
        kidney = either(kidney, lab_ge(cl, 60) if cl else clearance(v, cr))
    if kidney is False:
        return "fail"
    if kidney is None:
        found = None
    days = {None if r is None else span(r["collected"])[0] for r in (anc, plt, hb)}

    def given(s):
        w = dt(s, "date")
        t = False
        for d in days:
            x = None if d is None else between(w, d - 14, d)
            if x:
                return True
            if x is None:
                t = None
        return t

    sup = some(v.rows("supportive_care"), "supportive_care" in v.reviewed, given)
    return NAME[both(found, neg(sup))]


def woman(v):
    s = kn(v.subject, "sex")
    return False if s == "male" else both(None if s is None else True, YES(v.repro.get("childbearing_potential")))


def if_applies(applies, cond):
    if applies is False:
        return "not_applicable"
    if applies is None:
        return "pass" if cond else "unknown"
    return NAME[cond]


def not_pregnant(v):
    if v.dose is None:
        return None
    first, last = v.dose - 3, v.dose
    serum, urine = None, []
    su = None
    for t in v.rows("pregnancy_tests"):
        d = span(t["date"])[0]
        if first <= d <= last:
            if t["specimen"] == "serum":
                if serum is None or d >= serum[0]:
                    serum = d, t["result"]
            else:
                urine.append((d, t["result"]))
                if su is None or d >= su[0]:
                    su = d, t["result"]
    if serum is None:
        return True if su and su[1] == "negative" else None
    if serum[1] == "positive":
        return False
    if serum[1] == "indeterminate":
        return None
    return None if any(d > serum[0] and r != "negative" for d, r in urine) else True


def i09(v):
    a = woman(v)
    return "not_applicable" if a is False else if_applies(a, not_pregnant(v))


def i10(v):
    r = v.repro
    return if_applies(both(woman(v), YES(r.get("partner_at_risk"))), YES(r.get("contraception_agreed")))


def i11(v):
    s, r = kn(v.subject, "sex"), v.repro
    if s == "female":
        return "not_applicable"
    return if_applies(
        both(None if s is None else True, both(neg(YES(r.get("sterilised"))), YES(r.get("partner_at_risk")))),
        YES(r.get("contraception_agreed")),
    )


def i12(v):
    return NAME[YES(v.part("consent").get("willing_to_comply"))]


def e01(v):
    start = months(v.day, -36)

    def counts(e):
        o = occ_since(e, start)
        if o is False:
            return False
        ty = kn(e, "type")
        ex = both(
            YES(e.get("cured_by_local_treatment")),
            either(None if ty is None else ty in CURABLE, YES(e.get("investigator_confirms_exempt"))),
        )
        return both(o, neg(ex))

    return FLIP[entry(v.hist.get("other_malignancy"), counts)]


def e02(v):
    c = kn(v.doc, "concurrent_study")
    return "unknown" if c is None else "fail" if c == "interventional_treatment" else "pass"


WASH = (("systemic", 21), ("local_palliative", 14), ("immunomodulator", 14), ("antitumour_tcm", 7))
WASHES = dict(WASH)


def e03(v):
    def close(t):
        on, end, k = YES(t.get("ongoing")), dt(t, "end_date"), kn(t, "kind")
        if k is not None:
            if k not in WASHES:
                return False
            x = True if on else either(on, since(end, v.back(WASHES[k])))
            if k != "immunomodulator" or x is False:
                return x
            a = agents_of(t)
            return both(x, neg(both(None if a is None else set(a) == {"il11"}, YES(t.get("for_thrombocytopenia")))))
        x = False
        for _kind, w in WASH:
            y = either(on, since(end, v.back(w)))
            x = either(x, both(None, y))
        return x

    return FLIP[some(v.rows("therapies"), "therapies" in v.reviewed, close)]


def e04(v):
    def other(t):
        a = agents_of(t)
        return None if a is None else not OTHER_IT.isdisjoint(a)

    return FLIP[some(v.rows("therapies"), "therapies" in v.reviewed, other)]


def pd1_event(e):
    during = YES(e.get("during_pd1"))
    if during is False:
        return False
    ir, sysm = YES(e.get("immune_related")), kn(e, "organ_system")
    mg, cg = kn(e, "max_grade"), kn(e, "current_grade")
    endo = None if sysm is None else sysm == "endocrine"
    if ir is False:
        serious = False
    else:
        serious = both(
            ir,
            either(
                either(both(ge(mg, 3), neg(endo)), YES(e.get("led_to_permanent_discontinuation"))),
                either(
                    both(None if sysm is None else sysm == "cardiac", ge(mg, 2)),
                    None if sysm is None else sysm in ("neurologic", "ophthalmologic"),
                ),
            ),
        )
    if cg is not None and cg <= 1:
        residual = False
    else:
        excused = either(
            both(endo, YES(e.get("stable_on_replacement"))),
            both(
                neg(ir),
                either(
                    either(YES(e.get("alopecia")), YES(e.get("irreversible_accepted"))), YES(e.get("level_permitted"))
                ),
            ),
        )
        residual = both(None if cg is None else True, neg(excused))
    return both(
        during,
        either(
            either(serious, residual),
            either(YES(e.get("needed_other_immunosuppressant")), YES(e.get("recurred_needing_systemic_steroids"))),
        ),
    )


def e05(v):
    return FLIP[some(v.rows("adverse_events"), "adverse_events" in v.reviewed, pd1_event)]


def e06(v):
    g = v.part("imaging").get
    return FLIP[
        either(
            both(
                either(YES(g("invades_critical_structure")), YES(g("necrosis_or_cavity"))),
                YES(g("bleeding_risk_increased")),
            ),
            YES(g("fistula_risk")),
        )
    ]


def e07(v):
    start = months(v.day, -24)

    def treated(e):
        o = OCC(e.get("status"))
        if o is False:
            return False
        s = kn(e, "systemic_treatment")
        return both(
            both(o, None if s is None else s == "systemic"),
            either(YES(e.get("treatment_ongoing")), since(dt(e, "treatment_last_date"), start)),
        )

    return FLIP[entry(v.hist.get("autoimmune_disease"), treated)]


def ild(e):
    return both(CUR(e.get("status")), both(YES(e.get("needs_systemic_steroids")), neg(YES(e.get("controlled")))))


def e08(v):
    return FLIP[entry(v.hist.get("interstitial_lung_disease"), ild)]


def e09(v):
    g = v.part("cns").get
    return FLIP[
        either(
            either(YES(g("brainstem_metastasis")), YES(g("meningeal_metastasis"))),
            YES(g("spinal_cord_metastasis_or_compression")),
        )
    ]


def e10(v):
    c = v.part("cns")
    b = kn(c, "brain_metastases")
    if b is not None and b not in ("treated", "untreated", "treated_and_untreated"):
        return "pass"
    cort = kn(c, "corticosteroids")

    def by(k, days):
        if v.dose is None:
            return None
        w, limit = dt(c, k), v.dose - days
        return None if w is None else True if w[1] <= limit else False if w[0] > limit else None

    ok_t = both(
        by("stable_since", 14),
        either(
            None if cort is None else cort == "never",
            both(None if cort is None else cort == "stopped", by("corticosteroid_stop_date", 7)),
        ),
    )
    mm = kn(c, "largest_mm")
    ok_u = both(
        both(neg(YES(c.get("symptomatic"))), None if cort is None else cort in ("never", "stopped")),
        both(None if mm is None else mm <= 15, neg(YES(c.get("oedema")))),
    )
    return FLIP[
        either(
            both(None if b is None else b != "untreated", neg(ok_t)),
            both(None if b is None else b != "treated", neg(ok_u)),
        )
    ]


def effusion(e):
    return both(CUR(e.get("status")), either(YES(e.get("symptomatic")), YES(e.get("repeated_drainage"))))


def e11(v):
    h = v.hist.get
    return FLIP[
        either(
            either(entry(h("pleural_effusion"), effusion), entry(h("pericardial_effusion"), effusion)),
            entry(h("ascites"), effusion),
        )
    ]


def any_status(v, table, names):
    found = False
    for n in names:
        t = status(v.hist.get(n), table)
        if t:
            return True
        if t is None:
            found = None
    return found


def e12(v):
    return FLIP[
        any_status(
            v,
            CUR,
            (
                "decompensated_cirrhosis",
                "nephrotic_syndrome",
                "uncontrolled_metabolic_disorder",
                "compliance_limiting_condition",
                "other_uncontrolled_comorbidity",
            ),
        )
    ]


def e13(v):
    return FLIP[any_status(v, OCC, ("myocarditis", "cardiomyopathy", "malignant_arrhythmia"))]


def first_true(v, table):
    found = False
    for name, f in table:
        t = entry(v.hist.get(name), f)
        if t:
            return True
        if t is None:
            found = None
    return found


def e14(v):
    start = None if v.dose is None else months(v.dose, -12)
    return FLIP[
        first_true(
            v,
            (
                ("unstable_angina", lambda e: both(occ_since(e, start), YES(e.get("hospitalised")))),
                ("myocardial_infarction", lambda e: occ_since(e, start)),
                ("congestive_heart_failure", lambda e: both(occ_since(e, start), ge(kn(e, "nyha_class"), 2))),
                ("vascular_disease", lambda e: both(occ_since(e, start), YES(e.get("affects_safety_evaluation")))),
                ("other_cardiac_damage", lambda e: both(occ_since(e, start), YES(e.get("affects_safety_evaluation")))),
            ),
        )
    ]


def e15(v):
    s, d = kn(v.vitals, "systolic_bp"), kn(v.vitals, "diastolic_bp")
    high = either(ge(s, 160), ge(d, 100))
    bp = False if high is False else True if high and YES(v.vitals.get("on_antihypertensives")) else None
    if bp:
        return "fail"
    six, one = (None, None) if v.dose is None else (months(v.dose, -6), months(v.dose, -1))
    rest = either(
        any_status(
            v,
            OCC,
            (
                "transient_ischaemic_attack",
                "cerebrovascular_accident",
                "hypertensive_crisis",
                "hypertensive_encephalopathy",
            ),
        ),
        first_true(
            v,
            (
                ("arterial_thrombosis", lambda e: occ_since(e, six)),
                ("venous_thromboembolism", lambda e: both(OCC(e.get("status")), ge(kn(e, "grade"), 3))),
                ("copd_exacerbation", lambda e: occ_since(e, one)),
            ),
        ),
    )
    return FLIP[either(bp, rest)]


def e16(v):
    start = None if v.dose is None else months(v.dose, -1)

    def counts(e):
        o = occ_since(e, start)
        if o is False:
            return False
        return both(
            both(o, YES(e.get("significant"))),
            neg(both(YES(e.get("haemorrhoidal")), neg(YES(e.get("needed_intervention"))))),
        )

    return FLIP[either(status(v.hist.get("bleeding_disorder"), OCC), entry(v.hist.get("bleeding_event"), counts))]


def e17(v):
    return FLIP[status(v.hist.get("inflammatory_bowel_disease"), OCC)]


def e18(v):
    sev, anti = v.back(28), v.back(14)

    def counts(e):
        o = OCC(e.get("status"))
        if o is False:
            return False
        k = kn(e, "anti_infective")
        return either(
            both(occ_since(e, sev), YES(e.get("severe"))),
            both(
                both(o, None if k is None else k == "systemic"),
                either(YES(e.get("anti_infective_ongoing")), since(dt(e, "anti_infective_last_date"), anti)),
            ),
        )

    return FLIP[entry(v.hist.get("infection"), counts)]


def e19(v):
    i = v.part("infections")
    t = kn(i, "tuberculosis")
    return FLIP[either(None if t is None or t == "suspected" else t == "active", YES(i.get("syphilis_active")))]


def e20(v):
    i, b = v.part("infections"), v.labs.get("hbv_dna")
    s, c = kn(i, "hbsag"), kn(i, "hcv_antibody")
    if s is not None and s != "positive":
        hb = False
    else:
        hb = both(
            both(None if s is None else True, lab_gt(b, HBV)),
            both(True if b is not None and kn(b, "lod") is None else detected(b), neg(YES(i.get("hbv_antiviral")))),
        )
    hc = (
        False
        if c is not None and c != "positive"
        else both(None if c is None else True, detected(v.labs.get("hcv_rna")))
    )
    return FLIP[either(hb, hc)]


def e21(v):
    h, m = kn(v.part("infections"), "hiv_antibody"), v.part("medication").get
    return FLIP[
        either(
            either(status(v.hist.get("immunodeficiency"), OCC), None if h is None else h == "positive"),
            either(YES(m("long_term_systemic_corticosteroids")), YES(m("immunosuppressants"))),
        )
    ]


def e22(v):
    return FLIP[status(v.hist.get("allogeneic_transplant"), OCC)]


def residual(e):
    g = kn(e, "current_grade")
    if g is not None and g <= 1:
        return False
    o = kn(e, "organ_system")
    ex = either(
        either(YES(e.get("alopecia")), YES(e.get("irreversible_accepted"))),
        either(
            YES(e.get("level_permitted")),
            both(
                both(None if o is None else o == "endocrine", YES(e.get("during_pd1"))),
                YES(e.get("stable_on_replacement")),
            ),
        ),
    )
    return both(None if g is None else True, neg(ex))


def e23(v):
    return FLIP[some(v.rows("adverse_events"), "adverse_events" in v.reviewed, residual)]


def e24(v):
    d = v.dose
    after = None if d is None else d + 30

    def close(p):
        k, w = kn(p, "kind"), dt(p, "date")
        x = None if d is None else between(w, d - 30, d)
        y = None if d is None else between(w, d + 1, after)
        z = None if d is None else between(w, d - 3, d)
        if k is None:
            return either(both(None, x), either(both(None, y), both(None, z)))
        if k == "major_surgery":
            return either(x, y)
        return x if k == "serious_injury" else z if k == "minor_procedure" else False

    return FLIP[some(v.rows("procedures"), "procedures" in v.reviewed, close)]


def e25(v):
    return FLIP[any_status(v, OCC, ("study_drug_hypersensitivity", "severe_antibody_hypersensitivity"))]


def e26(v):
    start = v.back(30)
    return FLIP[
        some(
            v.rows("vaccinations"),
            "vaccinations" in v.reviewed,
            lambda x: both(YES(x.get("live")), either(YES(x.get("planned")), since(dt(x, "date"), start))),
        )
    ]


def e27(v):
    return FLIP[any_status(v, OCC, ("psychiatric_illness", "substance_abuse"))]


def e28(v):
    s = kn(v.subject, "sex")
    if s == "male":
        return "not_applicable"
    c = neg(either(YES(v.repro.get("pregnant")), YES(v.repro.get("breastfeeding"))))
    return if_applies(None if s is None else True, c)


def e29(v):
    return FLIP[YES(v.part("investigator").get("other_reason_to_exclude"))]


def e30(v):
    now, then = kn(v.vitals, "weight_kg"), kn(v.vitals, "weight_kg_3_months_ago")
    lost = (
        YES(v.vitals.get("known_weight_loss_over_10_percent"))
        if now is None or then is None
        else MUL(now, 10) < MUL(then, 9)
    )
    g = v.part("investigator").get
    return FLIP[
        either(
            either(lab_gt(v.labs.get("wbc"), WBC), lost),
            either(YES(g("other_tumour_complication")), YES(g("other_disease_raising_risk"))),
        )
    ]


ALL = {
    f.__name__.upper(): f
    for f in (
        i01,
        i02,
        i03,
        i04,
        i05,
        i06,
        i07,
        i08,
        i09,
        i10,
        i11,
        i12,
        e01,
        e02,
        e03,
        e04,
        e05,
        e06,
        e07,
        e08,
        e09,
        e10,
        e11,
        e12,
        e13,
        e14,
        e15,
        e16,
        e17,
        e18,
        e19,
        e20,
        e21,
        e22,
        e23,
        e24,
        e25,
        e26,
        e27,
        e28,
        e29,
        e30,
    )
}


def outcomes(doc, codes=None):
    v = V(doc)
    if codes is None:
        return {c: f(v) for c, f in ALL.items()}
    return {c: ALL[c](v) for c in codes}
