from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.eligibility.assess import assess
from screening.models import NEVER, SavedFilter, SubjectStatus
from screening.review.enrol import enrol
from screening.visits.drafts import keep_draft
from screening.visits.save import open_visit, register_subject, save_section
from screening.worklist import listing
from tests.support.answered import answered
from tests.support.reviewed import IN_TIME, PASSWORD, assessed, sign

LIST = reverse("screening:subjects")


@pytest.fixture
def screened(trial, coordinator, cases):
    """Registers a person with one visit."""
    return lambda case: open_visit(register_subject(trial, coordinator), coordinator, cases[case]["document"])


def numbers(response):
    return [row.screening_number for row in response.context["rows"]]


def test_list_says_so_when_it_is_empty(client, trial):
    assertContains(client.get(LIST), "No subject is in screening yet")


def test_row_shows_what_is_found_what_comes_next_and_until_when(client, screened):
    visit = screened("I03-ecog-2")
    response = client.get(LIST)
    (row,) = response.context["rows"]
    number = visit.subject.screening_number
    for text in ("ineligible", "1 not satisfied", row.next_step, "2026-03-16", "not assessed", number):
        assertContains(response, text)
    assertContains(response, reverse("screening:visit", args=[visit.pk]))
    section = reverse("screening:section", args=[visit.pk, "performance"])
    assertContains(response, f'href="{section}#at-performance-ecog"')


def test_row_says_when_a_day_has_passed(client, trial, coordinator):
    today = timezone.localdate()
    for days in (-1, 1):
        document = {"visit": {"date": "2026-03-09", "planned_first_dose_date": (today + timedelta(days)).isoformat()}}
        answered(open_visit, register_subject(trial, coordinator), coordinator, document)
    assertContains(client.get(LIST, {"search": "S-0001"}), "passed")
    assertNotContains(client.get(LIST, {"search": "S-0002"}), "passed")


@pytest.mark.parametrize(("days", "words"), [(-1, "Plan another first dose"), (0, "Assess")])
def test_eligible_person_needs_another_first_dose_when_the_planned_one_has_passed(
    client, trial, coordinator, cases, days, words
):
    planned = {"date": "2026-03-09", "planned_first_dose_date": (timezone.localdate() + timedelta(days)).isoformat()}
    document = cases["base-man"]["document"] | {"visit": planned}
    visit = answered(open_visit, register_subject(trial, coordinator), coordinator, document)
    assertContains(client.get(LIST), words)
    assertContains(client.get(reverse("screening:visit", args=[visit.pk])), words)


def test_first_dose_that_has_passed_is_said_alike_before_and_after_the_signature(
    client, trial, coordinator, signer, cases, on
):
    on(IN_TIME)
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    visit = reverse("screening:visit", args=[assessment.revision.visit_id])
    section = reverse("screening:section", args=[assessment.revision.visit_id, "visit"])
    words = "Plan another first dose: the planned one, 2026-03-16, has passed"

    def said():
        on(IN_TIME + timedelta(1))
        assertContains(client.get(LIST), words, count=1)
        response = client.get(visit)
        assertContains(response, f'<a href="{section}#at-visit-planned_first_dose_date">{words}</a>', count=1)
        for other in ("Ready for the investigator", "Confirmed eligible: enrol"):
            assertNotContains(response, other)
        assertContains(client.get(reverse("screening:review", args=[assessment.pk])), words, count=1)
        on(IN_TIME)

    said()
    signature = sign(assessment, signer, PASSWORD, "eligible")
    said()
    enrol(signature, coordinator)
    on(IN_TIME + timedelta(1))
    for page in (LIST, visit, reverse("screening:review", args=[assessment.pk])):
        assertNotContains(client.get(page), "has passed")


@pytest.mark.parametrize(("case", "words"), [("base-man", 1), ("I03-ecog-2", 0), ("nothing-known", 0)])
def test_row_says_so_when_no_limit_ends_the_eligibility(client, screened, case, words):
    screened(case)
    assertContains(client.get(LIST), "no limit set", count=words)


def test_row_leads_to_the_assessment_and_says_when_something_was_saved_since(client, visit, coordinator):
    assessment = assess(visit.latest_revision(), coordinator)
    response = client.get(LIST)
    assertContains(response, reverse("screening:assessment", args=[assessment.pk]))
    assertNotContains(response, "changed since")
    save_section(visit, "performance", {}, 1, coordinator, reason="another person's")
    assertContains(client.get(LIST), "changed since")


def test_row_shows_the_attempt_and_a_draft(client, visit, coordinator, investigator):
    assertNotContains(client.get(LIST), "draft")
    second = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    keep_draft(second, "performance", investigator, 1, "performance-ecog=1")
    response = client.get(LIST)
    assertContains(response, "attempt 2")
    assertContains(response, "draft, not saved")


def test_person_without_a_visit_leads_to_the_person(client, trial, coordinator):
    subject = register_subject(trial, coordinator)
    response = client.get(LIST)
    assertContains(response, "no visit yet")
    assertContains(response, reverse("screening:subject", args=[subject.pk]))


def test_who_may_not_enter_sees_the_next_step_and_no_form(as_role, screened):
    visit = screened("I03-ecog-2")
    response = as_role("investigator").get(LIST)
    assertContains(response, response.context["rows"][0].next_step)
    assertNotContains(response, reverse("screening:section", args=[visit.pk, "performance"]))
    assertNotContains(response, "New subject")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ({}, ["S-0003", "S-0002", "S-0001"]),
        ({"sort": "screening_number"}, ["S-0001", "S-0002", "S-0003"]),
        ({"sort": "-fails"}, ["S-0002", "S-0003", "S-0001"]),
        ({"search": "02"}, ["S-0002"]),
        ({"search": " s-0001 "}, ["S-0001"]),
        ({"search": "s2"}, ["S-0002"]),
        ({"finding": "ineligible"}, ["S-0002"]),
        ({"finding": "undetermined", "search": "1"}, []),
        ({"finding": "gold", "sort": "gold", "due": "gold", "page": "gold"}, ["S-0003", "S-0002", "S-0001"]),
    ],
)
def test_address_says_what_is_shown_and_in_which_order(client, screened, address, shown):
    for case in ("base-man", "I03-ecog-2", "nothing-known"):
        screened(case)
    assert numbers(client.get(LIST, address)) == shown


def test_filter_stays_in_the_form_and_in_every_link(client, screened, monkeypatch):
    monkeypatch.setattr(listing, "WORK_LIST_PAGE_SIZE", 1)
    for _index in range(3):
        screened("I03-ecog-2")
    response = client.get(LIST, {"finding": "ineligible", "sort": "screening_number"})
    assertContains(response, '<option value="ineligible" selected>')
    assertContains(response, '<option value="screening_number" selected>')
    assert "finding=ineligible" in response.context["next"]
    assert all("finding=ineligible" in column.address for column in response.context["columns"] if column.address)


def test_pages_follow_each_other_forwards_and_back(client, screened, monkeypatch):
    monkeypatch.setattr(listing, "WORK_LIST_PAGE_SIZE", 1)
    for _index in range(3):
        screened("nothing-known")
    first = client.get(LIST, {"sort": "screening_number"})
    second = client.get(LIST + first.context["next"])
    third = client.get(LIST + second.context["next"])
    back = client.get(LIST + third.context["previous"])
    assert [numbers(page) for page in (first, second, third, back)] == [["S-0001"], ["S-0002"], ["S-0003"], ["S-0002"]]
    assert (first.context["previous"], third.context["next"]) == (None, None)
    assertContains(first, "Next page")
    assertNotContains(first, "Previous page")


def test_list_says_so_when_nobody_fits(client, screened):
    screened("base-man")
    response = client.get(LIST, {"search": "S-9999"})
    assertContains(response, "No subject in screening fits this")
    assertContains(response, 'value="S-9999"')


def test_column_is_sorted_and_turned_round(client, screened):
    screened("base-man")
    columns = {column.title: column for column in client.get(LIST, {"sort": "holds_until"}).context["columns"]}
    sorted_by, other = columns["Status unchanged until"], columns["Last saved"]
    assert (sorted_by.direction, sorted_by.address) == ("ascending", "?sort=-holds_until")
    assert (other.direction, other.address) == ("", "?sort=-saved_at")
    columns = {column.title: column for column in client.get(LIST, {"sort": "-holds_until"}).context["columns"]}
    assert columns["Status unchanged until"][1:] == ("?sort=holds_until", "descending")


def test_trial_is_chosen_when_there_are_several(client, screened, other_trial, coordinator):
    screened("base-man")
    register_subject(other_trial, coordinator)
    assert len(numbers(client.get(LIST))) == 2
    assert numbers(client.get(LIST, {"trial": other_trial.code})) == ["EX-HTN-01-0001"]
    assertContains(client.get(LIST), '<select class="form-select form-select-sm" name="trial" id="trial-switcher"')


def test_trial_is_not_asked_when_there_is_one(client, screened):
    screened("base-man")
    assertNotContains(client.get(LIST), 'name="trial"')


@pytest.mark.parametrize("people", [1, 7])
def test_list_asks_the_database_the_same_number_of_times_for_any_number_of_people(
    client, screened, coordinator, people, django_assert_num_queries
):
    for _index in range(people):
        assess(screened("nothing-known").latest_revision(), coordinator)
    with django_assert_num_queries(9):
        assert len(numbers(client.get(LIST))) == people


def htmx(client, address):
    return client.get(LIST, address, headers={"HX-Request": "true"})


def test_while_somebody_types_the_rows_come_alone_with_their_number(client, screened, django_assert_max_num_queries):
    for _index in range(2):
        screened("base-man")
    with django_assert_max_num_queries(7):
        response = htmx(client, {"search": "s2"})
    assert numbers(response) == ["S-0002"]
    for text in ('hx-swap-oob="innerHTML:#found">1 subject found<', 'data-address="?search=s2"', "Save this filter as"):
        assertContains(response, text)
    for text in ("<html", "Today", 'id="results"'):
        assertNotContains(response, text)
    assertContains(htmx(client, {"search": "s9"}), ">nobody found<")
    assertContains(htmx(client, {}), ">2 subjects found<")


def test_number_of_several_pages_is_not_counted(client, screened, monkeypatch):
    monkeypatch.setattr(listing, "WORK_LIST_PAGE_SIZE", 1)
    for _index in range(2):
        screened("nothing-known")
    assertContains(client.get(LIST), "more than one page of subjects found")


@pytest.mark.parametrize("search", ["S-1", "s1", "S-0001", "1", "zx-1"])
def test_enter_leads_to_the_one_subject_that_is_meant(client, trial, coordinator, search):
    subject = register_subject(trial, coordinator, "ZX-11")
    register_subject(trial, coordinator)
    page = reverse("screening:subject", args=[subject.pk])
    assertRedirects(client.get(LIST, {"search": search, "go": "1"}), page, fetch_redirect_response=False)
    visit = open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}})
    page = reverse("screening:visit", args=[visit.pk])
    assertRedirects(client.get(LIST, {"search": search, "go": "1"}), page, fetch_redirect_response=False)
    assert client.get(LIST, {"search": search}).status_code == 200


@pytest.mark.parametrize("address", [{"search": "S-"}, {"search": "s9"}, {}, {"finding": "no-visit"}])
def test_enter_shows_the_list_where_none_or_several_are_meant(client, trial, coordinator, address):
    for _index in range(2):
        register_subject(trial, coordinator)
    assert client.get(LIST, address | {"go": "1"}).status_code == 200


def test_row_shows_the_reference_by_which_it_was_found(client, trial, coordinator):
    register_subject(trial, coordinator, "ZX-11")
    register_subject(trial, coordinator)
    response = client.get(LIST, {"search": "zx"})
    assert numbers(response) == ["S-0001"]
    assertContains(response, "ZX-11", count=1)


def test_today_is_first_on_the_list_until_it_is_narrowed(client, trial, coordinator):
    today = timezone.localdate()
    document = {"visit": {"date": today.isoformat(), "planned_first_dose_date": today.isoformat()}}
    visit = answered(open_visit, register_subject(trial, coordinator), coordinator, document)
    response = client.get(LIST)
    assertContains(response, "planned first dose today, not enrolled", count=1)
    assertContains(response, f'<li><a href="{reverse("screening:visit", args=[visit.pk])}">S-0001</a>')
    assertNotContains(client.get(LIST, {"search": "s1"}), "planned first dose today")


def test_today_says_so_when_there_is_nothing(client, screened):
    screened("nothing-known")
    SubjectStatus.objects.update(planned_first_dose=NEVER)
    assertContains(client.get(LIST), "Nothing is due today, nothing expires within 7 days, and no answer has come.")


def test_filter_is_saved_under_a_name_shown_and_deleted(client, as_role, screened):
    screened("base-man")
    assertNotContains(client.get(LIST), "Save this filter as")
    response = client.post(f"{LIST}?finding=eligible&search=s1&x=1", {"name": "Monday"})
    assertRedirects(response, f"{LIST}?search=s1&finding=eligible", fetch_redirect_response=False)
    response = client.get(response["Location"])
    for text in ("saved as “Monday”", '<a href="?search=s1&amp;finding=eligible" aria-current="true">Monday</a>'):
        assertContains(response, text)
    assertNotContains(as_role("coordinator").get(LIST), "Monday")
    client.post(LIST, {"delete": "Monday"})
    assertContains(client.get(LIST), "The filter “Monday” is deleted.")
    assertNotContains(client.get(LIST), "Monday")


@pytest.mark.parametrize(
    ("address", "name", "message"),
    [
        ("?finding=eligible", "", "say by which name it is kept"),
        ("?finding=eligible", "13912345678", "a phone number"),
        ("?search=13912345678", "mine", "a phone number"),
        ("?finding=gold", "mine", "part of it makes no sense"),
    ],
)
def test_filter_that_cannot_be_saved_says_why(client, trial, address, name, message):
    assertContains(client.post(LIST + address, {"name": name}, follow=True), message)
    assert not SavedFilter.objects.exists()


def test_filter_saved_by_a_form_sent_twice_is_one(client, trial):
    sent = {"name": "mine", "form_key": "a key"}
    first, second = (client.post(f"{LIST}?due=7", sent) for _click in range(2))
    assert first["Location"] == second["Location"]
    assert SavedFilter.objects.count() == 1


def test_status_that_nothing_can_end_has_no_day_of_validity(client, trial, coordinator, signer, in_time, cases):
    """A failure by a window that will pass has one, until it is signed; a failure for good has none."""
    passing, final = cases["E16-haemoptysis"]["document"], cases["E04-anti_ctla4"]["document"]
    reversible = assessed(trial, coordinator, passing)
    assessed(trial, coordinator, final | {"history": passing["history"]})
    shown, hidden = SubjectStatus.objects.order_by("screening_number")
    assert (shown.holds_until.isoformat(), hidden.holds_until) == ("2026-04-01", NEVER)
    assert numbers(client.get(LIST, {"due": "30"})) == [shown.screening_number]
    assertContains(client.get(LIST), "2026-04-01")
    sign(reversible, signer, PASSWORD, "failure", "E16")
    assert numbers(client.get(LIST, {"due": "30"})) == []
    assertNotContains(client.get(LIST), "2026-04-01")
