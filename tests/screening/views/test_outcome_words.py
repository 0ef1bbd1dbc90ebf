"""What a page says of the criteria: by their category, and never `pass` or `fail`, which stay in data."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from tests.conftest import examples
from tests.support.reviewed import assessed

BARE = re.compile(r"\b(pass|passes|fail|fails)\b", re.IGNORECASE)


@pytest.fixture
def mixed(trial, coordinator):
    """An assessment in which an inclusion criterion is not met, an exclusion criterion present, and one open."""
    document = examples()["E04-anti_ctla4"]["document"]
    performance = {"ecog": 2, "life_expectancy_months": "unknown"}
    return assessed(trial, coordinator, document | {"performance": performance})


def pages(assessment):
    visit = assessment.revision.visit
    return [
        reverse("screening:subjects"),
        reverse("screening:subject", args=[visit.subject_id]),
        reverse("screening:visit", args=[visit.pk]),
        reverse("screening:section", args=[visit.pk, "performance"]),
        reverse("screening:assessment", args=[assessment.pk]),
        reverse("screening:review", args=[assessment.pk]),
        reverse("screening:review-queue"),
        reverse("screening:log"),
    ]


def words_of(response):
    return " ".join(strip_tags(response.content.decode()).split())


def test_no_page_says_pass_or_fail(client, mixed, signer):
    for address in pages(mixed):
        client.force_login(mixed.created_by if "review" not in address else signer)
        response = client.get(address)
        assert response.status_code == 200
        assert BARE.findall(words_of(response)) == [], address


def test_each_criterion_is_named_by_its_category_and_counts_span_both(client, mixed):
    said = words_of(client.get(reverse("screening:assessment", args=[mixed.pk])))
    assert "not met I03" in said
    assert "present E04" in said
    assert "not yet known I04" in said
    assert "2 not satisfied" in said
    assert "1 not yet known" in said
    assert "2 not satisfied, 1 not yet known" in words_of(client.get(reverse("screening:subjects")))


def test_eligible_visit_says_that_all_criteria_are_satisfied(client, eligible):
    assert "all eligibility criteria satisfied" in words_of(client.get(reverse("screening:subjects")))
    page = client.get(reverse("screening:assessment", args=[eligible.pk]))
    assert "All eligibility criteria satisfied." in words_of(page)
