import pytest

from criteria.definition import parse
from criteria.vocabulary import Vocabulary
from tests.conftest import PROTOCOL


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return parse(PROTOCOL.read_text(encoding="utf-8"))[1].vocabulary
