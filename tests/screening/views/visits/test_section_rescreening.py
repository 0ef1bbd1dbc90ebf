"""A section at another attempt: what an earlier one knew is confirmed before it is saved."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from screening.visits.save import open_visit
from tests.support.section_requests import page_of
from tests.support.submission import submitted


@pytest.fixture
def second_attempt(visit, coordinator):
    return open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-20"}})


def test_stable_facts_are_carried_over_to_be_confirmed(client, second_attempt):
    response = client.get(page_of(second_attempt, "disease"))
    assertContains(response, "Taken over from visit 1", count=2)
    assertContains(response, 'name="confirm-disease"')
    assertNotContains(client.get(page_of(second_attempt, "laboratory")), "To be confirmed")
    assert second_attempt.latest_revision().document == {"visit": {"date": "2026-04-20"}}


def test_only_what_is_confirmed_is_saved(client, second_attempt, visit):
    data = carried_inputs(client, second_attempt, "disease") | {"confirm-disease": "on"}
    response = client.post(page_of(second_attempt, "disease"), data, follow=True)
    document = second_attempt.latest_revision().document
    assert document["disease"] == visit.latest_revision().document["disease"]
    assert "lesions" not in document
    assertContains(response, "not confirmed yet: Lesions that can be measured")
    assertContains(response, "Taken over from visit 1", count=1)


def test_nothing_is_saved_when_nothing_is_confirmed(client, second_attempt):
    data = carried_inputs(client, second_attempt, "history")
    response = client.post(page_of(second_attempt, "history"), data, follow=True)
    assertContains(response, "not confirmed yet: Medical history")
    assertNotContains(response, "nothing changed")
    assert second_attempt.revisions.count() == 1


def test_what_was_changed_and_not_confirmed_is_not_lost(client, second_attempt):
    data = carried_inputs(client, second_attempt, "disease") | {"disease-curable": "yes"}
    response = client.post(page_of(second_attempt, "disease"), data)
    assertContains(response, '<a href="#at-confirm-disease">Disease</a>', status_code=422)
    assertContains(response, 'value="yes" class="form-check-input" id="id_disease-curable_0" checked', status_code=422)
    assert second_attempt.revisions.count() == 1


def carried_inputs(client, visit, code):
    form = client.get(page_of(visit, code)).context["page"].form
    return dict(submitted(form).lists()) | {"base": "1"}
