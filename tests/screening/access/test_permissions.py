"""Which role may do what, and what a person may hold together."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from screening.access.permissions import (
    ACCOUNT,
    ADDRESSES,
    ANYONE,
    ROLES,
    VERBS,
    are_compatible,
    current_roles,
    may,
    ordered_roles,
    rights_by_verb,
)
from screening.models import Revocation, Role
from tests.support.factories import GrantFactory, UserFactory

READER = {"read", "replay", "log", "export"}
TABLE = {
    "coordinator": READER | {"enter", "assess", "answer", "enrol"},
    "investigator": READER
    | {"assess", "sign", "review", "answer", "enrol", "approve", "simulate", "simulations"}
    | {"trail", "rights", "confirm", "confirm_range"},
    "sub_investigator": READER | {"assess", "review", "answer", "enrol", "simulations"},
    "delegated_signer": READER | {"assess", "review", "answer", "enrol", "simulations", "sign"},
    "administrator": READER
    | {
        "consent_forms",
        "ranges",
        "confirm_range",
        "amend",
        "approve",
        "simulate",
        "simulations",
        "trail",
        "rights",
        "confirm",
    },
    "monitor": READER | {"simulations", "trail", "rights"},
    "superuser": {"rights", "accounts", "confirm"},
    None: set(),
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", TABLE)
def test_may_follows_the_table_when_a_user_has_a_role(role, verb):
    assert may(UserFactory(role=role), verb) is (verb in TABLE[role])


def test_matrix_names_no_verb_that_the_table_lacks():
    assert {verb for row in ADDRESSES.values() for verb in row.values()} <= {*VERBS, ANYONE, ACCOUNT}
    assert set(TABLE) - {None} == set(ROLES) == {role for roles in VERBS.values() for role in roles}


@pytest.mark.parametrize("verb", VERBS)
def test_may_refuses_when_the_superuser_flag_of_django_is_all_there_is(verb):
    assert not may(UserFactory(is_superuser=True, is_staff=True), verb)


@pytest.mark.parametrize("role", TABLE)
def test_allowed_says_the_same_of_many_verbs_in_one_query(role, django_assert_num_queries):
    user = UserFactory(role=role)
    with django_assert_num_queries(1):
        found = rights_by_verb(current_roles(user))
    assert found == {verb: may(user, verb) for verb in VERBS}
    user.is_active = False
    assert not any(rights_by_verb(current_roles(user)).values())
    assert not any(rights_by_verb(current_roles(AnonymousUser())).values())


def test_may_refuses_when_the_account_is_deactivated():
    assert not may(UserFactory(role="coordinator", is_active=False), "read")


def test_may_refuses_when_nobody_is_logged_in():
    assert not may(AnonymousUser(), "read")


def test_may_raises_when_the_verb_is_not_in_the_table(coordinator):
    with pytest.raises(KeyError):
        may(coordinator, "sing")


def test_right_ends_when_it_is_revoked(coordinator):
    grant = coordinator.grants.get()
    Revocation.objects.create(grant=grant, reason="left the team", created_by=coordinator)
    assert not may(coordinator, "enter")


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [(0, None, True), (0, 0, True), (-9, 0, True), (1, None, False), (-9, -1, False)],
)
def test_right_holds_from_its_first_day_to_the_end_of_its_last(first, last, holds):
    today, user = timezone.localdate(), UserFactory()
    until = None if last is None else today + timedelta(last)
    GrantFactory(account=user, role="coordinator", holds_from=today + timedelta(first), holds_until=until)
    assert may(user, "enter") is holds


def test_coordinator_and_investigator_may_be_one_person():
    user = UserFactory(role="coordinator")
    GrantFactory(account=user, role="investigator")
    assert ordered_roles(user) == ["coordinator", "investigator"]
    assert may(user, "enter")
    assert may(user, "sign")


@pytest.mark.parametrize("role", ["investigator", "coordinator", "monitor", "superuser"])
def test_administrator_never_signs_whatever_else_the_records_say(role):
    """No verb writes such records: whoever did must gain nothing by it."""
    user = UserFactory(role="administrator")
    GrantFactory(account=user, role=role, holds_from=date(2020, 1, 1))
    assert ordered_roles(user) == []
    assert not any(may(user, verb) for verb in VERBS)


def test_roles_go_together_in_pairs_that_are_named_and_no_others():
    pairs = [{one, other} for one in Role.values for other in Role.values if one < other]
    found = [pair for pair in pairs if are_compatible(pair)]
    assert len(found) == 3
    for other in ("investigator", "sub_investigator", "delegated_signer"):
        assert {"coordinator", other} in found
