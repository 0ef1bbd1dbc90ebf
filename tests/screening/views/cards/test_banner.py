import re

import pytest
from django.urls import reverse

from screening.eligibility.assess import assess
from screening.models import Visit
from screening.review.enrol import enrol
from screening.review.entered_in_error import mark_visit
from screening.review.questions import ask_question
from screening.views.cards.banner import subject_banner
from screening.visits.save import open_visit, register_subject
from tests.support.reviewed import PASSWORD, assessed, sign


def told(visit):
    """The banner of a visit as it now is."""
    visit = Visit.objects.select_related("subject__trial", "status__revision").get(pk=visit.pk)
    return subject_banner(visit.subject, visit)


def test_person_visit_and_planned_dose_are_told(visit):
    banner = told(visit)
    assert (banner.sex, banner.age) == ("male", "64 years")
    assert (banner.day.isoformat(), banner.planned.isoformat()) == ("2026-03-09", "2026-03-16")
    assert (banner.overall, banner.decided) == ("eligible", "not yet decided")


def test_partial_date_of_birth_makes_two_ages(visit):
    document = visit.latest_revision().document
    born = {**document, "subject": {"sex": "female", "birth_date": "1961"}}
    banner = subject_banner(visit.subject, visit, born)
    assert (banner.sex, banner.age) == ("female", "64 to 65 years")


def test_what_is_not_known_is_empty(empty_visit):
    banner = told(empty_visit)
    assert (banner.sex, banner.age, banner.planned, banner.overall) == ("", "", None, "undetermined")


@pytest.mark.usefixtures("in_time")
def test_status_follows_the_decision(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    visit = assessment.revision.visit
    assert told(visit).decided == "awaits the investigator"
    signature = sign(assessment, signer, PASSWORD, "eligible")
    assert told(visit).decided == "confirmed eligible"
    enrol(signature, coordinator)
    assert told(visit).decided == "enrolled as E-001"


def test_visit_entered_in_error_has_no_finding(visit, coordinator):
    mark_visit(visit, coordinator, "Another person's chart.")
    banner = told(visit)
    assert (banner.overall, banner.decided) == ("", "entered in error")


def test_subject_without_a_visit_has_a_banner(client, trial, coordinator):
    subject = register_subject(trial, coordinator)
    assert "no visit yet" in banner_on(client.get(reverse("screening:subject", args=[subject.pk])))


def banner_on(response):
    found = re.search(r'<section class="subject-banner".*?</section>', response.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split()) if found else ""


def test_every_page_of_a_visit_says_whose_it_is(client, reviewer, visit, coordinator, signer):
    assessment = assess(visit.latest_revision(), coordinator)
    question = ask_question(visit, signer, "Which ECG?")
    addresses = [
        reverse("screening:subject", args=[visit.subject_id]),
        reverse("screening:visit-new", args=[visit.subject_id]),
        *(
            reverse(f"screening:{name}", args=[visit.pk])
            for name in ("visit", "revisions", "visit-in-error", "visit-reopen")
        ),
        reverse("screening:section", args=[visit.pk, "laboratory"]),
        reverse("screening:revision", args=[visit.pk, 1]),
        reverse("screening:field-history", args=[visit.pk]) + "?path=performance.ecog",
        reverse("screening:assessment", args=[assessment.pk]),
        reverse("screening:review", args=[assessment.pk]),
        reverse("screening:question-answer", args=[question.pk]),
    ]
    for address in addresses:
        response = (reviewer if address.endswith("reopen/") else client).get(address)
        assert banner_on(response).startswith("NCT05990231 S-0001 male, 64 years Visit 1 2026-03-09"), address


def test_banner_asks_nothing_where_the_visit_was_read_with_its_status(visit, django_assert_num_queries):
    read = Visit.objects.select_related("subject__trial", "subject__in_error", "in_error", "status").get(pk=visit.pk)
    document = visit.latest_revision().document
    with django_assert_num_queries(0):
        subject_banner(read.subject, read, document)


def test_earlier_attempt_has_its_own_banner(visit, coordinator):
    later = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    assert (told(visit).visit.number, told(later).visit.number) == (1, 2)
    assert told(later).planned is None
