"""What gets out beside the pages: into logs, addresses, answers to what nobody has a right to; and links used twice."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from screening.access.accounts import give_access, set_account_active
from screening.views.accounts.access_link import link_for
from tests.screening.hostile.people import type_password
from tests.support.factories import UserFactory

NEW = "another long password"


@pytest.fixture
def lost(rf, superuser):
    account = give_access(UserFactory(username="lost", role="coordinator"), "telephone lost", superuser)
    return account, link_for(rf.get("/"), account)


def set_password(client, link, password=NEW):
    """By the link: its secret goes from the address into the session first."""
    response = client.get(link)
    if response.status_code == 302:
        client.post(response["Location"], {"new_password1": password, "new_password2": password})
    return response.status_code


def has_password(account, password=NEW):
    return User.objects.get(pk=account.pk).check_password(password)


def test_link_sets_a_password_once_in_whichever_browser_it_was_opened(lost):
    account, link = lost
    late = Client()
    opened = late.get(link)["Location"]
    set_password(Client(), link)
    late.post(opened, {"new_password1": f"{NEW}!", "new_password2": f"{NEW}!"})
    assert has_password(account)
    assert set_password(Client(), link) == 200


def test_link_is_void_once_access_is_given_anew(lost, superuser):
    account, link = lost
    give_access(account, "sent to somebody else", superuser)
    set_password(Client(), link)
    assert not has_password(account)


def test_link_of_a_deactivated_account_is_void(lost, superuser):
    account, link = lost
    opened = Client()
    address = opened.get(link)["Location"]
    set_account_active(account, False, "left", superuser)
    set_password(Client(), link)
    opened.post(address, {"new_password1": NEW, "new_password2": NEW})
    assert not has_password(account)


def test_link_of_one_account_sets_the_password_of_no_other(lost, coordinator):
    account, link = lost
    set_password(Client(), link.replace(uid(account), uid(coordinator)))
    assert not has_password(coordinator)


def uid(account):
    return f"/{urlsafe_base64_encode(force_bytes(account.pk))}/"


def test_log_of_the_server_holds_nothing_that_was_typed(coordinator, caplog):
    """Neither a password nor what was searched for; and no line that somebody made up."""
    client = Client()
    type_password(client, "typed-in-the-wrong-box", "typed-secret")
    client.force_login(coordinator)
    client.get(reverse("screening:trail"), {"search": "typed-words"})
    client.get("/nowhere%0d%0a2026-01-01 ERROR made-up/", {"search": "typed-words"})
    assert "typed-" not in caplog.text
    assert "\r" not in caplog.text
    assert not [line for line in caplog.text.splitlines() if line.startswith("2026-01-01")]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"x=" + b"1" * 3_000_000, "application/x-www-form-urlencoded", 413),
        (b"&".join([b"x=1"] * 11_000), "application/x-www-form-urlencoded", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
        (b"\xff\xfe\xed\xa0\x80=%ff%fe", "application/x-www-form-urlencoded", 422),
        (b'{"remark": "nothing"}', "application/json", 422),
    ],
    ids=["large", "many", "cut off", "no text", "JSON"],
)
def test_body_that_is_no_form_is_refused(monitor, data, kind, status):
    client = Client()
    client.force_login(monitor)
    response = client.generic("POST", reverse("screening:trail-review"), data, content_type=kind)
    assert response.status_code == status
    assert b"Traceback" not in response.content
