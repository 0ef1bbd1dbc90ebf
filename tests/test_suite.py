"""The marks by which a part of the tests is run."""

import pytest

from tests.conftest import mark_of

USES = {
    "unit": {"monkeypatch", "cases", "protocol"},
    "database": {"version", "db"},
    "browser": {"live_server", "db", "page"},
}


def test_each_test_has_one_mark_and_it_is_that_of_what_the_test_uses(request):
    for item in request.session.items:
        marks = {mark for mark in USES if item.get_closest_marker(mark)}
        assert marks == {mark_of(item)}, item.nodeid


@pytest.mark.parametrize("mark", USES)
def test_mark_follows_from_the_fixtures(request, monkeypatch, mark):
    monkeypatch.setattr(request.node, "fixturenames", USES[mark])
    assert mark_of(request.node) == mark


def test_unit_test_that_asks_for_the_database_late_fails(request):
    with pytest.raises(pytest.fail.Exception, match="mark it with django_db"):
        request.getfixturevalue("db")
