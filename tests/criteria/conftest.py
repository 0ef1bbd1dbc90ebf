from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import settings

from criteria.amendments.actions import set_parameter
from criteria.definition.reader import parse_definition
from criteria.evaluation.protocol import Protocol
from criteria.models import AmendmentRevision
from tests.conftest import PROTOCOL, ROOT
from tests.support.amended import REASON, drafted
from tests.support.documents import BASE

settings.register_profile("trialsite", parent=settings(), deadline=None)  # a busy machine is no fault of the rules
settings.load_profile("trialsite")

SECOND = ROOT / "tests/data/second_trial.yaml"


@pytest.fixture(scope="session")
def definition_text() -> str:
    """The trial's definition without its own tests, which say no more where a limit is changed."""
    return PROTOCOL.read_text(encoding="utf-8").partition("\ntests:\n")[0] + "\n"


@pytest.fixture(scope="session")
def protocol(definition_text: str) -> Protocol:
    return parse_definition(definition_text)[1]


@pytest.fixture(scope="session")
def second_text() -> str:
    return SECOND.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def second(second_text: str) -> Protocol:
    return parse_definition(second_text)[1]


@pytest.fixture
def man() -> dict[str, Any]:
    return deepcopy(BASE["man"])


@pytest.fixture
def woman() -> dict[str, Any]:
    return deepcopy(BASE["woman"])


@pytest.fixture(scope="session")
def with_parameter(definition_text: str) -> Callable[[str, str], Protocol]:
    """The protocol as it is after an administrator set one parameter to another value."""

    @cache
    def changed(name: str, value: str) -> Protocol:
        lines = definition_text.splitlines()
        (at,) = [index for index, line in enumerate(lines) if line.startswith(f"  {name}: {{title:")]
        head, _, tail = lines[at].partition(" value: ")
        rest = tail[tail.index(", unit") :] if ", unit" in tail else ","
        lines[at] = f"{head} value: {value}{rest}"
        return parse_definition("\n".join(lines))[1]

    return changed


@pytest.fixture
def draft(trial, administrator):
    return drafted(trial, administrator)


@pytest.fixture
def change(draft, administrator):
    def value(name: str, value: str | None, seen: int | None = None, reason: str = REASON) -> AmendmentRevision:
        latest = draft.latest_revision()
        title = latest.definition["parameters"][name]["title"]
        number = None if value is None else Decimal(value)
        return set_parameter(draft, administrator, name, number, title, reason, seen=seen or latest.number)

    return value
