from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User

from criteria.definition.reader import parse_definition
from criteria.models import Amendment, ProtocolVersion, Trial
from criteria.vocabulary import Vocabulary
from screening.models import Assessment, Visit
from screening.visits.save import open_visit, register_subject
from tests.conftest import PROTOCOL, examples
from tests.support.amended import proposed
from tests.support.factories import UserFactory
from tests.support.reviewed import IN_TIME, PASSWORD, assessed, attested
from tests.support.world import layer_fixture


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return parse_definition(PROTOCOL.read_text(encoding="utf-8"))[1].vocabulary


@pytest.fixture
def signer(db: None) -> User:
    """A principal investigator with a name and a password."""
    user = UserFactory(role="investigator", first_name="Na", last_name="Li")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Sets the site's calendar to a day."""
    return lambda day: monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day)


@pytest.fixture
def in_time(on: Callable[[date], None]) -> None:
    on(IN_TIME)


@layer_fixture
def kept_visit(kept_version: ProtocolVersion, kept_coordinator: User) -> Visit:
    """A visit of an eligible man, entered by the coordinator."""
    subject = register_subject(kept_version.trial, kept_coordinator)
    return open_visit(subject, kept_coordinator, examples()["base-man"]["document"])


@layer_fixture
def kept_eligible(kept_version: ProtocolVersion, kept_coordinator: User) -> Assessment:
    return assessed(kept_version.trial, kept_coordinator, examples()["base-woman"]["document"])


@pytest.fixture
def eligible(kept_eligible: Assessment) -> Assessment:
    """The findings of this woman hold until 2026-03-17."""
    return kept_eligible


@pytest.fixture
def ready(eligible: Assessment, signer: User) -> Assessment:
    """The same woman, with every judgement attested."""
    return attested(eligible, signer)


@layer_fixture
def kept_failed(kept_version: ProtocolVersion, kept_coordinator: User) -> Assessment:
    two_failures = {"performance": {"ecog": 2, "life_expectancy_months": 2}}
    return assessed(kept_version.trial, kept_coordinator, examples()["base-man"]["document"] | two_failures)


@pytest.fixture
def failed(kept_failed: Assessment) -> Assessment:
    return kept_failed


@pytest.fixture
def undetermined(trial: Trial, coordinator: User) -> Assessment:
    return assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})


@layer_fixture
def kept_proposed(kept_version: ProtocolVersion, kept_administrator: User) -> Amendment:
    return proposed(kept_version.trial, kept_administrator)
