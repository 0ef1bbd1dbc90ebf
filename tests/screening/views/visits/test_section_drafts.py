"""What somebody typed in a section and did not save: it is there again, and it is nobody else's."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from screening.models import Draft
from screening.visits.drafts import keep_draft
from screening.visits.save import save_section
from tests.support.factories import UserFactory
from tests.support.section_requests import inputs, page_of


def test_draft_is_shown_in_the_form_and_can_be_discarded(client, visit, coordinator):
    keep_draft(visit, "performance", coordinator, 1, "performance-ecog=2&performance-life_expectancy_months=soon")
    response = client.get(page_of(visit, "performance"))
    assertContains(response, "not saved.")
    assertContains(response, 'value="soon"')
    assertContains(response, "Changed by this entry")
    response = client.post(page_of(visit, "performance"), {"discard": "1"}, follow=True)
    assertContains(response, "The draft was discarded")
    assertNotContains(response, 'value="soon"')
    assert not Draft.objects.exists()


def test_draft_typed_since_stays_when_the_one_before_is_discarded_again_by_the_same_form(client, visit, coordinator):
    for data in ("performance-ecog=2", "performance-ecog=3"):
        keep_draft(visit, "performance", coordinator, 1, data)
        response = client.post(page_of(visit, "performance"), {"discard": "1", "form_key": "a key"}, follow=True)
        assertContains(response, "The draft was discarded")
    assert Draft.objects.get().data == "performance-ecog=3"


def test_draft_of_somebody_else_is_named_and_not_shown(client, visit):
    other = UserFactory(role="coordinator")
    keep_draft(visit, "performance", other, 1, "performance-life_expectancy_months=99")
    response = client.get(page_of(visit, "performance"))
    assertContains(response, f"{other} is typing in this section too")
    assertNotContains(response, 'value="99"')


def test_draft_on_an_older_revision_is_merged_like_any_stale_form(client, visit, coordinator, investigator):
    keep_draft(visit, "performance", coordinator, 1, "performance-ecog=2&performance-life_expectancy_months=6")
    save_section(visit, "performance", {"performance": {"ecog": 0}}, 1, investigator, "corrected")
    response = client.get(page_of(visit, "performance"))
    assertContains(response, 'name="base" value="1"')
    assertContains(response, "saved by somebody else after you opened it")


def test_refused_form_is_kept_as_a_draft_also_without_scripts(client, visit):
    client.post(page_of(visit, "performance"), inputs(visit, "performance", performance__ecog="9"))
    assert "performance-ecog=9" in Draft.objects.get().data
    client.post(page_of(visit, "disease"), inputs(visit, "disease", lesions__0__site="left lobe", add="lesions"))
    assert Draft.objects.filter(section="disease").exists()


def test_save_ends_the_draft(client, empty_visit, coordinator):
    keep_draft(empty_visit, "performance", coordinator, 1, "performance-ecog=2")
    client.post(page_of(empty_visit, "performance"), inputs(empty_visit, "performance", performance__ecog="2"))
    assert not Draft.objects.exists()


def test_no_draft_is_left_when_what_was_typed_is_taken_back(type_in):
    response = type_in("performance", performance__ecog="2")
    version = response.context["page"].draft.version
    assertContains(response, f'name="draft" value="{version}"')
    assertContains(type_in("performance", draft=version), "as saved in revision 1")
    assert not Draft.objects.exists()


def test_draft_of_another_window_stays_when_nothing_was_typed_in_this_one(type_in):
    first = type_in("performance", performance__ecog="2").context["page"].draft.version
    type_in("performance", performance__ecog="3")
    for version in ("", first, "x"):
        assertContains(type_in("performance", draft=version), "as saved in revision 1")
        assert "performance-ecog=3" in Draft.objects.get().data


def test_page_tells_which_draft_it_was_made_from(client, visit, coordinator):
    assertContains(client.get(page_of(visit, "performance")), 'name="draft" value=""')
    draft = keep_draft(visit, "performance", coordinator, 1, "performance-ecog=2")
    assertContains(client.get(page_of(visit, "performance")), f'name="draft" value="{draft.version}"')


def test_what_was_typed_in_another_window_is_kept_though_this_section_was_just_saved(type_in, visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, "reissued")
    response = type_in("performance", performance__ecog="3")
    draft = Draft.objects.get()
    assert ("performance-ecog=3" in draft.data, draft.base) == (True, 1)
    assertContains(response, "Draft kept")


def test_what_is_saved_by_now_is_not_brought_back_as_a_draft(type_in, visit, coordinator):
    """A request that the save overtook: the day for all and the reason that it holds were used by that save."""
    labs = visit.latest_revision().document["labs"]
    save_section(visit, "laboratory", {"labs": [labs[0] | {"value": 4}, *labs[1:]]}, 1, coordinator, "reissued")
    response = type_in("laboratory", labs__0__value="4", labs__DAY="2026-03-08", reason="reissued")
    assertContains(response, "as saved in revision 2")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("laboratory", {"labs__DAY": "2026-03-08"}),
        ("performance", {"reason": "second look"}),
        ("performance", {"cause": "source"}),
    ],
    ids=["day for all", "reason", "cause"],
)
def test_what_is_no_part_of_the_document_yet_is_kept_too(client, type_in, visit, code, typed):
    assertContains(type_in(code, **typed), "Draft kept")
    response = client.get(page_of(visit, code))
    (name, text), *_rest = typed.items()
    shown = f'value="{text}" selected' if name == "cause" else f'value="{text}"'
    assertContains(response, shown)


def test_details_beside_absent_are_kept(type_in):
    """They are no part of an entry that is absent, and no less typed."""
    assertContains(type_in("history", history__11__date="2026-01"), "Draft kept")
    assert "history-11-date=2026-01" in Draft.objects.get().data


def test_row_in_which_nothing_but_the_unit_is_chosen_is_no_draft(type_in, visit):
    at = len(visit.latest_revision().document["labs"])
    more = {"labs__rows": str(at + 1), f"labs__{at}__CODE": "haemoglobin", f"labs__{at}__unit": "g/dL"}
    assertContains(type_in("laboratory", **more), "as saved in revision 1")


def test_nobody_saves_what_somebody_else_typed_without_being_told(client, empty_visit, coordinator):
    """A session that ended, and a colleague who logged in to the same browser."""
    data = inputs(empty_visit, "performance", performance__ecog="2") | {"author": str(coordinator.pk + 1)}
    response = client.post(page_of(empty_visit, "performance"), data)
    assertContains(response, "somebody else typed this", status_code=422)
    assertContains(response, f'name="author" value="{coordinator.pk}"', status_code=422)
    assert empty_visit.revisions.count() == 1
    assert not Draft.objects.exists()


@pytest.mark.parametrize("verb", [{"add": "lesions"}, {"discard": "1"}])
def test_draft_stays_as_it_is_when_somebody_else_opened_the_page(client, visit, coordinator, verb):
    keep_draft(visit, "disease", coordinator, 1, "lesions-0-site=mine")
    data = inputs(visit, "disease", lesions__0__site="theirs", author=str(coordinator.pk + 1))
    response = client.post(page_of(visit, "disease"), data | verb)
    assertContains(response, "somebody else typed this", status_code=422)
    assertContains(response, 'value="theirs"', status_code=422)
    assert Draft.objects.get().data == "lesions-0-site=mine"
