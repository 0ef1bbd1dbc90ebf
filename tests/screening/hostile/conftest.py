from typing import Any

import pytest
from django.contrib.auth.models import User

from tests.screening.hostile.application import Application
from tests.screening.hostile.people import with_password, with_second_factor
from tests.screening.views.conftest import as_role, other_trial, reviewer, visit
from tests.screening.views.test_access import address
from tests.support.factories import UserFactory

__all__ = ["address", "as_role", "other_trial", "reviewer", "visit"]


@pytest.fixture
def required(settings: Any, db: None) -> None:
    """As at a site: nobody gets in without a second factor."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person(required: None) -> User:
    """A coordinator with a password and a second factor."""
    return with_second_factor(with_password(UserFactory(username="li.na", role="coordinator")))


@pytest.fixture
def application(
    in_time: None, coordinator: User, signer: User, administrator: User, monitor: User, superuser: User
) -> Application:
    people = {"coordinator": coordinator, "investigator": signer, "administrator": administrator}
    return Application(people | {"monitor": monitor, "superuser": superuser})
