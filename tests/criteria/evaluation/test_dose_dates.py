import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from criteria.definition.reader import parse_definition
from criteria.evaluation.dose_dates import (
    HORIZON,
    PLANNED_DOSE,
    MovingDose,
    OutcomeChange,
    calendar_spans,
    dose_calendar,
    next_change_of,
    next_outcome_change,
)
from criteria.evaluation.protocol import overall_of
from criteria.rules.dates import Days
from criteria.rules.facts import Facts
from tests.support.documents import ABSENT, amend, changed, no_first_dose, outcomes, put, records, result
from tests.support.random_documents import random_document

seeds = st.integers(0, 2**32)


def planned(document, day):
    """The same visit with its first dose planned for another day."""
    return document | {"visit": document["visit"] | {"planned_first_dose_date": day.isoformat()}}


def found_on(protocol, document, day):
    return {finding.criterion.code: finding.outcome for finding in protocol.evaluate(planned(document, day))}


def visit_day(document):
    return date.fromisoformat(document["visit"]["date"])


def decides(found, overall):
    wanted = {"ineligible": "fail", "undetermined": "unknown"}.get(overall)
    return tuple(code for code, outcome in found.items() if outcome == wanted)


@settings(max_examples=25)
@given(seeds, st.integers(0, 500), st.integers(1, 6))
def test_the_calendar_agrees_with_assessing_each_day_by_itself(protocol, seed, offset, days):
    document = random_document(random.Random(seed))
    first = visit_day(document) + timedelta(offset)
    found = dose_calendar(protocol, document, first, days)
    assert [each.day for each in found] == [first + timedelta(at) for at in range(days)]
    for day in found:
        sheet = protocol.assess(planned(document, day.day))
        assert (day.overall, day.deciding) == (sheet.overall, decides(sheet.outcomes, sheet.overall))


@settings(max_examples=20)
@given(seeds)
def test_sixty_days_agree_with_evaluating_each_by_itself(protocol, seed):
    document = random_document(random.Random(seed))
    for day in dose_calendar(protocol, document, visit_day(document)):
        found = found_on(protocol, document, day.day)
        overall = overall_of(found.values())
        assert (day.overall, day.deciding) == (overall, decides(found, overall))


@settings(max_examples=20)
@given(seeds)
def test_findings_hold_until_the_day_before_the_turn(protocol, seed):
    document = random_document(random.Random(seed))
    now = outcomes(protocol, document)
    turn = next_outcome_change(protocol, document)
    dose = document["visit"].get("planned_first_dose_date")
    if dose in (None, "unknown"):
        assert turn is None
        return
    start = date.fromisoformat(dose)
    last = turn.day if turn else start + timedelta(HORIZON + 1)
    for days in range(1, (last - start).days):
        assert found_on(protocol, document, start + timedelta(days)) == now
    if turn:
        then = found_on(protocol, document, turn.day)
        assert turn.changes == tuple(
            OutcomeChange(code, now[code], then[code]) for code in now if now[code] != then[code]
        )
        assert turn.changes


@settings(max_examples=40)
@given(seeds, st.integers(0, 60))
def test_spans_hold_every_day_of_a_calendar_once(protocol, seed, offset):
    document = random_document(random.Random(seed))
    days = dose_calendar(protocol, document, visit_day(document) + timedelta(offset))
    found = calendar_spans(protocol, document, days)
    assert [span.first for span in found[1:]] == [span.last + timedelta(1) for span in found[:-1]]
    assert (found[0].first, found[-1].last) == (days[0].day, days[-1].day)
    for day in days:
        (span,) = [each for each in found if each.first <= day.day <= each.last]
        assert (span.overall, tuple(reason.code for reason in span.deciding)) == (day.overall, day.deciding)


def test_a_pregnancy_test_expires(protocol, woman):
    turn = next_outcome_change(protocol, woman)
    test_day = date.fromisoformat(woman["pregnancy_tests"][0]["date"])
    assert turn.day == test_day + timedelta(4)
    assert turn.changes == (OutcomeChange("I09", "pass", "unknown"),)


def test_outcome_turns_when_a_washout_ends(protocol):
    document = changed(amend("therapies", end_date="2026-02-23"))
    found = calendar_spans(protocol, document, dose_calendar(protocol, document, date(2026, 3, 9)))
    assert [(span.first, span.last, span.overall) for span in found] == [
        (date(2026, 3, 9), date(2026, 3, 16), "ineligible"),
        (date(2026, 3, 17), date(2026, 5, 7), "eligible"),
    ]
    (reason,) = found[0].deciding
    assert (reason.code, reason.outcome) == ("E03", "fail")
    assert reason.proof.endswith("Clear with planned first dose from 2026-03-17")
    assert next_outcome_change(protocol, document).changes == (OutcomeChange("E03", "fail", "pass"),)


def test_surgery_after_the_first_dose_comes_into_the_window_as_the_dose_moves_on(protocol):
    document = changed(records("procedures", {"kind": "major_surgery", "date": "2026-04-20"}))
    found = calendar_spans(protocol, document, dose_calendar(protocol, document, date(2026, 3, 16)))
    assert [(span.first, span.overall) for span in found] == [
        (date(2026, 3, 16), "eligible"),
        (date(2026, 3, 21), "ineligible"),
    ]


def test_a_limit_to_the_age_of_results_turns_the_findings(protocol, with_parameter, man):
    limited = with_parameter("lab_max_age", "14")
    assert next_outcome_change(protocol, man) is None
    turn = next_outcome_change(limited, man)
    assert (turn.day, turn.changes) == (date(2026, 3, 23), (OutcomeChange("I08", "pass", "unknown"),))


def test_a_failure_that_no_day_mends_fills_the_calendar(protocol):
    document = changed(result("anc", "1.4"))
    (span,) = calendar_spans(protocol, document, dose_calendar(protocol, document, date(2026, 3, 9)))
    assert (span.overall, span.deciding[0].code) == ("ineligible", "I08")
    assert next_outcome_change(protocol, document) is None


def test_without_a_planned_first_dose_there_is_a_calendar_and_no_turn(protocol):
    document = changed(no_first_dose())
    assert next_outcome_change(protocol, document) is None
    assert {day.overall for day in dose_calendar(protocol, document, date(2026, 3, 9))} == {"eligible"}


def test_days_before_the_visit_are_refused(protocol, man):
    with pytest.raises(ValueError, match="no first dose before the visit: 2026-03-08"):
        dose_calendar(protocol, man, date(2026, 3, 8))


def test_a_trial_without_a_first_dose_has_no_calendar(second):
    document = {"visit": {"date": "2026-03-09", "randomisation": "2026-03-16"}}
    assert PLANNED_DOSE not in second.schema.facts
    assert dose_calendar(second, document, date(2026, 3, 9)) == []
    assert calendar_spans(second, document, []) == []
    assert next_outcome_change(second, document) is None


BRANCHING = """\
trial: {code: T1, title: A trial}
version: {number: "1", effective_from: 2025-01-01}
sections:
  - code: visit
    title: Visit
    parts:
      - key: visit
        kind: group
        title: Visit
        fields:
          date: {label: visit date, type: day, required: true}
          planned_first_dose_date: {label: planned first dose, type: day, not_before: visit.date}
          red: {label: red, type: yn}
          blue: {label: blue, type: yn}
criteria:
  - code: I1
    category: inclusion
    statement: Red once a first dose is planned, and blue before
    rule:
      if_known: {given: visit.planned_first_dose_date, then: {is: {visit.red: yes}}, otherwise: {is: {visit.blue: yes}}}
"""


def test_a_calendar_looks_at_days_on_which_a_first_dose_is_planned():
    document = {"visit": {"date": "2026-03-09", "red": "no", "blue": "yes"}}
    days = dose_calendar(parse_definition(BRANCHING)[1], document, date(2026, 3, 9), 3)
    assert [day.overall for day in days] == ["ineligible"] * 3


def test_a_calendar_ends_where_dates_end(protocol, man):
    assert [day.day for day in dose_calendar(protocol, man, date(2199, 12, 30))] == [
        date(2199, 12, 30),
        date(2199, 12, 31),
    ]
    assert dose_calendar(protocol, man, date(9999, 12, 31)) == []
    assert next_outcome_change(protocol, changed(put(visit__planned_first_dose_date="2199-12-31"))) is None


def test_a_planned_first_dose_taken_away_is_not_taken_for_the_visit_day(protocol, woman):
    woman["visit"].pop("planned_first_dose_date")
    days = dose_calendar(protocol, woman, date(2026, 3, 9), 20)
    assert {day.overall for day in days} == {"eligible", "undetermined"}
    assert ABSENT not in woman["visit"].values()


def test_first_known_day_ends_what_held_when_only_a_span_of_days_is_known_for_the_dose(protocol, woman):
    """The pregnancy test of 14 March holds for a dose on the 16th; of one in the second half of March, nobody knows."""
    half = Days(date(2026, 3, 15).toordinal(), date(2026, 3, 31).toordinal(), "2026-03-15/2026-03-31")
    facts = protocol.reader.read(woman)
    facts = Facts({**facts.values, PLANNED_DOSE: half}, facts.records, facts.is_reviewed)
    turn = next_change_of(protocol, facts, protocol.findings(facts, protocol.codes_reading(PLANNED_DOSE)))
    assert turn == (date(2026, 3, 16), (OutcomeChange("I09", "unknown", "pass"),))


def test_criterion_does_not_move_with_the_dose_when_the_day_beside_it_is_unknown(protocol, woman):
    assert MovingDose(protocol, woman).codes == {"I09", "E03"}
    woman["therapies"][0]["end_date"] = "unknown"
    assert MovingDose(protocol, woman).codes == {"I09"}
