"""No question is out of sight while a criterion waits for its answer."""

import re

import pytest

from criteria.evaluation.outlook import outlook
from screening.crf.follow_ups import is_asked

STEP = re.compile(r"(?P<list>[a-z_]+)\[(?P<at>[0-9]+)\]\.(?P<field>[a-z0-9_]+)")
EVENT = {
    "term": "event",
    "organ_system": "haematologic",
    "max_grade": 2,
    "current_grade": 2,
    "during_pd1": "yes",
    "immune_related": "no",
    "alopecia": "no",
    "irreversible_accepted": "no",
    "level_permitted": "no",
    "needed_other_immunosuppressant": "no",
    "recurred_needing_systemic_steroids": "no",
}
THERAPY = {"kind": "immunomodulator", "agents": ["il11"], "start_date": "2026-03-01", "end_date": "2026-03-05"}


EVENT_ANSWERS = {
    "organ_system": [None, "endocrine", "cardiac", "skin"],
    **{name: [None, "yes", "no"] for name in EVENT if EVENT[name] in ("yes", "no")},
}
THERAPY_ANSWERS = {
    "agents": [None, ["il11", "interferon"], ["thymosin"], ["pd1_inhibitor", "platinum"]],
    "ongoing": ["yes", "no"],
    "progressed": ["yes", "no"],
}


def variants(record, answers):
    """The record, and it with each answer changed or left out, one after another."""
    for name, values in answers.items():
        for value in values:
            changed = record | {name: value}
            yield {each: answer for each, answer in changed.items() if answer is not None}


def hidden_and_missing(protocol, document):
    """The answers in lists that a criterion waits for, and that the form asks under no answer that is still open."""
    for step in outlook(protocol, document).steps:
        match = STEP.fullmatch(step.path)
        if not match:
            continue
        when = protocol.vocabulary.parts[match["list"]].fields[match["field"]].when
        record = document[match["list"]][int(match["at"])]
        if not is_asked(when, record, document) and all(path[1:] in record for path in when):
            yield step.path, record


@pytest.mark.parametrize("grade", [None, 0, 1, 2, 3])
def test_every_answer_of_an_adverse_event_is_asked_when_a_criterion_waits_for_it(protocol, cases, grade):
    for event in variants(EVENT, {"current_grade": [grade]}):
        for changed in variants(event, EVENT_ANSWERS):
            document = cases["base-man"]["document"] | {"adverse_events": [changed]}
            assert [*hidden_and_missing(protocol, document)] == []


@pytest.mark.parametrize("kind", [None, "systemic", "immunomodulator", "local_palliative", "antitumour_tcm"])
def test_every_answer_of_a_therapy_is_asked_when_a_criterion_waits_for_it(protocol, cases, kind):
    document = cases["base-man"]["document"]
    for therapy in variants(THERAPY, {"kind": [kind]}):
        for changed in variants(therapy, THERAPY_ANSWERS):
            with_it = document | {"therapies": [*document["therapies"], changed]}
            assert [*hidden_and_missing(protocol, with_it)] == []


def test_what_is_out_of_sight_is_found_when_a_criterion_waits_for_it(amended, cases):
    """The check itself: alopecia of grade 1 is not asked, and a limit of 0 waits for it."""
    event = {name: answer for name, answer in EVENT.items() if name != "alopecia"} | {"current_grade": 1}
    document = cases["base-man"]["document"] | {"adverse_events": [event]}
    stricter = amended((("max_residual_grade", 0),))
    assert [path for path, _record in hidden_and_missing(stricter, document)] == ["adverse_events[0].alopecia"]
