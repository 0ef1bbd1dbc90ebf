from datetime import timedelta

import pytest
from django.utils import timezone

from screening.models import Draft
from screening.visits.drafts import (
    discard_draft,
    discard_draft_version,
    draft_of,
    drafts_of_others,
    drafts_on,
    keep_draft,
)
from screening.visits.save import BadDocument, open_visit, register_subject, save_section

ECOG = {"performance": {"ecog": 1}}


@pytest.fixture
def visit(trial, coordinator):
    return open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})


def test_draft_is_there_again_as_it_was_typed(visit, coordinator):
    keep_draft(visit, "performance", coordinator, 1, "performance-ecog=1")
    draft = draft_of(visit, "performance", coordinator)
    assert (draft.data, draft.base) == ("performance-ecog=1", 1)
    assert timezone.now() - draft.updated_at < timedelta(minutes=1)


def test_one_draft_is_kept_for_each_person_and_section(visit, coordinator, investigator):
    first = keep_draft(visit, "performance", coordinator, 1, "a")
    again = keep_draft(visit, "performance", coordinator, 1, "b")
    keep_draft(visit, "laboratory", coordinator, 1, "c")
    keep_draft(visit, "performance", investigator, 1, "d")
    assert again.pk == first.pk
    assert sorted(Draft.objects.values_list("data", flat=True)) == ["b", "c", "d"]


def test_drafts_of_other_people_are_told_with_their_names(visit, coordinator, investigator, django_assert_num_queries):
    keep_draft(visit, "performance", coordinator, 1, "mine")
    keep_draft(visit, "performance", investigator, 1, "theirs")
    with django_assert_num_queries(2):
        assert [d.author.username for d in drafts_of_others(visit, "performance", coordinator)] == [
            investigator.username
        ]
        assert [d.data for d in drafts_on(visit)] == ["theirs", "mine"]


def test_draft_is_gone_when_discarded(visit, coordinator, investigator):
    keep_draft(visit, "performance", coordinator, 1, "mine")
    keep_draft(visit, "performance", investigator, 1, "theirs")
    discard_draft(visit, "performance", coordinator)
    assert draft_of(visit, "performance", coordinator) is None
    assert draft_of(visit, "performance", investigator)


@pytest.mark.parametrize("part", [ECOG, {}])
def test_draft_is_gone_when_its_author_saved_the_section(visit, coordinator, investigator, part):
    keep_draft(visit, "performance", coordinator, 1, "mine")
    keep_draft(visit, "performance", investigator, 1, "theirs")
    keep_draft(visit, "laboratory", coordinator, 1, "another section")
    save_section(visit, "performance", part, 1, coordinator)
    assert sorted(draft.data for draft in drafts_on(visit)) == ["another section", "theirs"]


def test_draft_stays_when_saving_is_refused(visit, coordinator):
    keep_draft(visit, "performance", coordinator, 1, "mine")
    with pytest.raises(BadDocument):
        save_section(visit, "performance", {"performance": {"ecog": 7}}, 1, coordinator)
    assert draft_of(visit, "performance", coordinator)


def test_nothing_is_kept_that_a_revision_says_by_now(visit, coordinator):
    """A request that a save overtook is compared with what was saved, not with what it knew."""
    save_section(visit, "performance", ECOG, 1, coordinator)
    asked = []

    def is_saved(latest):
        asked.append(latest.number)
        return latest.document["performance"] == ECOG["performance"]

    assert keep_draft(visit, "performance", coordinator, 1, "late", is_saved) is None
    assert asked == [2]
    assert keep_draft(visit, "performance", coordinator, 1, "typed meanwhile", lambda latest: False)


def test_only_the_draft_that_is_meant_is_discarded(visit, coordinator):
    first = keep_draft(visit, "performance", coordinator, 1, "first").version
    second = keep_draft(visit, "performance", coordinator, 1, "second").version
    for version in ("", "x", first):
        discard_draft_version(visit, "performance", coordinator, version)
        assert draft_of(visit, "performance", coordinator).data == "second"
    discard_draft_version(visit, "performance", coordinator, second)
    assert draft_of(visit, "performance", coordinator) is None
