import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.asserts import assertContains, assertRedirects

from screening.exports import FORMATS
from screening.models import LogExport
from screening.visits.save import register_subject
from tests.support.factories import StandingFactory, SubjectFactory
from tests.support.reviewed import assessed

LOG = reverse("screening:log")
DEIDENTIFIED = reverse("screening:deidentified-export")


def address(file_format: str) -> str:
    return reverse("screening:log-export", args=[file_format])


@pytest.fixture
def people(trial):
    """Registered in another order than screened; the second one's number is a formula."""

    def add(number, day, failed):
        subject = SubjectFactory(trial=trial, screening_number=number)
        StandingFactory(subject=subject, visit_date=date(2026, 3, day), failed=failed, found="ineligible")

    add("S-0001", 11, "|E04|")
    add("=cmd()", 9, "|E04|I03|")
    add("S-0003", 10, "|I03|")


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, ["S-0001", "'=cmd()", "S-0003"]),
        ({"criterion": "E04"}, ["S-0001", "'=cmd()"]),
        ({"criterion": "E04", "sort": "visit_date"}, ["'=cmd()", "S-0001"]),
        ({"screened_from": "2026-03-10", "page": "after~1~1"}, ["S-0001", "S-0003"]),
        ({"decision": "enrolled"}, []),
    ],
)
def test_file_is_of_all_that_is_filtered_in_its_order(client, people, query, shown):
    titles, *rows = table(client.get(address("csv"), query))
    assert [row[titles.index("Screening number")] for row in rows] == shown


def test_file_holds_the_pages_behind_the_first_too(client, people, monkeypatch):
    monkeypatch.setattr("screening.log.pages.LOG_PAGE_SIZE", 1)
    assert len(table(client.get(address("csv")))) == 4


@pytest.mark.parametrize("file_format", FORMATS)
def test_file_is_named_and_typed_and_never_shown_in_the_browser(client, people, file_format):
    response = client.get(address(file_format))
    assert response["Content-Type"] == FORMATS[file_format].content_type
    assert response["Content-Disposition"].startswith('attachment; filename="screening-log-')
    assert response["Content-Disposition"].endswith(f'.{file_format}"')
    assert response["Cache-Control"] == "no-store, private"
    assert response.getvalue()


def test_workbook_says_how_it_was_filtered_and_by_whom_it_was_taken(client, people, coordinator):
    response = client.get(address("xlsx"), {"criterion": "E04"})
    about = dict(load_workbook(io.BytesIO(response.getvalue()))["About"].iter_rows(min_row=2, values_only=True))
    assert (about["Filter"], about["By"]) == ("criterion not met or present: E04", coordinator.username)


def test_export_is_recorded_with_its_filter_when_it_is_taken(client, people, coordinator):
    client.get(address("csv"), {"criterion": "E04"})
    record = LogExport.objects.get()
    assert (record.file_format, record.filters, record.created_by) == (
        "csv",
        "criterion not met or present: E04",
        coordinator,
    )


def test_nothing_is_exported_under_a_filter_that_makes_no_sense(client, people):
    response = client.get(address("csv"), {"criterion": "E04", "screened_from": "yesterday"}, follow=True)
    assertRedirects(response, f"{LOG}?criterion=E04&screened_from=yesterday")
    assertContains(response, "Nothing was exported")
    assertContains(response, "“yesterday”: This is not a whole date")
    assert not LogExport.objects.exists()


def test_pdf_that_would_be_too_long_is_refused_in_words(client, people, monkeypatch):
    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(most=2))
    response = client.get(address("pdf"), follow=True)
    assertContains(response, "3 rows are too many for PDF, at most 2")
    assert not LogExport.objects.exists()


def test_unknown_format_is_not_found(client, people):
    assert client.get(address("exe")).status_code == 404
    assert not LogExport.objects.exists()


def test_nobody_without_a_role_takes_the_log_away(as_role, people):
    assert as_role(None).get(address("csv")).status_code == 403
    assert not LogExport.objects.exists()


@pytest.mark.parametrize("rows", [1, 60])
def test_export_asks_the_database_the_same_number_of_times_for_any_number_of_people(
    client, trial, rows, django_assert_num_queries
):
    for _index in range(rows):
        StandingFactory(subject=SubjectFactory(trial=trial))
    with django_assert_num_queries(17):  # five of them for the record, which waits for another click
        assert len(table(client.get(address("csv")))) == rows + 1


# Without what tells who it is


@pytest.fixture
def screened(trial, coordinator, cases):
    """Somebody who failed I03 and somebody who failed nothing."""
    return [assessed(trial, coordinator, cases[name]["document"]) for name in ("I03-ecog-2", "base-man")]


def test_data_leave_without_identity(client, screened, coordinator):
    response = client.get(DEIDENTIFIED)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="screening-data-deidentified-')
    assert response["Cache-Control"] == "no-store, private"
    titles, *rows = table(response)
    assert titles == ["subject", "attempt", "item", "label", "value", "unit"]
    assert {row[0] for row in rows} == {"D-0001", "D-0002"}
    assert not [row for row in rows if "S-0001" in row or coordinator.username in row or "2026-03-09" in row]


def test_data_are_of_those_who_are_filtered_and_their_export_is_recorded(client, screened, coordinator):
    rows = table(client.get(DEIDENTIFIED, {"criterion": "I03"}))[1:]
    assert {row[0] for row in rows} == {"D-0001"}
    record = LogExport.objects.get()
    assert (record.what, record.filters) == ("deidentified", "criterion not met or present: I03")
    assert record.created_by == coordinator


def test_no_data_leave_under_a_filter_that_makes_no_sense(client, screened):
    response = client.get(DEIDENTIFIED, {"screened_from": "yesterday"}, follow=True)
    assertRedirects(response, f"{LOG}?screened_from=yesterday")
    assertContains(response, "Nothing was exported")
    assert not LogExport.objects.exists()


def test_nobody_without_a_role_takes_the_data_away(as_role, screened):
    assert as_role(None).get(DEIDENTIFIED).status_code == 403
    assert not LogExport.objects.exists()


def test_log_leads_to_the_data_under_its_filter_and_says_what_they_are(client, screened):
    response = client.get(LOG, {"criterion": "I03"})
    assertContains(response, f'href="{DEIDENTIFIED}?criterion=I03" download aria-describedby="deidentified"')
    assertContains(response, "without names, screening numbers, dates or free text")


@pytest.fixture
def referred(trial, coordinator):
    register_subject(trial, coordinator, "ZX-11")


@pytest.mark.parametrize("file_format", ["csv", "deidentified"])
def test_no_file_holds_the_sites_reference(client, referred, file_format):
    where = DEIDENTIFIED if file_format == "deidentified" else address(file_format)
    assert b"ZX-11" not in client.get(where).getvalue()


def test_export_of_a_search_says_neither_the_reference_nor_whose_the_deidentified_data_are(client, referred):
    assert len(table(client.get(address("csv"), {"search": "zx-11"}))) == 2
    assert LogExport.objects.get().filters == "found by a text that is not exported"
    response = client.get(DEIDENTIFIED, {"search": "s1"})
    assertRedirects(response, f"{LOG}?search=s1", fetch_redirect_response=False)
    response = client.get(LOG, {"search": "s1"})
    assertContains(response, "De-identified data are not exported for a search")
    assert response.context["deidentified"] == ""
    assert LogExport.objects.count() == 1
