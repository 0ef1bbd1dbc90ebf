import pytest

from criteria.records.refusal import Refused
from screening.models import SavedFilter
from screening.worklist import saved_filters as module
from screening.worklist.saved_filters import delete_filter, save_filter, saved_filters

WORK_LIST, LOG = SavedFilter.Lists


def kept(user, of=WORK_LIST):
    return {each.name: each.address for each in saved_filters(user, of)}


def test_filter_is_kept_for_one_list_of_one_person(coordinator, investigator):
    save_filter(coordinator, WORK_LIST, " my  people ", "?finding=eligible", "")
    assert kept(coordinator) == {"my people": "?finding=eligible"}
    assert kept(coordinator, LOG) == kept(investigator) == {}


def test_filter_of_the_same_name_is_replaced(coordinator):
    save_filter(coordinator, WORK_LIST, "mine", "?finding=eligible", "")
    save_filter(coordinator, WORK_LIST, "mine", "?due=7", "")
    assert kept(coordinator) == {"mine": "?due=7"}


@pytest.mark.parametrize(
    ("name", "search", "code"),
    [
        (" ", "", "name"),
        ("x" * 61, "", "name"),
        ("13912345678", "", "name"),
        ("mine", "13912345678", "search"),
        ("mine", "li.na@example.org", "search"),
    ],
)
def test_filter_without_a_name_or_with_an_identity_is_not_kept(coordinator, name, search, code):
    with pytest.raises(Refused) as refused:
        save_filter(coordinator, WORK_LIST, name, "?", search)
    assert refused.value.code == code
    assert kept(coordinator) == {}


def test_filters_are_not_kept_without_end(coordinator, monkeypatch):
    monkeypatch.setattr(module, "MOST_FILTERS", 1)
    save_filter(coordinator, WORK_LIST, "one", "?due=7", "")
    save_filter(coordinator, WORK_LIST, "one", "?due=14", "")
    with pytest.raises(Refused) as refused:
        save_filter(coordinator, WORK_LIST, "two", "?due=7", "")
    assert refused.value.code == "many"
    save_filter(coordinator, LOG, "two", "?outcome=eligible", "")


def test_own_filter_is_deleted_and_nobody_elses(coordinator, investigator):
    for user in (coordinator, investigator):
        save_filter(user, WORK_LIST, "mine", "?due=7", "")
    delete_filter(coordinator, WORK_LIST, "mine")
    delete_filter(coordinator, WORK_LIST, "mine")
    assert (kept(coordinator), kept(investigator)) == ({}, {"mine": "?due=7"})
