"""The pages on which accounts are kept, from a new person to one who signs."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.access.permissions import ordered_roles
from screening.models import AccountChange, Grant, Refusal
from tests.support.factories import GrantFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "violet kettle sings"
NEW = {"username": "li.na", "first_name": "Na", "last_name": "Li", "reason": "delegation log 3"}


@pytest.fixture
def keeper(superuser) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


def at(name: str, *args: int) -> str:
    return reverse(f"screening:{name}", args=args)


def link_in(client: Client, address: str, data: dict[str, str]) -> str:
    """The link that the account's page shows after the form was sent."""
    response = client.post(address, data, follow=True)
    return re.search(r'value="http://testserver([^"]+)"', response.content.decode())[1]


def use(link: str, password: str = PASSWORD) -> object:
    """The person opens the link and sets a password; the answer to that."""
    client = Client()
    form = client.get(link, follow=True)
    if not form.context["validlink"]:
        return form
    return client.post(form.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def test_new_person_gets_a_link_sets_a_password_and_logs_in(keeper):
    link = link_in(keeper, at("account-new"), NEW)
    assert use(link)["Location"] == reverse("account_login")
    login = {"login": "li.na", "password": PASSWORD}
    assert Client().post(reverse("account_login"), login).status_code == 302
    steps = AccountChange.objects.order_by("pk").values_list("step", "created_by__username")
    assert [step for step, _who in steps] == ["created", "access", "password"]
    assert steps[2][1] == "li.na"


def test_link_is_shown_once(keeper):
    link = link_in(keeper, at("account-new"), NEW)
    account = User.objects.get(username="li.na")
    assertNotContains(keeper.get(at("account", account.pk)), link)
    assert use(link)["Location"] == reverse("account_login")


def test_deactivated_account_is_given_no_access(keeper):
    account = UserFactory(is_active=False)
    response = keeper.post(at("account-access", account.pk), {"reason": "back soon"})
    assertContains(response, "activate it first", status_code=422)


def test_link_works_once(keeper):
    link = link_in(keeper, at("account-new"), NEW)
    use(link)
    assertContains(use(link, "another password here"), "This link is no longer valid")


@pytest.mark.parametrize("event", ["deactivated", "given anew", "forged", "old"])
def test_link_is_void_when_something_newer_stands(keeper, event, settings):
    link = link_in(keeper, at("account-new"), NEW)
    account = User.objects.get(username="li.na")
    if event == "deactivated":
        keeper.post(at("account-activity", account.pk), {"active": "no", "reason": "left"})
    elif event == "given anew":
        keeper.post(at("account-access", account.pk), {"reason": "lost the link"})
        account.refresh_from_db()
    elif event == "forged":
        link = link[:-3] + "xx/"
    else:
        settings.PASSWORD_RESET_TIMEOUT = -1
    if event != "given anew":
        assertContains(use(link), "This link is no longer valid")
    account.refresh_from_db()
    assert not account.has_usable_password() or event == "given anew"


def test_link_before_is_void_when_access_is_given_anew(keeper):
    first = link_in(keeper, at("account-new"), NEW)
    account = User.objects.get(username="li.na")
    second = link_in(keeper, at("account-access", account.pk), {"reason": "lost the link"})
    use(second)
    assertContains(use(first), "This link is no longer valid")


def test_weak_password_is_refused_at_the_link(keeper):
    response = use(link_in(keeper, at("account-new"), NEW), "password1234")
    assertContains(response, "too common")


def test_what_is_faulty_stands_at_its_field_and_is_on_record(keeper, superuser):
    response = keeper.post(at("account-new"), NEW | {"username": superuser.username.upper(), "reason": " "})
    assert response.status_code == 422
    keeper.post(at("account-new"), NEW | {"username": superuser.username.upper()})
    refusal = Refusal.objects.get()
    assert (refusal.place, refusal.created_by) == ("screening:account-new", superuser)
    assert refusal.faults[0][0] == "username"
    assert not User.objects.filter(first_name="Na").exists()


def test_right_is_granted_and_revoked_with_reasons_that_the_page_shows(keeper):
    account = UserFactory()
    data = {"role": "coordinator", "holds_from": "2026-01-01", "holds_until": "", "reason": "delegation log 4"}
    response = keeper.post(at("account-grant", account.pk), data)
    assertContains(response, "is past", status_code=422)
    day = str(Grant._meta.get_field("created_at").default().date())
    assert keeper.post(at("account-grant", account.pk), data | {"holds_from": day}).status_code == 302
    assert ordered_roles(account) == ["coordinator"]
    keeper.post(at("account-revoke", account.pk, account.grants.get().pk), {"reason": "left the team"})
    assert ordered_roles(account) == []
    page = keeper.get(at("account", account.pk))
    for words in ("delegation log 4", "left the team"):
        assertContains(page, words)


def test_grant_of_another_account_is_not_found(keeper):
    granted = GrantFactory(account=UserFactory(), role="coordinator")
    response = keeper.post(at("account-revoke", UserFactory().pk, granted.pk), {"reason": "x"})
    assert response.status_code == 404


def test_name_is_changed_and_account_deactivated_and_activated_again(keeper):
    account = UserFactory(first_name="Na", last_name="Li")
    keeper.post(at("account-rename", account.pk), {"first_name": "Na", "last_name": "Wang", "reason": "married"})
    for active in ("no", "yes"):
        keeper.post(at("account-activity", account.pk), {"active": active, "reason": "leave"})
        account.refresh_from_db()
        assert account.is_active is (active == "yes")
    assert account.get_full_name() == "Na Wang"


def test_second_person_confirms_who_took_the_access(keeper, administrator):
    use(link_in(keeper, at("account-new"), NEW))
    account = User.objects.get(username="li.na")
    assertNotContains(keeper.get(at("account", account.pk)), "Confirm the identity")
    other = Client()
    other.force_login(administrator)
    assertContains(other.get(at("account", account.pk)), "Confirm the identity")
    assert other.post(at("account-confirm", account.pk), {"reason": "sat beside"}).status_code == 302
    assertNotContains(other.get(at("account", account.pk)), "signs nothing")


def test_own_account_is_not_kept(keeper, superuser):
    for name in ("account-grant", "account-rename", "account-activity", "account-access"):
        assert keeper.get(at(name, superuser.pk)).status_code == 403
        assert keeper.post(at(name, superuser.pk), {"reason": "x"}).status_code == 403
    assertNotContains(keeper.get(at("account", superuser.pk)), at("account-grant", superuser.pk))


def test_list_shows_rights_state_and_failed_logins(keeper):
    account = UserFactory(username="li.na", role="investigator", is_active=False)
    for _ in range(2):
        Client().post(reverse("account_login"), {"login": "li.na", "password": "wrong"})
    page = keeper.get(at("accounts"))
    for words in ("principal investigator", "deactivated", "2 failed logins in 24 hours"):
        assertContains(page, words)
    assertContains(keeper.get(at("account", account.pk)), "user name and password refused", count=2)


def test_list_takes_the_same_number_of_queries_for_many(keeper, django_assert_max_num_queries):
    for _ in range(20):
        UserFactory(role="coordinator")
    with django_assert_max_num_queries(8):
        keeper.get(at("accounts"))


def test_own_page_shows_ones_rights_and_logins(client, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("mfa_index"))
    assertContains(page, "Study coordinator")
    assertContains(page, "logged in")
