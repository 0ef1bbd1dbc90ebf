from datetime import date
from types import SimpleNamespace

import pytest
from django.http import QueryDict

from screening.views.worklist.forms import WorkListForm
from screening.worklist.listing import WORK_LIST_SORTS, WorkListFilter

TODAY = date(2026, 3, 9)
TRIALS = [SimpleNamespace(code="A-1"), SimpleNamespace(code="B-2")]


def form(address="", trials=TRIALS):
    return WorkListForm(QueryDict(address), trials)


def test_address_without_anything_shows_everybody_saved_last_first():
    assert form().selected_filter(TODAY) == WorkListFilter(TODAY)


def test_address_says_everything_that_is_chosen():
    address = "search=+12+&finding=no-visit&due=14&trial=B-2&sort=-fails"
    expected = WorkListFilter(TODAY, search="12", trial="B-2", finding="no-visit", due=14, sort="-fails")
    assert form(address).selected_filter(TODAY) == expected


@pytest.mark.parametrize(
    "address", ["finding=gold", "due=8", "due=-7", "due=x", "trial=C-3", "sort=pk", "search=%00", "page=1&x=2"]
)
def test_what_makes_no_sense_filters_nothing(address):
    assert form(address).selected_filter(TODAY) == WorkListFilter(TODAY)
    assert not form(address).is_narrowed


def test_trial_is_no_question_when_there_is_only_one():
    one = form("trial=B-2", TRIALS[:1])
    assert "trial" not in one.fields
    assert one.selected_filter(TODAY).trial == ""


@pytest.mark.parametrize("sort", WORK_LIST_SORTS)
def test_every_order_is_offered_both_ways_and_named(sort):
    for order in (sort, f"-{sort}"):
        found = form(f"sort={order}")
        assert found.selected_filter(TODAY).sort == order
        assert str(found.order_text)


def test_order_alone_narrows_nothing():
    assert not form("sort=fails").is_narrowed
    assert form("search=1").is_narrowed


def test_address_keeps_what_is_chosen_and_starts_at_the_first_page():
    found = form("finding=eligible&search=S+1&page=after~1~x")
    assert QueryDict(found.address(sort="fails")[1:]).dict() == {
        "finding": "eligible",
        "search": "S 1",
        "sort": "fails",
    }
    assert "page=after" in found.address(page="after~1~x")
