"""The same thing asked for at the same moment from several places."""

import pytest
from django.test import Client

from screening.access.permissions import ordered_roles
from screening.access.rights import grant_role, revoke_grant
from screening.models import Grant, Revocation
from tests.screening.hostile.people import code_of, is_in, recovery_code_of, type_code, type_password
from tests.screening.visits.test_concurrency import PEOPLE, at_once
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_rights_that_do_not_go_together_are_not_granted_by_two_at_once(superuser):
    account = UserFactory()
    roles = ["investigator", "administrator", "monitor"]
    at_once(lambda person: grant_role(account, roles[person % 3], "delegation log", superuser))
    assert Grant.objects.filter(account=account).count() == 1
    assert len(ordered_roles(account)) == 1


def test_right_is_revoked_once_by_two_at_once(superuser, monitor):
    held = monitor.grants.get()
    results = at_once(lambda person: revoke_grant(held, f"left {person}", superuser))
    assert Revocation.objects.count() == 1
    assert [type(each).__name__ for each in results].count("Refused") == PEOPLE - 1


@pytest.mark.parametrize("secret_of", [code_of, recovery_code_of])
def test_code_lets_one_in_when_typed_in_several_browsers_at_once(person, secret_of, monkeypatch):
    """Each shows a code that somebody read over a shoulder. The lock is out of the way: were the others told first
    that theirs is wrong, it would keep out the one as well.
    """
    monkeypatch.setattr("screening.access.attempts.MOST_BY_NAME", 100)
    browsers = [Client() for _person in range(PEOPLE)]
    for browser in browsers:
        type_password(browser)
    typed = secret_of(person)
    at_once(lambda index: type_code(browsers[index], typed))
    assert [is_in(browser) for browser in browsers].count(True) == 1
