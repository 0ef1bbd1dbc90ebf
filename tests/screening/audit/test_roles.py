"""The role that an entry names is the one of its moment, whatever was granted and revoked since."""

from datetime import UTC, date, datetime, timedelta

import pytest

from screening.models import Revocation
from tests.screening.audit.told import told
from tests.support.factories import GrantFactory, SubjectFactory, UserFactory

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(1)


@pytest.fixture
def account(db):
    return UserFactory(first_name="Maria", last_name="Li")


@pytest.fixture
def role_at(trial, account):
    """The role that the entry of something done then names."""

    def role_at(moment):
        subject = SubjectFactory(trial=trial, created_by=account, created_at=moment)
        (entry,) = told(subject=subject.screening_number)
        assert entry.who == "Maria Li"
        return entry.role

    return role_at


def given(account, role, at=NOON, first=date(2026, 3, 9), last=None):
    return GrantFactory(account=account, role=role, created_at=at, holds_from=first, holds_until=last)


def test_right_holds_from_the_moment_of_its_record_to_that_of_its_revocation(account, role_at):
    granted = given(account, "coordinator")
    Revocation.objects.create(grant=granted, reason="left", created_by=account, created_at=NOON + DAY)
    second = timedelta(microseconds=1)
    roles = [role_at(at) for at in (NOON - second, NOON, NOON + DAY - second, NOON + DAY)]
    assert roles == ["", "study coordinator", "study coordinator", ""]


def test_right_holds_through_its_last_day_and_from_its_first(account, role_at):
    given(account, "monitor", first=date(2026, 3, 11), last=date(2026, 3, 12))
    days = [datetime(2026, 3, day, 23, 59, tzinfo=UTC) for day in (10, 11, 12, 13)]
    assert [role_at(at) for at in days] == ["", "monitor", "monitor", ""]


def test_first_and_last_day_are_those_of_the_clock_of_the_site(settings, account, role_at):
    settings.TIME_ZONE = "Asia/Shanghai"
    given(account, "monitor", first=date(2026, 3, 11), last=date(2026, 3, 11))
    moments = [datetime(2026, 3, 10, 15, 59, tzinfo=UTC), datetime(2026, 3, 10, 16, tzinfo=UTC)]
    moments += [at + DAY for at in moments]
    assert [role_at(at) for at in moments] == ["", "monitor", "monitor", ""]


def test_right_granted_again_holds_again_and_two_at_once_are_both_named(account, role_at):
    first = given(account, "coordinator")
    Revocation.objects.create(grant=first, reason="left", created_by=account, created_at=NOON + DAY)
    given(account, "investigator", at=NOON + DAY / 2)
    given(account, "coordinator", at=NOON + 3 * DAY)
    roles = [role_at(NOON + days * DAY) for days in (0.25, 0.75, 2, 4)]
    both = "study coordinator, principal investigator"
    assert roles == ["study coordinator", both, "principal investigator", both]


def test_no_right_is_named_before_any_was_on_record(role_at):
    assert role_at(NOON) == ""
