from datetime import date

import pytest

from screening.eligibility.validity import expired_on, holds_until
from tests.support.reviewed import assessed


@pytest.fixture
def assessment(trial, coordinator, cases):
    def of(case, **visit):
        document = cases[case]["document"]
        return assessed(trial, coordinator, document | {"visit": document["visit"] | visit})

    return of


def test_findings_hold_until_the_day_before_an_outcome_changes(assessment, on):
    woman = assessment("base-woman")
    assert holds_until(woman) == date(2026, 3, 17)
    on(date(2026, 3, 17))
    assert expired_on(woman) is None
    on(date(2026, 3, 18))
    assert expired_on(woman) == date(2026, 3, 17)


def test_findings_hold_for_a_year_at_most_when_nothing_changes(assessment, on):
    man = assessment("base-man")
    assert holds_until(man) == date(2027, 3, 17)  # 366 days after the planned first dose
    on(date(2031, 3, 16))
    assert expired_on(man) == date(2027, 3, 17)


def test_findings_hold_no_longer_than_there_are_days(assessment):
    assert holds_until(assessment("base-man", planned_first_dose_date="2199-06-01")) == date(2199, 12, 31)


def test_findings_never_expire_where_no_first_dose_is_planned(trial, coordinator, on):
    start = assessed(trial, coordinator, {"visit": {"date": "2026-03-09"}})
    on(date(2027, 3, 9))
    assert holds_until(start) is None
    assert expired_on(start) is None
