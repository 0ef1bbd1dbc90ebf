from collections.abc import Callable

import pytest

from criteria.definition.reader import Edition, parse_definition
from criteria.versions.comparison import Comparison, compare
from tests.criteria.definition.test_reader import SMALL

Changes = tuple[tuple[str, str], ...]


def edition(text: str, *changes: tuple[str, str]) -> Edition:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return Edition(*parse_definition(text))


@pytest.fixture
def amended() -> Callable[..., Comparison]:
    """The small definition compared with the same as it is after these replacements."""

    def compared(*changes: tuple[str, str], base: Changes = ()) -> Comparison:
        old = edition(SMALL, *base)
        return compare(old, edition(SMALL, *base, *changes))

    return compared


@pytest.fixture(scope="session")
def real(definition_text: str) -> Callable[..., Comparison]:
    """Likewise of the trial's own definition."""
    old = edition(definition_text)

    def compared(*changes: tuple[str, str]) -> Comparison:
        return compare(old, edition(definition_text, *changes))

    return compared
