from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.amendments import transition
from screening.amendments.transition import reassess
from screening.eligibility.assess import assess
from screening.models import Assessment, VersionTransition
from screening.review.decide import close_case
from screening.visits.save import open_visit, register_subject
from tests.support.answered import answered
from tests.support.reviewed import PASSWORD, assessed, later_version, moved, saved_again, sign

LIST = reverse("screening:open-visits")
WORK_LIST = reverse("screening:subjects")
TODAY = date(2026, 3, 16)


@pytest.fixture
def later(version, on):
    on(TODAY)
    return later_version("2026-03-12")


@pytest.fixture
def ineligible(trial, coordinator, cases):
    """By ECOG 2 alone, under the version of the visit's day."""
    return assessed(trial, coordinator, cases["I03-ecog-2"]["document"])


def button(visit):
    return reverse("screening:visit-reassess", args=[visit.pk])


def page_of(name, row):
    return reverse(f"screening:{name}", args=[row.pk])


def numbers(response):
    """Of the work list, or of the open visits, whose rows know what would be found, too."""
    return [getattr(each, "row", each).screening_number for each in response.context["rows"]]


def test_visit_is_re_assessed_under_the_version_in_force(client, ineligible, later, coordinator):
    response = client.post(button(ineligible.revision.visit), {"revision": 1})
    again = Assessment.objects.latest("pk")
    assertRedirects(response, page_of("assessment", again))
    assert (again.version, again.created_by, VersionTransition.objects.get().version) == (later, coordinator, later)


def test_visit_is_re_assessed_once_when_the_form_is_sent_twice(client, ineligible, later):
    for _click in range(2):
        response = client.post(button(ineligible.revision.visit), {"revision": 1, "form_key": "a key"})
        assertRedirects(response, page_of("assessment", Assessment.objects.latest("pk")))
    assert (Assessment.objects.count(), VersionTransition.objects.count()) == (2, 1)


def test_page_of_a_re_assessment_names_both_versions_and_what_differs(client, ineligible, version, later, coordinator):
    again = reassess(ineligible.revision, coordinator)
    response = client.get(page_of("assessment", again))
    for text in (
        f"Assessed under 2.0, before under {version.number}",
        "Assessed under version 2.0 (in force since 2026-03-12): eligible.",
        f"under version {version.number} (in force since {version.effective_from}): ineligible.",
        f'href="{page_of("assessment", ineligible)}"',
        "ECOG performance status 2 (limit: at most 1)",
        "ECOG performance status 2 (limit: at most 2)",
        f"revision 1, protocol version {version.number}",
    ):
        assertContains(response, text)
    compared = response.context["compared"]
    assert [(each.code, each.before, each.after) for each in compared.changed_outcomes] == [("I03", "not met", "met")]
    assertNotContains(response, "was made over revision")


def test_page_of_the_old_assessment_stays_under_its_own_version(client, ineligible, version, later, coordinator):
    again = reassess(ineligible.revision, coordinator)
    response = client.get(page_of("assessment", ineligible))
    assert response.context["compared"] is None
    for text in (
        f"{version.number}, in force from {version.effective_from}",
        "(limit: at most 1)",
        "revision 1, protocol version 2.0",
    ):
        assertContains(response, text)
    assertContains(response, f'<a href="{page_of("assessment", again)}">To the latest</a>')
    assertContains(client.post(page_of("assessment-replay", ineligible)), "Recomputed: identical")


def test_nothing_differs_where_the_amendment_touches_nobody(client, trial, coordinator, cases, later):
    before = assessed(trial, coordinator, cases["base-man"]["document"])
    response = client.get(page_of("assessment", reassess(before.revision, coordinator)))
    assertContains(response, "No outcome differs.")


def test_comparison_says_so_when_something_was_saved_in_between(client, ineligible, later, coordinator):
    reassess(ineligible.revision, coordinator)
    again = assess(saved_again(ineligible.revision.visit, coordinator), coordinator)
    response = client.get(page_of("assessment", again))
    assertContains(response, "It was made over revision 1, this one over revision 2")
    assert response.context["compared"].before == ineligible


@pytest.mark.parametrize("name", ["assessment", "review", "visit"])
def test_later_version_is_told_and_offered_with_its_consequence(reviewer, eligible, version, later, signer, name):
    row = eligible.revision.visit if name == "visit" else eligible
    response = reviewer.get(page_of(name, row))
    assertContains(response, "Protocol version 2.0 is in force since 2026-03-12.")
    assertContains(
        response, f"is under version {version.number}; what is found under it stays valid and may be signed."
    )
    assertContains(response, f'action="{button(eligible.revision.visit)}"')
    assertNotContains(response, "signature is then no longer valid")
    sign(eligible, signer, PASSWORD, "eligible")
    assertContains(reviewer.get(page_of(name, row)), "signature is then no longer valid")


@pytest.mark.parametrize("name", ["assessment", "review", "visit"])
def test_nothing_is_offered_once_done_nor_to_who_may_not(as_role, client, ineligible, later, coordinator, name):
    visit = ineligible.revision.visit
    row = visit if name == "visit" else ineligible
    assertNotContains(as_role("administrator").get(page_of(name, row)), button(visit))
    again = reassess(ineligible.revision, coordinator)
    for each in {row, visit if name == "visit" else again}:
        assertNotContains(client.get(page_of(name, each)), button(visit))


def test_visit_and_its_history_say_under_which_version_it_was_brought(client, ineligible, version, later, coordinator):
    visit = ineligible.revision.visit
    history = reverse("screening:revisions", args=[visit.pk])
    assertContains(client.get(page_of("visit", visit)), f"· protocol version {version.number}")
    assertNotContains(client.get(history), "Brought under a later protocol version")
    again = reassess(ineligible.revision, coordinator)
    assertContains(client.get(page_of("visit", visit)), "brought under protocol version 2.0")
    assertContains(client.get(history), f"Version 2.0, in force since 2026-03-12: by {coordinator}")
    review = reverse("screening:review", args=[again.pk])
    assertContains(client.get(review), f"over revision 1, under protocol version {version.number}")


def test_visit_that_was_saved_meanwhile_is_looked_at_first(client, ineligible, later, coordinator):
    saved_again(ineligible.revision.visit, coordinator)
    response = client.post(button(ineligible.revision.visit), {"revision": 1}, follow=True)
    assertContains(response, "Revision 2 was saved meanwhile")
    assert not VersionTransition.objects.exists()


def test_closed_case_is_not_re_assessed(client, ineligible, later, signer):
    close_case(ineligible.revision, signer, PASSWORD, "declined")
    response = client.post(button(ineligible.revision.visit), {"revision": 1}, follow=True)
    assertContains(response, "Not re-assessed: This case is closed since")


def test_every_fault_is_named_where_the_visit_does_not_fit_the_later_questions(client, ineligible, on):
    later_version("2026-03-12", asks={"maximum: 4": "maximum: 1", "plausible: [0.5, 60]": "maximum: 1"})
    on(TODAY)
    response = client.post(button(ineligible.revision.visit), {"revision": 1}, follow=True)
    for text in ("Nothing was changed.", "performance.ecog", "performance.life_expectancy_months"):
        assertContains(response, text)
    assert Assessment.objects.get() == ineligible


def test_list_shows_version_finding_decision_and_signature(client, eligible, ineligible, version, later, signer):
    sign(eligible, signer, PASSWORD, "eligible")
    response = client.get(LIST)
    assert numbers(response) == ["S-0001", "S-0002"]
    for text in (
        "Version 2.0 is in force since 2026-03-12.",
        "2026-03-09",
        f">{version.number}</td>",
        "ineligible",
        "confirmed eligible",
        "signed by Na Li, ",
        "not signed",
        "under 2.0",
        page_of("visit", eligible.revision.visit),
        button(ineligible.revision.visit),
    ):
        assertContains(response, text)
    assertContains(response, "signature is then no longer valid", count=1)


def test_list_foresees_who_would_change_under_the_version_in_force(client, eligible, ineligible, later):
    response = client.get(LIST)
    found = [(each.row.overall, each.would_be, each.would_change) for each in response.context["rows"]]
    assert found == [("eligible", "eligible", False), ("ineligible", "eligible", True)]
    assertContains(response, "Would be under 2.0")
    assertContains(response, "would change", count=1)


def test_list_says_whose_visit_does_not_fit_the_later_questions(client, eligible, ineligible, on):
    later_version("2026-03-12", asks={"maximum: 4": "maximum: 1"})
    on(TODAY)
    response = client.get(LIST)
    assert [each.would_be for each in response.context["rows"]] == ["eligible", ""]
    assertContains(response, "cannot be evaluated", count=1)
    assertContains(response, "would change", count=1)


def test_button_of_the_list_makes_the_new_assessment(client, ineligible, later):
    ((row, _would_be),) = client.get(LIST).context["rows"]
    client.post(button(row.visit), {"revision": row.revision.number})
    assert Assessment.objects.latest("pk").version == later
    assertContains(client.get(LIST), "No open visit is under an earlier version than 2.0.")


def test_administrator_reads_the_list_without_buttons(as_role, ineligible, later):
    response = as_role("administrator").get(LIST)
    assert numbers(response) == ["S-0001"]
    assertNotContains(response, button(ineligible.revision.visit))


def test_list_says_so_when_no_version_was_ever_replaced(client, ineligible):
    assertContains(client.get(LIST), "No protocol version has replaced another one so far.")


def test_pages_follow_each_other(client, trial, later, coordinator, monkeypatch):
    monkeypatch.setattr(transition, "OPEN_VISITS_PAGE_SIZE", 1)
    for day in ("2026-03-10", "2026-03-09"):
        open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": day}})
    first = client.get(LIST)
    second = client.get(LIST + first.context["next"])
    back = client.get(LIST + second.context["previous"])
    assert [numbers(page) for page in (first, second, back)] == [["S-0002"], ["S-0001"], ["S-0002"]]
    assertContains(first, "Next page")


def test_each_trial_has_a_list_of_its_own(client, ineligible, other_trial, trial, later):
    assert numbers(client.get(LIST, {"trial": trial.code})) == ["S-0001"]
    assertContains(client.get(LIST, {"trial": other_trial.code}), "No protocol version has replaced")
    assert client.get(LIST, {"trial": "NCT00000000"}).status_code == 404


def test_work_list_tells_how_many_are_left_over(client, ineligible, later, coordinator):
    response = client.get(WORK_LIST)
    assertContains(response, "1 open visit of NCT05990231 was begun before protocol version 2.0.")
    assertContains(response, f'href="{LIST}?trial=NCT05990231"')
    reassess(ineligible.revision, coordinator)
    assertNotContains(client.get(WORK_LIST), "begun before protocol version")


@pytest.mark.parametrize("people", [1, 4])
@pytest.mark.parametrize(("address", "queries"), [(LIST, 7), (WORK_LIST, 10)])
def test_lists_ask_the_database_a_constant_number_of_times(
    client, trial, later, coordinator, people, address, queries, django_assert_num_queries
):
    for _one in range(people):
        open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    client.get(address)  # the version in force is read once
    with django_assert_num_queries(queries):
        assert len(numbers(client.get(address))) == people


@pytest.mark.parametrize("times", [1, 3])
def test_page_of_a_re_assessment_asks_the_database_a_constant_number_of_times(
    client, ineligible, later, coordinator, times, django_assert_num_queries
):
    again = reassess(ineligible.revision, coordinator)
    for _one in range(times):
        again = assess(again.revision, coordinator)
    client.get(page_of("assessment", again))
    client.get(page_of("assessment", again))  # the first view of the day is put on record
    with django_assert_num_queries(21):  # as any other, the offer that there is none, twice the outcomes, a signature
        client.get(page_of("assessment", again))


def test_visit_under_a_version_whose_day_has_not_come_is_not_assessed(client, trial, coordinator, cases, on):
    on(date(2026, 3, 8))
    later_version("2026-03-09")
    document = cases["base-man"]["document"]
    visit = answered(open_visit, register_subject(trial, coordinator), coordinator, document)
    response = client.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": 1}, follow=True)
    assertContains(response, "this visit falls under version 2.0, in force from 2026-03-09")
    assert not Assessment.objects.exists()


def test_visit_moved_to_before_the_version_it_was_assessed_by_is_offered_it(client, trial, coordinator, cases, on):
    moved(trial, coordinator, cases, on)
    response = client.get(LIST)
    assert numbers(response) == ["S-0001"]
    assertContains(client.get(page_of("visit", response.context["rows"][0].row.visit)), "Re-assess under 2.0")
