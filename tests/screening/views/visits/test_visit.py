from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.evaluation.protocol import Protocol
from criteria.vocabulary import BadDocument, Fault
from screening.eligibility.assess import assess
from screening.models import Visit
from screening.review.decide import close_case
from screening.review.entered_in_error import mark_visit
from screening.views.cards.finding_ages import FindingAges, FindingAgeText
from screening.views.visits import visit
from screening.visits.drafts import keep_draft
from screening.visits.labels import FormPlace
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import ReferenceRangeFactory
from tests.support.reviewed import IN_TIME, PASSWORD


@pytest.fixture
def subject(trial, coordinator):
    return register_subject(trial, coordinator)


@pytest.fixture
def new(subject):
    return reverse("screening:visit-new", args=[subject.pk])


def page_of(visit):
    return reverse("screening:visit", args=[visit.pk])


def test_visit_is_opened_with_its_date_and_first_dose(client, new, subject, coordinator):
    response = client.post(new, {"visit-date": "2026-03-09", "visit-planned_first_dose_date": "2026-03-16"})
    visit = Visit.objects.get()
    assertRedirects(response, page_of(visit))
    assert (visit.subject, visit.created_by) == (subject, coordinator)
    expected = {"visit": {"date": "2026-03-09", "planned_first_dose_date": "2026-03-16"}}
    assert visit.latest_revision().document == expected


def test_visit_before_an_earlier_attempt_is_refused_beside_its_day(client, new, subject, coordinator):
    open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}})
    response = client.post(new, {"visit-date": "2026-03-08"})
    assertContains(response, "it must be 2026-03-09 or later", count=2, status_code=422)  # on top, and beside the field
    assertContains(response, 'value="2026-03-08"', status_code=422)
    assert subject.visits.count() == 1


@pytest.mark.parametrize(
    ("date", "dose", "message"),
    [
        ("", "", "visit date is required"),
        ("2026-02-30", "", "“2026-02-30” is no date in the calendar"),
        ("2026-03", "", "“2026-03” is not a whole date"),
        ("2026-03-09", "2026-03-08", "lies before"),
        ("1999-01-01", "", "no version of the protocol was in force"),
    ],
)
def test_bad_visit_is_refused_with_what_was_typed(client, new, date, dose, message):
    response = client.post(new, {"visit-date": date, "visit-planned_first_dose_date": dose})
    assertContains(response, message, count=2, status_code=422)  # on top, and beside the field
    assertContains(response, 'aria-invalid="true"', status_code=422)
    for typed in filter(None, (date, dose)):
        assertContains(response, f'value="{typed}"', status_code=422)
    assert not Visit.objects.exists()


def test_closed_case_is_said_and_the_number_goes_on_after_a_visit_entered_in_error(
    client, eligible, coordinator, signer
):
    visit = eligible.revision.visit
    again = reverse("screening:visit-new", args=[visit.subject_id])
    mark_visit(open_visit(visit.subject, coordinator, {"visit": {"date": "2026-03-12"}}), coordinator, "opened twice")
    assertContains(client.get(again), "New attempt: visit 3")
    close_case(eligible.revision, signer, PASSWORD, "died")
    response = client.get(again, follow=True)
    assertRedirects(response, page_of(visit))
    assertContains(response, "No visit can be opened: This case is closed")


def test_no_visit_is_opened_when_no_version_is_in_force_today(client, new, subject, monkeypatch):
    def refuse(*args):
        raise BadDocument([Fault("visit.date", "no version of the protocol was in force")])

    monkeypatch.setattr(visit, "version_for_new_visit", refuse)
    assertContains(client.get(new, follow=True), "No visit can be opened")


def test_visit_page_shows_how_much_is_answered_and_by_whom(client, subject, new, coordinator):
    client.post(new, {"visit-date": "2026-03-09"})
    response = client.get(page_of(Visit.objects.get()))
    assertContains(response, "1 of 11 answered", count=1)
    assertContains(response, "0 of 36 answered", count=1)
    assertContains(response, f"saved by {coordinator}")
    assertContains(response, "Not assessed yet")


def test_visit_page_lists_every_assessment(client, visit, coordinator):
    first = assess(visit.latest_revision(), coordinator)
    save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    second = assess(visit.latest_revision(), coordinator)
    response = client.get(page_of(visit))
    for assessment in (first, second):
        assertContains(response, reverse("screening:assessment", args=[assessment.pk]))


def test_who_may_not_enter_is_led_to_what_was_saved(as_role, visit):
    response = as_role("investigator").get(page_of(visit))
    assertNotContains(response, reverse("screening:section", args=[visit.pk, "laboratory"]))
    assertContains(response, reverse("screening:revision", args=[visit.pk, 1]) + "#laboratory")
    assertContains(response, "Assess</button>")
    assertNotContains(as_role("administrator").get(page_of(visit)), "Assess</button>")


def woman(visit, coordinator, cases, **changes):
    """Opens another visit: of a woman who is eligible, but for the changes."""
    return open_visit(visit.subject, coordinator, cases["base-woman"]["document"] | changes)


def test_visit_page_shows_where_it_stands_and_until_when(client, visit, coordinator, cases):
    response = client.get(page_of(woman(visit, coordinator, cases)))
    standing = response.context["status"]
    assert (standing.finding, standing.failing, standing.missing) == ("eligible", [], [])
    assert "After that: I09 not yet known." in standing.turn.words
    for text in ("Status now: eligible", "Nothing is missing", standing.turn.until.isoformat(), "has passed"):
        assertContains(response, text)


@pytest.mark.parametrize("rows", [0, 1])
def test_visit_page_leads_to_the_ages_of_the_findings_where_there_are_any(client, visit, monkeypatch, rows):
    ages = FindingAges("1.4", [FindingAgeText("ECOG", "", "", "", FormPlace("ECOG"), True, ())] * rows, [])
    monkeypatch.setattr("screening.views.cards.revision_checks.finding_ages_text", lambda *about: ages)
    response = client.get(page_of(visit))
    assertContains(response, "after which this status would expire")
    assertContains(response, 'href="#ages"', count=rows)
    assertContains(response, 'id="ages"', count=rows)


def test_earlier_attempt_asks_for_nothing_but_the_decision_on_a_failure(client, visit, coordinator, cases, on):
    on(IN_TIME)
    failed = woman(visit, coordinator, cases, performance={"ecog": 2, "life_expectancy_months": 2})
    for each in (visit, failed):
        assess(each.latest_revision(), coordinator)
    woman(visit, coordinator, cases)
    on(IN_TIME + timedelta(1))
    assertNotContains(client.get(page_of(visit)), "Next:")
    assertContains(client.get(page_of(failed)), "Next:", count=1)


def test_visit_page_ranks_what_to_get_and_leads_to_its_field(client, visit, coordinator, cases):
    second = woman(visit, coordinator, cases, pregnancy_tests=[], performance={})
    response = client.get(page_of(second))
    assert [(each.path, each.settles) for each in response.context["status"].missing] == [
        ("performance.ecog", ("I03",)),
        ("performance.life_expectancy_months", ("I04",)),
        ("pregnancy_tests", ("I09",)),
    ]
    section = reverse("screening:section", args=[second.pk, "performance"])
    assertContains(response, f'href="{section}#at-performance-ecog"')
    assertContains(response, "settles 1: I09")


def test_visit_page_says_how_near_a_failure_is_and_what_can_be_done(client, visit, coordinator, cases):
    labs = [lab | {"value": 1} if lab["analyte"] == "anc" else lab for lab in cases["base-man"]["document"]["labs"]]
    document = cases["base-man"]["document"] | {"labs": labs}
    response = client.get(page_of(open_visit(visit.subject, coordinator, document)))
    (found,) = response.context["status"].failing
    assert (found.code, found.remedy_text.remedy) == ("I08", "act")
    assertContains(response, "Neutrophils: 0.5 ×10⁹/L below the limit")
    assertContains(response, "Repeat neutrophils.")


def test_visit_page_suggests_no_other_answer_where_an_answer_fails(client, visit, coordinator, cases):
    consent = cases["base-man"]["document"]["consent"] | {"willing_to_comply": "no"}
    response = client.get(
        page_of(open_visit(visit.subject, coordinator, cases["base-man"]["document"] | {"consent": consent}))
    )
    assertContains(response, "Cannot be waived now; not permanent.")
    assertContains(response, "Assess: I12 not met")
    assertNotContains(response, "Ask again")


def test_visit_page_marks_a_retest(client, visit, coordinator, cases):
    document = cases["base-man"]["document"]
    earlier = {"analyte": "anc", "value": 1, "unit": "10*9/L", "collected": "2026-03-01"}
    response = client.get(
        page_of(open_visit(visit.subject, coordinator, document | {"labs": [earlier, *document["labs"]]}))
    )
    assertContains(response, "I08: 2 results of neutrophils. Used: 3.2 ×10⁹/L on 2026-03-08.")


def test_visit_page_says_first_that_a_failure_is_for_good(client, visit, coordinator, cases):
    document = cases["base-man"]["document"] | {"subject": {"sex": "male", "birth_date": "1930"}, "performance": {}}
    response = client.get(page_of(open_visit(visit.subject, coordinator, document)))
    assertContains(response, "Cannot become eligible by waiting (I02): nothing more need be collected.")


def test_calendar_is_a_picture_with_a_table_behind_it(client, visit, coordinator, cases):
    response = client.get(page_of(woman(visit, coordinator, cases)))
    calendar = response.context["status"].calendar
    assertContains(response, f'aria-label="{calendar.drawing.alternative}"')
    assertContains(response, 'class="dose-day is-eligible is-planned"')
    assertContains(response, "<strong>I09</strong>")
    assertContains(response, f"?from={calendar.later.isoformat()}#calendar")
    later = client.get(page_of(Visit.objects.latest("pk")), {"from": "2026-05-01"})
    assert later.context["status"].calendar.first.isoformat() == "2026-05-01"


def test_visit_page_names_the_attempts(client, visit, coordinator, cases):
    assertNotContains(client.get(page_of(visit)), "Attempt 1")
    second = woman(visit, coordinator, cases)
    assertContains(client.get(page_of(visit)), f'<a href="{page_of(second)}">visit 2</a>')
    response = client.get(page_of(second))
    assertContains(response, "Attempt 2")
    assertContains(response, f'<a href="{page_of(visit)}">visit 1</a>')


def test_visit_page_marks_the_sections_in_which_something_is_to_be_confirmed(client, visit, coordinator):
    assertNotContains(client.get(page_of(visit)), "to be confirmed")
    second = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    response = client.get(page_of(second))
    assertContains(response, "to be confirmed, from visit 1")
    waiting = sections_that_wait(response)
    assert {"visit", "disease", "therapies", "history"} <= waiting
    assert not waiting & {"laboratory", "vitals", "performance", "imaging"}
    first = visit.latest_revision().document
    save_section(second, "disease", {key: first[key] for key in ("disease", "lesions")}, 1, coordinator)
    assert sections_that_wait(client.get(page_of(second))) == waiting - {"disease"}


def sections_that_wait(response):
    return {step.section.code for step in response.context["steps"] if step.to_confirm}


def test_visit_page_names_limits_that_were_meant_for_another_sex(
    client, as_role, visit, coordinator, administrator, cases
):
    """As after a correction of the sex, which is asked in another section than the limit."""
    for sex, uln in (("male", 111), ("female", 81)):
        ReferenceRangeFactory(trial=visit.subject.trial, created_by=administrator, sex=sex, uln=uln)
    result = {"analyte": "creatinine", "value": 100, "unit": "umol/L", "collected": "2026-03-08"}
    right, wrong = (woman(visit, coordinator, cases, labs=[result | {"uln": uln}]) for uln in (81, 111))
    for without in (right, woman(visit, coordinator, cases, labs="unknown")):
        assertNotContains(client.get(page_of(without)), "another day or sex")
    response = client.get(page_of(wrong))
    address = reverse("screening:section", args=[wrong.pk, "laboratory"]) + "#at-labs-creatinine"
    assertContains(response, f'<a href="{address}">Creatinine: upper limit of normal</a>')
    assertContains(response, "the range of 2026-03-08 for female is 81 µmol/L")
    reader = as_role("investigator").get(page_of(wrong))
    assertContains(reader, "the range of 2026-03-08 for female is 81 µmol/L")
    assertNotContains(reader, address)


def test_visit_page_shows_who_is_typing_where(client, visit, investigator):
    keep_draft(visit, "performance", investigator, 1, "performance-ecog=1")
    assertContains(client.get(page_of(visit)), f"draft of {investigator.username}")


def test_visit_that_cannot_be_evaluated_any_more_says_why(client, visit, monkeypatch):
    faults = (Fault("performance.ecog", "is not one of: 0, 1"),)
    monkeypatch.setattr(Protocol, "validate", lambda protocol, document: faults)
    response = client.get(page_of(visit))
    assertContains(response, "This visit cannot be evaluated")
    assertContains(response, "performance.ecog: is not one of: 0, 1")
    assertNotContains(response, "Status now")


def test_visit_of_a_trial_without_a_first_dose_has_no_calendar(client, other_trial, coordinator):
    visit = open_visit(register_subject(other_trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    response = client.get(page_of(visit))
    assertContains(response, "Status now")
    assertNotContains(response, "Eligibility calendar")


def test_another_attempt_says_what_is_carried_over(client, visit, new):
    assertNotContains(client.get(new), "Carried over")
    again = reverse("screening:visit-new", args=[visit.subject.pk])
    assertContains(client.get(again), "New attempt: visit 2")
    assertContains(client.get(again), "Carried over, to be confirmed")
    assertContains(client.post(again, {"visit-date": "soon"}), "Carried over, to be confirmed", status_code=422)
    client.post(again, {"visit-date": "2026-04-09"})
    assert visit.subject.visits.get(number=2).previous == visit


@pytest.mark.parametrize("rows", [0, 3])
def test_visit_page_asks_the_database_a_constant_number_of_times(
    client, visit, coordinator, investigator, rows, django_assert_num_queries
):
    for _row in range(rows):
        assess(visit.latest_revision(), coordinator)
    for index in range(rows):
        keep_draft(visit, f"section{index}", investigator, 1, "")
        open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    client.get(page_of(visit))
    client.get(page_of(visit))  # the first view of the day is put on record
    with django_assert_num_queries(20):
        client.get(page_of(visit))


def test_page_of_another_attempt_asks_the_database_a_constant_number_of_times(
    client, visit, coordinator, django_assert_num_queries
):
    """As that of a first one, and for what carries over: the attempt before, its revision, the version in force."""
    second = open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-09"}})
    client.get(page_of(second))
    client.get(page_of(second))  # the first view of the day is put on record
    with django_assert_num_queries(21):
        client.get(page_of(second))


def test_main_button_of_an_assessed_visit_leads_to_the_assessment(client, reviewer, visit, coordinator):
    address = reverse("screening:visit-assess", args=[visit.pk])
    assertContains(client.get(page_of(visit)), f'action="{address}"')
    found = assess(visit.latest_revision(), coordinator)
    for browser, name, words in ((client, "assessment", "See the assessment"), (reviewer, "review", "Review")):
        page = browser.get(page_of(visit))
        assertContains(
            page, f'<a class="btn btn-primary" href="{reverse(f"screening:{name}", args=[found.pk])}">{words}</a>'
        )
        assertNotContains(page, f'action="{address}"')
    save_section(visit, "performance", {}, 1, coordinator, reason="from the source")
    assertContains(client.get(page_of(visit)), f'action="{address}"')
