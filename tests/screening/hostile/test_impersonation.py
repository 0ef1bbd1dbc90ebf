"""What whoever keeps accounts might do alone to be somebody else, or to be more than they are."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from criteria.records.refusal import Refused
from screening.access.accounts import confirm_identity, create_account, give_access, rename_account, set_account_active
from screening.access.permissions import ordered_roles
from screening.access.rights import grant_role, revoke_grant
from screening.models import AccountChange, Grant, Revocation
from tests.screening.hostile.people import PASSWORD, with_password
from tests.support.factories import GrantFactory, UserFactory
from tests.support.reviewed import sign


@pytest.fixture
def second(superuser):
    """Another account that keeps accounts, made by the first, who has the link to it: nobody has confirmed it."""
    account = create_account("second", "Also", "Me", "help", superuser)
    give_access(account, "help", superuser)
    grant_role(account, "superuser", "help", superuser)
    return with_password(account)


def code_of_refusal(act, *args):
    counted = AccountChange.objects.count(), Grant.objects.count(), Revocation.objects.count(), User.objects.count()
    with pytest.raises(Refused) as refused:
        act(*args)
    now = AccountChange.objects.count(), Grant.objects.count(), Revocation.objects.count(), User.objects.count()
    assert now == counted
    return refused.value.code


def test_second_account_of_the_same_person_does_not_confirm_a_third(superuser, second, investigator):
    """Otherwise one person alone, with two accounts, could sign as the investigator (21 CFR 11.200(a)(3))."""
    give_access(investigator, "password forgotten", superuser)
    with_password(investigator)
    assert code_of_refusal(confirm_identity, investigator, "it is her", second) == "unconfirmed"


def test_taken_over_account_does_not_confirm_another(superuser, administrator, investigator):
    for account in (administrator, investigator):
        give_access(account, "password forgotten", superuser)
        with_password(account)
    assert code_of_refusal(confirm_identity, investigator, "it is her", administrator) == "unconfirmed"


def test_taken_over_investigator_signs_nothing(superuser, signer, eligible, in_time):
    give_access(signer, "password forgotten", superuser)
    with_password(signer)
    with pytest.raises(Refused) as refused:
        sign(eligible, signer, PASSWORD, "eligible")
    assert refused.value.code == "unconfirmed"


def test_unconfirmed_account_changes_no_account(superuser, second):
    """Or it would give its maker what nobody may have together with keeping accounts."""
    held = superuser.grants.get()
    assert code_of_refusal(revoke_grant, held, "a change", second) == "unconfirmed"
    assert code_of_refusal(grant_role, superuser, "investigator", "a change", second) == "unconfirmed"
    assert code_of_refusal(create_account, "third", "And", "Me", "a change", second) == "unconfirmed"
    assert code_of_refusal(give_access, superuser, "a change", second) == "unconfirmed"
    assert code_of_refusal(set_account_active, superuser, False, "a change", second) == "unconfirmed"
    assert code_of_refusal(rename_account, superuser, "Li", "Na", "a change", second) == "unconfirmed"


def test_pages_say_so_to_an_unconfirmed_account(second, investigator):
    client = Client()
    client.force_login(second)
    response = client.post(
        reverse("screening:account-rename", args=[investigator.pk]),
        {"first_name": "Li", "last_name": "Na", "reason": "why"},
    )
    assert response.status_code == 422
    assert "somebody else must confirm first" in response.content.decode()


def test_accounts_made_on_the_server_confirm_each_other(db, investigator):
    """Who works there needs no page to be anybody; without this nobody could ever be the first to confirm."""
    for name in ("first", "other"):
        call_command("create_account", name, first_name="A", last_name="B", reason="begin", verbosity=0)
    first, other = User.objects.get(username="first"), User.objects.get(username="other")
    give_access(investigator, "new", first)
    with_password(investigator)
    confirm_identity(investigator, "met her", other)
    with pytest.raises(Refused, match="Nothing is to be confirmed"):
        confirm_identity(investigator, "met her", other)


def test_whoever_gave_access_does_not_confirm_it_nor_does_its_own_person(superuser, investigator):
    give_access(investigator, "new", superuser)
    with_password(investigator)
    assert code_of_refusal(confirm_identity, investigator, "it is me", superuser) == "same_person"
    assert code_of_refusal(confirm_identity, investigator, "it is me", investigator) == "unconfirmed"


def test_nobody_is_confirmed_before_the_link_is_used(superuser, investigator, administrator):
    give_access(investigator, "new", superuser)
    assert code_of_refusal(confirm_identity, investigator, "it is her", administrator) == "early"


@pytest.mark.parametrize("name", ["grant", "rename", "activity", "access"])
def test_nobody_keeps_an_own_account(superuser, name):
    client = Client()
    client.force_login(superuser)
    words = {"role": "investigator", "holds_from": "2099-01-01", "reason": "me", "first_name": "A", "last_name": "B"}
    assert client.post(reverse(f"screening:account-{name}", args=[superuser.pk]), words).status_code == 403
    assert (ordered_roles(superuser), superuser.changes.count()) == (["superuser"], 0)


def test_own_right_is_not_revoked_through_the_address_of_another_account(superuser, investigator):
    client = Client()
    client.force_login(superuser)
    own = superuser.grants.get()
    address = reverse("screening:account-revoke", args=[investigator.pk, own.pk])
    assert client.post(address, {"reason": "why"}).status_code == 404
    with pytest.raises(PermissionDenied):
        revoke_grant(own, "why", superuser)


@pytest.mark.parametrize("role", ["coordinator", "investigator", "administrator", "monitor", None])
def test_flags_of_the_framework_give_no_right(db, role):
    """`is_superuser` and `is_staff` of an account mean nothing here."""
    user = UserFactory(role=role, is_superuser=True, is_staff=True)
    assert ordered_roles(user) == ([role] if role else [])


def test_rights_that_nobody_may_hold_together_are_none(investigator):
    GrantFactory(account=investigator, role="administrator")
    assert ordered_roles(investigator) == []
