"""The report of rights on the screen and as a file."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from screening.access.rights import grant_role, revoke_grant
from screening.models import Exported, LogExport
from tests.support.factories import UserFactory

RIGHTS = reverse("screening:rights")
EXPORT = reverse("screening:rights-export")


@pytest.fixture
def granted(superuser):
    maria = UserFactory(username="maria", first_name="=Maria", last_name="Li")
    given = grant_role(maria, "coordinator", "delegation log", superuser)
    revoke_grant(given, "left", superuser)
    return given


@pytest.mark.parametrize("role", ["investigator", "administrator", "monitor", "superuser"])
def test_whoever_may_sees_and_takes_the_report(as_role, granted, role):
    client = as_role(role)
    assertContains(client.get(RIGHTS), "delegation log")
    content = b"".join(client.get(EXPORT).streaming_content).decode("utf-8-sig")
    today = timezone.localdate().isoformat()
    (line,) = (line for line in content.splitlines() if ",maria," in line)
    assert line.startswith(f"{today},maria,'=Maria Li,study coordinator,,active,{today},,")
    assert line.endswith(",left")
    export = LogExport.objects.get()
    assert (export.what, export.filters, export.file_format) == (Exported.RIGHTS, today, "csv")


@pytest.mark.parametrize("role", ["coordinator", None])
def test_report_of_rights_is_denied_to_whoever_may_not_read_it(as_role, role):
    client = as_role(role)
    assert [client.get(address).status_code for address in (RIGHTS, EXPORT)] == [403, 403]
    assert not LogExport.objects.exists()


@pytest.mark.parametrize("day", ["31.13.2025", "9999-12-31", "0001-01-01", "2026-02-30"])
def test_day_that_makes_no_sense_is_said_and_nothing_exported(as_role, day):
    client = as_role("monitor")
    assertContains(client.get(RIGHTS, {"day": day}), "This is not a whole date")
    response = client.get(EXPORT, {"day": day}, follow=True)
    assertContains(response, "Nothing was exported")
    assertContains(response, "This is not a whole date")
    assert not LogExport.objects.exists()
