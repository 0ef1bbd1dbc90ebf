import pytest

from screening.visits.labels import unit_name


@pytest.mark.parametrize(("code", "name"), [("mo", "months"), ("mm[Hg]", "mmHg"), ("g/dL", "g/dL"), ("", "")])
def test_unit_is_written_for_people(code, name):
    assert unit_name(code) == name
