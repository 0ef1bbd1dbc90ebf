"""An assessment that stops because something is typed in the visit and not saved."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import Assessment, Draft, Refusal
from screening.visits.drafts import keep_draft
from screening.visits.save import open_visit
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, later_version, sign
from tests.support.section_requests import inputs


def assess_button(visit):
    return reverse("screening:visit-assess", args=[visit.pk])


def keys(response):
    return [text.draft.key for text in response.context["drafts"]]


@pytest.fixture
def colleague(db):
    return UserFactory(role="coordinator", username="wei")


@pytest.fixture
def typed_by_colleague(visit, colleague):
    return keep_draft(visit, "performance", colleague, 1, encoded(visit, "performance", performance__ecog="2"))


def encoded(visit, code, **typed):
    query = [f"{name}={value}" for name, values in inputs(visit, code, **typed).items() for value in values]
    return "&".join(query)


def test_page_shows_whose_draft_where_since_when_and_what_was_typed(client, visit, type_in, typed_by_colleague):
    type_in("vitals", vitals__weight_kg="58")
    response = client.post(assess_button(visit), {"revision": 1})
    own = Draft.objects.get(section="vitals")
    assert [(text.title, text.is_own) for text in response.context["drafts"]] == [
        ("Vital signs", True),
        ("Performance", False),
    ]
    saved = visit.latest_revision().document["vitals"]["weight_kg"]
    assert response.context["drafts"][0].typed == [("Vital signs: weight", f"{saved} kg", "58 kg")]
    assert [text.new for text in response.context["drafts"][1].typed] == ["2"]
    for words in (
        f"Typed by you, last on {own.updated_at:%Y-%m-%d %H:%M}",
        f"Typed by wei, last on {typed_by_colleague.updated_at:%Y-%m-%d %H:%M}",
        "Only wei can save or discard this draft.",
        reverse("screening:section", args=[visit.pk, "vitals"]),
        "Discard what I typed, and assess",
    ):
        assertContains(response, words, status_code=409)
    assert not Assessment.objects.exists()


def test_stop_is_on_record_with_the_drafts(client, visit, coordinator, typed_by_colleague):
    client.post(assess_button(visit), {"revision": 1})
    stop = Refusal.objects.get()
    assert (stop.code, stop.visit, stop.created_by) == ("drafts", visit, coordinator)
    assert stop.message.startswith("typed and not saved: Performance, typed by wei, last on 2")


def test_visit_is_assessed_when_its_drafts_are_left_knowingly(client, visit, typed_by_colleague):
    stopped = client.post(assess_button(visit), {"revision": 1})
    assertNotContains(stopped, "Discard what I typed", status_code=409)
    response = client.post(assess_button(visit), {"revision": 1, "seen": keys(stopped), "own": "leave"})
    assertRedirects(response, reverse("screening:assessment", args=[Assessment.objects.get().pk]))
    assert Draft.objects.exists()


def test_nobody_discards_the_draft_of_another_person(client, visit, type_in, typed_by_colleague):
    type_in("vitals", vitals__weight_kg="58")
    stopped = client.post(assess_button(visit), {"revision": 1})
    client.post(assess_button(visit), {"revision": 1, "seen": keys(stopped), "own": "discard"})
    assert list(Draft.objects.all()) == [typed_by_colleague]
    assert Assessment.objects.exists()


def test_page_comes_again_when_somebody_typed_on(client, visit, colleague, typed_by_colleague):
    stopped = client.post(assess_button(visit), {"revision": 1})
    keep_draft(visit, "performance", colleague, 1, encoded(visit, "performance", performance__ecog="3"))
    again = client.post(assess_button(visit), {"revision": 1, "seen": keys(stopped), "own": "leave"})
    assert again.status_code == 409
    assert [text.new for text in again.context["drafts"][0].typed] == ["3"]


def test_draft_that_changes_no_answer_says_so(client, visit, colleague):
    keep_draft(visit, "performance", colleague, 1, encoded(visit, "performance", reason="measured again"))
    assertContains(client.post(assess_button(visit), {"revision": 1}), "It changes no answer", status_code=409)


def test_draft_of_a_section_that_is_asked_no_more_is_shown_by_its_code(client, visit, colleague):
    keep_draft(visit, "gone", colleague, 1, "a=b")
    response = client.post(assess_button(visit), {"revision": 1})
    assert [(text.title, text.typed) for text in response.context["drafts"]] == [("gone", [])]


def test_draft_of_a_rescreening_shows_what_was_typed_and_not_what_was_taken_over(client, visit, coordinator, colleague):
    second = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-20"}})
    form = client.get(reverse("screening:section", args=[second.pk, "disease"])).context["page"].form
    data = "&".join(f"disease-{name}={value}" for name, value in form.shown["disease"].items())
    data = data.replace("disease-curable=no", "disease-curable=yes") + "&lesions-rows=0&confirm-lesions=on"
    keep_draft(second, "disease", colleague, 1, data)
    (text,) = client.post(assess_button(second), {"revision": 1}).context["drafts"]
    assert ("Disease: still curable", "no", "yes") in text.typed
    assert text.confirmed == ["Lesions that can be measured"]


def test_reassessment_stops_at_a_draft_too_and_keeps_what_was_confirmed(client, eligible, signer, on, colleague):
    on(date(2026, 3, 16))
    later_version("2026-03-12")
    sign(eligible, signer, PASSWORD, "eligible")
    visit = eligible.revision.visit
    keep_draft(visit, "performance", colleague, 1, encoded(visit, "performance", performance__ecog="2"))
    button = reverse("screening:visit-reassess", args=[visit.pk])
    stopped = client.post(button, {"revision": 1, "void_seen": "yes"})
    assertContains(stopped, f'action="{button}"', status_code=409)
    assertContains(stopped, '<input type="hidden" name="void_seen" value="yes">', status_code=409)
    assert not visit.transitions.exists()
    client.post(button, {"revision": 1, "void_seen": "yes", "seen": keys(stopped), "own": "leave"})
    assert visit.transitions.exists()
