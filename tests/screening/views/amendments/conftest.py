import pytest
from django.test import Client
from django.urls import reverse

from tests.support.amended import drafted, looked_at, with_value


@pytest.fixture
def admin_client(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def draft(trial, administrator):
    return drafted(trial, administrator)


@pytest.fixture
def changed(draft, administrator):
    return with_value(draft, administrator)


@pytest.fixture
def ready(changed, administrator):
    return looked_at(changed, administrator)


@pytest.fixture
def waiting(kept_proposed):
    """Proposed by the administrator."""
    return kept_proposed


@pytest.fixture
def at():
    return lambda name, amendment, *args: reverse(f"screening:{name}", args=[amendment.pk, *args])
