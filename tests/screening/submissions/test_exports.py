"""A file that is asked for twice by one click is one export."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.models import Exported, LogExport
from screening.submissions import exports
from screening.submissions.exports import record_export

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["log-export", "deidentified-export"])
def test_double_click_on_an_export_is_on_record_once_and_gives_the_file_twice(client, trial, name):
    address = reverse(f"screening:{name}", args=["csv"] if name == "log-export" else [])
    files = [b"".join(client.get(address).streaming_content) for _ in range(2)]
    assert all(files)
    assert LogExport.objects.count() == 1


def test_export_asked_for_later_is_another(coordinator, monkeypatch):
    record_export(coordinator, Exported.LOG, "csv", "everybody")
    now = timezone.now() + exports.ONE_CLICK + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    record_export(coordinator, Exported.LOG, "csv", "everybody")
    assert LogExport.objects.count() == 2


def test_other_file_filter_or_person_is_another(coordinator, investigator):
    record_export(coordinator, Exported.LOG, "csv", "everybody")
    record_export(coordinator, Exported.LOG, "xlsx", "everybody")
    record_export(coordinator, Exported.LOG, "csv", "trial NCT05990231")
    record_export(coordinator, Exported.DEIDENTIFIED, "csv", "everybody")
    record_export(investigator, Exported.LOG, "csv", "everybody")
    assert LogExport.objects.count() == 5
