from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from criteria.amendments.actions import begin_amendment, set_parameter
from criteria.models import ProtocolVersion
from screening.models import Simulation, SimulationProgress, SimulationState
from screening.simulations import start_dry_run


@pytest.fixture
def change(administrator):
    """Another maximum ECOG performance status in the draft."""

    def set_ecog(amendment, value):
        latest = amendment.latest_revision()
        title = latest.definition["parameters"]["max_ecog"]["title"]
        return set_parameter(amendment, administrator, "max_ecog", Decimal(value), title, "amended", latest.number)

    return set_ecog


@pytest.fixture
def amendment(trial, administrator, change):
    day: date = timezone.localdate() + timedelta(days=30)
    amendment = begin_amendment(trial, administrator, "2.0", day, "", "amended")
    change(amendment, 2)
    return amendment


@pytest.fixture
def ran(manager, amendment, django_capture_on_commit_callbacks):
    """The page to which the button leads."""

    def press():
        with django_capture_on_commit_callbacks(execute=True):
            response = manager.post(reverse("screening:dry-run", args=[amendment.pk]))
        assert response.status_code == 302
        return manager.get(response["Location"])

    return press


def test_dry_run_shows_who_would_flip_under_the_draft(ran, screened, amendment):
    screened("I03-ecog-2")
    response = ran()
    simulation = Simulation.objects.get()
    assert response.request["PATH_INFO"] == reverse("screening:simulation", args=[simulation.pk])
    assert simulation.revision == amendment.latest_revision()
    assertContains(response, "Dry run of amendment 1")
    assertContains(response, "Maximum ECOG performance status: 1")
    assertContains(response, "all subjects")
    assert [each.people for each in response.context["affected"]] == [0, 1]
    assertNotContains(response, "The amendment was changed since")
    assert ProtocolVersion.objects.count() == 1


def test_dry_run_of_a_draft_that_was_changed_since_says_so(ran, manager, amendment, change):
    ran()
    change(amendment, 3)
    page = manager.get(reverse("screening:simulation", args=[Simulation.objects.get().pk]))
    assertContains(page, "which is no longer the latest")
    assertContains(page, reverse("screening:amendment", args=[amendment.pk]))


def test_second_one_leads_to_the_one_that_runs(ran, amendment, administrator):
    first = start_dry_run(amendment.latest_revision(), administrator)
    response = ran()
    assert response.request["PATH_INFO"] == reverse("screening:simulation", args=[first.pk])
    assertContains(response, "A dry run of this draft is under way already.")
    assert Simulation.objects.count() == 1


def test_investigator_reads_a_dry_run_but_does_not_cancel_it(amendment, administrator, reviewer):
    simulation = start_dry_run(amendment.latest_revision(), administrator)
    cancel = reverse("screening:simulation-cancel", args=[simulation.pk])
    page = reviewer.get(reverse("screening:simulation", args=[simulation.pk]))
    assert page.status_code == 200
    assertNotContains(page, cancel)
    assert reviewer.post(cancel).status_code == 403
    assert SimulationProgress.objects.get().state == SimulationState.WAITING


def test_login_in_between_starts_nothing(manager, amendment):
    response = manager.get(reverse("screening:dry-run", args=[amendment.pk]))
    assert (response.status_code, response["Location"]) == (302, reverse("screening:amendment", args=[amendment.pk]))
    assert not Simulation.objects.exists()
