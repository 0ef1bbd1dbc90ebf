import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from screening.permissions import ROLES, VERBS, allowed, may, requires
from tests.factories import UserFactory

TABLE = {
    "coordinator": {"read", "enter", "assess", "replay", "answer", "enrol", "log", "export"},
    "investigator": {
        *("read", "assess", "replay", "sign", "review", "answer", "enrol", "log", "export"),
        *("approve", "simulate"),
    },
    "administrator": {"read", "replay", "ranges", "log", "export", "amend", "approve", "simulate"},
    None: set(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", TABLE)
def test_may_follows_the_table_when_a_user_has_a_role(role, verb):
    assert may(UserFactory(role=role), verb) is (verb in TABLE[role])


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_may_refuses_when_a_superuser_has_no_role(verb):
    assert not may(UserFactory(is_superuser=True, is_staff=True), verb)


@pytest.mark.django_db
@pytest.mark.parametrize("role", TABLE)
def test_allowed_says_the_same_of_many_verbs_in_one_query(role, django_assert_num_queries):
    user = UserFactory(role=role)
    with django_assert_num_queries(1):
        found = allowed(user, *VERBS)
    assert found == {f"may_{verb}": may(user, verb) for verb in VERBS}
    user.is_active = False
    assert not any(allowed(user, *VERBS).values())
    assert not any(allowed(AnonymousUser(), *VERBS).values())


@pytest.mark.django_db
def test_may_refuses_when_the_account_is_deactivated():
    assert not may(UserFactory(role="coordinator", is_active=False), "read")


def test_may_refuses_when_nobody_is_logged_in():
    assert not may(AnonymousUser(), "read")


@pytest.mark.django_db
def test_may_raises_when_the_verb_is_not_in_the_table(coordinator):
    with pytest.raises(KeyError):
        may(coordinator, "sing")


@pytest.mark.django_db
def test_requires_lets_through_only_who_may(rf, coordinator, administrator):
    view = requires("enter")(lambda request: HttpResponse("done"))
    request = rf.get("/")
    request.user = coordinator
    assert view(request).content == b"done"
    request.user = administrator
    with pytest.raises(PermissionDenied):
        view(request)


@pytest.mark.django_db
def test_every_role_has_its_group_after_migrating():
    assert set(ROLES) <= set(Group.objects.values_list("name", flat=True))
