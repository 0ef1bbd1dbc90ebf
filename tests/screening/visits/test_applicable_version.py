from datetime import date

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.django import TestCase

from criteria.models import ProtocolVersion, Trial
from criteria.vocabulary import BadDocument
from screening.models import Subject, VersionTransition, Visit
from screening.visits.applicable_version import (
    applicable_version,
    comes_after,
    is_outdated,
    version_among,
    version_for_new_visit,
    versions_by_today,
)
from screening.visits.save import open_visit, register_subject
from tests.support.factories import UserFactory
from tests.support.reviewed import assessed, later_version

DOCUMENT = {"visit": {"date": "2026-03-09"}}


@pytest.fixture
def visit(trial, coordinator):
    return open_visit(register_subject(trial, coordinator), coordinator, DOCUMENT)


def transfer(visit, version, author):
    return VersionTransition.objects.create(visit=visit, version=version, created_by=author)


def test_visit_falls_under_the_version_of_its_day_whatever_came_later(visit, version):
    later_version("2026-03-10")
    assert applicable_version(visit, DOCUMENT) == version == version_for_new_visit(visit.subject.trial, DOCUMENT)


@pytest.mark.parametrize(("day", "is_later"), [("2026-03-09", False), ("2026-03-10", True), ("2026-03-11", True)])
def test_version_is_used_from_its_first_day_on_and_not_the_day_before(trial, day, is_later, version):
    coming = later_version("2026-03-10")
    assert version_for_new_visit(trial, {"visit": {"date": day}}) == (coming if is_later else version)


def test_version_in_force_from_tomorrow_is_not_used_today(trial, version, on):
    coming = later_version("2026-03-10")
    on(date(2026, 3, 9))
    assert versions_by_today([trial]) == [version]
    assert version_for_new_visit(trial, {}) == version
    on(date(2026, 3, 10))
    assert versions_by_today([trial]) == [coming, version]
    assert version_for_new_visit(trial, {}) == coming


def test_transferred_visit_falls_under_the_later_version(visit, coordinator):
    later = later_version("2026-06-01")
    transfer(visit, later, coordinator)
    assert applicable_version(visit, DOCUMENT) == later


def test_transfer_of_another_visit_says_nothing_of_this_one(visit, version, coordinator):
    other = open_visit(visit.subject, coordinator, DOCUMENT)
    transfer(other, later_version("2026-06-01"), coordinator)
    assert applicable_version(visit, DOCUMENT) == version


def test_transfer_to_an_earlier_version_than_that_of_the_day_changes_nothing(visit, coordinator):
    """The day of the visit was corrected afterwards."""
    transfer(visit, later_version("2026-06-01"), coordinator)
    latest = later_version("2026-07-01", number="3.0")
    assert applicable_version(visit, {"visit": {"date": "2026-07-01"}}) == latest


def test_of_two_versions_of_one_day_the_one_published_last_comes_later(trial, version):
    again = later_version(version.effective_from.isoformat())
    assert comes_after(again, version)
    assert not comes_after(version, again)
    assert not comes_after(version, version)
    assert versions_by_today([trial])[0] == again


def test_visit_before_the_first_version_falls_under_none_until_it_is_transferred(visit, version, coordinator):
    early = {"visit": {"date": "2020-03-09"}}
    with pytest.raises(BadDocument, match="2020-03-09"):
        applicable_version(visit, early)
    transfer(visit, version, coordinator)
    assert applicable_version(visit, early) == version


def test_assessment_is_outdated_once_the_visit_is_under_another_version(trial, coordinator):
    assessment = assessed(trial, coordinator, DOCUMENT)
    later = later_version("2026-06-01")
    assert not is_outdated(assessment)
    transfer(assessment.revision.visit, later, coordinator)
    assert is_outdated(assessment)


def test_version_is_found_in_one_query_and_in_two_when_a_later_one_may_have_been_given(
    visit, django_assert_num_queries
):
    with django_assert_num_queries(1):
        applicable_version(visit, DOCUMENT)
    later_version("2026-06-01")
    with django_assert_num_queries(2):
        applicable_version(visit, DOCUMENT)


DAYS = st.dates(date(2025, 1, 1), date(2025, 1, 6))


class AnyVersions(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(DAYS, min_size=1, max_size=4), DAYS, st.sets(st.integers(0, 3)))
    def test_version_of_a_visit_is_the_last_in_force_among_those_of_its_day_and_its_transfers(self, days, day, chosen):
        author = UserFactory()
        trial = Trial.objects.create(code="T", title="Made up")
        subject = Subject.objects.create(trial=trial, screening_number="S-0001", created_by=author)
        visit = Visit.objects.create(subject=subject, number=1, created_by=author)
        rows = [
            ProtocolVersion.objects.create(
                trial=trial, number=str(at), effective_from=first, codes={}, sections=[], terms={}
            )
            for at, first in enumerate(days)
        ]
        under = [rows[at] for at in chosen if at < len(rows)]
        for version in under:
            transfer(visit, version, author)
        possible = {*under, *(row for row in rows if row.effective_from <= day)}
        document = {"visit": {"date": day.isoformat()}}
        ordered = sorted(rows, key=lambda row: (row.effective_from, row.pk), reverse=True)
        transferred = {version.pk for version in under}
        if not possible:
            with pytest.raises(BadDocument):
                applicable_version(visit, document)
            with pytest.raises(BadDocument):
                version_among(ordered, transferred, document)
        else:
            found = applicable_version(visit, document)
            assert found == version_among(ordered, transferred, document)
            assert found in possible
            assert not any(comes_after(other, found) for other in possible)
