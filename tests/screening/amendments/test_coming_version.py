"""A version whose day has not come: visits may be planned under it, and nobody is screened by it."""

from datetime import date

import pytest

from criteria.vocabulary import BadDocument
from screening.amendments.transition import reassess
from screening.eligibility.assess import assess
from screening.models import Assessment, VersionTransition
from screening.visits.save import open_visit, register_subject
from tests.support.reviewed import later_version, refusal

TODAY, TOMORROW = date(2026, 3, 8), date(2026, 3, 9)
AHEAD = {"future visit.date 2026-03-09": "booked"}


@pytest.fixture
def revision(trial, coordinator, cases, on):
    """Of tomorrow's visit, by whose version ECOG 2 is well enough."""
    on(TODAY)
    later_version(TOMORROW.isoformat())
    return opened(trial, coordinator, cases["I03-ecog-2"]["document"])


def opened(trial, author, document):
    """The revision of a visit that is dated ahead."""
    return open_visit(register_subject(trial, author), author, document, AHEAD).latest_revision()


def test_visit_of_tomorrow_is_assessed_by_tomorrows_version_from_tomorrow_on(revision, coordinator, on):
    with pytest.raises(BadDocument) as bad:
        assess(revision, coordinator)
    words = "this visit falls under version 2.0, in force from 2026-03-09: it can be assessed from that day on"
    assert bad.value.faults == (("", words),)
    assert not Assessment.objects.exists()
    on(TOMORROW)
    assessment = assess(revision, coordinator)
    assert (assessment.version.number, assessment.overall) == ("2.0", "eligible")


def test_visit_of_tomorrow_is_not_assessed_today_even_where_todays_version_stays_in_force(
    trial, version, coordinator, cases, on
):
    on(TODAY)
    revision = opened(trial, coordinator, cases["base-man"]["document"])
    with pytest.raises(BadDocument) as bad:
        assess(revision, coordinator)
    assert [(fault.path, "2026-03-09" in fault.message) for fault in bad.value.faults] == [("", True)]
    on(TOMORROW)
    assert assess(revision, coordinator).version == version


def test_coming_version_is_no_version_to_re_assess_by(revision, coordinator):
    assert refusal(reassess, revision, coordinator) == "current"
    assert not VersionTransition.objects.exists()
