import re
from copy import deepcopy
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.versions.versions import edition_of
from screening import simulations as engine
from screening.models import Assessment, SimulatedChange, SimulationProgress, SimulationReport, SubjectStatus
from screening.simulations import run_simulation, start_dry_run
from screening.simulations.tally import empty_counts
from screening.visits.save import save_section
from tests.screening.simulations.people import draft_of
from tests.support.reviewed import PASSWORD, saved_again, sign

FAILS_BY_ECOG = "I03-ecog-2"


def address(simulation):
    return reverse("screening:simulation", args=[simulation.pk])


def words(response):
    """What the page says, without its markup."""
    return " ".join(re.sub("<[^>]*>", "", response.content.decode()).split())


def names(response):
    """Whom the list shows."""
    table = response.content.decode().partition("simulated-people")[2]
    return re.findall(r">(S-\d{4})</a>", table)


def test_report_says_what_was_tried_by_whom_and_on_whom(manager, tried, screened, version):
    screened(FAILS_BY_ECOG)
    simulation = tried({"max_ecog": Decimal(2), "lab_max_age": Decimal(14)}, criterion="I03")
    response = manager.get(address(simulation))
    assertContains(response, "A simulation: nothing of this is a verdict and nothing was changed.")
    assertContains(response, "Maximum ECOG performance status: 1")
    assertContains(response, "<strong>14 days</strong>")
    assertContains(response, f"{version.trial.code}, version {version.number}, in force from 2023-09-01")
    assertContains(response, "criterion not met or present: I03")
    assertContains(response, f"by {simulation.created_by.username}")
    assert (
        "1 subject was looked at. For 1 the status would change: 1 from ineligible to eligible."
        " For 1 something in a criterion would change."
    ) in words(response)
    assert "The one who would gain, in the list" in words(response)


def test_criterion_that_is_added_does_not_drown_the_findings_that_change(manager, version, administrator, screened):
    """Hardly anybody changes but in the new criterion, of which nothing is known so far."""
    for case in (FAILS_BY_ECOG, "base-man", "nothing-known", "nothing-known"):
        screened(case)
    data = deepcopy(edition_of(version).data)
    rule = {"compare": ["performance.life_expectancy_months", "<", "$added"]}
    data["criteria"].append({"code": "E90", "category": "exclusion", "statement": "Added", "rule": rule})
    data["parameters"]["added"] = {"title": "added", "value": 1, "unit": "mo"}
    data["parameters"]["max_ecog"]["value"] = 2
    simulation = start_dry_run(draft_of(version, administrator, data), administrator)
    run_simulation(simulation.pk)
    response = manager.get(address(simulation))
    assert (
        "4 subjects were looked at. For 1 the status would change: 1 from ineligible to eligible."
        " For 3 something in a criterion would change."
    ) in words(response)
    assertContains(response, "<strong>1 month</strong>")
    assertNotContains(response, "1 mo<")


def test_enrolled_person_who_was_not_eligible_before_either_is_said_apart(manager, tried, enrolled, coordinator):
    """As when the record went on after enrolment: the change takes nothing away."""
    visit = enrolled.assessment.revision.visit
    part = {"performance": {"ecog": 2, "life_expectancy_months": 6}}
    save_section(visit, "performance", part, visit.latest_revision().number, coordinator, reason="found later")
    response = manager.get(address(tried({"max_ecog": Decimal(2)})))
    assert [each.people for each in response.context["affected"]] == [0, 0]
    assert "Not counted here: 1 who is enrolled or confirmed" in words(response)
    assert response.context["rows"][0].change.effect == "other"


def test_report_of_before_the_held_were_counted_is_shown(manager, waiting):
    counts = empty_counts()
    del counts["held"]
    SimulationReport.objects.create(simulation=waiting, people=0, counts=counts, created_by=waiting.created_by)
    SimulationProgress.objects.update(state="done", total=0)
    response = manager.get(address(waiting))
    assert "0 subjects were looked at." in words(response)
    assertNotContains(response, "Not counted here")


def test_failure_who_would_be_eligible_stands_first_and_leads_to_the_visit(manager, tried, screened):
    assessment = screened(FAILS_BY_ECOG)
    response = manager.get(address(tried({"max_ecog": Decimal(2)})))
    lost, gained = response.context["affected"]
    assert (lost.people, gained.people) == (0, 1)
    assertContains(response, "Perhaps to be screened again")
    visit = reverse("screening:visit", args=[assessment.revision.visit_id])
    assertContains(response, f'<a href="{visit}">S-0001</a>', count=2)
    assert response.context["rows"][0].steps == [("I03", "not met", "met")]


def test_enrolled_person_who_would_not_be_eligible_is_named_with_the_number(manager, tried, enrolled):
    response = manager.get(address(tried({"max_ecog": Decimal(0)})))
    lost, _gained = response.context["affected"]
    assert [row.change.subject.screening_number for row in lost.rows] == ["S-0001"]
    assertContains(response, "E-001")
    assertContains(response, "confirmed eligible")
    assert SubjectStatus.objects.get().decision == "eligible"


def test_findings_are_counted_before_and_after(manager, tried, screened):
    for case in (FAILS_BY_ECOG, FAILS_BY_ECOG, "base-man", "nothing-known"):
        screened(case)
    response = manager.get(address(tried({"max_ecog": Decimal(2)})))
    lines = {line.title: [cell.people for cell in line.cells] for line in response.context["lines"]}
    assert lines == {"eligible": [1, 0, 0], "ineligible": [2, 0, 0], "undetermined": [0, 0, 1]}
    (found,) = response.context["criteria"]
    assert (found.code, found.people, found.steps) == ("I03", 2, [("not met", "met", 2)])


def test_list_is_narrowed_by_effect_and_by_criterion(manager, tried, screened, enrolled):
    screened(FAILS_BY_ECOG)
    screened("base-woman")
    where = address(tried({"max_ecog": Decimal(2), "max_age": Decimal(60)}))
    everybody = names(manager.get(where))
    assert names(manager.get(where, {"effect": "lost"})) == ["S-0001"]
    assert "S-0002" in names(manager.get(where, {"code": "I03"}))
    assert names(manager.get(where, {"code": "I03", "effect": "lost"})) == []
    assert names(manager.get(where, {"code": "E99", "effect": "gold"})) == everybody
    assertContains(manager.get(where, {"code": "I03", "effect": "lost"}), "No subject fits this.")


def test_pages_follow_each_other_and_keep_the_filter(manager, tried, screened, monkeypatch):
    monkeypatch.setattr(engine.queries, "CHANGES_PAGE_SIZE", 1)
    for _each in range(3):
        screened(FAILS_BY_ECOG)
    where = address(tried({"max_ecog": Decimal(2)}))
    first = manager.get(where, {"code": "I03"})
    second = manager.get(where + first.context["next"])
    back = manager.get(where + second.context["previous"])
    assert [names(page) for page in (first, second, back)] == [["S-0001"], ["S-0002"], ["S-0001"]]
    assert "code=I03" in first.context["next"]


@pytest.mark.parametrize("cursor", ["gold", "after~x~y", "after~1~\0", "~~~"])
def test_page_that_nobody_can_read_is_the_first(manager, tried, screened, cursor):
    screened(FAILS_BY_ECOG)
    assert names(manager.get(address(tried({"max_ecog": Decimal(2)})), {"after": cursor})) == ["S-0001"]


def test_record_that_went_on_since_is_marked(manager, tried, screened, coordinator):
    assessment = screened(FAILS_BY_ECOG)
    simulation = tried({"max_ecog": Decimal(2)})
    assertNotContains(manager.get(address(simulation)), "saved since")
    saved_again(assessment.revision.visit, coordinator)
    assertContains(manager.get(address(simulation)), "saved since")


def test_nobody_is_said_where_nothing_would_change(manager, tried, screened):
    screened("base-man")
    response = manager.get(address(tried({"max_ecog": Decimal(3)})))
    assertContains(response, "For no subject anything would change.")
    assertContains(response, "No outcome of any criterion would change.")


def test_report_changes_no_record(manager, tried, screened, signer, in_time):
    signature = sign(screened(FAILS_BY_ECOG), signer, PASSWORD, "failure", primary="I03")
    before = Assessment.objects.get()
    manager.get(address(tried({"max_ecog": Decimal(2)})))
    after = Assessment.objects.get()
    assert (after.overall, after.sheet_sha256) == ("ineligible", before.sheet_sha256)
    assert SubjectStatus.objects.get().signature == signature


def test_who_cannot_be_evaluated_is_counted_and_explained(manager, waiting, screened):
    """As where a new definition file asks other questions, and has a criterion less."""
    revision = screened("base-man").revision
    SimulatedChange.objects.create(
        simulation=waiting,
        subject=revision.visit.subject,
        revision=revision,
        before="eligible",
        after="",
        effect="other",
        codes="|I03|",
        changes={"I03": ["pass", None]},
    )
    counts = empty_counts() | {"unfit": 1, "changed": 1, "criteria": {"I03": {"pass>": 1}}}
    SimulationReport.objects.create(simulation=waiting, people=1, counts=counts, created_by=waiting.created_by)
    SimulationProgress.objects.update(state="done", done=1, total=1)
    response = manager.get(address(waiting))
    assertContains(response, "<strong>1</strong> subject cannot be evaluated and is not in this table")
    assert "1 subject was looked at. 1 subject cannot be evaluated by both versions." in words(response)
    assertContains(response, '<span class="muted">cannot be evaluated</span>')
    assert response.context["rows"][0].steps == [("I03", "met", "no such criterion")]
    assert response.context["criteria"][0].steps == [("met", "no such criterion", 1)]


@pytest.mark.parametrize("people", [1, 7])
def test_report_asks_the_database_the_same_number_of_times_for_any_number_of_people(
    manager, tried, screened, people, django_assert_num_queries
):
    for _each in range(people):
        screened(FAILS_BY_ECOG)
    simulation = tried({"max_ecog": Decimal(2)})
    with django_assert_num_queries(6):
        assert len(names(manager.get(address(simulation)))) == people
