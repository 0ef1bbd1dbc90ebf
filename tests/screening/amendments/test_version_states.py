from datetime import date, timedelta

import pytest

from criteria.models import Amendment, ProtocolVersion, Withdrawal, long_fields
from criteria.versions.versions import version_on
from screening.amendments.version_states import past_amendments, states_of, version_state

DAY, LATER = date(2026, 3, 1), date(2026, 4, 1)
QUESTIONS = {"sponsor_protocol", "numbers", "codes", "sections", "drugs", "tables", "terms", "check_limits", "checks"}
QUESTIONS |= {"summary", "tests"}


@pytest.fixture
def add(trial):
    """A version in force from a day, of which nothing but that matters."""
    return lambda number, day: ProtocolVersion.objects.create(
        trial=trial, number=number, effective_from=day, codes={}, sections=[], terms={}, definition_sha256=number * 8
    )


def told(trial, today):
    return [(state.version.number, state.kind, state.words) for state in states_of(trial, today)]


def test_only_version_is_in_force_since_its_day(version):
    day = version.effective_from
    assert told(version.trial, day) == [(version.number, "in_force", f"in force since {day.isoformat()}")]


def test_only_version_is_to_come_before_its_day(version):
    day = version.effective_from
    coming = f"comes into force on {day.isoformat()}"
    assert told(version.trial, day - timedelta(1)) == [(version.number, "coming", coming)]


def test_version_to_come_is_announced_at_the_one_in_force(version, add):
    add("20", LATER)
    since = f"in force since {version.effective_from.isoformat()}; 20 follows on 2026-04-01"
    assert told(version.trial, DAY) == [
        ("20", "coming", "comes into force on 2026-04-01"),
        (version.number, "in_force", since),
    ]


def test_version_supersedes_on_its_very_day(version, add):
    add("20", LATER)
    ended = f"superseded on 2026-04-01 by 20; in force from {version.effective_from.isoformat()}"
    assert told(version.trial, LATER) == [
        ("20", "in_force", "in force since 2026-04-01"),
        (version.number, "superseded", ended),
    ]


def test_version_superseded_on_its_first_day_says_so(trial, add):
    add("20", DAY)
    add("21", DAY)
    assert told(trial, DAY)[:2] == [
        ("21", "in_force", "in force since 2026-03-01"),
        ("20", "superseded", "superseded by 21 from its first day on, 2026-03-01"),
    ]


@pytest.mark.parametrize("days", [(DAY,), (DAY, LATER), (LATER, DAY), (DAY, DAY, LATER), (LATER, LATER)])
@pytest.mark.parametrize("today", [date(2026, 2, 28), DAY, date(2026, 3, 31), LATER])
def test_one_version_is_in_force_and_visits_fall_under_the_same(trial, add, days, today):
    for number, day in enumerate(days, start=20):
        add(str(number), day)
    assert [state.version for state in states_of(trial, today) if state.kind == "in_force"] == [
        version_on(trial, today)
    ]


def test_version_before_is_the_one_that_was_superseded(trial, version, add):
    later, between = add("20", LATER), add("19", DAY)
    assert version_state(later, LATER).before == between
    assert version_state(between, LATER).before == version
    assert version_state(version, LATER).before is None


def test_all_versions_are_told_in_one_query_without_their_questions(trial, add, django_assert_num_queries):
    for number in range(20, 24):
        add(str(number), DAY)
    with django_assert_num_queries(1):
        states = states_of(trial, LATER)
        assert [state.version.note for state in states[:4]] == [""] * 4
    assert len(states) == 5
    assert states[0].version.get_deferred_fields() == QUESTIONS


def test_amendment_that_is_over_is_told_without_the_questions_of_its_base(trial, version, administrator):
    amendment = Amendment.objects.create(trial=trial, number=1, base=version, created_by=administrator)
    Withdrawal.objects.create(amendment=amendment, reason="Not needed.", created_by=administrator)
    (past,) = past_amendments(trial, [])
    assert past.amendment.base.get_deferred_fields() == {*QUESTIONS, "note"} == {*long_fields()}
