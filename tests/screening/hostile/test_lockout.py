"""Guessing passwords: around the count of failures, and to learn which names there are."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from screening.access.accounts import create_account, give_access
from screening.access.attempts import MOST_BY_ADDRESS, MOST_BY_NAME
from screening.models import AccessEvent
from screening.views.accounts.access_link import link_for
from tests.screening.hostile.people import LOGIN, PASSWORD, is_in, logged_in, type_password, with_password
from tests.support.factories import UserFactory

LOOK_ALIKE = ["li.na", "LI.NA", " li.na ", "ｌｉ.ｎａ", "Li.Na", "ℓi.na"]


@pytest.fixture
def known(db):
    return with_password(UserFactory(username="li.na", role="coordinator"))


@pytest.mark.parametrize("name", LOOK_ALIKE)
def test_other_spellings_of_a_name_are_counted_with_it(known, name):
    for _guess in range(MOST_BY_NAME):
        type_password(Client(), name, "wrong")
    client = Client()
    type_password(client)
    assert not is_in(client)


def test_name_with_a_nul_is_refused_without_a_fault(known):
    assert type_password(Client(), "li.na\0").status_code == 200
    assert type_password(Client(), "\0").status_code == 200


def test_address_claimed_in_a_header_does_not_escape_the_count(known):
    for guess in range(MOST_BY_ADDRESS):
        type_password(Client(), f"name{guess}", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{guess}")
    client = Client()
    type_password(client, HTTP_X_FORWARDED_FOR="10.9.9.9")
    assert not is_in(client)


def test_behind_a_proxy_what_the_client_claims_is_not_its_address(known, settings):
    settings.BEHIND_PROXY = True
    for guess in range(MOST_BY_ADDRESS):
        type_password(Client(), f"name{guess}", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{guess}, 192.0.2.7")
    client = Client()
    type_password(client, HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.7")
    assert not is_in(client)
    type_password(client, HTTP_X_FORWARDED_FOR="192.0.2.8")
    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_no_more_than_one_after_another(known):
    start = Barrier(MOST_BY_NAME + 3)

    def guess(number: int) -> None:
        start.wait(timeout=10)
        type_password(Client(), password=f"wrong{number}")
        connection.close()

    with ThreadPoolExecutor(start.parties) as pool:
        list(pool.map(guess, range(start.parties)))
    assert AccessEvent.objects.filter(kind="password").count() == MOST_BY_NAME
    client = Client()
    type_password(client)
    assert not is_in(client)


@pytest.mark.parametrize("asking", ["account_change_password", "account_reauthenticate"])
def test_password_is_not_guessed_from_a_screen_left_open(person, asking):
    """Every page that asks for it counts as the login does, and says so in the records."""
    client = logged_in(person)
    fresh = {"password1": "x9y8z7x9y8z7", "password2": "x9y8z7x9y8z7"}
    for guess in range(MOST_BY_NAME):
        client.post(reverse(asking), {"oldpassword": f"wrong{guess}", "password": f"wrong{guess}", **fresh})
    client.post(reverse(asking), {"oldpassword": PASSWORD, "password": PASSWORD, **fresh})
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    assert AccessEvent.objects.filter(kind="password", created_by=person).count() == MOST_BY_NAME
    assert AccessEvent.objects.filter(kind="locked", created_by=person).count() == 1


# Which names there are


def answers(name: str, tries: int) -> list[tuple[object, ...]]:
    """What a stranger sees: text without token and name, status, headers, and how many passwords were hashed."""
    found = []
    for _try in range(tries):
        client, hashed = Client(), len(HASHED)
        response = type_password(client, name, "wrong")
        text = response.content.decode().replace(name, "")
        headers = {key: TOKEN.sub("", value) for key, value in response.headers.items() if key != "Expires"}
        found.append((response.status_code, TOKEN.sub("", text), headers, len(HASHED) - hashed))
    return found


HASHED: list[str] = []
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|nonce-[^\']+')  # another in each answer


def test_nothing_tells_known_names_from_others(known, monkeypatch):
    UserFactory(username="go.by", is_active=False)
    User.objects.filter(username="go.by").update(password=known.password)
    UserFactory(username="ne.ew").set_unusable_password()
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *args: HASHED.append(args[1]) or encode(*args))
    told = [answers(name, MOST_BY_NAME + 1) for name in ("li.na", "go.by", "ne.ew", "no.by")]
    assert told[0] == told[1] == told[2] == told[3]
    assert [hashed for *_rest, hashed in told[0]] == [1] * MOST_BY_NAME + [0]


def test_right_password_of_a_deactivated_account_tells_nothing(known):
    User.objects.filter(pk=known.pk).update(is_active=False)
    right, wrong = type_password(Client()), type_password(Client(), password="wrong")
    assert (right.status_code, right.context["form"].errors) == (wrong.status_code, wrong.context["form"].errors)


def test_void_link_tells_nothing_of_its_account(rf, known, superuser):
    lost = give_access(UserFactory(username="lost"), "telephone lost", superuser)
    link = link_for(rf.get("/"), lost)
    User.objects.filter(pk=lost.pk).update(is_active=False)
    shown = [Client().get(address, follow=True) for address in (link, f"{LOGIN[:-6]}access/OTk5/set-password/")]
    shown.append(Client().get(f"/accounts/access/MQ/{'x' * 30}/", follow=True))
    assert {response.status_code for response in shown} == {200}
    assert len({TOKEN.sub("", response.content.decode()) for response in shown}) == 1


def test_names_of_another_width_are_not_given_beside_plain_ones(known, superuser):
    """They would look the same wherever the name is shown."""
    response = Client()
    response.force_login(superuser)
    words = {"username": "ｌｉ.ｎａ", "first_name": "Li", "last_name": "Na", "reason": "new"}
    assert response.post(reverse("screening:account-new"), words).status_code == 422
    assert create_account("ｗａｎｇ", "Wang", "Wu", "new", superuser).username == "wang"
