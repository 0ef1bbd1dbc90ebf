"""E05 and E23: what the earlier treatment has left behind."""

import pytest

from tests.support.documents import ABSENT, changed, outcomes, records, unreviewed


def event(**values):
    """An immune-related skin event of grade 2 under the PD-1 inhibitor that settled, with something changed."""
    found = {
        "term": "rash",
        "organ_system": "skin",
        "during_pd1": "yes",
        "immune_related": "yes",
        "max_grade": 2,
        "current_grade": 1,
        "led_to_permanent_discontinuation": "no",
        "needed_other_immunosuppressant": "no",
        "recurred_needing_systemic_steroids": "no",
        "stable_on_replacement": "no",
        "alopecia": "no",
        "irreversible_accepted": "no",
        "level_permitted": "no",
    } | values
    return {key: value for key, value in found.items() if value is not ABSENT}


PARTNER = {"immune_related": "no", "current_grade": 2}
# E05, then E23, of one event.
CASES = {
    "grade 2 that settled": ("pass", "pass", event()),
    "grade 3 that settled": ("fail", "pass", event(max_grade=3)),
    "grade 3, endocrine": ("pass", "pass", event(max_grade=3, organ_system="endocrine")),
    "grade 3, organ not known": ("unknown", "pass", event(max_grade=3, organ_system=ABSENT)),
    "grade not known": ("unknown", "pass", event(max_grade=ABSENT)),
    "grade 3 of the partner drug": ("pass", "pass", event(max_grade=3, immune_related="no")),
    "grade 3, immune-related or not": ("unknown", "pass", event(max_grade=3, immune_related=ABSENT)),
    "grade 3 before the PD-1 inhibitor": ("pass", "pass", event(max_grade=3, during_pd1="no")),
    "grade 3, before or during": ("unknown", "pass", event(max_grade=3, during_pd1="unknown")),
    "led to permanent discontinuation": ("fail", "pass", event(max_grade=1, led_to_permanent_discontinuation="yes")),
    "discontinuation for the partner drug's toxicity": (
        "pass",
        "pass",
        event(led_to_permanent_discontinuation="yes", immune_related="no"),
    ),
    "cardiac of grade 2": ("fail", "pass", event(organ_system="cardiac", max_grade=2)),
    "cardiac of grade 1": ("pass", "pass", event(organ_system="cardiac", max_grade=1)),
    "cardiac of grade 2, not immune-related": (
        "pass",
        "pass",
        event(organ_system="cardiac", max_grade=2, immune_related="no"),
    ),
    "neurologic of grade 1": ("fail", "pass", event(organ_system="neurologic", max_grade=1)),
    "ophthalmologic of grade 0": ("fail", "pass", event(organ_system="ophthalmologic", max_grade=0, current_grade=0)),
    "neurologic, not immune-related": ("pass", "pass", event(organ_system="neurologic", immune_related="no")),
    "still grade 2": ("fail", "fail", event(current_grade=2)),
    "still grade 1": ("pass", "pass", event(current_grade=1)),
    "resolved": ("pass", "pass", event(current_grade=0)),
    "current grade not known": ("unknown", "unknown", event(current_grade=ABSENT)),
    "endocrine of grade 2, stable on replacement": (
        "pass",
        "pass",
        event(organ_system="endocrine", current_grade=2, stable_on_replacement="yes"),
    ),
    "endocrine of grade 2, not stable": ("fail", "fail", event(organ_system="endocrine", current_grade=2)),
    "endocrine of grade 2, stability not known": (
        "unknown",
        "unknown",
        event(organ_system="endocrine", current_grade=2, stable_on_replacement=ABSENT),
    ),
    "endocrine of grade 4, stable on replacement": (
        "pass",
        "pass",
        event(organ_system="endocrine", max_grade=4, current_grade=2, stable_on_replacement="yes"),
    ),
    "endocrine before PD-1 therapy, stable on replacement": (
        "pass",
        "fail",
        event(organ_system="endocrine", current_grade=2, stable_on_replacement="yes", during_pd1="no"),
    ),
    "skin of grade 2, called stable on replacement": (
        "fail",
        "fail",
        event(current_grade=2, stable_on_replacement="yes"),
    ),
    "alopecia of the partner drug": ("pass", "pass", event(**PARTNER, alopecia="yes")),
    "alopecia called immune-related": ("fail", "pass", event(current_grade=2, alopecia="yes")),
    "alopecia, immune-related or not": (
        "unknown",
        "pass",
        event(current_grade=2, alopecia="yes", immune_related=ABSENT),
    ),
    "irreversible and accepted, of the partner drug": ("pass", "pass", event(**PARTNER, irreversible_accepted="yes")),
    "irreversible and accepted, immune-related": ("fail", "pass", event(current_grade=2, irreversible_accepted="yes")),
    "level permitted, of the partner drug": ("pass", "pass", event(**PARTNER, level_permitted="yes")),
    "level permitted, immune-related": ("fail", "pass", event(current_grade=2, level_permitted="yes")),
    "none of the exceptions, of the partner drug": ("fail", "fail", event(**PARTNER)),
    "exceptions not asked, of the partner drug": ("unknown", "unknown", event(**PARTNER, alopecia=ABSENT)),
    "needed another immunosuppressant": ("fail", "pass", event(needed_other_immunosuppressant="yes")),
    "needed another immunosuppressant, whatever its cause": (
        "fail",
        "pass",
        event(needed_other_immunosuppressant="yes", immune_related="no"),
    ),
    "needed another immunosuppressant before PD-1 therapy": (
        "pass",
        "pass",
        event(needed_other_immunosuppressant="yes", during_pd1="no"),
    ),
    "recurred and needed steroids": ("fail", "pass", event(recurred_needing_systemic_steroids="yes")),
    "recurrence not asked": ("unknown", "pass", event(recurred_needing_systemic_steroids=ABSENT)),
    "grade 2 neuropathy of an earlier chemotherapy": ("pass", "fail", event(during_pd1="no", current_grade=2)),
    "hearing loss of an earlier chemotherapy, accepted": (
        "pass",
        "pass",
        event(during_pd1="no", current_grade=3, irreversible_accepted="yes"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_toxicity_excludes_or_not_when(protocol, case):
    serious, unsettled, found = CASES[case]
    result = outcomes(protocol, changed(records("adverse_events", found)))
    assert (result["E05"], result["E23"]) == (serious, unsettled)


@pytest.mark.parametrize(
    ("events", "confirmed", "expected"),
    [
        ([], True, "pass"),
        ([], False, "unknown"),
        ([event()], False, "unknown"),
        ([event(current_grade=2)], False, "fail"),
        ([event(), event(current_grade=2)], True, "fail"),
        ([event(), event(current_grade=ABSENT)], True, "unknown"),
        ([event(current_grade=ABSENT), event(current_grade=2)], False, "fail"),
    ],
)
def test_no_toxicity_is_known_only_when_the_list_was_confirmed(protocol, events, confirmed, expected):
    changes = [records("adverse_events", *events)] + ([] if confirmed else [unreviewed("adverse_events")])
    result = outcomes(protocol, changed(*changes))
    assert (result["E05"], result["E23"]) == (expected, expected)
