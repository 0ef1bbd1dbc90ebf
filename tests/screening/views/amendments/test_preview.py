"""A definition file is looked at before anything is published; nothing is stored, and only an administrator may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.models import ProtocolVersion, Trial
from tests.criteria.definition.test_bad_files import GOOD
from tests.support.factories import UserFactory

LIBRARY = (
    "format: 3\nextends: oncology\ntrial: {code: EX-LIB, title: A made-up trial}\n"
    'version: {number: "1.0", effective_from: 2026-01-01}\ncriteria:\n'
    "  - like: ECOG\n  - like: MEASURE\n  - like: MARROW\n  - like: OTHERCA\n"
)


def preview(client, text, name="new.yaml"):
    file = SimpleUploadedFile(name, text.encode(), "application/yaml")
    return client.post(reverse("screening:definition-preview"), {"file": file})


def test_first_version_is_shown_with_forms_sentences_parameters_and_tests(admin_client):
    response = preview(admin_client, GOOD)
    assert response.status_code == 200
    for words in (
        "The file is sound.",
        "EX-1, version 1.0",
        "Date of birth",
        "Sex",
        "All 4 tests come out as expected.",
        "Value",
    ):
        assertContains(response, words)
    assertContains(response, "As expected", count=4)
    assert not Trial.objects.exists()
    assert not ProtocolVersion.objects.exists()


def test_every_kind_of_form_of_a_library_is_shown(admin_client):
    response = preview(admin_client, LIBRARY)
    for words in ("ECOG performance status", "haemoglobin", "another cancer", "lesion", "Lowest neutrophils"):
        assertContains(response, words)


def test_faults_stand_with_line_and_column_and_the_rest_is_still_shown_where_a_test_fails(admin_client):
    response = preview(admin_client, GOOD.replace("overall: eligible", "overall: ineligible", 1))
    assert response.status_code == 422
    assertContains(response, "The file is refused for 1 fault.", status_code=422)
    assertContains(response, "Not as expected", status_code=422)
    broken = preview(admin_client, GOOD.replace("subject.weight_kg", "subject.wieght_kg"))
    assertContains(broken, "did you mean “subject.weight_kg”?", status_code=422)
    assertNotContains(broken, 'id="forms"', status_code=422)


def test_file_that_is_none_is_refused_in_words(admin_client):
    assertContains(preview(admin_client, GOOD, "new.pdf"), "is no YAML file", status_code=422)
    response = preview(admin_client, "a: 1\n" * 120_000)
    assertContains(response, "at most 524288 (512 kB) are taken", status_code=422)


@pytest.mark.parametrize("role", ["coordinator", "investigator", "monitor"])
def test_nobody_but_an_administrator_sees_it(db, role):
    client = Client()
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("screening:definition-preview")).status_code == 403
    assert preview(client, GOOD).status_code == 403


def test_overview_leads_to_it_before_any_trial_was_loaded(admin_client):
    assertContains(admin_client.get(reverse("screening:protocol")), reverse("screening:definition-preview"))
