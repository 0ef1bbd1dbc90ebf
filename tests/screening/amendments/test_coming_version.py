"""A version whose day has not come: visits may be planned under it, and nobody is screened by it."""

from datetime import date

import pytest

from criteria.vocabulary import BadDocument
from screening.amendments.transition import reassess
from screening.eligibility.assess import assess
from screening.models import Assessment, VersionTransition
from screening.visits.save import open_visit, register_subject
from tests.support.reviewed import assessed, later_version, refusal

TODAY, TOMORROW = date(2026, 3, 8), date(2026, 3, 9)


@pytest.fixture
def revision(trial, coordinator, cases, on):
    """Of tomorrow's visit, by whose version ECOG 2 is well enough."""
    on(TODAY)
    later_version(TOMORROW.isoformat())
    return open_visit(
        register_subject(trial, coordinator), coordinator, cases["I03-ecog-2"]["document"]
    ).latest_revision()


def test_visit_of_tomorrow_is_assessed_by_tomorrows_version_from_tomorrow_on(revision, coordinator, on):
    with pytest.raises(BadDocument) as bad:
        assess(revision, coordinator)
    words = "this visit falls under version 2.0, in force from 2026-03-09: it can be assessed from that day on"
    assert bad.value.faults == (("visit.date", words),)
    assert not Assessment.objects.exists()
    on(TOMORROW)
    assessment = assess(revision, coordinator)
    assert (assessment.version.number, assessment.overall) == ("2.0", "eligible")


def test_visit_of_tomorrow_is_assessed_today_where_todays_version_stays_in_force(
    trial, version, coordinator, cases, on
):
    on(TODAY)
    assert assessed(trial, coordinator, cases["base-man"]["document"]).version == version


def test_coming_version_is_no_version_to_re_assess_by(revision, coordinator):
    assert refusal(reassess, revision, coordinator) == "current"
    assert not VersionTransition.objects.exists()
