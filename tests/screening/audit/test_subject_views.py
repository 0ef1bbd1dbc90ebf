"""Who viewed which subject is on record, once a day for each user and subject, and costs nothing after that."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.eligibility.assess import assess
from screening.models import FormKey, SubjectView
from screening.visits.save import register_subject
from tests.screening.audit.told import told
from tests.support.section_requests import inputs, page_of


@pytest.fixture
def visit(kept_visit):
    return kept_visit


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_view_is_recorded_once_a_day_for_each_user_and_subject(visit, coordinator, signer, on):
    address = reverse("screening:visit", args=[visit.pk])
    for user in (coordinator, signer, coordinator):
        logged_in(user).get(address)
    on(date(2027, 1, 5))
    client = logged_in(coordinator)
    client.get(address)
    client.get(address)
    found = SubjectView.objects.order_by("pk").values_list("subject", "created_by")
    both = [(visit.subject_id, user.pk) for user in (coordinator, signer, coordinator)]
    assert list(found) == both
    assert SubjectView.objects.latest("pk").day == date(2027, 1, 5)


@pytest.mark.parametrize(
    "name",
    [
        *("subject", "subject-reference", "subject-in-error", "visit-new", "visit", "section", "revisions"),
        *("revision", "field-history", "visit-in-error", "assessment", "review"),
    ],
)
def test_view_is_recorded_whichever_page_of_a_subject_is_opened(name, visit, coordinator):
    assessment = assess(visit.latest_revision(), coordinator)
    keys = {
        **{each: [visit.subject_id] for each in ("subject", "subject-reference", "subject-in-error", "visit-new")},
        **{each: [assessment.pk] for each in ("assessment", "review")},
        "section": [visit.pk, "laboratory"],
        "revision": [visit.pk, 1],
    }
    query = "?path=performance.ecog" if name == "field-history" else ""
    response = logged_in(coordinator).get(reverse(f"screening:{name}", args=keys.get(name, [visit.pk])) + query)
    assert response.status_code == 200
    assert SubjectView.objects.get().subject == visit.subject


def test_nothing_is_recorded_when_a_list_is_opened_or_a_page_is_refused(visit, coordinator, superuser):
    for name in ("subjects", "log", "review-queue"):
        logged_in(coordinator).get(reverse(f"screening:{name}"))
    logged_in(superuser).get(reverse("screening:visit", args=[visit.pk]))
    logged_in(coordinator).get(reverse("screening:subject", args=[10**6]))
    assert not SubjectView.objects.exists()


def test_refused_form_takes_no_form_key_when_it_is_answered_with_a_page_of_the_subject(visit, coordinator):
    logged_in(coordinator).post(page_of(visit, "performance"), inputs(visit, "performance", performance__ecog="2"))
    assert not FormKey.objects.exists()
    assert not SubjectView.objects.exists()


def test_later_views_of_the_day_ask_nothing_of_the_database(visit, trial, coordinator):
    client = logged_in(coordinator)
    address = reverse("screening:subject", args=[visit.subject_id])

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return [query["sql"] for query in asked]

    first, second = queries(), queries()
    about = [sql for sql in first if "subjectview" in sql]
    assert len(about) == 2  # looked for, and inserted
    assert not any("subjectview" in sql or "UPDATE" in sql for sql in second)
    client.get(reverse("screening:subject", args=[register_subject(trial, coordinator).pk]))
    assert not any("subjectview" in sql for sql in queries())


def test_view_is_told_with_user_role_and_subject(visit, coordinator):
    logged_in(coordinator).get(reverse("screening:visit", args=[visit.pk]))
    (entry,) = told(kind="views")
    assert (entry.title, entry.person, entry.role) == ("subject viewed", coordinator, "study coordinator")
    assert (entry.subject, entry.words) == (visit.subject, SubjectView.objects.get().day.isoformat())
    assert [each.title for each in told(subject="S-0001", kind="views", person=coordinator.username)] == [entry.title]
