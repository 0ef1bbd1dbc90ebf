"""Attempts to log in: counted whoever's name was typed, refused once there were too many, all on record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from screening.access.attempts import client_address, name_key_of
from screening.models import AccessEvent
from tests.support.factories import UserFactory

PASSWORD = "a long enough password"
FIVE = range(5)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    user = UserFactory(username="li.na", role="coordinator")
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(name: str = "li.na", password: str = PASSWORD, client: Client | None = None, **headers):
    return (client or Client()).post(reverse("account_login"), {"login": name, "password": password}, **headers)


def errors(response) -> list[str]:
    return list(response.context["form"].non_field_errors())


def kinds() -> list[str]:
    return list(AccessEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_login_and_logout_are_on_record_with_the_address(person):
    client = Client()
    assert log_in(client=client).status_code == 302
    client.post(reverse("account_logout"))
    rows = AccessEvent.objects.order_by("pk").values_list("kind", "created_by", "address")
    assert list(rows) == [("login", person.pk, "127.0.0.1"), ("logout", person.pk, "127.0.0.1")]


def test_session_gets_another_key_at_the_login(person):
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    log_in(client=client)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize("name", ["li.na", "nobody", "gone"])
def test_answer_is_the_same_whether_the_name_is_known_unknown_or_deactivated(person, name):
    gone = UserFactory(username="gone", is_active=False)
    gone.set_password(PASSWORD)
    gone.save()
    password = "wrong" if name == "li.na" else PASSWORD
    response = log_in(name, password)
    assert response.status_code == 200
    assert errors(response) == ["Incorrect user name or password."]
    for _ in FIVE:
        response = log_in(name, password)
    assert "Too many failed attempts" in errors(response)[0]


def test_mistyped_name_is_not_kept(person):
    """People type passwords there."""
    log_in("my secret password", "x")
    event = AccessEvent.objects.get()
    assert (event.created_by, event.kind) == (None, "password")
    assert "secret" not in "".join(str(value) for value in AccessEvent.objects.values_list().get())


def test_right_password_is_refused_while_locked_and_the_refusal_recorded_once_a_minute(person):
    for _ in FIVE:
        log_in(password="wrong")
    for _ in range(3):
        assert "Too many failed attempts" in errors(log_in())[0]
    assert kinds() == ["password"] * 5 + ["locked"]


@pytest.mark.parametrize("spelt", ["LI.NA", " li.na ", "ｌｉ．ｎａ"])
def test_other_spellings_of_a_name_count_for_the_same(person, spelt):
    for _ in FIVE:
        log_in(spelt, "wrong")
    assert "Too many failed attempts" in errors(log_in())[0]
    assert name_key_of(spelt) == name_key_of("li.na")


def test_lock_ends_when_the_attempts_are_long_past(person, monkeypatch):
    for _ in FIVE:
        log_in(password="wrong")
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert log_in().status_code == 302


def test_one_name_does_not_lock_another(person):
    for _ in FIVE:
        log_in("somebody else", "wrong")
    assert log_in().status_code == 302


def test_many_names_from_one_address_lock_it(person):
    for number in range(50):
        log_in(f"guess{number}", "wrong", REMOTE_ADDR="10.1.1.1")
    assert "Too many failed attempts" in errors(log_in(REMOTE_ADDR="10.1.1.1"))[0]
    assert log_in(REMOTE_ADDR="10.1.1.2").status_code == 302


def test_success_in_between_does_not_clear_the_count(person):
    """Otherwise whoever has an account could go on guessing another's for ever."""
    for _ in range(4):
        log_in(password="wrong")
    log_in()
    log_in(password="wrong")
    assert "Too many failed attempts" in errors(log_in())[0]


def test_person_is_told_what_failed_since_the_last_login(person):
    log_in()
    for _ in range(2):
        log_in(password="wrong")
    client = Client()
    log_in(client=client)
    assertContains(client.get("/"), "2 attempts to log in with your name failed")
    again = Client()
    log_in(client=again)
    assertNotContains(again.get("/"), "attempts to log in")


def test_address_behind_a_proxy_is_the_one_that_the_proxy_saw(rf, settings):
    request = rf.get("/", headers={"X-Forwarded-For": "1.2.3.4, 10.0.0.7"}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == "10.0.0.1"
    settings.BEHIND_PROXY = True
    assert client_address(request) == "10.0.0.7"


def test_login_leads_to_no_other_site(person):
    client = Client()
    response = client.post(
        reverse("account_login"), {"login": "li.na", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/"
