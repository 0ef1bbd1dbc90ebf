from datetime import date
from decimal import Decimal

import pytest

from screening.visits import range_use
from screening.visits.range_use import touched_visits
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import ReferenceRangeFactory
from tests.support.reviewed import PASSWORD, sign

AST = {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-08", "uln": 40}


@pytest.fixture
def row(trial, administrator):
    return ReferenceRangeFactory(
        trial=trial, created_by=administrator, analyte="ast", unit="U/L", uln=40, valid_until=date(2026, 3, 31)
    )


@pytest.fixture
def screened(trial, coordinator):
    def visit(*results, **parts):
        document = {"visit": {"date": "2026-04-02"}, "labs": list(results)} | parts
        return open_visit(register_subject(trial, coordinator), coordinator, document)

    return visit


def test_visits_with_the_limit_in_its_days_are_named_with_what_rests_on_it(row, screened):
    touched = screened(AST | {"uln": Decimal("40.0")}, AST | {"collected": "2026-03-10"})
    for without in (
        AST | {"uln": 41},
        AST | {"uln": "unknown"},
        AST | {"analyte": "alt"},
        AST | {"collected": "2025-12-31"},
        AST | {"collected": "2026-04-01"},
    ):
        screened(without)
    screened()
    screened(labs="unknown")
    (found,) = touched_visits(row).visits
    assert (found.visit, found.days, found.decision) == (touched, ["2026-03-08", "2026-03-10"], "")
    assert found.criteria == ["I08"]


def test_limit_that_was_corrected_since_touches_nothing(row, screened, coordinator):
    visit = screened(AST)
    assert touched_visits(row).visits
    save_section(visit, "laboratory", {"labs": [AST | {"uln": 41}]}, 1, coordinator, reason="read wrongly")
    assert touched_visits(row) == ([], None)


@pytest.mark.usefixtures("in_time")
def test_decision_that_stands_on_the_limit_is_named(row, eligible, signer):
    results = eligible.revision.document["labs"]
    row.uln = next(each["uln"] for each in results if each["analyte"] == "ast")
    sign(eligible, signer, PASSWORD, "eligible")
    (found,) = touched_visits(row).visits
    assert (found.visit, found.decision) == (eligible.revision.visit, "confirmed eligible")


def test_range_without_an_upper_limit_touches_nothing(row, screened):
    screened(AST)
    row.uln = None
    assert touched_visits(row) == ([], None)


def test_visits_are_listed_a_few_at_a_time_those_opened_last_first(row, screened, monkeypatch):
    monkeypatch.setattr(range_use, "TOUCHED_AT_ONCE", 2)
    visits = [screened(AST) for _ in range(5)]
    screened(AST | {"uln": 41})
    seen, before = [], None
    for _page in range(3):
        found, before = touched_visits(row, before)
        seen.append([each.visit for each in found])
    assert seen == [[visits[4], visits[3]], [visits[2], visits[1]], [visits[0]]]
    assert before is None


@pytest.mark.parametrize("count", [1, 4])
def test_database_is_asked_as_often_for_many_visits_as_for_one(row, screened, count, django_assert_num_queries):
    for _ in range(count):
        screened(AST)
    with django_assert_num_queries(4):
        found = touched_visits(row).visits
        assert len({str(each.visit.subject) for each in found}) == count
