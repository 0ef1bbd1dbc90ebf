from collections.abc import Callable
from typing import Any

import pytest

from criteria.models import AmendmentRevision
from screening.models import SubjectStatus
from tests.screening.simulations.people import draft, screen, with_neutrophils

Neutrophils = Callable[..., list[SubjectStatus]]


@pytest.fixture
def man(cases: dict[str, Any]) -> dict[str, Any]:
    """Who meets every criterion."""
    return cases["base-man"]["document"]


@pytest.fixture
def neutrophils(version: Any, coordinator: Any, man: dict[str, Any]) -> Neutrophils:
    """Puts one such man into screening for each of the counts given, in 10^9/L."""
    return lambda *counts: screen(version, coordinator, [with_neutrophils(man, count) for count in counts])


@pytest.fixture
def lowered(version: Any, administrator: Any) -> AmendmentRevision:
    """Neutrophils from 1500 to 1000 /mm3."""
    return draft(version, administrator, min_anc=1000)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Any:
    """Within it, what waits for the end of a transaction is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
