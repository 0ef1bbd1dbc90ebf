"""The dry run as the amendment's page tells it: how old it is, and that it can be run again."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from criteria.amendments.actions import save_boundary_review
from criteria.records.moments import moment_text
from screening.simulations import run_simulation, start_dry_run
from tests.support.amended import drafted, with_value

FAILS_BY_ECOG = "I03-ecog-2"
AGAIN, FIRST = "Run it again", "Run it over all subjects in screening"


@pytest.fixture
def amendment(trial, administrator):
    return with_value(drafted(trial, administrator), administrator, "max_ecog", "2")


@pytest.fixture
def ran(amendment, administrator):
    def press():
        simulation = start_dry_run(amendment.latest_revision(), administrator)
        run_simulation(simulation.pk)
        return simulation

    return press


@pytest.fixture
def words(amendment):
    """What the amendment's page says, without its markup."""

    def read(client):
        response = client.get(reverse("screening:amendment", args=[amendment.pk]))
        return " ".join(re.sub("<[^>]*>", "", response.content.decode()).split())

    return read


def test_draft_that_was_not_run_offers_to_run_it(manager, words):
    said = words(manager)
    assert "Not run for the draft as it is now." in said
    assert FIRST in said


def test_dry_run_says_when_it_was_made_and_what_would_change_and_is_offered_again(manager, words, ran, screened):
    screened(FAILS_BY_ECOG)
    simulation = ran()
    said = words(manager)
    assert "1 subject was looked at. For 1 the status would change: 1 from ineligible to eligible." in said
    assert (
        "0 enrolled or confirmed subjects would not be eligible any more, 1 past screen failure would be eligible."
        in said
    )
    assert f"Made {moment_text(timezone.localtime(simulation.report.created_at))}." in said
    assert AGAIN in said
    assert "came since" not in said


@pytest.mark.parametrize(("people", "said"), [(1, "1 subject came since"), (4, "4 subjects came since")])
def test_people_who_came_since_are_counted_and_gone_once_it_is_run_again(
    manager, words, ran, screened, amendment, administrator, people, said
):
    screened("base-man")
    ran()
    for _each in range(people):
        screened("base-man")
    assert said in words(manager)
    save_boundary_review(amendment.latest_revision(), administrator)
    assertContains(
        manager.get(reverse("screening:amendment", args=[amendment.pk])),
        reverse("screening:amendment-propose", args=[amendment.pk]),
    )
    ran()
    assert "came since" not in words(manager)


def test_dry_run_over_nobody_does_not_lead_on_once_there_are_people(
    manager, words, ran, screened, amendment, administrator
):
    save_boundary_review(amendment.latest_revision(), administrator)
    ran()
    screened("base-man")
    assert "1 subject came since" in words(manager)
    assertNotContains(
        manager.get(reverse("screening:amendment", args=[amendment.pk])),
        reverse("screening:amendment-propose", args=[amendment.pk]),
    )


def test_newer_one_under_way_is_shown_beside_the_report(manager, words, ran, screened, amendment, administrator):
    screened(FAILS_BY_ECOG)
    ran()
    start_dry_run(amendment.latest_revision(), administrator)
    said = words(manager)
    assert "For 1 the status would change" in said
    assert "A newer one is under way: 0 of 1 subject. See how far it is" in said
    assert AGAIN not in said


def test_who_may_not_amend_reads_it_without_a_button(reviewer, words, ran, screened):
    screened(FAILS_BY_ECOG)
    ran()
    said = words(reviewer)
    assert "For 1 the status would change" in said
    assert AGAIN not in said


def test_page_asks_the_database_the_same_number_of_times_for_any_number_of_people(manager, words, ran, screened):
    taken = []
    for people in (1, 5):
        for _each in range(people):
            screened(FAILS_BY_ECOG)
        ran()
        screened("base-man")
        words(manager)
        with CaptureQueriesContext(connection) as queries:
            assert "came since" in words(manager)
        taken.append(len(queries))
    assert taken[0] == taken[1]
