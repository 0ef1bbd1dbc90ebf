"""Checks between answers on every way in that a browser has: live, on saving, on opening a visit, and afterwards."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from criteria.evaluation.checks import CheckContext
from criteria.models import ProtocolVersion
from criteria.records import canonical
from criteria.versions.versions import protocol_of
from screening.crf import SectionForm
from screening.eligibility.assess import assess
from screening.models import Assessment, Confirmation, EditCheckQuery, Refusal, Visit
from screening.visits.edit_checks import answer_check, edit_check_states
from screening.visits.save import open_visit, register_subject, save_section
from tests.conftest import ROOT
from tests.support.answered import answered
from tests.support.section_requests import HTMX, inputs, page_of
from tests.support.submission import submitted

TODAY = date(2026, 11, 30)
CASES = [canonical.parse(row) for row in (ROOT / "tests/data/checks.jsonl").read_text(encoding="utf-8").splitlines()]
CONTRADICTION = {"infections__hbsag": "positive", "infections__hbv_antiviral": "no", "cause": "source"}


@pytest.fixture
def full(trial, coordinator, cases, in_time):
    return open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])


def section_of(vocabulary, path):
    key = path.partition(".")[0].partition("[")[0]
    return next(section for section in vocabulary.sections if key in section.keys)


def asked_at(response):
    return {each.check.code: each.check for each in response.context["page"].asked_checks}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case_is_asked_in_the_panel_and_on_saving(client, trial, coordinator, on, version, case):
    """The section of one of its answers is typed, all others are saved."""
    on(TODAY)
    document = case["document"]
    protocol = protocol_of(version)
    raised = protocol.raised_checks(document, CheckContext(TODAY))
    paths = [path for check in raised if check.code in case["checks"] for path in check.paths]
    vocabulary = protocol.vocabulary
    sections = dict.fromkeys(section_of(vocabulary, path).code for path in paths) or {"infections": None}
    code = next((name for name in sections if name != "visit"), None)
    if code is None:  # only the visit's own section: as it is opened
        subject = register_subject(trial, coordinator)
        assert answered(open_visit, subject, coordinator, document).pk
        assert set(Confirmation.objects.values_list("code", flat=True)) >= set(case["checks"])
        return
    section = vocabulary.section(code)
    rest = {key: part for key, part in document.items() if key not in section.keys}
    visit = answered(open_visit, register_subject(trial, coordinator), coordinator, rest)
    data = dict(submitted(SectionForm(section, document)).lists()) | {"base": "1"}
    live = client.post(f"{page_of(visit, code)}live/", data, **HTMX).content.decode()
    response = client.post(page_of(visit, code), data)
    found = asked_at(response) if response.status_code == 422 else {}
    assert bool(found) == bool(case["checks"])
    assert set(case["checks"]) <= {*found, *Confirmation.objects.values_list("code", flat=True)}
    assert not found.keys() & set(case["not"])
    for check in found.values():
        assert check.message in unescape(live)
    if not found:
        assertRedirects(response, page_of(visit, code), fetch_redirect_response=False)


def test_contradiction_is_not_saved_without_a_reason_and_kept_with_one(client, full):
    page, data = page_of(full, "infections"), inputs(full, "infections", **CONTRADICTION)
    response = client.post(page, data)
    check = asked_at(response)["C17"]
    assert (response.status_code, full.revisions.count(), Confirmation.objects.count()) == (422, 1, 0)
    assert EditCheckQuery.objects.get().code == "C17"
    assertContains(response, "<strong>Check C17:</strong>", count=2, status_code=422)  # beside both answers
    typed = client.post(page, data | {f"why-{check.key}": "id 11010519491231002X"})
    assertContains(
        typed, 'value="id 11010519491231002X" maxlength="2000" autocomplete="off" aria-invalid="true"', status_code=422
    )
    client.post(page, data | {f"why-{check.key}": "Declined so far."})
    assert full.revisions.count() == 2
    answer = Confirmation.objects.get()
    assert (answer.code, answer.reason, answer.message) == ("C17", "Declined so far.", check.text)
    assertContains(client.get(reverse("screening:visit", args=[full.pk])), "<q>Declined so far.</q>")
    assert client.post(page, inputs(full, "infections", performance__ecog="0")).status_code == 302


def test_check_that_arose_afterwards_is_answered_on_the_page_of_the_visit(client, trial, coordinator, on):
    on(date(2026, 3, 9))
    therapies = [{"kind": "systemic", "end_date": "2026-03-09"}]
    visit = open_visit(
        register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}, "therapies": therapies}
    )
    on(date(2026, 3, 10))
    page = reverse("screening:visit", args=[visit.pk])
    (asked,) = client.get(page).context["checks"]
    address = reverse("screening:visit-answer-check", args=[visit.pk])
    refused = client.post(address, {"key": asked.check.key, "reason": " "})
    assertContains(refused, "say why it is right all the same", status_code=422)
    assert not Confirmation.objects.exists()
    assertRedirects(client.post(address, {"key": asked.check.key, "reason": "The ward will tell."}), f"{page}#checks")
    assertContains(client.get(page), "<q>The ward will tell.</q>")
    client.post(address, {"key": asked.check.key, "reason": "Once more."})
    assert Confirmation.objects.get().reason == "The ward will tell."


def test_visit_that_is_dated_ahead_is_asked_back_prepared_and_not_assessed(client, trial, coordinator, in_time):
    subject = register_subject(trial, coordinator)
    page = reverse("screening:visit-new", args=[subject.pk])
    response = client.post(page, {"visit-date": "2026-03-17"})
    (asked,) = response.context["asked_checks"]
    assertContains(response, "lies in the future (today is 2026-03-16); is it right?", status_code=422)
    assertContains(response, 'value="2026-03-17"', status_code=422)
    assert not Visit.objects.exists()
    client.post(page, {"visit-date": "2026-03-17", f"why-{asked.check.key}": "Appointment of tomorrow."})
    visit = Visit.objects.get()
    assert Confirmation.objects.get().reason == "Appointment of tomorrow."
    assess = reverse("screening:visit-assess", args=[visit.pk])
    answer = client.post(assess, {"revision": "1"}, follow=True)
    assertContains(answer, "visit is dated 2026-03-17, which has not come")
    assert (Assessment.objects.count(), Refusal.objects.latest("pk").visit) == (0, visit)


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("laboratory", {"labs__0__collected": "2026-03-17"}),
        ("visit", {"consent__date": "2026-03-17"}),
        ("performance", {"performance__date": "2026-03-17"}),
        ("history", {"history__0__status": "past", "history__0__date": "2026-04"}),
    ],
)
def test_day_of_what_has_happened_may_not_lie_ahead_and_what_was_typed_is_kept(client, full, code, typed):
    page, data = page_of(full, code), inputs(full, code, cause="source", **typed)
    (_name, day), *_rest = [(name, value) for name, value in typed.items() if value.startswith("2026")]
    response = client.post(page, data)
    assertContains(response, f"“{day}” lies in the future; today is 2026-03-16", status_code=422)
    assertContains(response, f'value="{day}"', status_code=422)
    assert full.revisions.count() == 1
    assertContains(client.post(f"{page}live/", data, **HTMX), "lies in the future")


def test_server_s_day_in_the_site_s_zone_counts(client, full, on):
    page, typed = page_of(full, "performance"), inputs(full, "performance", performance__date="2026-03-16")
    on(date(2026, 3, 15))
    assert client.post(page, typed).status_code == 422
    on(date(2026, 3, 16))
    client.post(page, typed)
    assert full.latest_revision().document["performance"]["date"] == "2026-03-16"


def test_check_stands_beside_the_outcomes_that_it_touches(reviewer, full, coordinator, trial):
    part = full.latest_revision().document["infections"] | {"hbsag": "positive", "hbv_antiviral": "no"}
    answered(save_section, full, "infections", {"infections": part}, 1, coordinator, "from the source")
    assessment = assess(full.latest_revision(), coordinator)
    for name in ("assessment", "review"):
        response = reviewer.get(reverse(f"screening:{name}", args=[assessment.pk]))
        groups = response.context["groups"]
        texts = [getattr(each, "text", each) for group in groups for each in group.verdicts]
        marked = {text.verdict.code for text in texts if text.checks}
        assert marked == {"E20"}


ENDOCRINE = {
    "max_grade": 2,
    "current_grade": 0,
    "during_pd1": "yes",
    "immune_related": "yes",
    "organ_system": "endocrine",
}


@pytest.fixture
def unasked(trial, coordinator, cases, in_time):
    """A visit of which the autoimmune disease was not asked yet, and everything else was."""
    document = cases["base-man"]["document"]
    rest = [entry for entry in document["history"] if entry["condition"] != "autoimmune_disease"]
    return open_visit(register_subject(trial, coordinator), coordinator, document | {"history": rest})


def test_save_does_not_wait_for_a_question_of_another_section_and_the_check_stays_open(
    reviewer, client, unasked, in_time
):
    part = {"adverse_events": [ENDOCRINE], "reviewed": ["adverse_events"]}
    author = unasked.created_by
    saved = save_section(unasked, "adverse_events", part, 1, author, reason="from the source")
    assert (saved.number, Confirmation.objects.count()) == (2, 0)
    page = client.get(reverse("screening:visit", args=[unasked.pk]))
    assert [(each.check.code, each.confirmation) for each in page.context["checks"]] == [("C04", None)]
    assertContains(
        page, f'<a href="{page_of(unasked, "history")}#at-history-autoimmune_disease">Autoimmune disease</a>'
    )
    assessment = assess(unasked.latest_revision(), author)
    assertContains(reviewer.get(reverse("screening:review", args=[assessment.pk])), "Check C04")


def test_check_is_asked_back_in_the_section_of_the_question_that_nobody_answered(client, unasked):
    part = {"adverse_events": [ENDOCRINE], "reviewed": ["adverse_events"]}
    save_section(unasked, "adverse_events", part, 1, unasked.created_by, reason="from the source")
    page = page_of(unasked, "history")
    other = inputs(unasked, "history", history__0__status="past", cause="source")
    refused = client.post(page, other)
    assert list(asked_at(refused)) == ["C04"]
    event = "at-adverse_events-0-organ_system"
    assertContains(refused, f'<a href="{page_of(unasked, "adverse_events")}#{event}">', status_code=422)
    (check,) = asked_at(refused).values()
    client.post(page, other | {f"why-{check.key}": "To be asked tomorrow."})
    assert Confirmation.objects.get().reason == "To be asked tomorrow."


def test_check_kept_with_a_reason_is_shown_at_the_review(reviewer, unasked):
    part = {"adverse_events": [ENDOCRINE], "reviewed": ["adverse_events"]}
    save_section(unasked, "adverse_events", part, 1, unasked.created_by, reason="from the source")
    (state,) = edit_check_states(protocol_of(ProtocolVersion.objects.get()), unasked.latest_revision())
    answer_check(unasked, state.check.key, "The subject does not know.", unasked.created_by)
    page = reviewer.get(reverse("screening:review", args=[assess(unasked.latest_revision(), unasked.created_by).pk]))
    assertContains(page, "The subject does not know.")
    look = page.content.decode().partition('id="look"')[2].partition("</section>")[0]
    assert "Check C04" in look
    assert "The subject does not know." in look
