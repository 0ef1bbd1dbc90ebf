import re
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from screening.audit import append_only
from screening.exports import FORMATS
from screening.log import pages
from screening.models import SavedFilter, Signature, SubjectStatus
from screening.review.decide import close_case
from screening.review.enrol import enrol
from screening.visits.save import open_visit, register_subject
from tests.support.factories import StandingFactory, SubjectFactory, UserFactory
from tests.support.reviewed import PASSWORD, assessed, saved_again, sign

LOG = reverse("screening:log")

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def screened(trial):
    """One more person in the log."""

    def add(**columns) -> SubjectStatus:
        return StandingFactory(subject=SubjectFactory(trial=trial), **columns)

    return add


@pytest.fixture
def failure(trial, coordinator, signer, cases):
    """A confirmed screen failure."""
    assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
    return sign(assessment, signer, PASSWORD, "failure", primary="I03")


def numbers(response) -> list[str]:
    return [row.status.screening_number for row in response.context["rows"]]


def cells(response) -> list[list[str]]:
    """The table as text, row by row."""
    body = response.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    rows = (re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("<tr>")[1:])
    return [[" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in row] for row in rows]


# Rows


def test_log_says_so_when_nobody_was_screened(client, trial):
    assertContains(client.get(LOG), "No subject was screened yet")


def test_failure_is_shown_with_reasons_and_with_all_that_makes_a_signature(client, failure):
    response = client.get(LOG)
    ((number, day, consent, version, outcome, failed, primary, decision, signature, place),) = cells(response)
    assert number.startswith("S-0001")
    assert day.startswith("2026-03-09")
    assert (consent, version) == ("2026-03-05", "1.5")
    assert "ineligible" in outcome
    assert (failed, primary, decision) == ("I03 (S-0001)", "I03", "confirmed screen failure")
    for text in ("Na Li, principal investigator", failure.signed_at, failure.meaning):
        assert text in signature
    assert "not enrolled" in place


def test_row_leads_to_the_person_and_to_the_proof_of_each_failure(client, failure):
    response = client.get(LOG)
    assessment = failure.assessment
    assertContains(response, reverse("screening:subject", args=[assessment.revision.visit.subject_id]))
    proof = reverse("screening:assessment", args=[assessment.pk])
    assertContains(response, f'href="{proof}#I03"')
    assertContains(client.get(proof), 'id="I03"')


def test_enrolled_person_is_shown_with_number_and_day(client, trial, coordinator, signer, cases):
    signature = sign(assessed(trial, coordinator, cases["base-man"]["document"]), signer, PASSWORD, "eligible")
    enrol(signature, coordinator)
    (row,) = cells(client.get(LOG))
    assert row[7] == "confirmed eligible"
    assert row[9] == "E-001 2026-03-16"


def test_void_signature_is_marked_and_is_no_decision(client, failure, coordinator):
    saved_again(failure.assessment.revision.visit, coordinator)
    (row,) = cells(client.get(LOG))
    assert "changed since" in row[4]
    assert row[7].startswith(
        "signature no longer valid new decision required no longer valid: confirmed screen failure, signed 2"
    )
    assert "not signed" in row[8]


def test_closed_case_is_shown_with_its_reason_and_signature(client, trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    closure = close_case(assessment.revision, signer, PASSWORD, "other", "<b>moved</b> away")
    response = client.get(LOG)
    assertContains(response, escape("<b>moved</b> away"))
    (row,) = cells(response)
    assert row[6].startswith("other")
    assert row[7] == "not enrolled for another reason"
    assert closure.signed_at in row[8]


def test_person_without_an_assessment_or_a_visit_has_a_row(client, trial, coordinator, cases):
    open_visit(register_subject(trial, coordinator), coordinator, cases["nothing-known"]["document"])
    register_subject(trial, coordinator)
    visited, registered = cells(client.get(LOG))
    assert ("not assessed" in visited[4], visited[7]) == (True, "open")
    assert (registered[1], registered[4], registered[7]) == ("– none", "no visit yet", "open")


def test_log_is_in_the_navigation(client, trial):
    assertContains(client.get(LOG), f'<a href="{LOG}" aria-current="page">Screening log</a>', html=True)


@pytest.fixture
def rewrite(db):
    """Changes signatures behind the triggers' back, as somebody with the database in hand may; undone with the test."""
    append_only.remove(connection)
    return lambda **columns: Signature.objects.update(**columns)


def test_signature_that_does_not_fit_is_marked_as_such(client, failure, rewrite):
    assertNotContains(client.get(LOG), "does not fit the record")
    rewrite(printed_name="Somebody Else")
    (row,) = cells(client.get(LOG))
    assert row[7] == "confirmed screen failure signature does not fit the record"
    assert row[8].startswith("does not fit the record Somebody Else")


def test_failure_of_an_earlier_attempt_stays_in_the_log(client, failure, coordinator):
    open_visit(failure.assessment.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    response = client.get(LOG)
    first, latest = cells(response)
    assert first[0].startswith("S-0001 attempt 1, earlier")
    assert (first[5], first[7]) == ("I03 (S-0001)", "confirmed screen failure")
    assert failure.signed_at in first[8]
    assert (latest[0].startswith("S-0001 attempt 2"), latest[7]) == (True, "open")
    assertContains(response, "<strong>1</strong> subject screened in <strong>2</strong> attempts")
    earlier = {box.label: box for box in response.context["boxes"]}["earlier attempts"]
    assert cells(client.get(LOG + earlier.address)) == [first]
    assert [tuple(reason)[:2] for reason in earlier.groups[0].reasons] == [(1, "I03")]


def test_meaning_of_a_signature_is_there_for_print(client, failure):
    assertContains(client.get(LOG), f'<span class="said printed">{escape(failure.meaning)}</span>')


# The address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ({}, ["S-0001", "S-0002", "S-0003"]),
        ({"sort": "-screening_number"}, ["S-0003", "S-0002", "S-0001"]),
        ({"sort": "visit_date"}, ["S-0003", "S-0002", "S-0001"]),
        ({"criterion": "E04"}, ["S-0001", "S-0003"]),
        ({"criterion": "E04", "screened_from": "2026-03-10"}, ["S-0001"]),
        ({"screened_to": "2026-03-10"}, ["S-0002", "S-0003"]),
        ({"outcome": "ineligible", "coordinator": "li"}, ["S-0003"]),
        ({"outcome": "not-assessed"}, ["S-0002"]),
        ({"decision": "open"}, ["S-0002", "S-0003"]),
        ({"version": "1.5"}, ["S-0001"]),
        ({"outcome": "eligible"}, []),
    ],
)
def test_address_says_what_is_shown_and_in_which_order(client, trial, version, address, shown):
    def add(number, **columns):
        StandingFactory(subject=SubjectFactory(trial=trial, screening_number=number), **columns)

    li = UserFactory(username="li")
    common = {"failed": "|E04|", "found": "ineligible"}
    add("S-0001", **common, visit_date=date(2026, 3, 11), version=version, decision="failure")
    add("S-0002", visit_date=date(2026, 3, 10))
    add("S-0003", **common, visit_date=date(2026, 3, 9), coordinator=li)
    assert numbers(client.get(LOG, address)) == shown


def test_filter_stays_in_the_form_and_in_every_link(client, screened, monkeypatch):
    monkeypatch.setattr(pages, "LOG_PAGE_SIZE", 1)
    for _index in range(2):
        screened(failed="|E04|")
    response = client.get(LOG, {"criterion": "E04", "screened_to": "9999-01-01", "screened_from": "2026-03-01"})
    assertContains(response, '<option value="E04" selected>')
    assertContains(response, 'value="2026-03-01"')
    links = [
        *(column.address for column in response.context["columns"] if column.address),
        *(export.address for export in response.context["exports"]),
    ]
    assert len(links) == 5
    assert all("criterion=E04" in link and "screened_from=2026-03-01" in link for link in links)


def test_bad_value_is_named_with_its_field_and_filters_nothing(client, screened):
    screened()
    response = client.get(LOG, {"screened_from": "2026-13-01", "criterion": "<E4>"})
    assertContains(response, "“2026-13-01”: This is not a whole date such as 2026-03-14.")
    assertContains(response, "“&lt;E4&gt;”: This is none of those in the list.")
    assertContains(response, 'value="2026-13-01"')
    assertNotContains(response, "criterion not met or present:")
    assert len(numbers(response)) == 1


def test_pages_follow_each_other_forwards_and_back(client, screened, monkeypatch):
    monkeypatch.setattr(pages, "LOG_PAGE_SIZE", 1)
    people = [screened(failed="|E04|").screening_number for _index in range(3)]
    first = client.get(LOG, {"criterion": "E04"})
    second = client.get(LOG + first.context["next"])
    third = client.get(LOG + second.context["next"])
    back = client.get(LOG + third.context["previous"])
    assert [numbers(page) for page in (first, second, third, back)] == [
        [people[0]],
        [people[1]],
        [people[2]],
        [people[1]],
    ]
    assert (first.context["previous"], third.context["next"]) == (None, None)
    assertContains(second, "Next page")
    assertContains(second, "Previous page")


@pytest.mark.parametrize("cursor", ["gold", "after~x~y", "after~1~\0", "after~99999999999999999999~1", "~~~"])
def test_page_that_nobody_can_read_is_the_first(client, screened, cursor):
    screened()
    assert len(numbers(client.get(LOG, {"page": cursor}))) == 1


def test_column_is_sorted_and_turned_round(client, screened):
    screened()
    response = client.get(LOG, {"sort": "visit_date"})
    columns = {column.title: column for column in response.context["columns"]}
    assert columns["Screened"][1:] == ("?sort=-visit_date", "ascending")
    assert columns["Subject"][1:] == ("?sort=screening_number", "")
    assertContains(response, 'aria-sort="ascending"', count=1)


def test_log_says_so_when_nobody_fits(client, screened):
    screened()
    response = client.get(LOG, {"outcome": "eligible", "sort": "-visit_date"})
    assertContains(response, "No subject who was screened fits this")
    assertContains(response, 'href="?sort=-visit_date"')


def test_log_is_of_one_trial_at_a_time(client, screened, trial, other_trial):
    mine = screened().screening_number
    StandingFactory(subject=SubjectFactory(trial=other_trial, screening_number="S-X"))
    assert numbers(client.get(LOG, {"trial": other_trial.code})) == ["S-X"]
    assert numbers(client.get(LOG, {"trial": trial.code})) == [mine]
    assertContains(client.get(LOG), "Which trial?")
    client.post(reverse("screening:trial"), {"trial": trial.code, "next": LOG})
    assert numbers(client.get(LOG)) == [mine]


def test_long_log_is_offered_for_print_only_when_narrowed(client, screened, monkeypatch):
    monkeypatch.setitem(FORMATS, "pdf", FORMATS["pdf"]._replace(most=1))
    screened(failed="|E04|")
    screened()
    response = client.get(LOG)
    assertContains(response, "PDF: at most 1 rows, narrow the filter")
    assertNotContains(response, reverse("screening:log-export", args=["pdf"]))
    assertContains(response, reverse("screening:log-export", args=["csv"]))
    assertContains(client.get(LOG, {"criterion": "E04"}), reverse("screening:log-export", args=["pdf"]))


@pytest.mark.parametrize("people", [1, 7])
def test_log_asks_the_database_the_same_number_of_times_for_any_number_of_people(
    client, trial, coordinator, signer, cases, people, django_assert_num_queries
):
    for number in range(people):
        assessment = assessed(trial, coordinator, cases["I03-ecog-2"]["document"])
        if number % 2:
            sign(assessment, signer, PASSWORD, "failure", "none")
        elif number % 3:
            close_case(assessment.revision, signer, PASSWORD, "declined")
        else:
            sign(assessment, signer, PASSWORD, "failure", "none")
            open_visit(assessment.revision.visit.subject, coordinator, {"visit": {"date": "2026-03-12"}})
    with django_assert_num_queries(
        13
    ):  # two of them to count the people of so many attempts, and what was entered in error
        assert len(set(numbers(client.get(LOG)))) == people


# Search


def test_search_finds_by_number_and_by_the_sites_reference(client, trial, coordinator, screened):
    register_subject(trial, coordinator, "ZX-11")
    enrolled = screened(enrolment_number="E-001").screening_number
    for search, found in [("s1", ["S-0001"]), ("zx", ["S-0001"]), ("e1", [enrolled]), ("s9999", [])]:
        assert numbers(client.get(LOG, {"search": search})) == found
    assertNotContains(client.get(LOG), "ZX-11")


def test_while_somebody_types_the_rows_come_alone_with_what_belongs_to_them(client, trial, coordinator):
    register_subject(trial, coordinator)
    response = client.get(LOG, {"search": "s1", "screened_from": "x"}, headers={"HX-Request": "true"})
    for text in (
        'hx-swap-oob="innerHTML:#found">1 subject found<',
        "This is not a whole date",
        escape(reverse("screening:log-export", args=["csv"]) + "?search=s1"),
        'data-address="?search=s1"',
    ):
        assertContains(response, text)
    for text in ("<html", 'id="results"', "Save this filter as"):
        assertNotContains(response, text)


def test_enter_leads_to_the_one_subject_that_is_meant(client, trial, coordinator, cases):
    subject = register_subject(trial, coordinator)
    for _attempt in range(2):
        open_visit(subject, coordinator, cases["nothing-known"]["document"])
    response = client.get(LOG, {"search": "s1", "go": "1"})
    assert (response.status_code, response["Location"]) == (302, reverse("screening:subject", args=[subject.pk]))
    assert (
        client.get(LOG, {"search": "s1"}).status_code == client.get(LOG, {"search": "s2", "go": "1"}).status_code == 200
    )


def test_filter_is_saved_for_the_log_alone(client, trial):
    client.post(f"{LOG}?outcome=eligible", {"name": "Monday"})
    assertContains(client.get(LOG), '<a href="?outcome=eligible">Monday</a>')
    assertNotContains(client.get(reverse("screening:subjects")), "Monday")
    client.post(f"{LOG}?outcome=eligible", {"delete": "Monday"})
    assert not SavedFilter.objects.exists()


def test_filter_with_a_fault_is_not_saved(client, trial):
    response = client.post(f"{LOG}?screened_from=x", {"name": "mine"}, follow=True)
    assertContains(response, "part of it makes no sense")
    assert not SavedFilter.objects.exists()
