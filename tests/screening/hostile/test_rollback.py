"""A fault in the middle of saving: neither half of a record stays, nor a trail of what was not done."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from screening.models import AccountChange
from screening.review.questions import ask_question
from tests.screening.hostile.counting import counts
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, sign
from tests.support.section_requests import inputs


class Broken(Exception):
    """A disk that is full, a process that is killed."""


@pytest.fixture
def broken(monkeypatch):
    def breaks(*args, **kwargs):
        raise Broken

    return lambda place: monkeypatch.setattr(place, breaks)


def fails(client, name, args, data):
    """Sends a form that ends in a fault, and looks whether anything of it stayed."""
    before = counts()
    client.raise_request_exception = False
    response = client.post(reverse(f"screening:{name}", args=args), data)
    assert (response.status_code, counts()) == (500, before)
    assert b"Broken" not in response.content
    assert b"Traceback" not in response.content


def test_section_and_visit_leave_nothing(client, coordinator, visit, broken):
    client.force_login(coordinator)
    data = inputs(visit, "performance", performance__life_expectancy_months="9") | {"reason": "read wrongly"}
    broken("screening.worklist.status.status_of")
    fails(client, "section", [visit.pk, "performance"], data)
    fails(client, "visit-new", [visit.subject_id], {"visit-date": "2026-03-10"})
    fails(client, "subject-new", [], {"trial": visit.subject.trial.code})


def test_assessment_leaves_no_verdicts(client, coordinator, visit, broken):
    client.force_login(coordinator)
    broken("screening.worklist.status.status_of")
    fails(client, "visit-assess", [visit.pk], {"revision": "1"})


@pytest.mark.usefixtures("in_time")
def test_decisions_leave_nothing_when_they_fail_midway(reviewer, ready, failed, broken):
    broken("screening.worklist.status.status_of")
    fails(reviewer, "assessment-sign", [ready.pk], {"decision": "eligible", "password": PASSWORD})
    fails(reviewer, "assessment-close", [failed.pk], {"reason": "declined", "password": PASSWORD})
    fails(reviewer, "assessment-send-back", [ready.pk], {"comment": "Which ECG?"})


@pytest.mark.usefixtures("in_time")
def test_enrolment_leaves_no_number(client, coordinator, signer, eligible, broken):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    client.force_login(coordinator)
    broken("screening.worklist.status.status_of")
    fails(client, "enrol", [signature.pk], {})


def test_question_and_answer_leave_nothing(reviewer, client, coordinator, signer, eligible, broken):
    question = ask_question(eligible.revision.visit, signer, "Why?")
    client.force_login(coordinator)
    broken("screening.worklist.status.status_of")
    fails(reviewer, "assessment-ask", [eligible.pk], {"text": "Why?"})
    fails(client, "question-answer", [question.pk], {"text": "Because."})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("account-new", {"username": "wang.wu", "first_name": "Wu", "last_name": "Wang"}),
        ("account-rename", {"first_name": "Wu", "last_name": "Wang"}),
        ("account-activity", {"active": "no"}),
        ("account-access", {}),
    ],
)
def test_account_does_not_change_without_its_record(superuser, broken, name, data):
    client, account = Client(), UserFactory(first_name="Na", last_name="Li", password="kept")
    client.force_login(superuser)
    broken("screening.access.accounts.record_account_change")
    fails(client, name, [] if name == "account-new" else [account.pk], data | {"reason": "why"})
    now = User.objects.get(pk=account.pk)
    assert (now.get_full_name(), now.is_active, now.password) == ("Na Li", True, "kept")
    assert not User.objects.filter(username="wang.wu").exists()
    assert not AccountChange.objects.exists()
