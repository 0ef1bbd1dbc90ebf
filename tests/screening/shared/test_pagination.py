from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from criteria.models import Trial
from screening.models import NEVER, SubjectStatus
from screening.shared.pagination import page_of
from tests.support.factories import StandingFactory, SubjectFactory

KEYS = {"fails": st.integers(0, 3), "holds_until": st.sampled_from([date(2026, 3, 10), date(2026, 3, 11), NEVER])}


@pytest.fixture
def rows(db, coordinator):
    """Makes one row for each value of a field."""
    trial = Trial.objects.create(code="NCT00000000", title="A trial")

    def rows(name, values):
        SubjectStatus.objects.all().delete()
        for value in values:
            subject = SubjectFactory(trial=trial, created_by=coordinator)
            StandingFactory(subject=subject, **{name: value})
        return SubjectStatus.objects.all()

    return rows


def forwards(found, order, size):
    pages = [page_of(found, order, None, size)]
    while pages[-1].next:
        pages.append(page_of(found, order, pages[-1].next, size))
    return pages


def keys(page):
    return [row.pk for row in page.rows]


@pytest.mark.parametrize("order", ["fails", "-fails", "holds_until", "-holds_until"])
@given(data=st.data(), size=st.integers(1, 4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_on_one_page_whichever_way_they_are_turned(rows, order, data, size):
    name = order.removeprefix("-")
    found = rows(name, data.draw(st.lists(KEYS[name], max_size=9)))
    expected = [row.pk for row in found.order_by(order, "-pk" if order.startswith("-") else "pk")]
    pages = forwards(found, order, size)
    assert [key for page in pages for key in keys(page)] == expected
    assert pages[0].previous is None
    for earlier, later in pairwise(pages):
        assert keys(page_of(found, order, later.previous, size)) == keys(earlier)
        assert page_of(found, order, later.previous, size).next is not None


def test_first_page_has_nothing_before_it_when_one_comes_back_to_it(rows):
    found = rows("fails", [0, 1, 2])
    second = page_of(found, "fails", page_of(found, "fails", None, 2).next, 2)
    assert page_of(found, "fails", second.previous, 2).previous is None


def test_page_goes_on_where_it_stopped_when_rows_came_before_it(rows, coordinator):
    found = rows("fails", [1, 2, 3, 4])
    first = page_of(found, "fails", None, 2)
    subject = SubjectFactory(trial=Trial.objects.get(), created_by=coordinator)
    StandingFactory(subject=subject, fails=0)
    assert [row.fails for row in page_of(found, "fails", first.next, 2).rows] == [3, 4]


@pytest.mark.parametrize(
    ("order", "cursor"),
    [
        ("fails", ""),
        ("fails", "nonsense"),
        ("fails", "after~x~1"),
        ("fails", "after~1~x"),
        ("fails", "after~1"),
        ("fails", "sideways~1~1"),
        ("fails", f"after~{2**63}~1"),
        ("fails", f"after~1~{2**63}"),
        ("fails", "after~-1~1"),
        ("fails", f"after~{'9' * 5000}~1"),
        ("holds_until", "after~1~2026-02-30"),
        ("holds_until", "before~1~soon"),
        ("saved_at", "after~1~0001-01-01T00:00:00+14:00"),
        ("saved_at", "before~1~9999-12-31T23:59:59-14:00"),
        ("screening_number", "after~1~S\0"),
    ],
)
def test_cursor_that_makes_no_sense_gives_the_first_page(rows, order, cursor):
    found = rows("fails", [1, 2])
    assert page_of(found, order, cursor, 1) == page_of(found, order, None, 1)


def test_cursor_past_the_last_row_gives_the_first_page(rows):
    found = rows("fails", [1, 2])
    assert [row.fails for row in page_of(found, "fails", "after~1~7", 1).rows] == [1]


def test_time_is_taken_with_all_its_digits(rows):
    times = [datetime.fromisoformat(f"2026-03-10T08:00:00.00000{n}+00:00") for n in (1, 2, 3)]
    pages = forwards(rows("saved_at", times), "-saved_at", 1)
    assert [row.saved_at for page in pages for row in page.rows] == times[::-1]


def test_day_without_a_time_is_no_reason_to_warn(rows):
    assert page_of(rows("fails", [1]), "saved_at", "after~1~2026-03-10", 1).rows


def test_rows_are_compared_by_key_and_never_by_or(rows, django_assert_num_queries):
    found = rows("fails", [1, 2, 3])
    first = page_of(found, "fails", None, 1)
    with django_assert_num_queries(1) as captured:
        page_of(found, "fails", first.next, 1)
    sql = captured[0]["sql"]
    assert " OR " not in sql
    assert "OFFSET" not in sql
    assert ") > (" in sql
