from datetime import date

import pytest

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.models import RangeConfirmation, RangeEnd, RangeRetraction
from screening.visits.range_decisions import confirm_range, end_range, retract_range
from tests.support.factories import ReferenceRangeFactory

LAST = date(2026, 6, 30)


@pytest.fixture
def row(trial, administrator):
    return ReferenceRangeFactory(trial=trial, created_by=administrator, needs_confirmation=True)


def refused(act, *args):
    with pytest.raises(Refused) as why:
        act(*args)
    return why.value.code


def test_another_person_confirms_and_only_once(row, administrator, signer, coordinator):
    assert refused(confirm_range, row, administrator) == "own"
    assert confirm_range(row, signer).created_by == signer
    assert refused(confirm_range, row, coordinator) == "confirmed"
    assert RangeConfirmation.objects.count() == 1


def test_range_entered_before_needs_no_confirmation(trial, administrator, signer):
    assert refused(confirm_range, ReferenceRangeFactory(trial=trial, created_by=administrator), signer) == "confirmed"


def test_range_marked_wrong_takes_no_further_decision(row, administrator, signer):
    marked = retract_range(row, administrator, " Of another test. ")
    assert (marked.range, marked.reason, marked.created_by) == (row, "Of another test.", administrator)
    assert refused(confirm_range, row, signer) == "wrong"
    assert refused(end_range, row, administrator, LAST, "A new list.") == "wrong"
    assert refused(retract_range, row, administrator, "Of another test.") == "wrong"
    assert (RangeConfirmation.objects.count(), RangeEnd.objects.count(), RangeRetraction.objects.count()) == (0, 0, 1)


def test_range_that_ends_may_end_earlier_but_not_later(row, administrator):
    end_range(row, administrator, LAST, "A new list.")
    for day in (LAST, date(2026, 7, 1)):
        with pytest.raises(BadDocument, match="ends on 2026-06-30 already"):
            end_range(row, administrator, day, "A new list.")
    end_range(row, administrator, row.valid_from, "It held one day.")
    assert [end.last_day for end in row.ends.order_by("pk")] == [LAST, row.valid_from]


@pytest.mark.parametrize(
    ("day", "reason", "fields"),
    [
        (None, "A new list.", ["last_day"]),
        (date(2025, 12, 31), "A new list.", ["last_day"]),
        (LAST, " ", ["reason"]),
        (LAST, "result of 330102196105200017", ["reason"]),
        (None, "", ["last_day", "reason"]),
    ],
)
def test_nothing_ends_without_a_day_and_a_reason(row, administrator, day, reason, fields):
    with pytest.raises(BadDocument) as bad:
        end_range(row, administrator, day, reason)
    assert [fault.path for fault in bad.value.faults] == fields
    assert not RangeEnd.objects.exists()


@pytest.mark.parametrize("reason", ["", "call +49 30 1234567"])
def test_nothing_is_marked_wrong_without_a_reason(row, administrator, reason):
    with pytest.raises(BadDocument):
        retract_range(row, administrator, reason)
    assert not RangeRetraction.objects.exists()
