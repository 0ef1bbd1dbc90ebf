"""The same form from several connections at the same moment."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from screening.models import AccountChange, Assessment, FormKey, LogExport, Question, Refusal, Signature, Subject
from screening.views.accounts.access_link import link_for
from screening.visits.save import open_visit, register_subject
from tests.screening.visits.test_concurrency import PEOPLE, at_once
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, assessed, attested

pytestmark = pytest.mark.django_db(transaction=True)


def send_at_once(user, address, data):
    """Each from a tab of its own of one session; return the answers."""
    session = Client()
    session.force_login(user)
    session.get("/")

    def send(number):
        tab = Client()
        tab.cookies = session.cookies
        return tab.post(address, data | {"form_key": "a key"})

    answers = at_once(send)
    assert [answer.status_code for answer in answers] == [302] * PEOPLE
    assert len({answer["Location"] for answer in answers}) == 1
    return answers, session


def test_one_number_is_given_when_a_form_is_sent_at_once(trial, coordinator):
    answers, session = send_at_once(coordinator, reverse("screening:subject-new"), {"trial": trial.code})
    subject, taken = Subject.objects.get(), FormKey.objects.get()
    assert answers[0]["Location"] == taken.answer == reverse("screening:subject", args=[subject.pk])
    assert session.get(taken.answer).content.count(b"registered.") == 1
    assert all(get_messages(answer.wsgi_request) for answer in answers)


def test_one_visit_is_opened_when_a_form_is_sent_at_once(trial, coordinator):
    subject = register_subject(trial, coordinator)
    send_at_once(coordinator, reverse("screening:visit-new", args=[subject.pk]), {"visit-date": "2026-03-09"})
    assert subject.visits.count() == 1


def test_one_assessment_is_made_when_a_form_is_sent_at_once(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    send_at_once(coordinator, reverse("screening:visit-assess", args=[visit.pk]), {"revision": 1})
    assert Assessment.objects.count() == 1


def test_one_question_is_asked_when_a_form_is_sent_at_once(trial, coordinator, investigator):
    """No row is locked by it: the key alone holds the others."""
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    send_at_once(investigator, reverse("screening:visit-ask", args=[visit.pk]), {"text": "Which sample?"})
    assert Question.objects.count() == 1


def test_first_password_is_set_once_when_a_form_is_sent_at_once(rf):
    account = UserFactory()
    session = Client()
    where = session.get(link_for(rf.get("/"), account))["Location"]

    def send(number):
        tab = Client()
        tab.cookies = session.cookies
        return tab.post(where, {"new_password1": PASSWORD, "new_password2": PASSWORD})

    assert {answer["Location"] for answer in at_once(send)} == {reverse("account_login")}
    assert AccountChange.objects.filter(account=account, step="password").count() == 1


@pytest.mark.usefixtures("in_time")
def test_one_signature_is_given_and_nothing_refused_when_a_form_is_sent_at_once(trial, coordinator, signer, cases):
    assessment = attested(assessed(trial, coordinator, cases["base-man"]["document"]), signer)
    data = {"decision": "eligible", "password": PASSWORD, "user_name": signer.username}
    send_at_once(signer, reverse("screening:assessment-sign", args=[assessment.pk]), data)
    assert (Signature.objects.count(), Refusal.objects.count()) == (1, 0)


def test_one_export_is_on_record_when_it_is_asked_for_at_once(trial, coordinator):
    session = Client()
    session.force_login(coordinator)

    def take(number):
        tab = Client()
        tab.cookies = session.cookies
        return b"".join(tab.get(reverse("screening:log-export", args=["csv"])).streaming_content)

    assert all(at_once(take))
    assert LogExport.objects.count() == 1
