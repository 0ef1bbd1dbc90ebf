from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.eligibility.assess import assess
from screening.models import Confirmation, ConsentFormVersion, EditCheckQuery, SubjectStatus
from screening.visits.consent import add_consent_form_version
from screening.visits.save import open_visit, register_subject
from tests.support.answered import answered
from tests.support.section_requests import HTMX, inputs

PAGE = reverse("screening:consent-forms")
TYPED = {"version": "2.0", "approved_on": "2026-01-01", "valid_from": "2026-01-15", "note": ""}


def section_of(visit) -> str:
    return reverse("screening:section", args=[visit.pk, "visit"])


def record(trial, administrator):
    today = timezone.localdate()
    for version, days in (("1.0", 1000), ("2.0", 1)):
        first = today - timedelta(days)
        add_consent_form_version(trial, administrator, version=version, approved_on=first, valid_from=first)


@pytest.fixture
def recorded(trial, administrator):
    """Version 1.0 of long ago, and 2.0 from yesterday on."""
    record(trial, administrator)


@pytest.fixture
def consented(trial, coordinator, cases):
    """Opens the visit of somebody who consented by a version, on a day before 2.0; what is asked is answered."""

    def visit(version: str, **parts):
        document = cases["base-man"]["document"]
        consent = document["consent"] | {"version": version, "obtained_by": "sub-investigator", "time": "09:30"}
        return answered(
            open_visit, register_subject(trial, coordinator), coordinator, document | {"consent": consent} | parts
        )

    return visit


def test_administrator_records_a_version_and_corrects_it(as_role, trial):
    manager = as_role("administrator")
    assertContains(manager.get(PAGE), "None is recorded")
    assertRedirects(manager.post(PAGE, TYPED), f"{PAGE}?trial={trial.code}")
    response = manager.post(PAGE, TYPED | {"valid_from": "2026-01-20"})
    assertContains(response, "this version was recorded before: say why", status_code=422)
    assertContains(response, 'value="2026-01-20"', status_code=422)
    manager.post(PAGE, TYPED | {"valid_from": "2026-01-20", "note": "letter of the committee"})
    response = manager.get(PAGE)
    assert [(text.row.valid_from.isoformat(), text.state) for text in response.context["texts"]] == [
        ("2026-01-20", "current"),
        ("2026-01-15", "corrected"),
    ]


@pytest.mark.parametrize("name", ["version", "approved_on", "valid_from"])
def test_nothing_is_recorded_when_something_is_missing_or_no_date(as_role, trial, name):
    for value in ("", "31.13.2026"):
        if name == "version" and value:
            continue
        response = as_role("administrator").post(PAGE, TYPED | {name: value})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [name]
    assert not ConsentFormVersion.objects.exists()


@pytest.mark.parametrize("role", ["coordinator", "investigator", "monitor"])
def test_others_read_the_versions_and_record_none(as_role, recorded, role):
    client = as_role(role)
    response = client.get(PAGE)
    assertContains(response, "The administrator records them.")
    assertNotContains(response, "Record a version")
    assert client.post(PAGE, TYPED).status_code == 403
    assert ConsentFormVersion.objects.count() == 2


def test_wrong_version_is_asked_at_the_visit_the_review_and_in_its_section(
    client, reviewer, trial, administrator, coordinator, consented
):
    """The version was approved after the consent had been saved: the check is open until somebody answers it."""
    visit = consented("1.1")
    record(trial, administrator)
    assessment = assess(visit.latest_revision(), coordinator)
    asked = "This is none of the approved versions of the consent form: 1.0, 2.0."
    response = client.get(reverse("screening:visit", args=[visit.pk]))
    assertContains(response, asked)
    assertContains(response, f'{section_of(visit)}#at-consent-version"')
    (check,) = response.context["checks"]
    assert (check.check.code, check.confirmation) == ("consent", None)
    response = client.get(section_of(visit))
    assertContains(response, asked)
    assertContains(response, '<option value="2.0">')
    assertContains(response, 'list="consent-versions"', count=2)  # at the consent and at a blank re-consent
    review = reviewer.get(reverse("screening:review", args=[assessment.pk]))
    assert [(each.title, each.code) for each in review.context["notices"] if asked in each.words] == [
        ("Consent form version", "I01")
    ]
    texts = [getattr(each, "text", each) for group in review.context["groups"] for each in group.verdicts]
    assert {text.verdict.code for text in texts if text.checks} == {"I01"}
    answer = {"key": check.check.key, "reason": "A translation of 1.0."}
    client.post(reverse("screening:visit-answer-check", args=[visit.pk]), answer)
    assertContains(client.get(reverse("screening:visit", args=[visit.pk])), "<q>A translation of 1.0.</q>")
    assertNotContains(client.get(section_of(visit)), asked)


def test_wrong_version_is_asked_while_it_is_typed_and_no_longer_when_it_fits(client, recorded, consented):
    visit = consented("1.0")
    live = reverse("screening:section-live", args=[visit.pk, "visit"])
    data = inputs(visit, "visit", consent__version="2.0") | {"base": "1"}
    assertContains(client.post(live, data, **HTMX), "the consent is older", count=3)  # in the panel, at both answers
    data = inputs(visit, "visit") | {"base": "1"}
    assertNotContains(client.post(live, data, **HTMX), "the consent is older")


def test_wrong_version_is_not_saved_without_a_reason_and_kept_with_one(client, recorded, consented):
    visit = consented("1.0")
    data = inputs(visit, "visit", consent__version="1.1", reason="typed wrong", cause="other")
    response = client.post(section_of(visit), data)
    (asked,) = response.context["page"].asked_checks
    assertContains(response, "none of the approved versions of the consent form: 1.0, 2.0", status_code=422)
    assert (visit.revisions.count(), EditCheckQuery.objects.get().code) == (1, "consent")
    client.post(section_of(visit), data | {f"why-{asked.check.key}": "A translation of 1.0."})
    assert visit.latest_revision().document["consent"]["version"] == "1.1"
    answer = Confirmation.objects.get()
    assert (answer.code, answer.path, answer.reason) == ("consent", "consent.version", "A translation of 1.0.")
    again = inputs(visit, "visit", consent__obtained_by="investigator", reason="typed wrong", cause="other")
    assert client.post(section_of(visit), again).status_code == 302
    other = inputs(visit, "visit", consent__version="1.2", reason="typed wrong", cause="other")
    assert client.post(section_of(visit), other).status_code == 422


def test_version_that_a_newer_one_had_replaced_is_asked_of_a_reconsent(client, recorded, consented):
    visit = consented("1.0")
    today = timezone.localdate().isoformat()
    typed = {"reconsents__0__version": "1.0", "reconsents__0__date": today}
    response = client.post(section_of(visit), inputs(visit, "visit", **typed))
    assertContains(response, "Version 2.0 of the consent form was in use by then", status_code=422)
    (asked,) = response.context["page"].asked_checks
    assert [anchor for anchor, _label in asked.places] == ["at-reconsents-0-version", "at-reconsents-0-date"]


def test_other_sections_neither_ask_nor_read_the_versions(client, recorded, consented, django_assert_num_queries):
    visit = consented("1.1")
    client.get(reverse("screening:section", args=[visit.pk, "therapies"]))
    client.get(reverse("screening:section", args=[visit.pk, "therapies"]))  # the first view of the day is put on record
    with django_assert_num_queries(8):
        client.get(reverse("screening:section", args=[visit.pk, "therapies"]))
    with django_assert_num_queries(10):  # as any other, the versions, what was answered
        client.get(section_of(visit))


def test_newer_version_is_marked_on_the_work_list_the_visit_and_the_review(client, recorded, consented, coordinator):
    visit = consented("1.0")
    assessment = assess(visit.latest_revision(), coordinator)
    mark = "re-consent due: newer consent form"
    assertContains(client.get(reverse("screening:subjects")), mark, count=1)
    for page in (reverse("screening:visit", args=[visit.pk]), reverse("screening:review", args=[assessment.pk])):
        assertContains(client.get(page), "Re-consent due")
    consented("1.0", reconsents=[{"version": "2.0", "date": timezone.localdate().isoformat()}])
    assertContains(client.get(reverse("screening:subjects")), mark, count=1)


def test_work_list_asks_for_the_versions_once(client, recorded, consented, django_assert_max_num_queries):
    consented("1.0")
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("screening:subjects"))
    for _index in range(3):
        consented("1.0")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("screening:subjects"))


def test_consents_stand_in_the_log(client, recorded, consented):
    consented("1.0", reconsents=[{"version": "2.0", "date": "2026-04-02", "obtained_by": "LN", "time": "10:00"}])
    row = SubjectStatus.objects.get()
    assert (row.consent_date, row.consent_version) == ("2026-03-05", "1.0")
    assert (row.reconsent_date, row.reconsent_version) == ("2026-04-02", "2.0")
    response = client.get(reverse("screening:log"))
    for text in ("form 1.0", "re-consent 2026-04-02"):
        assertContains(response, text)
    assertNotContains(response, "sub-investigator")
