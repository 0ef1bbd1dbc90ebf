from datetime import date
from itertools import product

import pytest

from screening.eligibility.assess import assess
from screening.log.counts import LogCounts, group_sum, log_counts
from screening.log.filter import DECISIONS, OUTCOMES, LogFilter, log_length
from screening.log.labels import log_filter_text
from screening.log.pages import log_page, log_rows
from screening.models import NEVER, LogDecision, SubjectStatus
from screening.models.subject_status import join_codes, split_codes
from screening.review.decide import close_case, send_back
from screening.review.enrol import enrol
from screening.signatures.seals import seal_fits
from screening.visits.save import open_visit, register_subject
from tests.support.factories import StandingFactory, SubjectFactory, UserFactory
from tests.support.reviewed import PASSWORD, assessed, sign


@pytest.fixture
def screened(trial):
    """One more person in the log."""

    def add(**columns) -> SubjectStatus:
        return StandingFactory(subject=SubjectFactory(trial=trial), **columns)

    return add


def numbers(**filters) -> list[str]:
    """Who stands in the log under a filter: on its page, and in its export."""
    wanted = LogFilter(**filters)
    shown = [row.screening_number for row in log_page(wanted).rows]
    assert [row.screening_number for row in log_rows(wanted)] == shown
    assert log_length(wanted) == len(shown)
    return shown


# Everybody screened has one row


@pytest.fixture
def everybody(trial, coordinator, signer, cases, in_time):
    """One person for each way in which a screening can stand."""
    documents = [cases[name]["document"] for name in ("base-man", "base-man", "I03-ecog-2", "base-man", "base-man")]
    enrolled, eligible, failed, declined, returned = (assessed(trial, coordinator, each) for each in documents)
    enrol(sign(enrolled, signer, PASSWORD, "eligible"), coordinator)
    sign(eligible, signer, PASSWORD, "eligible")
    sign(failed, signer, PASSWORD, "failure", primary="I03")
    close_case(declined.revision, signer, PASSWORD, "declined")
    send_back(returned, signer, "Look again.")
    assessed(trial, coordinator, {"visit": {"date": "2026-03-10"}})
    register_subject(trial, coordinator)


def test_everybody_has_one_row_failures_and_those_without_a_visit_too(everybody):
    rows = log_page(LogFilter()).rows
    shown = [(row.screening_number, row.found, row.decision, row.enrolment_number) for row in rows]
    assert shown == [
        ("S-0001", "eligible", "eligible", "E-001"),
        ("S-0002", "eligible", "eligible", ""),
        ("S-0003", "ineligible", "failure", ""),
        ("S-0004", "eligible", "not_enrolled", ""),
        ("S-0005", "eligible", "returned", ""),
        ("S-0006", "undetermined", "", ""),
        ("S-0007", "", "", ""),
    ]
    failure = rows[2]
    assert (failure.consent_date, failure.visit_date, failure.version.number) == ("2026-03-05", date(2026, 3, 9), "1.5")
    assert (failure.failed_codes, failure.primary_reason) == (["I03"], "I03")
    assert (failure.signature.printed_name, failure.decided_at) == ("Na Li", failure.signature.created_at)


def test_counts_reconcile_by_person(everybody):
    found = log_counts(LogFilter())
    assert found == LogCounts(
        enrolled=1,
        failures=(("I03", 1),),
        not_enrolled=(("declined", 1),),
        to_enrol=1,
        undecided=2,
        registered=1,
        earlier_failures=(),
        earlier_others=0,
        people=7,
    )
    assert (found.rows, found.excluded_count, found.open) == (7, 2, 4)


def test_who_is_only_registered_was_not_screened(everybody):
    assert log_counts(LogFilter()).screened_count == 6


@pytest.mark.parametrize(
    ("decision", "people"),
    [
        ("eligible", ["S-0001", "S-0002"]),
        ("enrolled", ["S-0001"]),
        ("failure", ["S-0003"]),
        ("not_enrolled", ["S-0004"]),
        ("returned", ["S-0005"]),
        ("open", ["S-0002", "S-0005", "S-0006", "S-0007"]),
    ],
)
def test_rows_and_counts_are_those_of_the_decision_when_filtered_by_it(everybody, decision, people):
    assert numbers(decision=decision) == people
    assert log_counts(LogFilter(decision=decision)).rows == len(people)


def test_counts_reconcile_whatever_was_decided_for_whatever_reason(screened):
    ways = list(product(["", *LogDecision.values], ["", "I03", "E04", "declined"], ["", "E-001"]))
    for decision, reason, number in ways:
        screened(decision=decision, primary_reason=reason, enrolment_number=number)
    whole = log_counts(LogFilter())
    assert whole.rows == len(ways) == whole.enrolled + whole.excluded_count + whole.open + whole.numbers_in_error
    assert (whole.enrolled, whole.excluded_count, whole.open, whole.numbers_in_error) == (24, 8, 12, 4)
    assert log_counts(LogFilter(decision="enrolled")).rows == len(numbers(decision="enrolled")) == whole.enrolled
    assert log_counts(LogFilter(decision="open")).rows == len(numbers(decision="open")) == whole.open
    assert len(numbers(decision="failure")) == group_sum(whole.failures) == 4
    assert len(numbers(decision="not_enrolled")) == group_sum(whole.not_enrolled) == 4


# Earlier attempts


@pytest.fixture
def screened_again(trial, coordinator, signer, cases):
    """Three people: one a failure and then eligible, one twice undecided, one once a failure."""
    first, second, third = (assessed(trial, coordinator, cases["I03-ecog-2"]["document"]) for _index in range(3))
    for failed in (first, third):
        sign(failed, signer, PASSWORD, "failure", primary="I03")
    for again in (first, second):
        assess(
            open_visit(again.revision.visit.subject, coordinator, cases["base-man"]["document"]).latest_revision(),
            coordinator,
        )


def attempts(**filters) -> list[tuple[str, int, bool]]:
    return [(row.screening_number, row.attempts, row.is_latest) for row in log_page(LogFilter(**filters)).rows]


def test_each_attempt_has_a_row(screened_again):
    assert attempts() == [
        ("S-0001", 1, False),
        ("S-0001", 2, True),
        ("S-0002", 1, False),
        ("S-0002", 2, True),
        ("S-0003", 1, True),
    ]
    assert attempts(sort="-screening_number") == attempts()[::-1]


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({"criterion": "I03"}, [("S-0001", 1, False), ("S-0002", 1, False), ("S-0003", 1, True)]),
        ({"decision": "failure"}, [("S-0001", 1, False), ("S-0003", 1, True)]),
        ({"outcome": "eligible"}, [("S-0001", 2, True), ("S-0002", 2, True)]),
        ({"attempt": "latest", "criterion": "I03"}, [("S-0003", 1, True)]),
        ({"attempt": "earlier"}, [("S-0001", 1, False), ("S-0002", 1, False)]),
    ],
)
def test_earlier_attempts_stay_in_every_filter(screened_again, filters, shown):
    assert attempts(**filters) == shown
    counted = log_counts(LogFilter(**filters))
    assert (counted.rows, counted.people) == (len(shown), len({number for number, *_others in shown}))


def test_people_and_attempts_are_counted_apart(screened_again, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = log_counts(LogFilter())
    assert (found.screened_count, found.attempts, found.by_latest_attempt, found.earlier) == (3, 5, 3, 2)
    assert (found.failures, found.undecided) == ((("I03", 1),), 2)
    assert (found.earlier_failures, found.earlier_others) == ((("I03", 1),), 1)


# Filters


def test_days_filter_with_both_ends(screened):
    days = [screened(visit_date=date(2026, 3, day)) for day in (8, 9, 10)]
    nobody = screened(visit_date=NEVER)
    everyone = [row.screening_number for row in [*days, nobody]]
    assert numbers(screened_from=date(2026, 3, 9), screened_to=date(2026, 3, 9)) == everyone[1:2]
    assert numbers(screened_to=date(2026, 3, 9)) == everyone[:2]
    assert numbers(screened_from=date(2026, 3, 9)) == everyone[1:3]  # not who has no day at all


def test_failed_criterion_filters_by_its_whole_code(screened):
    one, both = screened(failed="|E1|I06|"), screened(failed="|E04|E1|")
    screened(failed="|E10|E11|")
    assert numbers(criterion="E1") == [one.screening_number, both.screening_number]
    assert numbers(criterion="E04") == [both.screening_number]


@pytest.mark.parametrize("code", ["%", "_04", "E04|E1", "|", "\0", "E 04"])
def test_criterion_that_is_no_code_finds_nobody(screened, code):
    screened(failed="|E04|E1|")
    assert numbers(criterion=code) == []


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_rows_are_those_of_the_outcome_when_filtered_by_it(screened, outcome):
    rows = {each: screened(found="" if each == "not-assessed" else each) for each in OUTCOMES}
    assert numbers(outcome=outcome) == [rows[outcome].screening_number]


def test_coordinator_and_version_filter(screened, version):
    mine = screened(coordinator=UserFactory(username="mine"), version=version)
    screened(coordinator=UserFactory(username="theirs"))
    assert numbers(coordinator="mine") == numbers(version="1.5") == [mine.screening_number]
    assert numbers(coordinator="nobody") == numbers(version="9") == numbers(coordinator="\0") == []


def test_filters_narrow_each_other(screened, trial):
    both = screened(found="ineligible", failed="|E04|")
    screened(found="ineligible", failed="|I03|")
    assert numbers(outcome="ineligible", criterion="E04", trial=trial.code) == [both.screening_number]
    assert numbers(trial="another") == []


# Order and pages


def test_numbers_are_in_the_order_of_registration(trial):
    names = ["S-9999", "S-10000", "S-10001"]  # as text, the first would be the last
    for name in names:
        StandingFactory(subject=SubjectFactory(trial=trial, screening_number=name))
    assert numbers() == names
    assert numbers(sort="-screening_number") == names[::-1]


def test_rows_are_sorted_by_the_day_of_screening(screened):
    late, early = screened(visit_date=date(2026, 3, 10)), screened(visit_date=date(2026, 3, 9))
    assert numbers(sort="visit_date") == [early.screening_number, late.screening_number]
    assert numbers(sort="-visit_date") == [late.screening_number, early.screening_number]


def test_only_known_sorts_are_taken():
    with pytest.raises(ValueError, match="password"):
        log_page(LogFilter(sort="-password"))


@pytest.mark.parametrize("sort", ["screening_number", "-screening_number", "visit_date", "-visit_date"])
def test_pages_hold_everybody_once_forwards_and_backwards(screened, monkeypatch, sort):
    monkeypatch.setattr("screening.log.pages.LOG_PAGE_SIZE", 2)
    for day in (9, 9, 10, 9, 11):
        screened(visit_date=date(2026, 3, day))
    filters = LogFilter(sort=sort)
    pages, cursor = [log_page(filters)], None
    while cursor := pages[-1].next:
        pages.append(log_page(filters, cursor))
    assert [row for page in pages for row in page.rows] == list(log_rows(filters))
    assert log_page(filters, pages[-1].previous).rows == pages[-2].rows


def test_number_of_queries_does_not_grow_with_the_rows(everybody, django_assert_num_queries):
    with django_assert_num_queries(2):
        for row in log_page(LogFilter()).rows:
            signed = row.signature or row.closure
            assert row.assessment is None or row.changed_since in (True, False)
            assert row.trial.code
            assert row.version is None or row.version.number
            assert row.coordinator is None or row.coordinator.username
            assert signed is None or (signed.signed_at and seal_fits(signed))
    with django_assert_num_queries(1):
        log_counts(LogFilter(criterion="I03", screened_from=date(2026, 1, 1)))


# In words


@pytest.mark.django_db
def test_filter_is_told_in_words():
    assert log_filter_text(LogFilter()) == "all subjects"
    assert log_filter_text(LogFilter(attempt="earlier")) == "earlier attempts only"
    assert log_filter_text(LogFilter(search="s1")) == "number S-0001"
    assert log_filter_text(LogFilter(search="1")) == "number S-0001 or E-001"
    assert log_filter_text(LogFilter(search="ZX-12")) == "found by a text that is not exported"
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    whole = LogFilter("T", first, last, "E04", "ineligible", "not_enrolled", "li", "1.3", "latest")
    assert log_filter_text(whole) == (
        "trial T; screened from 2026-03-01; screened to 2026-03-31; criterion not met or present: E04; status "
        "ineligible; decision not enrolled for another reason; "
        "coordinator li; protocol version 1.3; latest attempts only"
    )


@pytest.mark.parametrize("decision", DECISIONS)
def test_every_decision_has_words(decision):
    assert log_filter_text(LogFilter(decision=decision)) not in ("", f"decision {decision.replace('_', '-')}-")


def test_codes_come_back_from_their_text():
    assert split_codes(join_codes(["I06", "E04"])) == ["I06", "E04"]
    assert split_codes(join_codes([])) == []
