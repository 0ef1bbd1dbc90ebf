"""What can be changed about a person, a tumour and its treatment.

Each function changes one thing, or a few that belong together.
"""

from datetime import date, timedelta

from tests.support.random_documents.draft import Draft, add_months, first_day, last_day
from tests.support.random_documents.words import AGENTS, IMMUNOMODULATORS, ORGAN_SYSTEMS, Record

# What can be changed about a document. Each function changes one thing, or a few that belong together.


def change_consent(draft: Draft) -> None:
    consent = draft.section("consent")
    draft.put_yn(consent, "signed", yes=0.85)
    draft.put(consent, "date", draft.spell(draft.near(draft.visit, draft.visit - timedelta(20))))


def change_compliance(draft: Draft) -> None:
    draft.put_yn(draft.section("consent"), "willing_to_comply", missing=0.4)


def change_age(draft: Draft) -> None:
    years = draft.pick(18, 81, 18, 81, 80, 65, 40)
    born = min(draft.near(add_months(draft.visit, -12 * years)), draft.visit)
    if draft.chance(0.1):
        born = date(draft.pick(1944, 1948, 2004, 2008), 2, 29)
    draft.put(draft.section("subject"), "birth_date", draft.spell(born))


def change_sex(draft: Draft) -> None:
    draft.put_code(draft.section("subject"), "sex", "male", "female", missing=0.7)


def change_performance(draft: Draft) -> None:
    performance = draft.section("performance")
    draft.put_code(performance, "ecog", 0, 1, 1, 2, 3, 4)
    draft.put(performance, "life_expectancy_months", draft.around("3"))


def change_disease(draft: Draft) -> None:
    disease = draft.section("disease")
    draft.put_code(disease, "histology", "escc", "escc", "escc", "other")
    draft.put_code(disease, "confirmed_by", "histology", "cytology", "histology_and_cytology", "not_confirmed")
    draft.put_code(disease, "extent", "localised", "locally_advanced", "recurrent", "metastatic")
    draft.put_yn(disease, "curable", yes=0.2)


def change_lesions(draft: Draft) -> None:
    draft.records("lesions").clear()
    for _ in range(draft.rng.randint(0, 3)):
        lesion: Record = {"site": draft.pick("liver", "lung", "node")}
        draft.put_yn(lesion, "nodal")
        draft.put(lesion, "diameter_mm", draft.around(draft.pick("10", "15"), "1", "0.1", "1E-30"))
        draft.put_yn(lesion, "irradiated", yes=0.4)
        draft.put_yn(lesion, "progressed_after_irradiation")
        draft.add("lesions", lesion)


def draft_agents(draft: Draft, therapy: Record, agents: list[str]) -> None:
    roll = draft.rng.random()
    if roll < 0.85:
        therapy["agents"] = agents
    elif roll < 0.9:
        therapy["agents"] = []
    elif roll < 0.95:
        therapy["agents"] = None


def put_course(draft: Draft, therapy: Record, start: date, end: date) -> None:
    """Set the dates of a course, which may be spelled loosely but never so that it ends before it starts."""
    start_text, end_text = draft.spell(min(start, end)), draft.spell(max(start, end))
    assert first_day(start_text) <= last_day(end_text)
    draft.put(therapy, "start_date", start_text, missing=0.06)
    draft.put(therapy, "end_date", end_text, missing=0.08)
    draft.put_yn(therapy, "ongoing", yes=0.04, missing=0.1)


def pd1_and_platinum(draft: Draft) -> list[str]:
    agents = ["pd1_inhibitor", "platinum"]
    if draft.chance(0.15):
        agents.remove(draft.rng.choice(agents))
    if draft.chance(0.5):
        agents.insert(draft.rng.randint(0, len(agents)), draft.pick("other_chemotherapy", "targeted"))
    if draft.chance(0.06):
        agents.append(draft.rng.choice(AGENTS[4:]))
    return agents


def change_regimens(draft: Draft) -> None:
    """One to three regimens in a row: each progresses near end + 6 months, the next starts near that progression."""
    therapies = draft.records("therapies")
    therapies.clear()
    count = draft.pick(1, 1, 2, 2, 3)
    start = draft.visit - timedelta(draft.rng.randint(200, 500) * count)
    for _ in range(count):
        intent = draft.pick("palliative", "palliative", "neoadjuvant", "adjuvant", "definitive")
        end = start + timedelta(draft.rng.randint(0, 200))
        relapse = add_months(end, 6)
        progression = draft.near(relapse, relapse, end, start + timedelta(30))
        therapy: Record = {}
        draft.put_code(therapy, "kind", "systemic", missing=0.04)
        draft_agents(draft, therapy, pd1_and_platinum(draft) if draft.chance(0.7) else ["other_chemotherapy"])
        draft.put(therapy, "intent", intent, missing=0.06)
        put_course(draft, therapy, start, end)
        draft.put_yn(therapy, "progressed", yes=0.9, missing=0.06)
        draft.put(therapy, "progression_date", draft.spell(progression), missing=0.06)
        therapies.append(therapy)
        start = draft.near(progression, progression, progression + timedelta(20), end)
    if draft.chance(0.3):
        draft.rng.shuffle(therapies)


def add_line(draft: Draft) -> None:
    """One more systemic regimen, started near the progression date of one already there."""
    progressions = [
        first_day(therapy["progression_date"])
        for therapy in draft.records("therapies")
        if therapy.get("progression_date") not in (None, "unknown")
    ]
    start = draft.near(*(progressions or [draft.visit - timedelta(50)]))
    end = start + timedelta(draft.rng.randint(0, 30))
    therapy: Record = {"name": "another line"}
    draft.put_code(therapy, "kind", "systemic", missing=0.05)
    draft_agents(draft, therapy, pd1_and_platinum(draft) if draft.chance(0.5) else ["targeted", "other_chemotherapy"])
    draft.put_code(therapy, "intent", "palliative", "neoadjuvant", "adjuvant", "definitive", missing=0.1)
    put_course(draft, therapy, start, end)
    draft.put_yn(therapy, "progressed", missing=0.1)
    draft.put(therapy, "progression_date", draft.spell(draft.near(end, add_months(end, 6))), missing=0.1)
    draft.records("therapies").append(therapy)


def change_one_therapy(draft: Draft) -> None:
    """Change one fact of one therapy."""
    therapies = draft.records("therapies")
    if not therapies:
        return
    therapy = draft.rng.choice(therapies)
    what = draft.rng.randrange(6)
    if what == 0:
        draft_agents(draft, therapy, pd1_and_platinum(draft))
    elif what == 1:
        draft.put_code(therapy, "intent", "palliative", "neoadjuvant", "adjuvant", "definitive", missing=0.3)
    elif what == 2:
        draft.put_yn(therapy, "progressed", missing=0.5)
    elif what == 3:
        draft.put_yn(therapy, "ongoing", missing=0.6)
    elif what == 4:
        end = draft.edge(0, draft.pick(7, 14, 21))
        put_course(draft, therapy, end - timedelta(draft.rng.randint(0, 300)), end)
    else:
        draft.put_code(therapy, "kind", "systemic", "systemic", "local_palliative", "antitumour_tcm", missing=0.4)


def add_washout(draft: Draft) -> None:
    """A therapy that ended near the start of its washout window."""
    kind, window = draft.pick(
        ("systemic", 21),
        ("local_palliative", 14),
        ("immunomodulator", 14),
        ("immunomodulator", 14),
        ("antitumour_tcm", 7),
    )
    therapy: Record = {}
    draft.put(therapy, "kind", kind, missing=0.05)
    if kind == "systemic":
        draft_agents(draft, therapy, [draft.rng.choice(AGENTS)])
        draft.put_code(therapy, "intent", "palliative", "adjuvant", "definitive")
        draft.put_yn(therapy, "progressed")
    elif kind == "immunomodulator":
        draft_agents(draft, therapy, draft.rng.sample(IMMUNOMODULATORS, draft.pick(1, 1, 1, 2)))
        draft.put_yn(therapy, "for_thrombocytopenia", yes=0.7)
    elif draft.chance(0.7):
        therapy["agents"] = [] if draft.chance(0.7) else [draft.rng.choice(AGENTS)]
    if draft.chance(0.1):
        draft.put_code(therapy, "intent", "palliative", "definitive")
    end = draft.edge(0, window)
    put_course(draft, therapy, end - timedelta(draft.rng.randint(0, 60)), end)
    if draft.chance(0.15):
        therapy["ongoing"] = "yes"
        if draft.chance(0.6):
            therapy.pop("end_date", None)
    draft.add("therapies", therapy)


def add_immunotherapy(draft: Draft) -> None:
    therapy: Record = {"kind": "systemic", "agents": draft.rng.sample(AGENTS, draft.rng.randint(1, 3))}
    draft.put_code(therapy, "intent", "palliative", "adjuvant", "neoadjuvant")
    end = draft.visit - timedelta(draft.rng.randint(30, 900))
    put_course(draft, therapy, end - timedelta(60), end)
    draft.put_yn(therapy, "progressed")
    draft.add("therapies", therapy)


def add_adverse_event(draft: Draft) -> None:
    event: Record = {"term": "event"}
    calm = draft.chance(0.4)
    draft.put_code(event, "organ_system", *ORGAN_SYSTEMS)
    draft.put_yn(event, "during_pd1", yes=0.7)
    draft.put_yn(event, "immune_related")
    draft.put_code(event, "max_grade", 0, 1, 1, 2, 2, 3, 3, 4, 5)
    draft.put_code(event, "current_grade", 0, 1, 1, 1, 2, 2, 3)
    draft.put_yn(event, "alopecia", "irreversible_accepted", "level_permitted", yes=0.2)
    draft.put_yn(event, "stable_on_replacement", yes=0.5)
    for key in ("led_to_permanent_discontinuation", "needed_other_immunosuppressant"):
        draft.put_yn(event, key, yes=0.0 if calm else 0.2, missing=0.02 if calm else 0.1)
    draft.put_yn(event, "recurred_needing_systemic_steroids", yes=0.0 if calm else 0.2, missing=0.02 if calm else 0.1)
    draft.add("adverse_events", event)


def add_support(draft: Draft) -> None:
    sampled = [date.fromisoformat(result["collected"]) for result in draft.records("labs")] or [draft.visit]
    support: Record = {}
    draft.put_code(support, "kind", "blood_component", "growth_factor")
    days = [day - timedelta(back) for day in sampled for back in (14, 14, 0, 7)]
    draft.put(support, "date", draft.spell(draft.near(*days)))
    draft.add("supportive_care", support)


def add_procedure(draft: Draft) -> None:
    procedure: Record = {}
    kind = draft.pick("major_surgery", "major_surgery", "serious_injury", "minor_procedure", "venous_access")
    draft.put(procedure, "kind", kind)
    edges = (draft.edge(0, 30), draft.edge(0, 3), draft.near(draft.first_dose + timedelta(30)))
    draft.put(procedure, "date", draft.spell(draft.rng.choice(edges)))
    draft.add("procedures", procedure)


def add_vaccination(draft: Draft) -> None:
    vaccination: Record = {}
    draft.put_yn(vaccination, "live", yes=0.7)
    draft.put_yn(vaccination, "planned", yes=0.15)
    draft.put(vaccination, "date", draft.spell(draft.edge(0, 30)))
    draft.add("vaccinations", vaccination)


def change_pregnancy_tests(draft: Draft) -> None:
    tests = draft.records("pregnancy_tests")
    tests.clear()
    for _ in range(draft.rng.randint(0, 4)):
        day = draft.first_dose + timedelta(draft.pick(-5, -4, -3, -3, -2, -1, -1, 0, 0, 1))
        tests.append(
            {
                "specimen": draft.pick("urine", "serum"),
                "result": draft.pick("negative", "negative", "positive", "indeterminate"),
                "date": day.isoformat(),
            }
        )


def change_reproductive(draft: Draft) -> None:
    reproductive = draft.section("reproductive")
    keys = ["childbearing_potential", "sterilised", "partner_at_risk", "contraception_agreed"]
    for key in draft.rng.sample(keys, draft.rng.randint(1, 3)):
        draft.put_yn(reproductive, key, missing=0.3)


def change_pregnancy(draft: Draft) -> None:
    draft.put_yn(draft.section("reproductive"), "pregnant", "breastfeeding", yes=0.2, missing=0.2)
