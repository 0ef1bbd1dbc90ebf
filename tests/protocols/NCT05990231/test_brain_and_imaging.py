"""E06, E09, E10: what imaging shows, in the chest and in the head. First dose on 2026-03-16."""

import pytest

from tests.support.documents import ABSENT, changed, no_first_dose, outcomes, put


def imaging(invades="no", necrosis="no", bleeding="no", fistula="no"):
    return put(
        imaging={
            "invades_critical_structure": invades,
            "necrosis_or_cavity": necrosis,
            "bleeding_risk_increased": bleeding,
            "fistula_risk": fistula,
        }
    )


STABLE = {"stable_since": "2026-03-02", "corticosteroids": "stopped", "corticosteroid_stop_date": "2026-03-09"}
SMALL = {"symptomatic": "no", "largest_mm": 15, "oedema": "no"}


def brain(metastases, **values):
    def change(document):
        document["cns"] |= {"brain_metastases": metastases} | values
        document["cns"] = {key: value for key, value in document["cns"].items() if value is not ABSENT}

    return change


def treated(**values):
    return brain("treated", **STABLE | values)


def untreated(**values):
    return brain("untreated", **{"corticosteroids": "never"} | SMALL | values)


def both(**values):
    return brain("treated_and_untreated", **STABLE | SMALL | values)


CASES = {
    "invasion without a risk of bleeding": ("E06", "pass", imaging(invades="yes")),
    "invasion with a risk of bleeding": ("E06", "fail", imaging(invades="yes", bleeding="yes")),
    "cavity with a risk of bleeding": ("E06", "fail", imaging(necrosis="yes", bleeding="yes")),
    "risk of bleeding from neither": ("E06", "pass", imaging(bleeding="yes")),
    "invasion, risk not judged": ("E06", "unknown", imaging(invades="yes", bleeding="unknown")),
    "invasion not known, risk of bleeding": ("E06", "unknown", imaging(invades="unknown", bleeding="yes")),
    "invasion not known, no risk": ("E06", "pass", imaging(invades="unknown", necrosis="unknown")),
    "risk of a fistula": ("E06", "fail", imaging(fistula="yes")),
    "risk of a fistula, all else unknown": ("E06", "fail", put(imaging={"fistula_risk": "yes"})),
    "risk of a fistula not judged": ("E06", "unknown", imaging(fistula="unknown")),
    "no imaging": ("E06", "unknown", put(imaging=ABSENT)),
    "brainstem": ("E09", "fail", put(cns__brainstem_metastasis="yes")),
    "meninges": ("E09", "fail", put(cns__meningeal_metastasis="yes")),
    "cord": ("E09", "fail", put(cns__spinal_cord_metastasis_or_compression="yes")),
    "cord not known": ("E09", "unknown", put(cns__spinal_cord_metastasis_or_compression=ABSENT)),
    "cord not known, brainstem": (
        "E09",
        "fail",
        put(cns__spinal_cord_metastasis_or_compression=ABSENT, cns__brainstem_metastasis="yes"),
    ),
    "no brain metastases": ("E10", "pass", brain("none")),
    "nothing known of the brain": ("E10", "unknown", put(cns=ABSENT)),
    "treated, stable two weeks, off steroids a week": ("E10", "pass", treated()),
    "treated, stable a day less": ("E10", "fail", treated(stable_since="2026-03-03")),
    "treated, stable since some day of March": ("E10", "unknown", treated(stable_since="2026-03")),
    "treated, stable since February": ("E10", "pass", treated(stable_since="2026-02")),
    "treated, stability not known": ("E10", "unknown", treated(stable_since=ABSENT)),
    "treated, steroids stopped a day too late": ("E10", "fail", treated(corticosteroid_stop_date="2026-03-10")),
    "treated, steroids stopped, no date": ("E10", "unknown", treated(corticosteroid_stop_date=ABSENT)),
    "treated, steroids ongoing": ("E10", "fail", treated(corticosteroids="ongoing")),
    "treated, steroids never given": (
        "E10",
        "pass",
        treated(corticosteroids="never", corticosteroid_stop_date=ABSENT),
    ),
    "treated, steroids not asked": ("E10", "unknown", treated(corticosteroids=ABSENT)),
    "treated, steroids not asked, stopped too late": (
        "E10",
        "unknown",
        treated(corticosteroids=ABSENT, corticosteroid_stop_date="2026-03-15"),
    ),
    "treated, first dose not known": ("E10", "unknown", treated(), no_first_dose()),
    "treated, steroids ongoing, first dose not known": (
        "E10",
        "fail",
        treated(corticosteroids="ongoing"),
        no_first_dose(),
    ),
    "treated, what is asked of untreated ones does not matter": (
        "E10",
        "pass",
        treated(symptomatic="yes", largest_mm=40, oedema="yes"),
    ),
    "untreated and small": ("E10", "pass", untreated()),
    "untreated of 16 mm": ("E10", "fail", untreated(largest_mm=16)),
    "untreated of 0 mm": ("E10", "pass", untreated(largest_mm=0)),
    "untreated, size not known": ("E10", "unknown", untreated(largest_mm=ABSENT)),
    "untreated with symptoms": ("E10", "fail", untreated(symptomatic="yes")),
    "untreated with oedema": ("E10", "fail", untreated(oedema="yes")),
    "untreated, oedema not known": ("E10", "unknown", untreated(oedema="unknown")),
    "untreated, steroids ongoing": ("E10", "fail", untreated(corticosteroids="ongoing")),
    "untreated, steroids stopped yesterday are not needed": (
        "E10",
        "pass",
        untreated(corticosteroids="stopped", corticosteroid_stop_date="2026-03-15"),
    ),
    "untreated, steroids not asked": ("E10", "unknown", untreated(corticosteroids=ABSENT)),
    "untreated, first dose not known": ("E10", "pass", untreated(), no_first_dose()),
    "both, each in order": ("E10", "pass", both()),
    "both, the treated not stable": ("E10", "fail", both(stable_since="2026-03-10")),
    "both, an untreated one too large": ("E10", "fail", both(largest_mm=20)),
    "both, one set not known and the other too large": ("E10", "fail", both(stable_since=ABSENT, largest_mm=20)),
    "both, one set not known": ("E10", "unknown", both(stable_since=ABSENT)),
}


@pytest.mark.parametrize("case", CASES)
def test_imaging_excludes_or_not_when(protocol, case):
    code, expected, *changes = CASES[case]
    assert outcomes(protocol, changed(*changes))[code] == expected
