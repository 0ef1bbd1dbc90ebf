"""Former screen failures who would be eligible under the version in force: who is on the list, and what ends it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.amendments.former_failures import (
    dismiss_failure,
    eligible_now,
    former_failures,
    former_failures_page,
)
from screening.amendments.transition import succession_today
from screening.models import FailureDismissal
from screening.review.undo import withdraw_signature
from screening.visits.save import open_visit
from tests.screening.audit.told import told
from tests.support.answered import answered
from tests.support.reviewed import PASSWORD, assessed, later_version, sign

TODAY = date(2026, 3, 16)
REASON = "treated elsewhere since"


@pytest.fixture
def today(on):
    on(TODAY)


@pytest.fixture
def failure(today, trial, coordinator, signer, cases):
    """Confirmed as a screen failure by ECOG 2 alone, which version 2.0 permits."""
    return sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure", "I03")


@pytest.fixture
def visit(failure):
    return failure.assessment.revision.visit


@pytest.fixture
def later(failure):
    return later_version("2026-03-12")


def listed(trial):
    since = succession_today(trial)
    return eligible_now(former_failures_page(since).rows, since) if since else []


def states(trial):
    return [(each.row.screening_number, each.is_open) for each in listed(trial)]


def test_failure_who_would_be_eligible_now_is_open(failure, later, trial):
    assert states(trial) == [("S-0001", True)]


def test_nobody_is_listed_before_a_version_has_replaced_another(failure, trial):
    assert states(trial) == []


def test_failure_who_would_still_fail_is_looked_at_and_not_listed(today, trial, coordinator, signer, cases):
    sign(assessed(trial, coordinator, cases["I03-ecog-2"]["document"]), signer, PASSWORD, "failure", "I03")
    later_version("2026-03-12", max_ecog=1)
    assert former_failures(succession_today(trial)).count() == 1
    assert states(trial) == []


def test_subject_who_was_not_confirmed_as_a_failure_is_none(today, trial, coordinator, cases):
    assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    later_version("2026-03-12")
    assert states(trial) == []


def test_failure_is_done_when_the_subject_is_screened_again(visit, later, trial, coordinator, cases):
    document = cases["base-man"]["document"]
    again = answered(
        open_visit, visit.subject, coordinator, document | {"visit": document["visit"] | {"date": "2026-03-13"}}
    )
    (found,) = listed(trial)
    assert (found.row.visit, found.again.visit, found.is_open) == (visit, again, False)


def test_failure_is_done_when_a_reason_says_why_the_subject_is_not_screened_again(visit, later, trial, coordinator):
    dismiss_failure(visit, coordinator, f" {REASON} ")
    (found,) = listed(trial)
    assert (found.dismissal.reason, found.dismissal.version, found.is_open) == (REASON, later, False)
    (entry,) = (each for each in told() if each.title == "former screen failure not screened again")
    assert (entry.person, entry.subject, entry.reason) == (coordinator, visit.subject, REASON)


def test_failure_is_open_again_when_a_further_version_comes_into_force(visit, later, trial, coordinator, on):
    dismiss_failure(visit, coordinator, REASON)
    on(date(2026, 4, 2))
    later_version("2026-04-01", "3.0")
    assert states(trial) == [("S-0001", True)]


def test_failure_leaves_the_list_when_its_signature_is_withdrawn(failure, later, trial, signer):
    withdraw_signature(failure, signer, PASSWORD, "wrong button")
    assert states(trial) == []


@pytest.mark.parametrize("reason", ["", " ", "x", "...", "xxx", "11010519491231002X and more"])
def test_reason_that_says_nothing_or_too_much_is_refused(visit, later, coordinator, reason):
    with pytest.raises(BadDocument):
        dismiss_failure(visit, coordinator, reason)
    assert not FailureDismissal.objects.exists()


def test_dismissal_is_refused_when_there_is_nothing_to_work_through(visit, coordinator):
    with pytest.raises(Refused, match="no screen failure to be looked at again"):
        dismiss_failure(visit, coordinator, REASON)


def test_dismissal_is_refused_when_it_is_on_record_already(visit, later, coordinator):
    dismiss_failure(visit, coordinator, REASON)
    with pytest.raises(Refused, match="on record already"):
        dismiss_failure(visit, coordinator, REASON)


def test_dismissal_is_denied_when_the_user_may_not_assess(visit, later, monitor):
    with pytest.raises(PermissionDenied):
        dismiss_failure(visit, monitor, REASON)
