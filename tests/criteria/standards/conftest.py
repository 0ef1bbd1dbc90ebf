from pathlib import Path

import pytest

from criteria.definition.reader import Edition, parse_definition
from tests.conftest import ROOT

SHIPPED = sorted((ROOT / "criteria/protocols").glob("*.yaml"))


def edition_in(path: Path) -> Edition:
    return Edition(*parse_definition(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="session", params=SHIPPED, ids=lambda path: path.stem)
def shipped(request: pytest.FixtureRequest) -> Edition:
    """Each definition that is shipped."""
    return edition_in(request.param)
