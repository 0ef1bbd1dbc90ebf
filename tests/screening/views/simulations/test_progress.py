from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import SimulationProgress, SimulationReport, SimulationState

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def address(waiting):
    return reverse("screening:simulation", args=[waiting.pk])


@pytest.fixture
def fragment(waiting):
    return reverse("screening:simulation-progress", args=[waiting.pk])


@pytest.fixture
def becomes(waiting):
    """Where the job has come to."""
    return lambda **columns: SimulationProgress.objects.filter(simulation=waiting).update(**columns)


def test_who_waits_is_told_of_how_many_people(manager, address):
    response = manager.get(address)
    assertContains(response, "1000 subjects are to be looked at")
    assertContains(response, "A simulation: nothing of this is a verdict and nothing was changed.")
    assertContains(response, "Refresh</a>")
    assertNotContains(response, "manage.py work")


def test_progress_is_told_in_words_and_as_a_bar(manager, fragment, becomes):
    becomes(state=SimulationState.RUNNING, done=400)
    response = manager.get(fragment, **HTMX)
    assertContains(response, "Running: 400 of 1000 subjects done.")
    assertContains(response, '<progress aria-labelledby="progress-words" max="1000" value="400">')
    assertContains(response, 'hx-trigger="every 2s"')


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_without_a_sign_of_life_the_page_says_what_must_run(manager, address, becomes, state):
    becomes(state=state, beat_at=timezone.now() - timedelta(minutes=5))
    assertContains(manager.get(address), "<code>manage.py work</code>")


@pytest.mark.parametrize("state", ["done", "cancelled", "failed"])
def test_at_the_end_the_script_is_led_to_the_page_and_asks_no_more(manager, address, fragment, becomes, state):
    becomes(state=state, error="KeyError: 'I99'")
    response = manager.get(fragment, **HTMX)
    assert response["HX-Redirect"] == address
    assert b"every 2s" not in response.content


def test_fragment_without_the_script_leads_to_the_page(manager, address, fragment):
    assertRedirects(manager.get(fragment), address)


def test_failure_is_told_and_there_is_no_report(manager, address, becomes):
    becomes(state=SimulationState.FAILED, error="KeyError: 'I99'")
    assertContains(manager.get(address), "It failed, and there is no report.")


def test_it_is_cancelled_and_no_report_is_made(manager, address, waiting, administrator):
    cancel = reverse("screening:simulation-cancel", args=[waiting.pk])
    response = manager.post(cancel, follow=True)
    assertRedirects(response, address)
    assertContains(response, f"Cancelled by {administrator.username}.")
    assertNotContains(response, cancel)
    assert SimulationProgress.objects.get().state == SimulationState.CANCELLED
    assert not SimulationReport.objects.exists()


def test_what_has_ended_is_not_cancelled(manager, waiting, becomes):
    becomes(state=SimulationState.DONE)
    response = manager.post(reverse("screening:simulation-cancel", args=[waiting.pk]), follow=True)
    assertContains(response, "The simulation has ended already.")
    assert SimulationProgress.objects.get().state == SimulationState.DONE


def test_investigator_may_cancel_a_what_if(reviewer, waiting):
    reviewer.post(reverse("screening:simulation-cancel", args=[waiting.pk]))
    assert SimulationProgress.objects.get().state == SimulationState.CANCELLED
