"""What is sent is bounded, never written to a disk, and kept as a file by one page only."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files import uploadedfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.views.amendments.definition_upload import MAX_UPLOAD_BYTES
from tests.support.amended import REASON, drafted
from tests.trialsite.pages import Guarded

MOST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

pytestmark = pytest.mark.django_db


class Unread(BytesIO):
    def read(self, *_):
        pytest.fail("the body was read")

    readline = read


@pytest.fixture
def administrators(client, administrator) -> Client:
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_body_that_is_too_large_is_refused_unread_with_its_size_and_the_limit(administrators, kind):
    address = reverse("screening:amendment-new")
    response = administrators.generic(
        "POST", address, content_type=kind, CONTENT_LENGTH=str(MOST + 1), **{"wsgi.input": Unread()}
    )
    page = response.content.decode()
    assert response.status_code == 413
    assert f"{MOST + 1} bytes were sent, and at most {MOST} are taken" in page
    assert f'href="{address}"' in page
    assert None not in Guarded(page).nonces


def test_form_of_the_largest_size_is_read(administrators, trial):
    note = "x" * (MOST - 1000)
    response = administrators.post(
        reverse("screening:amendment-new"), f"note={note}", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 422  # number and day are missing


def test_length_that_is_no_number_is_no_crash(administrators):
    response = administrators.generic("POST", "/accounts/login/", CONTENT_LENGTH="many")
    assert response.status_code in (200, 302)


def test_largest_file_and_its_form_are_within_the_limit():
    assert MAX_UPLOAD_BYTES + 100_000 < MOST


def test_file_is_kept_where_a_page_takes_one(administrators, administrator, trial):
    draft = drafted(trial, administrator)
    file = SimpleUploadedFile("new.yaml", b"words")
    response = administrators.post(
        reverse("screening:amendment-file", args=[draft.pk]), {"file": file, "reason": REASON, "seen": "1"}
    )
    assert "must be a mapping" in response.content.decode()


def test_file_is_dropped_where_no_page_takes_one(administrators, administrator, trial):
    draft = drafted(trial, administrator)
    day = (timezone.localdate() + timedelta(40)).isoformat()
    data = {"number": "2.1", "effective_from": day, "note": "", "reason": REASON, "seen": "1"}
    file = SimpleUploadedFile("new.yaml", b"trial: other")
    response = administrators.post(reverse("screening:amendment-plan", args=[draft.pk]), data | {"file": file})
    assert response.status_code == 302
    assert dict(response.wsgi_request.FILES) == {}
    assert draft.latest_revision().definition["version"]["number"] == "2.1"


def test_file_is_never_written_to_a_disk(administrators, administrator, trial, monkeypatch):
    monkeypatch.setattr(uploadedfile, "tempfile", None)
    draft = drafted(trial, administrator)
    for name in ("amendment-file", "amendment-plan"):
        file = SimpleUploadedFile("new.yaml", b"x" * (MOST - 2000))
        response = administrators.post(reverse(f"screening:{name}", args=[draft.pk]), {"file": file})
        assert response.status_code == 422
