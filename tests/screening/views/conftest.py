from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from criteria.models import Trial
from criteria.versions.versions import load_definition
from screening.models import Visit
from screening.views.shared.signer import SIGNED
from screening.visits.save import open_visit, register_subject
from tests.conftest import PROTOCOL
from tests.support.factories import UserFactory
from tests.support.section_requests import HTMX, inputs

HYPERTENSION = PROTOCOL.parents[2] / "tests/data/hypertension.yaml"


@pytest.fixture
def visit(kept_visit: Visit) -> Visit:
    """A visit of an eligible man, entered by the coordinator."""
    return kept_visit


@pytest.fixture
def empty_visit(trial: Trial, coordinator: User) -> Visit:
    """A visit of which nothing but its date is known."""
    return open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})


@pytest.fixture
def client(client: Client, coordinator: User) -> Client:
    """Somebody who may enter, assess and read."""
    client.force_login(coordinator)
    return client


@pytest.fixture
def type_in(client: Client, visit: Visit) -> Any:
    """Sends a section as the page's script does, with what was typed."""

    def send(code: str, who: Client = client, base: str = "1", **typed: str) -> Any:
        data = inputs(visit, code, **typed) | {"base": base}
        return who.post(reverse("screening:section-live", args=[visit.pk, code]), data, **HTMX)

    return send


@pytest.fixture
def as_role(db: None) -> Any:
    """A client of somebody with that role, or with none."""

    def log_in(role: str | None) -> Client:
        client = Client()
        client.force_login(UserFactory(role=role))
        return client

    return log_in


@pytest.fixture
def other_trial(db: None) -> Trial:
    return load_definition(HYPERTENSION.read_text())[0].trial


@pytest.fixture
def reviewer(signer: User) -> Client:
    """The client of a principal investigator with a name and a password, who has signed in this session already."""
    client = Client()
    client.force_login(signer)
    session = client.session
    session[SIGNED] = True
    session.save()
    return client
