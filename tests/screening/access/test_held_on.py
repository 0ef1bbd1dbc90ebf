"""Who held which rights on a past day, as far as was known at its end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from screening.access.rights import rights_on
from screening.models import AccountChange, Revocation
from tests.support.factories import GrantFactory, UserFactory

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(1)


@pytest.fixture
def maria(db):
    return UserFactory(username="maria")


def given(account, role="coordinator", at=NOON, first=date(2026, 3, 9), last=None):
    return GrantFactory(account=account, role=role, created_at=at, holds_from=first, holds_until=last)


def revoked(granted, at):
    return Revocation.objects.create(grant=granted, reason="left", created_by=granted.account, created_at=at)


def days(first=7, last=14):
    """On which days of March somebody held a right, and whether it was known by then to be revoked."""
    found = {day: rights_on(date(2026, 3, day)) for day in range(first, last)}
    return {day: [bool(held.revocation) for held in rows] for day, rows in found.items() if rows}


def test_right_is_held_from_the_day_of_its_record(maria):
    given(maria, first=date(2026, 3, 7))
    assert days(last=12) == {9: [False], 10: [False], 11: [False]}


def test_right_is_held_for_a_part_of_the_day_on_which_it_is_revoked_and_not_later(maria):
    revoked(given(maria), NOON + 2 * DAY)
    assert days() == {9: [False], 10: [False], 11: [True]}


def test_right_granted_and_revoked_on_one_day_was_held_on_it(maria):
    revoked(given(maria), NOON + DAY / 4)
    assert days() == {9: [True]}


def test_right_is_held_through_its_last_day_and_not_before_its_first(maria):
    given(maria, first=date(2026, 3, 10), last=date(2026, 3, 11))
    assert days() == {10: [False], 11: [False]}


def test_day_begins_and_ends_by_the_clock_of_the_site(settings, maria):
    settings.TIME_ZONE = "Asia/Shanghai"
    granted = given(maria, at=datetime(2026, 3, 9, 16, tzinfo=UTC))  # midnight, at the beginning of the 10th
    revoked(granted, datetime(2026, 3, 11, 15, 59, tzinfo=UTC))
    assert days() == {10: [False], 11: [True]}


def test_account_is_active_as_it_was_at_the_end_of_the_day(maria):
    given(maria)
    for step, at in (("deactivated", NOON + DAY), ("reactivated", NOON + 3 * DAY), ("renamed", NOON + 4 * DAY)):
        AccountChange.objects.create(account=maria, step=step, created_by=maria, created_at=at)
    assert [rights_on(date(2026, 3, day))[0].active for day in range(9, 14)] == [True, False, False, True, True]


def test_rights_are_ordered_by_role_and_name_in_a_constant_number_of_queries(maria, django_assert_num_queries):
    for name, role in (("zoe", "coordinator"), ("ann", "monitor"), ("bob", "investigator"), ("maria2", "coordinator")):
        given(UserFactory(username=name), role)
    revoked(given(maria), NOON + DAY)
    with django_assert_num_queries(2):
        rows = [
            (held.grant.role, held.grant.account.username, held.revocation and held.revocation.created_by.username)
            for held in rights_on(date(2026, 3, 10))
        ]
    assert rows == [
        ("coordinator", "maria", "maria"),
        ("coordinator", "maria2", None),
        ("coordinator", "zoe", None),
        ("investigator", "bob", None),
        ("monitor", "ann", None),
    ]
