"""Re-assessing a visit whose signature holds: what becomes void is shown first, and must be confirmed."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from screening.models import Assessment, SubjectStatus, VersionTransition
from screening.signatures.seals import is_void
from tests.support.reviewed import PASSWORD, assessed, later_version, sign

TODAY = date(2026, 3, 16)


@pytest.fixture
def later(version, on):
    on(TODAY)
    return later_version("2026-03-12")


def button(visit):
    return reverse("screening:visit-reassess", args=[visit.pk])


def test_signature_becomes_void_only_once_that_was_confirmed(client, trial, coordinator, cases, version, signer, on):
    """The woman's ECOG is 1: she is confirmed, and would fail by the later version."""
    on(TODAY)
    signed = assessed(trial, coordinator, cases["base-woman"]["document"])
    signature = sign(signed, signer, PASSWORD, "eligible")
    later_version("2026-03-12", max_ecog=0)
    before = Assessment.objects.count(), VersionTransition.objects.count(), SubjectStatus.objects.values().get()
    response = client.post(button(signed.revision.visit), {"revision": 1})
    for text in (
        f"The signature of Na Li of {signature.signed_at} will no longer be valid.",
        f"Signed under {version.number}: eligible.",
        "Under 2.0 it would be: <strong>ineligible</strong>.",
        "ECOG performance status 1 (limit: at most 0)",
        '<input type="hidden" name="void_seen" value="yes">',
        f'action="{button(signed.revision.visit)}"',
    ):
        assertContains(response, text, status_code=422)
    assert [(each.code, each.before, each.after) for each in response.context["turned"]] == [("I03", "met", "not met")]
    assert (
        Assessment.objects.count(),
        VersionTransition.objects.count(),
        SubjectStatus.objects.values().get(),
    ) == before
    assert not is_void(signature)


def test_result_and_work_list_say_that_the_signature_is_void(client, eligible, later, signer):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    data = {"revision": 1, "void_seen": "yes"}
    response = client.post(button(eligible.revision.visit), data, follow=True)
    assertContains(response, f"The signature of Na Li of {signature.signed_at} is no longer valid.")
    assert is_void(signature)
    assertContains(
        client.get(reverse("screening:subjects")),
        "Confirmed before, signature no longer valid. Ready for the investigator",
    )


@pytest.mark.parametrize("typed", ["", "no", "YES", "1"])
def test_anything_but_the_button_of_the_warning_confirms_nothing(client, eligible, later, signer, typed):
    sign(eligible, signer, PASSWORD, "eligible")
    response = client.post(button(eligible.revision.visit), {"revision": 1, "void_seen": typed})
    assertContains(response, "no longer be valid", status_code=422)
    assert not VersionTransition.objects.exists()


def test_signed_visit_that_does_not_fit_the_later_questions_is_not_asked_about(client, eligible, signer, on):
    on(TODAY)
    sign(eligible, signer, PASSWORD, "eligible")
    later_version("2026-03-12", asks={"maximum: 4": "maximum: 0"})
    response = client.post(button(eligible.revision.visit), {"revision": 1}, follow=True)
    assertContains(response, "Nothing was changed.")
    assert not VersionTransition.objects.exists()
