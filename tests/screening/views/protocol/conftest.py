from datetime import date

import pytest

from criteria.models import ProtocolVersion
from tests.support.approved import approved


@pytest.fixture
def second(version, administrator, investigator) -> ProtocolVersion:
    """Neutrophils lowered by an amendment, in force from 2026-03-01."""
    return approved(version, "2.0", date(2026, 3, 1), administrator, investigator, {"min_anc": 1000})


@pytest.fixture
def third(second, administrator, investigator) -> ProtocolVersion:
    """ECOG widened, in force from 2026-06-01."""
    return approved(second, "3.0", date(2026, 6, 1), administrator, investigator, {"max_ecog": 2})


@pytest.fixture
def in_may(on) -> None:
    on(date(2026, 5, 1))
