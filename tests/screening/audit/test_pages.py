"""The pages held against a plain sort of everything: each entry on one page, whichever way they are turned."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, strategies as st

from screening.audit import AuditTrailFilter, audit_trail_page
from screening.audit.cursor import read_cursor
from screening.audit.pages import all_positions
from screening.audit.sources import SOURCES
from screening.models import AccessEvent, LogExport, Question, TrailReview
from tests.support.factories import GrantFactory, RevisionFactory, SubjectFactory, UserFactory, VisitFactory

TIMES = [datetime(2026, 3, 9, 9, tzinfo=UTC) + timedelta(microseconds=each) for each in (0, 0, 1, 500_000, 500_001)]
PEOPLE = ("ann", "bob")
FILTERS = [
    {},
    {"person": "ann"},
    {"kind": "access"},
    {"subject": "S-0001"},
    {"search": "the log"},
    {"person": "bob", "kind": "exports"},
    {"since": TIMES[0].date(), "until": TIMES[0].date()},
    {"since": TIMES[0].date() + timedelta(1)},
]


@pytest.fixture
def rows(trial):
    """Many rows of the very same moments, in several tables and in no order."""
    rng = Random(3)
    users = [UserFactory(username=name) for name in PEOPLE]
    subjects = [SubjectFactory(trial=trial, screening_number=f"S-000{at}", created_by=users[0]) for at in (1, 2)]
    visits = [VisitFactory(subject=each, created_by=users[1]) for each in subjects]
    revisions = [RevisionFactory(visit=each) for each in visits]
    for _ in range(24):
        said = {"created_at": rng.choice(TIMES), "created_by": rng.choice(users)}
        make = rng.randrange(5)
        if make == 0:
            GrantFactory(account=rng.choice(users), role="monitor", **said)
        elif make == 1:
            AccessEvent.objects.create(kind="login", **said)
        elif make == 2:
            LogExport.objects.create(file_format="csv", filters="all of the log", **said)
        elif make == 3:
            TrailReview.objects.create(entries=1, remark="I read THE LOG", **said)
        else:
            Question.objects.create(visit=rng.choice(revisions).visit, text="Why?", **said)


def everything(filters):
    """All rows that the filter lets through, by a condition of its own, sorted as one list."""
    found = []
    for index, source in enumerate(SOURCES):
        found += [(row.created_at, index, row) for row in source.model.objects.all() if fits(filters, source, row)]
    found.sort(key=lambda each: (each[0], each[1], each[2].pk), reverse=not filters.oldest_first)
    return [(at, SOURCES[index].kind, row.pk) for at, index, row in found]


def fits(filters, source, row):
    names = {getattr(getattr(row, name, None), "username", "") for name in ("created_by", "account")}
    visit = getattr(row, "visit", None) or (row if hasattr(row, "previous") else None)
    subject = visit.subject if visit else row
    number = getattr(subject, "screening_number", "")
    words = " ".join(str(getattr(row, name, "")) for name in ("filters", "remark")).lower()
    day = row.created_at.date()
    return (
        filters.person in ("", *names)
        and filters.kind in ("", source.kind)
        and filters.subject in ("", number)
        and filters.search.lower() in words
        and (filters.since is None or filters.since <= day)
        and (filters.until is None or day <= filters.until)
    )


def forwards(filters, size):
    pages = [audit_trail_page(filters, None, size)]
    while pages[-1].next:
        pages.append(audit_trail_page(filters, pages[-1].next, size))
    return pages


def short(entries):
    return [(entry.at, entry.kind, entry.key) for entry in entries]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize("said", FILTERS, ids=str)
def test_every_entry_is_on_one_page_whichever_way_they_are_turned(said, oldest_first):
    filters = AuditTrailFilter(**said, oldest_first=oldest_first)
    expected = everything(filters)
    assert expected
    for size in (3, 7, len(expected), len(expected) + 1):
        pages = forwards(filters, size)
        assert [each for page in pages for each in short(page.entries)] == expected
        assert (pages[0].previous, pages[-1].next) == (None, None)
        for earlier, later in pairwise(pages):
            back = audit_trail_page(filters, later.previous, size)
            assert short(back.entries) == short(earlier.entries)
            assert (back.previous is None) is (earlier is pages[0])
            assert back.next


@pytest.mark.usefixtures("rows")
def test_what_is_exported_is_what_the_pages_show_however_long_a_chunk_is(monkeypatch):
    monkeypatch.setattr("screening.audit.pages.POSITION_CHUNK", 4)
    for filters in (AuditTrailFilter(), AuditTrailFilter(person="ann", oldest_first=True)):
        chunks = list(all_positions(filters))
        assert max(map(len, chunks)) == 4
        found = [(place.at, SOURCES[place.source].kind, place.key) for chunk in chunks for place in chunk]
        assert found == everything(filters)


@pytest.mark.usefixtures("rows")
def test_page_stays_the_same_when_something_new_is_recorded():
    first = audit_trail_page(AuditTrailFilter(), None, 3)
    second = audit_trail_page(AuditTrailFilter(), first.next, 3)
    SubjectFactory(trial=SOURCES[0].model.objects.first().trial)
    assert short(audit_trail_page(AuditTrailFilter(), first.next, 3).entries) == short(second.entries)


UNREADABLE = [
    "",
    "after",
    "after~~~",
    "after~2026-03-09~0~1",
    "after~2026-03-09T09:00:00~0~1",
    "beside~2026-03-09T09:00:00+00:00~0~1",
    "after~2026-03-09T09:00:00+00:00~-1~1",
    f"after~2026-03-09T09:00:00+00:00~{len(SOURCES)}~1",
    "after~2026-03-09T09:00:00+00:00~0~-1",
    f"after~2026-03-09T09:00:00+00:00~0~{2**63}",
    f"after~2026-03-09T09:00:00+00:00~0~{'9' * 5000}",
    "after~0001-01-01T00:00:00+14:00~0~1",
    "before~9999-12-31T23:59:59-14:00~0~1",
    "after~2026-03-09T09:00:00+00:00~0~1~2",
    "after~2026-03-09T09:00:00+00:00~\0~1",
]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("cursor", UNREADABLE)
def test_first_page_is_shown_when_nobody_can_read_the_cursor(cursor):
    assert read_cursor(cursor) is None
    assert short(audit_trail_page(AuditTrailFilter(), cursor, 3).entries) == everything(AuditTrailFilter())[:3]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("cursor", ["after~0001-01-01T00:00:00+00:00~0~1", "before~9999-12-31T23:59:59+00:00~0~1"])
def test_first_page_is_shown_when_nothing_lies_beyond_the_cursor(cursor):
    page = audit_trail_page(AuditTrailFilter(), cursor, 3)
    assert short(page.entries) == everything(AuditTrailFilter())[:3]
    assert page.previous is None


@given(st.text() | st.from_regex(r"(after|before)~[0-9T:+.-]{1,30}~-?[0-9]{1,3}~-?[0-9]{1,25}", fullmatch=True))
def test_any_text_is_a_cursor_or_none(text):
    found = read_cursor(text)
    assert found is None or found[1].at.utcoffset() == timedelta(0)
