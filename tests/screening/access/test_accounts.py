"""Accounts: nobody keeps the own one, none goes away, and whoever gives access cannot sign by it alone."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from criteria.vocabulary import BadDocument
from screening.access.accounts import (
    confirm_identity,
    create_account,
    give_access,
    rename_account,
    set_account_active,
    unconfirmed_access,
)
from screening.models import AccountChange
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, refusal

pytestmark = pytest.mark.django_db


def steps(account: User) -> list[tuple[str, str, str]]:
    rows = AccountChange.objects.filter(account=account).order_by("pk")
    return [(row.step, row.created_by.username, row.reason) for row in rows]


def faults(verb, *args, **kwargs) -> list[str]:
    with pytest.raises(BadDocument) as bad:
        verb(*args, **kwargs)
    return [fault.path for fault in bad.value.faults]


def test_account_is_created_without_rights_and_without_a_password(superuser):
    account = create_account("li.na", " Na ", "Li", "delegation log 3", superuser)
    assert (account.get_full_name(), account.has_usable_password(), account.is_superuser) == ("Na Li", False, False)
    assert not account.grants.exists()
    assert steps(account) == [("created", superuser.username, "delegation log 3")]


@pytest.mark.parametrize("taken", ["li.na", "LI.NA", "Li.Na"])
def test_name_is_given_once_even_when_its_account_is_deactivated(superuser, taken):
    first = create_account("li.na", "Na", "Li", "new", superuser)
    set_account_active(first, False, "left", superuser)
    assert faults(create_account, taken, "Nan", "Li", "new", superuser) == ["username"]


def test_name_given_by_two_at_the_same_moment_is_refused_to_the_second(superuser, monkeypatch):
    create_account("li.na", "Na", "Li", "new", superuser)
    monkeypatch.setattr("screening.access.accounts.username_faults", lambda name: [])  # as it was a moment ago
    assert faults(create_account, "li.na", "Nan", "Li", "new", superuser) == ["username"]
    assert User.objects.filter(username="li.na").count() == 1


@pytest.mark.parametrize(
    ("names", "named"),
    [
        (("", "Na", "Li"), "username"),
        (("with space", "Na", "Li"), "username"),
        (("nul\0", "Na", "Li"), "username"),
        (("n" * 151, "Na", "Li"), "username"),
        (("li.na", " ", "Li"), "first_name"),
        (("li.na", "Na", "L" * 151), "last_name"),
        (("li.na", "Na", "Li 110101199003074514"), "last_name"),
    ],
)
def test_faulty_name_is_refused_by_its_field(superuser, names, named):
    assert faults(create_account, *names, "new", superuser) == [named]
    assert not User.objects.filter(last_name__startswith="L").exists()


def test_every_step_asks_for_a_reason(superuser):
    account = UserFactory()
    for verb, args in ((rename_account, ("A", "B")), (set_account_active, (False,)), (give_access, ())):
        assert faults(verb, account, *args, " ", superuser) == ["reason"]
    assert steps(account) == []


@pytest.mark.parametrize("role", ["coordinator", "investigator", "administrator", "monitor", None])
def test_only_who_keeps_accounts_changes_them(role):
    author, account = UserFactory(role=role), UserFactory()
    for verb, args in ((rename_account, ("A", "B")), (set_account_active, (False,)), (give_access, ())):
        with pytest.raises(PermissionDenied):
            verb(account, *args, "because", author)
    with pytest.raises(PermissionDenied):
        create_account("li.na", "Na", "Li", "new", author)


def test_nobody_keeps_the_own_account(superuser):
    for verb, args in ((rename_account, ("A", "B")), (set_account_active, (False,)), (give_access, ())):
        with pytest.raises(PermissionDenied):
            verb(superuser, *args, "because", superuser)


def test_renaming_keeps_both_names_on_record(superuser):
    account = UserFactory(first_name="Na", last_name="Li")
    rename_account(account, "Na", "Wang", "married", superuser)
    account.refresh_from_db()
    assert account.get_full_name() == "Na Wang"
    assert AccountChange.objects.get(account=account).detail == "Na Li → Na Wang"


def test_deactivating_twice_is_refused(superuser):
    account = UserFactory()
    set_account_active(account, False, "left", superuser)
    assert refusal(set_account_active, account, False, "left", superuser) == "done"
    set_account_active(account, True, "came back", superuser)
    assert [step for step, _who, _why in steps(account)] == ["deactivated", "reactivated"]


@pytest.fixture
def reset(signer, superuser) -> User:
    """An investigator to whom the superuser gave access anew, and who set a password."""
    give_access(signer, "telephone lost", superuser)
    signer.refresh_from_db()
    signer.set_password(PASSWORD)
    signer.save()
    return signer


def test_access_given_anew_voids_the_password(signer, superuser):
    give_access(signer, "telephone lost", superuser)
    signer.refresh_from_db()
    assert not signer.has_usable_password()


def test_superuser_cannot_confirm_what_the_superuser_gave(reset, superuser):
    assert refusal(confirm_identity, reset, "it is him", superuser) == "same_person"
    assert unconfirmed_access(reset)


def test_person_cannot_confirm_the_own_identity(reset):
    assert refusal(confirm_identity, reset, "it is me", reset) == "unconfirmed"


@pytest.mark.parametrize("role", ["investigator", "administrator", "superuser"])
def test_another_person_confirms_who_took_the_access(reset, role):
    confirm_identity(reset, "seen setting it up", UserFactory(role=role))
    assert unconfirmed_access(reset) is None
    assert refusal(confirm_identity, reset, "again", UserFactory(role=role)) == "done"


@pytest.mark.parametrize("role", ["coordinator", "monitor"])
def test_nobody_is_confirmed_by_whoever_may_not_confirm(reset, role):
    with pytest.raises(PermissionDenied):
        confirm_identity(reset, "seen", UserFactory(role=role))


def test_nobody_is_confirmed_before_the_link_was_used(signer, superuser, administrator):
    give_access(signer, "telephone lost", superuser)
    assert refusal(confirm_identity, signer, "will be", administrator) == "early"


def test_confirmation_is_void_when_access_is_given_once_more(reset, superuser, administrator):
    confirm_identity(reset, "seen", administrator)
    give_access(reset, "again", superuser)
    assert unconfirmed_access(reset)
