import pytest

from criteria.definition.reader import parse_definition
from criteria.vocabulary import Vocabulary
from tests.conftest import PROTOCOL


@pytest.fixture(scope="session")
def other_vocabulary() -> Vocabulary:
    return parse_definition((PROTOCOL.parents[2] / "tests/data/hypertension.yaml").read_text())[1].vocabulary
