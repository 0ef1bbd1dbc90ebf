"""The page of the trail: who sees it, what it says of a filter, what it puts on record itself."""

import csv
import io
import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.audit.export import trail_titles
from screening.models import AccessEvent, Exported, LogExport, Refusal, TrailReview
from screening.visits.reference import change_reference
from screening.visits.save import register_subject, save_section
from tests.screening.audit.told import told
from tests.support.amended import drafted
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD
from tests.support.section_requests import inputs, page_of

TRAIL = reverse("screening:trail")
EXPORT = reverse("screening:trail-export")
REVIEW = reverse("screening:trail-review")
NONSENSE = [
    ("since=14.13.2026", "This is not a whole date"),
    ("since=9999-12-31", "This is not a whole date"),
    ("until=0001-01-01", "This is not a whole date"),
    ("since=2026-03-09&until=2026-03-08", "This is before the first day"),
    ("person=nobody", "This is none of those in the list"),
    ("kind=everything", "This is none of those in the list"),
    ("path=labs[0].value", "type the screening number too"),
    ("path=labs..anc&subject=S-0001", "This is no path of a field"),
    ("search=%00", "Null characters are not allowed"),
]


@pytest.fixture
def reader(investigator):
    client = Client()
    client.force_login(investigator)
    return client


@pytest.fixture
def corrected(visit, coordinator):
    part = {"performance": visit.latest_revision().document["performance"] | {"ecog": 0}}
    save_section(visit, "performance", part, 1, coordinator, reason="=1+1")
    return visit


def lines(response):
    rows = csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    return list(rows)


# Who


@pytest.mark.parametrize("role", ["investigator", "administrator", "monitor"])
def test_whoever_may_sees_and_takes_the_trail(as_role, role):
    client = as_role(role)
    assert client.get(TRAIL).status_code == client.get(EXPORT).status_code == 200


@pytest.mark.parametrize("role", ["coordinator", "superuser", None])
def test_trail_is_denied_to_whoever_may_not_read_it(as_role, role):
    client = as_role(role)
    codes = [client.get(TRAIL), client.get(EXPORT), client.get(REVIEW), client.post(REVIEW, {"remark": "fine"})]
    assert [response.status_code for response in codes] == [403] * 4
    assert not TrailReview.objects.exists()
    assert not LogExport.objects.exists()
    assert AccessEvent.objects.filter(kind="opened").count() == 0


# What is shown


def test_correction_is_shown_with_both_values_reason_person_and_role(reader, corrected, coordinator):
    response = reader.get(TRAIL, {"kind": "data"})
    for text in ("Correction", "Performance status: ECOG performance status", "=1+1", "study coordinator"):
        assertContains(response, text)
    assertContains(response, f'<a href="?person={coordinator.username}">')
    assertContains(response, '<a href="?subject=S-0001&amp;path=performance.ecog">')


def test_what_people_typed_is_shown_as_text(reader, visit, coordinator):
    part = {"performance": visit.latest_revision().document["performance"] | {"ecog": 0}}
    save_section(visit, "performance", part, 1, coordinator, reason="<script>alert(1)</script>")
    assertNotContains(reader.get(TRAIL), "<script>alert")


def test_latest_comes_first_unless_the_other_way_is_asked_for(reader, corrected):
    def first(**asked):
        return reader.get(TRAIL, asked | {"kind": "data"}).context["entries"][0].title

    assert (first(), first(sort="latest"), first(sort="earliest")) == ("correction", "correction", "subject")


@pytest.mark.parametrize(("query", "message"), NONSENSE)
def test_filter_that_makes_no_sense_is_said_and_filters_nothing(reader, corrected, query, message):
    reader.get(TRAIL)
    response = reader.get(f"{TRAIL}?{query}&search=%3D1" if "search" not in query else f"{TRAIL}?{query}")
    assertContains(response, "Part of the filter makes no sense and filters nothing")
    assertContains(response, message)
    assertContains(response, '<a href="?">Show all</a>', html=True)


@pytest.mark.parametrize("cursor", ["nonsense", "after~0001-01-01T00:00:00+14:00~0~1", "\0"])
def test_cursor_that_nobody_can_read_shows_the_first_page(reader, corrected, cursor):
    assertContains(reader.get(TRAIL, {"page": cursor}), "Correction")


def test_pages_lead_on_and_back_and_keep_the_filter(reader, trial, coordinator):
    for _ in range(60):
        register_subject(trial, coordinator)
    first = reader.get(TRAIL, {"kind": "data"})
    second = reader.get(TRAIL + first.context["next"])
    assert "kind=data" in first.context["next"]
    assert [len(page.context["entries"]) for page in (first, second)] == [50, 10]
    back = reader.get(TRAIL + second.context["previous"])
    assert [each.key for each in back.context["entries"]] == [each.key for each in first.context["entries"]]


# What is put on record by it


def test_opening_is_recorded_once_in_each_session(reader, investigator):
    for _ in range(2):
        reader.get(TRAIL)
    opened = AccessEvent.objects.get(kind="opened")
    assert (opened.created_by, opened.address) == (investigator, "127.0.0.1")
    again = Client()
    again.force_login(investigator)
    again.get(TRAIL)
    assert AccessEvent.objects.filter(kind="opened").count() == 2


def test_review_is_recorded_with_what_was_filtered_how_many_entries_and_the_newest(reader, corrected, investigator):
    response = reader.post(f"{REVIEW}?kind=data", {"remark": " read all of it "})
    assertRedirects(response, f"{TRAIL}?kind=data")
    review = TrailReview.objects.get()
    assert (review.filters, review.remark) == ("kind: entries and corrections", "read all of it")
    assert (review.entries, review.created_by) == (4, investigator)
    assert review.newest == corrected.latest_revision().created_at
    assertContains(reader.get(TRAIL), "Review of the audit trail")


def test_review_of_nothing_has_no_newest_entry(reader):
    reader.post(f"{REVIEW}?subject=S-0009", {"remark": "nothing there"})
    review = TrailReview.objects.get()
    assert (review.entries, review.newest) == (0, None)


@pytest.mark.parametrize("remark", ["", "  ", "asked maria@example.org"])
def test_review_with_a_faulty_remark_is_refused(reader, remark):
    response = reader.post(f"{REVIEW}?kind=data", {"remark": remark})
    assertContains(response, "Not recorded. This must be put right first", status_code=422)
    assert not TrailReview.objects.exists()
    assert [refusal.place for refusal in Refusal.objects.all()] == (
        ["screening:trail-review"] if remark.strip() else []
    )


def test_neither_a_get_nor_a_filter_that_makes_no_sense_records_a_review(reader):
    assertRedirects(reader.get(f"{REVIEW}?kind=data"), f"{TRAIL}?kind=data")
    assertRedirects(reader.post(f"{REVIEW}?since=never", {"remark": "fine"}), f"{TRAIL}?since=never")
    assert not TrailReview.objects.exists()


# The file


def test_file_has_a_line_for_each_changed_field_and_the_rows_of_the_pages(reader, corrected, coordinator):
    shown = told(kind="data")[::-1]
    first, *rows = lines(reader.get(EXPORT, {"kind": "data"}))
    assert first == trail_titles()
    assert len(rows) == sum(max(len(entry.changes), 1) for entry in shown)
    entries = list(dict.fromkeys((row[0], row[2], row[3], row[7]) for row in rows))
    assert entries == [
        (entry.at.isoformat(timespec="microseconds"), entry.title, coordinator.username, "S-0001") for entry in shown
    ]
    named = dict(zip(first, rows[0], strict=True))
    assert datetime.fromisoformat(named["Time (UTC)"]) == corrected.latest_revision().created_at
    assert named["Time (UTC)"].endswith("+00:00")
    assert (named["Path"], named["Old value"], named["New value"]) == ("performance.ecog", "1", "0")
    assert (named["Role at that time"], named["Visit"]) == ("study coordinator", "1")


def test_cell_that_a_spreadsheet_would_compute_is_made_harmless(reader, corrected):
    _first, row, *_rest = lines(reader.get(EXPORT, {"kind": "data"}))
    assert row[-1] == "'=1+1"


def test_file_is_sent_chunk_by_chunk(reader, trial, coordinator, monkeypatch):
    monkeypatch.setattr("screening.audit.pages.POSITION_CHUNK", 4)
    for _ in range(10):
        register_subject(trial, coordinator)
    parts = list(reader.get(EXPORT, {"kind": "data"}).streaming_content)
    assert [part.count(b"\r\n") for part in parts] == [1, 4, 4, 2]


def test_export_is_on_record_with_its_filter_before_it_is_read(reader, corrected, investigator):
    response = reader.get(EXPORT, {"kind": "data", "subject": "S-0001"})
    assert re.search(r'filename="audit-trail-\d{4}-\d\d-\d\dT\d{6}\.csv"', response["Content-Disposition"])
    export = LogExport.objects.get()
    assert (export.what, export.file_format, export.created_by) == (Exported.TRAIL, "csv", investigator)
    assert export.filters == "subject: S-0001; kind: entries and corrections"


@pytest.mark.parametrize(("query", "message"), NONSENSE)
def test_nothing_is_exported_when_part_of_the_filter_makes_no_sense(reader, corrected, query, message):
    response = reader.get(f"{EXPORT}?{query}", follow=True)
    assertContains(response, "Nothing was exported: part of the filter makes no sense.")
    assertContains(response, message)
    assert not LogExport.objects.exists()


# What other pages leave in it


def test_value_asked_back_and_confirmed_is_told_with_the_value(client, empty_visit):
    data = inputs(empty_visit, "vitals", vitals__weight_kg="610")
    client.post(page_of(empty_visit, "vitals"), data)
    (asked,) = (entry for entry in told(kind="data") if entry.title == "edit check raised")
    (change,) = asked.changes
    assert (change.path, "610" in change.new, asked.visit) == ("vitals.weight_kg", True, empty_visit)
    client.post(page_of(empty_visit, "vitals"), data | {"confirm": change.new})
    *_earlier, entered, confirmed = told(subject="S-0001", path="vitals.weight_kg")
    assert {entered.title, confirmed.title} == {"entry", "edit check answered"}
    assert confirmed.changes == [change]


def test_refused_save_is_told_with_its_fields_and_messages(client, visit, coordinator):
    client.post(page_of(visit, "performance"), inputs(visit, "performance", performance__ecog="2"))
    (refusal,) = told(kind="refusals")
    assert (refusal.person, refusal.role, refusal.visit) == (coordinator, "study coordinator", visit)
    assert refusal.words == "a correction without a reason (screening:section)"
    assert [(change.path, change.new) for change in refusal.changes] == [
        ("performance.ecog", "changed without a reason")
    ]


def test_what_was_typed_and_could_not_be_taken_is_told_with_the_message(client, empty_visit):
    client.post(page_of(empty_visit, "vitals"), inputs(empty_visit, "vitals", vitals__weight_kg="many"))
    (refusal,) = told(kind="refusals")
    assert [(change.path, change.new) for change in refusal.changes] == [("vitals.weight_kg", "“many” is not a number")]


@pytest.mark.usefixtures("in_time")
def test_refused_signatures_are_told(reviewer, eligible, signer):
    address = reverse("screening:assessment-sign", args=[eligible.pk])
    reviewer.post(address, {"decision": "eligible", "password": "wrong"})
    reviewer.post(address, {"decision": "failure", "primary": "none", "password": PASSWORD})
    failed, refused = told(kind="refusals")
    assert (failed.title, failed.words) == ("failed attempt to sign", "incorrect user name or password")
    assert (refused.title, refused.person, refused.role) == ("refusal", signer, "principal investigator")
    assert refused.words.endswith("(screening:assessment-sign)")
    assert refused.subject == eligible.revision.visit.subject


def test_refused_step_of_an_amendment_names_the_amendment(trial, administrator):
    amendment = drafted(trial, administrator)
    client = Client()
    client.force_login(administrator)
    client.post(reverse("screening:amendment-propose", args=[amendment.pk]), {"reason": "ready"})
    (refusal,) = told(kind="refusals")
    assert refusal.words.startswith(f"{amendment}: ")
    assert (refusal.person, refusal.role, refusal.subject) == (administrator, "administrator", None)


def test_logins_denials_and_logouts_are_told(db):
    user = UserFactory(username="maria", role="coordinator")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    login = reverse("account_login")
    client.post(login, {"login": "maria", "password": "wrong"})
    client.post(login, {"login": "nobody", "password": "wrong"})
    client.post(login, {"login": "maria", "password": PASSWORD})
    client.get(TRAIL)
    client.post(reverse("account_logout"))
    found = [(entry.person, entry.words) for entry in told(kind="access")]
    assert found == [
        (user, "user name and password refused, 127.0.0.1"),
        (None, "user name and password refused, 127.0.0.1"),
        (user, "logged in, 127.0.0.1"),
        (user, "request refused: no right to it, screening:trail, 127.0.0.1"),
        (user, "logged out, 127.0.0.1"),
    ]


def test_locked_login_is_told(db):
    UserFactory(username="maria")
    for _ in range(6):
        Client().post(reverse("account_login"), {"login": "maria", "password": "wrong"})
    assert told(kind="access")[-1].words == "login refused: locked after too many attempts, 127.0.0.1"


def test_sites_reference_is_in_the_trail_and_in_no_export(reader, trial, coordinator):
    subject = register_subject(trial, coordinator, "ZX-11")
    change_reference(subject, coordinator, "ZX-12", "misread ZX-12 as ZX-11")
    for text in ("ZX-11", "ZX-12", "misread"):
        assertContains(reader.get(TRAIL, {"subject": "S-0001"}), text)
    assert list(reader.get(TRAIL, {"search": "ZX-12"}).context["entries"])
    exported = reader.get(EXPORT, {"subject": "S-0001"}).getvalue()
    assert exported.count(b"kept at the site, not exported") == 4
    assert b"ZX-1" not in exported
