import re
from datetime import date, timedelta

import pytest

from tests.support.documents import add, changed, history, outcomes, put, records, verdict

CLEAR = re.compile(r"\. (?:Clear with .*|Repeat the sample) from (\d{4}-\d{2}-\d{2})$")
WAITING = {
    "systemic therapy": ("E03", [add("therapies", {"kind": "systemic", "end_date": "2026-03-10", "ongoing": "no"})]),
    "course that is to end later": (
        "E03",
        [add("therapies", {"kind": "local_palliative", "end_date": "2026-04-30", "ongoing": "no"})],
    ),
    "therapy that ended some time in March": (
        "E03",
        [add("therapies", {"kind": "systemic", "end_date": "2026-03", "ongoing": "no"})],
    ),
    "infarction": ("E14", [history("myocardial_infarction", {"status": "past", "date": "2025-08-31"})]),
    "infarction on a leap day": (
        "E15",
        [history("arterial_thrombosis", {"status": "past", "date": "2025-11-30"})],
    ),
    "bleeding at the end of January": (
        "E16",
        [
            history(
                "bleeding_event",
                {"status": "past", "date": "2026-01-31", "significant": "yes", "haemorrhoidal": "no"},
            ),
            put(visit__date="2026-02-01", visit__planned_first_dose_date="2026-02-10", consent__date="2026-01-20"),
        ],
    ),
    "surgery": ("E24", [records("procedures", {"kind": "major_surgery", "date": "2026-03-16"})]),
    "minor procedure": ("E24", [records("procedures", {"kind": "minor_procedure", "date": "2026-03-14"})]),
    "live vaccine": ("E26", [records("vaccinations", {"live": "yes", "planned": "no", "date": "2026-05-01"})]),
    "antibiotics": (
        "E18",
        [
            history(
                "infection",
                {
                    "status": "past",
                    "date": "2026-01-01",
                    "severe": "no",
                    "anti_infective": "systemic",
                    "anti_infective_ongoing": "no",
                    "anti_infective_last_date": "2026-03-05",
                },
            )
        ],
    ),
}


@pytest.mark.parametrize("case", WAITING)
def test_first_dose_may_be_given_from_the_day_that_the_proof_names_and_not_a_day_earlier(protocol, case):
    code, changes = WAITING[case]
    found = verdict(protocol, code, changed(*changes))
    assert found.outcome == "fail"
    clear = date.fromisoformat(CLEAR.search(found.proof)[1])
    on = put(visit__planned_first_dose_date=clear.isoformat())
    before = put(visit__planned_first_dose_date=(clear - timedelta(1)).isoformat())
    assert outcomes(protocol, changed(*changes, on))[code] == "pass"
    assert outcomes(protocol, changed(*changes, before))[code] != "pass"


def test_a_new_sample_counts_from_the_day_that_the_proof_names(protocol):
    support = records("supportive_care", {"kind": "growth_factor", "date": "2026-03-01"})
    proof = verdict(protocol, "I08", changed(support)).proof
    clear = date.fromisoformat(CLEAR.search(proof)[1])
    for day, expected in ((clear, "pass"), (clear - timedelta(1), "fail")):
        sampled = [
            lambda document, day=day: [lab.update(collected=day.isoformat()) for lab in document["labs"]],
            put(visit__date="2026-03-20", visit__planned_first_dose_date="2026-03-25"),
        ]
        assert outcomes(protocol, changed(support, *sampled))["I08"] == expected


def test_no_day_is_named_when_moving_there_brings_something_else_into_its_window(protocol):
    surgery = [{"kind": "major_surgery", "date": day} for day in ("2026-03-10", "2026-04-20")]
    assert CLEAR.search(verdict(protocol, "E24", changed(records("procedures", *surgery))).proof) is None


def test_no_day_is_named_when_time_is_not_all_that_is_needed(protocol):
    ongoing = add("therapies", {"kind": "systemic", "end_date": "2026-03-10", "ongoing": "yes"})
    assert CLEAR.search(verdict(protocol, "E03", changed(ongoing)).proof) is None
