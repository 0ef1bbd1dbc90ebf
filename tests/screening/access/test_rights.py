"""Rights: granted with a reason and days, revoked with a reason; who held which on any day."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, strategies as st

from criteria.vocabulary import BadDocument
from screening.access.permissions import may
from screening.access.rights import RoleHistory, grant_holds, grant_role, revoke_grant, rights_on
from screening.models import AccountChange, Grant, Revocation
from tests.support.factories import GrantFactory, UserFactory
from tests.support.reviewed import refusal

TODAY = date(2026, 3, 9)
NOON = datetime(2026, 3, 9, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def faults(verb, *args, **kwargs) -> list[str]:
    with pytest.raises(BadDocument) as bad:
        verb(*args, **kwargs)
    return [fault.path for fault in bad.value.faults]


@pytest.mark.django_db
def test_granted_right_holds_at_once_and_names_who_gave_it_and_why(superuser):
    account = UserFactory()
    granted = grant_role(account, "coordinator", "delegation log 3", superuser)
    assert may(account, "enter")
    assert (granted.created_by, granted.reason, granted.holds_until) == (superuser, "delegation log 3", None)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["coordinator", "investigator", "administrator", "monitor", None])
def test_nobody_grants_or_revokes_but_who_keeps_accounts(role):
    author, granted = UserFactory(role=role), GrantFactory(account=UserFactory(), role="coordinator")
    with pytest.raises(PermissionDenied):
        grant_role(UserFactory(), "coordinator", "please", author)
    with pytest.raises(PermissionDenied):
        revoke_grant(granted, "please", author)


@pytest.mark.django_db
def test_nobody_raises_or_ends_the_own_rights(superuser):
    with pytest.raises(PermissionDenied):
        grant_role(superuser, "investigator", "handy", superuser)
    with pytest.raises(PermissionDenied):
        revoke_grant(superuser.grants.get(), "tired", superuser)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"role": "king"}, ["role"]),
        ({"role": ""}, ["role"]),
        ({"reason": " "}, ["reason"]),
        ({"holds_from": TODAY - timedelta(1)}, ["holds_from"]),
        ({"holds_until": TODAY - timedelta(1)}, ["holds_until"]),
    ],
)
def test_faulty_grant_is_refused_by_its_field(superuser, clock, changed, named):
    typed = {"role": "coordinator", "reason": "new", "author": superuser} | changed
    assert faults(grant_role, UserFactory(), **typed) == named


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["investigator", "coordinator", "monitor", "superuser"])
def test_administrator_gets_no_other_right(superuser, administrator, other):
    assert refusal(grant_role, administrator, other, "handy", superuser) == "together"


@pytest.mark.django_db
def test_days_apart_do_not_clash(superuser, clock):
    account = UserFactory()
    grant_role(account, "administrator", "covers a leave", superuser, holds_until=TODAY + timedelta(9))
    assert refusal(grant_role, account, "investigator", "later", superuser, TODAY + timedelta(9)) == "together"
    assert grant_role(account, "investigator", "later", superuser, TODAY + timedelta(10))


@pytest.mark.django_db
def test_right_that_is_held_is_not_granted_twice(superuser, coordinator):
    assert refusal(grant_role, coordinator, "coordinator", "again", superuser) == "held"


@pytest.mark.django_db
def test_deactivated_account_gets_no_right(superuser):
    assert refusal(grant_role, UserFactory(is_active=False), "coordinator", "new", superuser) == "inactive"


@pytest.mark.django_db
def test_revoked_right_ends_at_once_and_stays_on_record(superuser, coordinator):
    granted = coordinator.grants.get()
    revoke_grant(granted, "left the team", superuser)
    assert not may(coordinator, "read")
    assert refusal(revoke_grant, granted, "again", superuser) == "done"
    assert Grant.objects.filter(account=coordinator).count() == 1


def recorded(role: str, days: float = 0, **given: object) -> Grant:
    """A grant put on record so many days after noon of TODAY."""
    given = {"account": UserFactory(), "holds_from": TODAY, **given}
    return GrantFactory(role=role, created_at=NOON + timedelta(days), **given)


def ended(granted: Grant, days: float) -> None:
    at = NOON + timedelta(days)
    Revocation.objects.create(grant=granted, reason="left", created_by=granted.account, created_at=at)


@pytest.mark.django_db
def test_report_shows_what_was_held_on_a_past_day_and_not_what_came_later():
    ended(recorded("coordinator", account=UserFactory(username="leaver")), 5)
    recorded("coordinator", 6, account=UserFactory(username="comer"), holds_from=TODAY + timedelta(6))

    def held(days: int) -> list[tuple[str, bool]]:
        rows = rights_on(TODAY + timedelta(days))
        return [(row.grant.account.username, row.revocation is not None) for row in rows]

    assert held(-1) == []
    assert held(0) == held(4) == [("leaver", False)]
    assert held(5) == [("leaver", True)]  # until noon
    assert held(6) == [("comer", False)]


@pytest.mark.django_db
def test_report_tells_whose_account_was_deactivated_on_that_day():
    account = recorded("monitor").account
    for step, days in (("deactivated", 1), ("reactivated", 3)):
        at = NOON + timedelta(days)
        AccountChange.objects.create(account=account, step=step, created_by=account, created_at=at)
    active = [rights_on(TODAY + timedelta(days))[0].active for days in range(5)]
    assert active == [True, False, False, True, True]


@pytest.mark.django_db
@override_settings(TIME_ZONE="Asia/Shanghai")
def test_day_is_that_of_the_site():
    at = datetime.fromisoformat("2026-03-09T23:30:00+00:00")  # the tenth, in Shanghai
    GrantFactory(account=UserFactory(), role="monitor", created_at=at)
    assert [len(rights_on(date(2026, 3, day))) for day in (9, 10)] == [0, 1]


@pytest.mark.django_db
def test_roles_of_many_are_read_at_once(django_assert_num_queries):
    people = [recorded("coordinator").account.pk for _ in range(5)]
    with django_assert_num_queries(1):
        roles = RoleHistory([*people, None])
        assert [roles.at(person, NOON + timedelta(1)) for person in people] == [["coordinator"]] * 5
        assert roles.at(people[0], NOON - timedelta(seconds=1)) == []
        assert roles.at(None, NOON) == []


@given(
    starts=st.integers(-5, 5),
    length=st.none() | st.integers(0, 5),
    recorded=st.integers(-5, 5),
    ended=st.none() | st.integers(-5, 9),
    asked=st.integers(-9, 9),
)
def test_right_holds_within_its_days_and_between_its_records(starts, length, recorded, ended, asked):
    first = TODAY + timedelta(starts)
    last = None if length is None else first + timedelta(length)
    granted = Grant(holds_from=first, holds_until=last, created_at=NOON + timedelta(recorded))
    if ended is not None:
        Revocation(grant=granted, created_at=NOON + timedelta(ended))
    moment = NOON + timedelta(asked)
    day = moment.date()
    expected = first <= day and (last is None or day <= last) and recorded <= asked and (ended is None or asked < ended)
    assert grant_holds(granted, moment, day) is expected
