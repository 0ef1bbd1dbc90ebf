"""A form that is sent twice is taken once, and answered as it was the first time."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from screening.eligibility.assess import assess
from screening.models import Assessment, FormKey, Question, Refusal, Revision, Signature, SigningFailure, Subject
from screening.review.decide import close_case
from screening.submissions.keys import Submission, forget_old_keys, new_key
from screening.visits.save import register_subject
from tests.support.factories import GrantFactory, UserFactory
from tests.support.reviewed import PASSWORD, attested
from tests.support.section_requests import inputs, vocabulary_of

pytestmark = pytest.mark.django_db


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def register(client, trial, key, **also):
    return client.post(reverse("screening:subject-new"), {"trial": trial.code, "form_key": key, **also})


def test_one_number_is_given_and_the_same_page_shown_when_a_form_is_sent_again(client, trial):
    first, second = (register(client, trial, "a key") for _ in range(2))
    subject = Subject.objects.get()
    assert first["Location"] == second["Location"] == reverse("screening:subject", args=[subject.pk])
    assert said(second) == [f"Subject {subject.screening_number} registered."]


def test_message_is_shown_again_when_the_first_one_was_read(client, trial):
    page = register(client, trial, "a key")["Location"]
    assert b"registered." in client.get(page).content
    assert b"registered." not in client.get(page).content
    register(client, trial, "a key")
    assert client.get(page).content.count(b"registered.") == 1


def test_two_forms_are_two_submissions(client, trial):
    register(client, trial, new_key())
    register(client, trial, new_key())
    assert Subject.objects.count() == 2


def test_form_without_a_key_is_taken_as_often_as_it_is_sent(client, trial):
    for _ in range(2):
        client.post(reverse("screening:subject-new"), {"trial": trial.code})
    assert (Subject.objects.count(), FormKey.objects.count()) == (2, 0)


def test_key_is_forgotten_after_a_week_with_what_was_answered(client, trial):
    register(client, trial, "an old key")
    FormKey.objects.update(created_at=timezone.now() - timedelta(days=7, seconds=1))
    register(client, trial, "a new key")
    assert forget_old_keys() == 1
    (kept,) = FormKey.objects.all()
    assert kept.created_at > timezone.now() - timedelta(minutes=1)
    assert Subject.objects.count() == 2


def test_key_of_another_person_takes_nothing_away(client, trial):
    other = Client()
    other.force_login(UserFactory(role="coordinator"))
    register(client, trial, "a key")
    register(other, trial, "a key")
    assert Subject.objects.count() == 2


def test_what_was_corrected_before_it_was_sent_again_is_taken(reviewer, visit):
    address = reverse("screening:visit-ask", args=[visit.pk])
    for text in ("Which sample?", "Which sample?", "Which sample of 2026-03-08?"):
        reviewer.post(address, {"text": text, "form_key": "a key"})
    assert list(Question.objects.values_list("text", flat=True)) == ["Which sample?", "Which sample of 2026-03-08?"]


def test_token_and_draft_make_no_other_content(client, trial):
    for token in ("one", "another"):
        register(client, trial, "a key", csrfmiddlewaretoken=token, draft=token)
    assert Subject.objects.count() == 1


def test_form_that_was_refused_can_be_sent_again(reviewer, visit, coordinator, signer, in_time):
    assessment = attested(assess(visit.latest_revision(), coordinator), signer)
    address = reverse("screening:assessment-sign", args=[assessment.pk])
    data = {"decision": "eligible", "primary": "", "form_key": "a key"}
    assert reviewer.post(address, data | {"password": "wrong"}).status_code == 422
    assert not FormKey.objects.exists()
    for _ in range(2):
        response = reviewer.post(address, data | {"password": PASSWORD})
        assert response["Location"] == reverse("screening:review", args=[assessment.pk]) + "#decided"
    assert (Signature.objects.count(), SigningFailure.objects.count(), Refusal.objects.count()) == (1, 1, 0)


def test_form_that_nobody_may_send_can_be_sent_again_once_somebody_may(client, trial, superuser):
    """The denial is on record; it is not what the form was to do."""
    person = UserFactory()
    client.force_login(person)
    assert register(client, trial, "a key").status_code == 403
    GrantFactory(account=person, role="coordinator", created_by=superuser)
    register(client, trial, "a key")
    assert Subject.objects.count() == 1


def test_form_sent_again_leads_to_what_it_did_when_something_came_in_between(client, trial, signer, coordinator):
    subject = register_subject(trial, coordinator)
    where = reverse("screening:visit-new", args=[subject.pk])
    data = {"visit-date": "2026-03-09", "form_key": "a key"}
    first = client.post(where, data)
    close_case(subject.visits.get().latest_revision(), signer, PASSWORD, "other", "moved away")
    second = client.post(where, data)
    assert (second["Location"], said(second)) == (first["Location"], ["Visit 1 opened."])
    assert client.get(where, follow=True).content.count(b"No visit can be opened") == 1


def test_rollback_after_the_claim_leaves_the_key_unused(client, trial, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("screening.worklist.status.refresh_status", fail)
        assert register(client, trial, "a key").status_code == 500
    assert (Subject.objects.count(), FormKey.objects.count()) == (0, 0)
    register(client, trial, "a key")
    assert Subject.objects.count() == 1


def test_section_saved_twice_is_one_revision_and_no_conflict(client, visit):
    address = reverse("screening:section", args=[visit.pk, "performance"])
    data = inputs(visit, "performance", performance__life_expectancy_months="7")
    data |= {"reason": "corrected", "cause": "other", "form_key": "a key", "next": ""}
    first, second = (client.post(address, data) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (Revision.objects.count(), Refusal.objects.count()) == (2, 0)


@pytest.mark.parametrize("what", ["save", "assess"])
def test_key_costs_two_short_queries(client, visit, what):
    """The key is written within the transaction, its answer after it; whatever else is asked is counted too."""
    if what == "save":
        address = reverse("screening:section", args=[visit.pk, "performance"])
        data = inputs(visit, "performance", performance__life_expectancy_months="7")
        data |= {"reason": "corrected", "cause": "other"}
    else:
        address, data = reverse("screening:visit-assess", args=[visit.pk]), {"revision": 1}
    client.get(reverse("screening:subjects"))  # the session is seen
    vocabulary_of(visit)  # the version is read
    with CaptureQueriesContext(connection) as queries:
        assert client.post(address, data | {"form_key": "a key"}).status_code == 302
    about = [query["sql"].split()[0] for query in queries if "screening_formkey" in query["sql"]]
    assert about == ["INSERT", "UPDATE"]
    assert len(queries) == {"save": 21, "assess": 19}[what]


def test_file_and_no_password_is_part_of_the_content(rf: RequestFactory, coordinator):
    def key(file: bytes, password: str) -> str:
        data = {"form_key": "a key", "password": password, "file": SimpleUploadedFile("a.yaml", file)}
        request = rf.post("/", data)
        request.user = coordinator
        request.upload_handlers = [MemoryFileUploadHandler(request)]
        return Submission(request).key

    assert key(b"one", "secret") == key(b"one", "another") != key(b"two", "secret")


def test_visit_assessed_by_a_form_sent_twice_has_one_assessment(client, visit):
    address = reverse("screening:visit-assess", args=[visit.pk])
    first, second = (client.post(address, {"revision": 1, "form_key": "a key"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Assessment.objects.count() == 1


def test_answer_leads_to_the_address_where_the_server_stopped_before_it_gave_one(
    client, trial, coordinator, monkeypatch
):
    monkeypatch.setattr("screening.submissions.middleware.LONGEST_WAIT", 0)
    register(client, trial, "a key")
    FormKey.objects.update(answer="", messages=[])
    assert register(client, trial, "a key")["Location"] == reverse("screening:subject-new")
    assert Subject.objects.count() == 1
