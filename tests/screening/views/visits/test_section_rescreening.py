"""A section at another attempt: what an earlier one knew is confirmed before it is saved."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from screening.models import Draft
from screening.review.entered_in_error import mark_visit
from screening.visits.save import open_visit, save_section
from tests.support.section_requests import HTMX, page_of, vocabulary_of
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


def test_attempt_that_gave_the_answer_is_named_and_none_that_did_not(client, second_attempt, coordinator):
    """Visit 2 was entered in error, visit 3 answers the disease and one condition of the history."""
    mark_visit(second_attempt, coordinator, "opened twice")
    third = open_visit(second_attempt.subject, coordinator, {"visit": {"date": "2026-04-21"}})
    save_section(third, "disease", {"disease": {"extent": "metastatic"}}, 1, coordinator)
    history = [{"condition": "autoimmune_disease", "status": "absent"}, {"condition": "infection", "status": "absent"}]
    save_section(third, "history", {"history": history}, 2, coordinator)
    fourth = open_visit(third.subject, coordinator, {"visit": {"date": "2026-04-22"}})
    disease = client.get(page_of(fourth, "disease"))
    assertContains(disease, "Taken over from visit 3.", count=1)
    assertContains(disease, "Taken over from visit 1.", count=1)  # the lesions
    assertContains(client.get(page_of(fourth, "history")), "Taken over from visits 1, 3.", count=1)
    assertContains(client.get(page_of(fourth, "therapies")), "Taken over from visit 1.")
    visit = client.get(reverse("screening:visit", args=[fourth.pk]))
    assertContains(visit, "to be confirmed, from visits 1, 3")
    assertContains(visit, "to be confirmed, from visit 1")
    assertNotContains(visit, "from visit 2")


def carried_inputs(client, visit, code):
    form = client.get(page_of(visit, code)).context["page"].form
    return dict(submitted(form).lists()) | {"base": "1"}


# The history: what may have happened since is asked anew, condition by condition


def history_inputs(client, visit, **statuses):
    """What the form of the history sends, with these conditions answered."""
    form = client.get(page_of(visit, "history")).context["page"].form
    data = dict(submitted(form).lists()) | {"base": str(visit.latest_revision().number)}
    rows = {row.code: index for index, row in enumerate(form.parts[0].rows)}
    return data | {f"history-{rows[code]}-status": status for code, status in statuses.items()}


def answered(visit):
    return {entry["condition"]: entry["status"] for entry in visit.latest_revision().document.get("history", [])}


def test_tick_for_the_whole_history_confirms_no_perishable_condition(client, second_attempt):
    client.post(page_of(second_attempt, "history"), history_inputs(client, second_attempt) | {"confirm-history": "on"})
    conditions = vocabulary_of(second_attempt).parts["history"].conditions
    assert set(answered(second_attempt)) == {code for code, each in conditions.items() if not each.perishable}
    response = client.get(page_of(second_attempt, "history"))
    assertContains(response, "Earlier visit:", count=sum(each.perishable for each in conditions.values()))
    assertNotContains(response, "To be confirmed")


def test_perishable_condition_is_saved_by_its_own_answer_while_the_rest_waits(client, second_attempt):
    data = history_inputs(client, second_attempt, infection="absent", ascites="past")
    response = client.post(page_of(second_attempt, "history"), data, follow=True)
    assert answered(second_attempt) == {"infection": "absent", "ascites": "past"}
    assertContains(response, "Medical history saved as revision 2.")
    assertContains(response, "not confirmed yet: Medical history, 8 entries taken over")
    assertContains(response, 'name="confirm-history"')


def test_condition_that_was_is_called_absent_only_with_a_reason(client, second_attempt, visit, coordinator):
    history = [
        entry | ({"status": "past"} if entry["condition"] == "infection" else {})
        for entry in visit.latest_revision().document["history"]
    ]
    save_section(visit, "history", {"history": history}, 1, coordinator, "heard later")
    data = history_inputs(client, second_attempt, infection="absent")
    response = client.post(page_of(second_attempt, "history"), data)
    assertContains(response, "A reason is needed", status_code=422)
    told = [(each.label, each.old, each.new) for each in response.context["page"].corrections]
    assert told == [("Infection: status", "past", "absent")]
    client.post(page_of(second_attempt, "history"), data | {"reason": "of another person"})
    assert answered(second_attempt) == {"infection": "absent"}


def test_no_draft_comes_back_when_a_late_request_says_what_is_saved_of_the_history(client, second_attempt):
    """The answer stands before what waits in the document, and after it in the form."""
    data = history_inputs(client, second_attempt, infection="absent")
    client.post(page_of(second_attempt, "history"), data)
    client.post(reverse("screening:section-live", args=[second_attempt.pk, "history"]), data, **HTMX)
    assert not Draft.objects.exists()


def test_untouched_history_of_a_further_attempt_makes_no_draft(client, second_attempt):
    data = history_inputs(client, second_attempt)
    client.post(reverse("screening:section-live", args=[second_attempt.pk, "history"]), data, **HTMX)
    assert not Draft.objects.exists()
