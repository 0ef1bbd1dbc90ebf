import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import Refusal, Subject, SubjectReference
from screening.review.entered_in_error import mark_subject
from screening.visits.reference import reference_of
from screening.visits.save import register_subject

NEW = reverse("screening:subject-new")


def page_of(subject):
    return reverse("screening:subject", args=[subject.pk])


def change_of(subject):
    return reverse("screening:subject-reference", args=[subject.pk])


def test_subject_is_registered_under_a_number_that_the_system_gives(client, trial, coordinator):
    response = client.post(NEW, {"trial": trial.code})
    subject = Subject.objects.get()
    assertRedirects(response, page_of(subject), fetch_redirect_response=False)
    assert (subject.trial, subject.created_by, subject.screening_number) == (trial, coordinator, "S-0001")
    assertContains(client.get(page_of(subject)), "Subject S-0001 registered.")


def test_opening_the_page_gives_no_number(client, trial):
    response = client.get(NEW)
    for text in ("Site&#x27;s own reference (optional)", "autofocus", trial.code):
        assertContains(response, text)
    assertNotContains(response, "<textarea")
    assert not Subject.objects.exists()


def test_trial_is_chosen_when_there_are_two(client, trial, other_trial):
    assertContains(client.get(NEW), f'<option value="{trial.code}">')
    assertContains(client.get(NEW, {"trial": trial.code}), f'<option value="{trial.code}" selected>')
    client.post(NEW, {"trial": other_trial.code})
    assert Subject.objects.get().trial == other_trial


@pytest.mark.parametrize("code", ["", "NCT00000000"])
def test_nobody_is_registered_for_a_trial_that_does_not_exist(client, trial, code):
    assert client.post(NEW, {"trial": code}).status_code == 404
    assert not Subject.objects.exists()


def test_reference_is_confirmed_and_shown(client, trial, coordinator):
    client.post(NEW, {"trial": trial.code, "reference": "ZX-12"})
    response = client.get(page_of(Subject.objects.get()))
    assertContains(response, "Subject S-0001 registered, the site&#x27;s reference is ZX-12.")
    assertContains(response, f"<strong>ZX-12</strong>, given by {coordinator.username}")


@pytest.mark.parametrize("reference", ["13912345678", "x" * 41])
def test_refused_reference_stays_in_the_form(client, trial, reference):
    response = client.post(NEW, {"trial": trial.code, "reference": reference})
    assertContains(response, "Nobody was registered", status_code=422)
    assertContains(response, f'value="{reference}"', status_code=422)
    assert not Subject.objects.exists()
    assert reference not in str(Refusal.objects.values())


def test_reference_of_another_subject_is_asked_about(client, trial, coordinator):
    first = register_subject(trial, coordinator, "ZX-12")
    sent = {"trial": trial.code, "reference": "zx-12"}
    response = client.post(NEW, sent)
    for text in ("S-0001 has this reference", f'href="{page_of(first)}"', '<textarea name="reason"'):
        assertContains(response, text, status_code=422)
    assert Subject.objects.count() == 1
    client.post(NEW, sent | {"reason": "one list for two wards"})
    second = Subject.objects.latest("pk")
    assert reference_of(second).reason == "one list for two wards"
    assertContains(client.get(page_of(second)), "Reason: one list for two wards")


def test_form_sent_twice_registers_one_subject(client, trial):
    sent = {"trial": trial.code, "reference": "ZX-12", "form_key": "a key"}
    answers = [client.post(NEW, sent)["Location"] for _click in range(2)]
    assert answers[0] == answers[1]
    assert (Subject.objects.count(), SubjectReference.objects.count()) == (1, 1)


def test_reference_is_given_later_and_changed_with_a_reason(client, trial, coordinator):
    subject = register_subject(trial, coordinator)
    assertContains(client.get(page_of(subject)), "Give a reference")
    assertNotContains(client.get(change_of(subject)), "<textarea")
    client.post(change_of(subject), {"reference": "ZX-12"})
    response = client.get(change_of(subject))
    for text in ('value="ZX-12"', "<textarea"):
        assertContains(response, text)
    assertContains(client.post(change_of(subject), {"reference": "ZX-13"}), "say why", status_code=422)
    response = client.post(change_of(subject), {"reference": "ZX-13", "reason": "misread"}, follow=True)
    for text in ("The site&#x27;s reference of S-0001 is ZX-13.", "<strong>ZX-13</strong>", "Change the reference"):
        assertContains(response, text)
    response = client.post(change_of(subject), {"reference": "ZX-13"}, follow=True)
    assertContains(response, "The reference is as it was.")
    response = client.post(change_of(subject), {"reference": "", "reason": "of another person"}, follow=True)
    for text in ("S-0001 has no reference of the site any more.", "No reference of the site"):
        assertContains(response, text)


def test_reference_of_a_number_entered_in_error_is_not_changed(client, trial, coordinator):
    subject = register_subject(trial, coordinator)
    mark_subject(subject, coordinator, "registered twice")
    assertNotContains(client.get(page_of(subject)), change_of(subject))
    assertContains(client.post(change_of(subject), {"reference": "ZX-12"}), "entered in error", status_code=422)


def test_reference_is_shown_to_readers_and_changed_by_those_who_enter(as_role, trial, coordinator):
    subject = register_subject(trial, coordinator, "ZX-12")
    response = as_role("monitor").get(page_of(subject))
    assertContains(response, "ZX-12")
    assertNotContains(response, change_of(subject))


def test_reference_sent_twice_is_said_to_be_changed_both_times(client, trial, coordinator):
    subject = register_subject(trial, coordinator)
    for _click in range(2):
        response = client.post(
            change_of(subject),
            {"reference": "ZX-12", "form_key": "a key"},
            follow=True,
        )
        assertContains(response, "is ZX-12.")
    assert subject.references.count() == 1
