"""An amendment sets how old the performance status may be: what it moves, and what it leaves as it was."""

from datetime import date, timedelta

import pytest

from criteria.amendments.state import current_proposal
from criteria.records import canonical
from screening.amendments.approve import approve, propose
from screening.amendments.transition import reassess
from screening.eligibility.assess import assess
from screening.eligibility.replay import replay
from screening.eligibility.validity import holds_until
from screening.models import SimulatedChange
from screening.visits.save import open_visit, register_subject
from tests.support.amended import ETHICS, PASSWORD, approver, drafted, looked_at, with_value
from tests.support.factories import UserFactory
from tests.support.reviewed import IN_TIME, standing

FRESH, OLD = date(2026, 3, 10), date(2026, 3, 8)  # the first dose is planned for 2026-03-16


@pytest.fixture
def examined(trial, coordinator, cases, in_time):
    """The assessment of an eligible man whose performance status was judged on a day."""

    def found(day):
        document = cases["base-man"]["document"]
        document = document | {"performance": document["performance"] | {"date": day.isoformat()}}
        return assess(
            open_visit(register_subject(trial, coordinator), coordinator, document).latest_revision(), coordinator
        )

    return found


@pytest.fixture
def amend(trial, administrator):
    """Set ecog_max_age to 7 days, in force today."""

    def run():
        amendment = with_value(drafted(trial, administrator, day=IN_TIME), administrator, "ecog_max_age", "7")
        looked_at(amendment, administrator)
        propose(amendment, administrator, "as decided by the sponsor")
        second = approver(UserFactory(role="investigator"))
        return approve(current_proposal(amendment), second, PASSWORD, "read and agreed", ETHICS, IN_TIME)

    return run


def test_eligible_until_moves_and_who_is_too_old_turns_unknown_and_never_failed(examined, amend, coordinator):
    fresh, old = examined(FRESH), examined(OLD)
    assert {fresh.overall, old.overall} == {"eligible"}
    before = {
        each.pk: canonical.dump(list(each.verdicts.order_by("pk").values("code", "outcome", "proof")))
        for each in (fresh, old)
    }
    open_until = holds_until(fresh)

    amend()
    again, unknown = (reassess(each.revision, coordinator) for each in (fresh, old))
    assert (again.overall, holds_until(again)) == ("eligible", FRESH + timedelta(7))
    assert holds_until(fresh) == open_until > holds_until(again)
    assert unknown.overall == "undetermined"
    outcomes = dict(unknown.verdicts.values_list("code", "outcome"))
    assert {code for code, outcome in outcomes.items() if outcome == "unknown"} == {"I03", "I04"}
    assert "fail" not in outcomes.values()
    assert standing(unknown).next_step.startswith("Repeat performance status")

    for each in (fresh, old):
        found = replay(each)
        assert (found.stored == found.again, found.differences, found.intact) == (True, (), True)
        assert canonical.dump(list(each.verdicts.order_by("pk").values("code", "outcome", "proof"))) == before[each.pk]


def test_dry_run_shows_before_it_takes_effect_whom_the_window_touches(examined, amend, trial):
    fresh, old = examined(FRESH), examined(OLD)
    amend()
    touched = SimulatedChange.objects.values_list("subject", flat=True)
    assert set(touched) == {old.revision.visit.subject_id}
    assert fresh.revision.visit.subject_id not in touched
