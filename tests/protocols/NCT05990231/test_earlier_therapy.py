"""I06, E03, E04: what was given before, whether it failed, and how long ago it ended. First dose on 2026-03-16."""

import pytest

from tests.support.documents import ABSENT, add, changed, no_first_dose, outcomes, put, records, unreviewed

PD1 = ["pd1_inhibitor", "platinum"]
CHEMOTHERAPY = ["platinum", "other_chemotherapy"]


def regimen(intent="palliative", agents=PD1, start="2025-03-03", end="2025-12-20", progression="2026-01-15", **rest):
    """A systemic regimen; without a progression date it did not progress."""
    found = {"kind": "systemic", "agents": agents, "intent": intent, "start_date": start, "end_date": end}
    found |= {"progressed": "yes", "progression_date": progression} if progression else {"progressed": "no"}
    return {key: value for key, value in (found | rest).items() if value is not ABSENT}


def only(*found):
    return records("therapies", *found)


ADJUVANT = {"intent": "adjuvant", "start": "2025-01-10", "end": "2025-08-31"}
FIRST_LINE = regimen()
I06 = {
    "palliative, progressed": ("pass", only(FIRST_LINE)),
    "palliative, not progressed": ("fail", only(regimen(progression=None))),
    "stopped for intolerance, progression not known": ("unknown", only(regimen(progressed="unknown"))),
    "PD-1 inhibitor without platinum": ("fail", only(regimen(agents=["pd1_inhibitor", "other_chemotherapy"]))),
    "platinum without a PD-1 inhibitor": ("fail", only(regimen(agents=CHEMOTHERAPY))),
    "the two in two regimens": (
        "fail",
        only(regimen(agents=["pd1_inhibitor"]), regimen(agents=["platinum"])),
    ),
    "a targeted agent with them": ("pass", only(regimen(agents=[*PD1, "targeted"]))),
    "agents not known": ("unknown", only(regimen(agents=ABSENT))),
    "an empty list of agents": ("unknown", only(regimen(agents=[]))),
    "intent not known": ("unknown", only(regimen(intent=None))),
    "kind not known": ("unknown", only(regimen(kind="unknown"))),
    "adjuvant, relapse within six months": ("pass", only(regimen(**ADJUVANT, progression="2026-02-27"))),
    "adjuvant, relapse six months later to the day": ("fail", only(regimen(**ADJUVANT, progression="2026-02-28"))),
    "adjuvant, relapse in the month of the limit": ("unknown", only(regimen(**ADJUVANT, progression="2026-02"))),
    "adjuvant, relapse during treatment": ("pass", only(regimen(**ADJUVANT, progression="2025-06-01"))),
    "adjuvant, end not known": ("unknown", only(regimen(**ADJUVANT | {"end": ABSENT}, progression="2026-01-01"))),
    "adjuvant, relapse not dated": ("unknown", only(regimen(**ADJUVANT, progression_date=ABSENT))),
    "neoadjuvant, relapse within six months": (
        "pass",
        only(regimen(**ADJUVANT | {"intent": "neoadjuvant"}, progression="2025-12-01")),
    ),
    "definitive chemoradiation with a PD-1 inhibitor, early relapse": (
        "pass",
        only(regimen(**ADJUVANT | {"intent": "definitive"}, progression="2025-12-01")),
    ),
    "definitive, late relapse": (
        "fail",
        only(regimen(**ADJUVANT | {"intent": "definitive"}, progression="2026-03-01")),
    ),
    "second line of chemotherapy": (
        "fail",
        only(FIRST_LINE, regimen(agents=CHEMOTHERAPY, start="2026-01-20", end="2026-02-01", progression=None)),
    ),
    "first line of chemotherapy alone, then PD-1 with platinum": (
        "fail",
        only(regimen(agents=CHEMOTHERAPY, start="2024-01-01", end="2024-06-01"), FIRST_LINE),
    ),
    "earlier curative chemotherapy without a PD-1 inhibitor": (
        "pass",
        only(regimen("definitive", CHEMOTHERAPY, "2022-01-01", "2022-04-01", "2024-12-01"), FIRST_LINE),
    ),
    "curative chemotherapy begun on the day of the progression": (
        "fail",
        only(FIRST_LINE, regimen("definitive", CHEMOTHERAPY, "2026-01-15", "2026-02-01", None)),
    ),
    "curative chemotherapy begun the day before the progression": (
        "pass",
        only(FIRST_LINE, regimen("definitive", CHEMOTHERAPY, "2026-01-14", "2026-02-01", None)),
    ),
    "curative chemotherapy, start not known": (
        "unknown",
        only(FIRST_LINE, regimen("definitive", CHEMOTHERAPY, ABSENT, "2026-02-01", None)),
    ),
    "a second palliative line that would qualify by itself": (
        "fail",
        only(FIRST_LINE, regimen(start="2026-01-15", end="2026-02-01", progression="2026-02-10")),
    ),
    "two palliative regimens, the second begun before the first progressed": (
        "pass",
        only(FIRST_LINE, regimen(start="2026-01-14", end="2026-02-01", progression="2026-02-10")),
    ),
    "palliative treatment after an early adjuvant relapse, both qualify": (
        "pass",
        only(
            regimen(**ADJUVANT, progression="2025-12-01"),
            regimen(start="2025-12-15", end="2026-02-01", progression="2026-02-10"),
        ),
    ),
    "another palliative regimen after an early adjuvant relapse": (
        "fail",
        only(
            regimen(**ADJUVANT, progression="2025-12-01"),
            regimen(agents=CHEMOTHERAPY, start="2025-12-15", end="2026-02-01", progression="2026-02-10"),
        ),
    ),
    "local therapy after the progression": (
        "pass",
        only(FIRST_LINE, {"kind": "local_palliative", "start_date": "2026-01-20", "end_date": "2026-01-22"}),
    ),
    "traditional medicine after the progression": (
        "pass",
        only(FIRST_LINE, {"kind": "antitumour_tcm", "start_date": "2026-01-20", "intent": "palliative"}),
    ),
    "an immunomodulator after the progression": (
        "pass",
        only(FIRST_LINE, {"kind": "immunomodulator", "agents": ["thymosin"], "start_date": "2026-01-20"}),
    ),
    "no therapy, list confirmed": ("fail", only()),
    "no therapy, list not confirmed": ("unknown", only(), unreviewed("therapies")),
    "one that qualifies, list not confirmed": ("unknown", unreviewed("therapies")),
    "an extra one, list not confirmed": (
        "fail",
        only(FIRST_LINE, regimen(agents=CHEMOTHERAPY, progression=None)),
        unreviewed("therapies"),
    ),
}


@pytest.mark.parametrize("case", I06)
def test_disease_failed_the_one_regimen_or_did_not_when(protocol, case):
    expected, *changes = I06[case]
    assert outcomes(protocol, changed(*changes))["I06"] == expected


def test_order_of_the_list_is_of_no_matter(protocol):
    for case, (expected, *changes) in I06.items():
        document = changed(*changes)
        document["therapies"].reverse()
        assert outcomes(protocol, document)["I06"] == expected, case


def given(kind, end, **rest):
    return add("therapies", {"kind": kind, "end_date": end, "ongoing": "no", "agents": ["other_chemotherapy"]} | rest)


IL11 = {"agents": ["il11"], "for_thrombocytopenia": "yes"}
E03 = {
    "systemic three weeks before": ("fail", given("systemic", "2026-02-23")),
    "systemic a day more": ("pass", given("systemic", "2026-02-22")),
    "local two weeks before": ("fail", given("local_palliative", "2026-03-02")),
    "local a day more": ("pass", given("local_palliative", "2026-03-01")),
    "immunomodulator two weeks before": ("fail", given("immunomodulator", "2026-03-02", agents=["interferon"])),
    "immunomodulator a day more": ("pass", given("immunomodulator", "2026-03-01", agents=["interferon"])),
    "traditional medicine a week before": ("fail", given("antitumour_tcm", "2026-03-09")),
    "traditional medicine a day more": ("pass", given("antitumour_tcm", "2026-03-08")),
    "course that is to end after the first dose": ("fail", given("systemic", "2026-05-01")),
    "ended in February": ("unknown", given("systemic", "2026-02")),
    "local, ended in February": ("pass", given("local_palliative", "2026-02")),
    "end not known": ("unknown", given("systemic", None)),
    "end not known, whether ongoing neither": ("unknown", given("systemic", None, ongoing=None)),
    "ongoing": ("fail", given("antitumour_tcm", None, ongoing="yes")),
    "ongoing, and the first dose not known": ("fail", given("systemic", None, ongoing="yes"), no_first_dose()),
    "ended, and the first dose not known": ("unknown", no_first_dose()),
    "kind not known, ended yesterday": ("unknown", given("unknown", "2026-03-15")),
    "kind not known, ended long ago": ("pass", given("unknown", "2025-01-01")),
    "interleukin-11 for thrombocytopenia": ("pass", given("immunomodulator", "2026-03-15", **IL11)),
    "interleukin-11 for something else": (
        "fail",
        given("immunomodulator", "2026-03-15", agents=["il11"], for_thrombocytopenia="no"),
    ),
    "interleukin-11, reason not known": ("unknown", given("immunomodulator", "2026-03-15", agents=["il11"])),
    "interleukin-11 with interferon": (
        "fail",
        given("immunomodulator", "2026-03-15", agents=["il11", "interferon"], for_thrombocytopenia="yes"),
    ),
    "immunomodulator, agents not known": (
        "unknown",
        given("immunomodulator", "2026-03-15", agents=None, for_thrombocytopenia="yes"),
    ),
    "list not confirmed": ("unknown", unreviewed("therapies")),
    "too close, list not confirmed": ("fail", given("systemic", "2026-03-10"), unreviewed("therapies")),
}


@pytest.mark.parametrize("case", E03)
def test_washout_is_long_enough_or_not_when(protocol, case):
    expected, *changes = E03[case]
    assert outcomes(protocol, changed(*changes))["E03"] == expected


OTHER = "anti_pdl1 anti_ctla4 anti_cd47 anti_sirpa anti_lag3 costimulatory_agonist cell_therapy other_immunotherapy"
E04 = {agent: ("fail", given("systemic", "2020", agents=[agent])) for agent in OTHER.split()} | {
    "a PD-1 inhibitor": ("pass", given("systemic", "2020", agents=["pd1_inhibitor"])),
    "a bispecific antibody of PD-1 and CTLA-4": (
        "fail",
        given("systemic", "2020", agents=["pd1_inhibitor", "anti_ctla4"]),
    ),
    "a targeted agent": ("pass", given("systemic", "2020", agents=["targeted"])),
    "a non-specific immunomodulator": ("pass", given("immunomodulator", "2020", agents=["interferon", "thymosin"])),
    "agents of an earlier therapy not known": ("unknown", given("systemic", "2020", agents=None)),
    "local therapy without agents": ("pass", given("local_palliative", "2020", agents=[])),
    "traditional medicine without agents": ("pass", given("antitumour_tcm", "2020", agents=[])),
    "local therapy, agents not said": ("unknown", given("local_palliative", "2020", agents=None)),
    "systemic therapy with an empty list of agents": ("unknown", given("systemic", "2020", agents=[])),
    "list not confirmed": ("unknown", unreviewed("therapies")),
    "one of them, list not confirmed": (
        "fail",
        given("systemic", "2020", agents=["anti_lag3"]),
        unreviewed("therapies"),
    ),
}


@pytest.mark.parametrize("case", E04)
def test_other_immunotherapy_excludes_whenever_it_was_given(protocol, case):
    expected, *changes = E04[case]
    assert outcomes(protocol, changed(*changes))["E04"] == expected


def test_nothing_is_known_of_therapies_when_nothing_was_asked(protocol):
    document = changed(put(therapies=None, reviewed=None))
    assert {outcomes(protocol, document)[code] for code in ("I06", "E03", "E04")} == {"unknown"}
