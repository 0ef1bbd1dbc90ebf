from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from criteria.models import ProtocolVersion, Trial
from screening.log.filter import LogFilter
from screening.models import Assessment, Signature, Simulation
from screening.review.enrol import enrol
from screening.simulations import start_what_if
from tests.support.factories import waiting_simulation
from tests.support.reviewed import PASSWORD, assessed, sign


@pytest.fixture
def manager(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def screened(trial: Trial, coordinator: User, cases: dict[str, Any]) -> Callable[[str], Assessment]:
    """The assessment of somebody whose visit is that case."""
    return lambda case: assessed(trial, coordinator, cases[case]["document"])


@pytest.fixture
def enrolled(in_time: None, screened: Callable[[str], Assessment], signer: User, coordinator: User) -> Signature:
    """A man of 64 with an ECOG performance status of 1, who has a place."""
    signature = sign(screened("base-man"), signer, PASSWORD, "eligible")
    enrol(signature, coordinator)
    return signature


@pytest.fixture
def tried(
    version: ProtocolVersion, administrator: User, django_capture_on_commit_callbacks: Any
) -> Callable[..., Simulation]:
    """A what-if that ran to its end."""

    def run(values: dict[str, Decimal | None], **filters: Any) -> Simulation:
        with django_capture_on_commit_callbacks(execute=True):
            started = start_what_if(version, values, LogFilter(**filters), administrator)
        return Simulation.objects.get(pk=started.pk)

    return run


@pytest.fixture
def waiting(version: ProtocolVersion, administrator: User) -> Simulation:
    """A what-if of a thousand people that no worker has begun."""
    return waiting_simulation(version, administrator)
