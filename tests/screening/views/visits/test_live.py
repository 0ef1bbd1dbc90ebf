"""The answer while somebody types: what the visit would come to, and the draft that is kept."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from criteria.records.moments import moment_text
from screening.models import Draft, EditCheckQuery, ReferenceRange
from screening.visits.drafts import keep_draft
from screening.visits.save import save_section
from tests.support.factories import ReferenceRangeFactory, UserFactory
from tests.support.reviewed import IN_TIME
from tests.support.section_requests import HTMX, inputs, page_of


def test_panel_tells_what_the_entry_would_change_and_nothing_is_saved(type_in, visit):
    response = type_in("laboratory", labs__0__value="1.4")
    assertContains(response, "Ineligible")
    assertContains(response, '<strong title="Adequate bone marrow', count=2)
    assertContains(response, "Neutrophils 1.4 ×10⁹/L (limit: at least 1.5), 2026-03-08")
    assertContains(response, "Neutrophils: 0.1 ×10⁹/L below the limit")
    assert visit.revisions.count() == 1


def test_what_is_typed_is_kept_as_the_author_s_draft(type_in, visit, coordinator):
    response = type_in("performance", performance__ecog="2", csrfmiddlewaretoken="x", next="1")
    draft = Draft.objects.get()
    assert (draft.visit, draft.section, draft.author, draft.base) == (visit, "performance", coordinator, 1)
    assert QueryDict(draft.data).dict() == {
        "performance-ecog": "2",
        "performance-life_expectancy_months": str(
            visit.latest_revision().document["performance"]["life_expectancy_months"]
        ),
        "performance-date": "",
    }
    assertContains(response, f"Draft kept {moment_text(draft.updated_at)}")


@pytest.mark.parametrize("identifier", ["11010519491231002X", "wife: 138 0013 8000", "li.na@example.com"])
def test_draft_holds_nothing_that_identifies_a_person(type_in, identifier):
    type_in("disease", lesions__0__site=identifier, disease__curable="yes")
    data = QueryDict(Draft.objects.get().data)
    assert ("lesions-0-site" in data, data["disease-curable"]) == (False, "yes")


@pytest.mark.parametrize(("typed", "is_kept"), [("13800138000", True), ("110105194912310021", False)])
def test_draft_keeps_a_result_that_has_as_many_digits_as_a_phone_number(type_in, typed, is_kept):
    type_in("laboratory", labs__0__value=typed)
    assert ("labs-0-value" in QueryDict(Draft.objects.get().data)) is is_kept


def test_what_cannot_be_read_is_said_and_left_out(type_in):
    response = type_in("laboratory", labs__0__value="1,400")
    assertContains(response, "Not readable yet")
    assertContains(response, '<a href="#at-labs-0-value">Neutrophils: Value</a>')
    assertContains(response, "“1,400” is not a number: it may mean 1400, in thousands, or 1.4, with a decimal sign")
    assertContains(response, "Undetermined")


def test_missing_facts_are_ranked_and_linked_to_their_fields(type_in):
    response = type_in("infections", infections__hbsag="", infections__tuberculosis="")
    assertContains(response, '<a href="#at-infections-tuberculosis">Enter: tuberculosis</a>')
    assertContains(response, "settles 1: E19")


def test_failure_for_good_comes_first(type_in):
    response = type_in("history", history__11__status="past")
    assertContains(response, "Cannot become eligible by waiting (E13): nothing more need be collected.")
    content = response.content.decode()
    assert content.index("Cannot become eligible") < content.index("Changed by this entry")


def test_number_whose_unit_changed_is_asked_in_its_row(type_in, visit):
    results = visit.latest_revision().document["labs"]
    at = next(index for index, result in enumerate(results) if result["analyte"] == "haemoglobin")
    response = type_in("laboratory", **{f"labs__{at}__unit": "mmol/L"})
    assertContains(response, f'id="notes-labs-{at}-all" hx-swap-oob="true"')
    assertContains(response, "Which is right?", count=2)


def test_implausible_value_is_asked_back_and_nothing_recorded_while_it_is_typed(type_in):
    response = type_in("vitals", vitals__weight_kg="610")
    assertContains(response, 'id="doubt-vitals-weight_kg" hx-swap-oob="true"')
    assertContains(response, "610 kg is right: confirmed against the source")
    assert not EditCheckQuery.objects.exists()


def test_limit_of_the_laboratory_is_announced_in_its_row(type_in, visit, administrator):
    ReferenceRangeFactory(trial=visit.subject.trial, created_by=administrator, analyte="ast", unit="U/L", uln=41)
    assert ReferenceRange.objects.count() == 1
    results = visit.latest_revision().document["labs"]
    at = next(index for index, result in enumerate(results) if result["analyte"] == "ast")
    assertContains(type_in("laboratory", **{f"labs__{at}__uln": ""}), "upper limit 41 U/L, from the laboratory")


def test_people_who_type_in_the_same_section_hear_of_each_other(type_in, visit):
    other = UserFactory(role="coordinator")
    keep_draft(visit, "performance", other, 1, "performance-ecog=1")
    keep_draft(visit, "vitals", UserFactory(role="coordinator"), 1, "vitals-weight_kg=1")
    assertContains(type_in("performance", performance__ecog="2"), f"{other} is typing in this section too")


def test_section_that_was_saved_meanwhile_is_told(type_in, visit, investigator):
    save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, investigator, "reissued")
    response = type_in("performance", performance__ecog="0")
    assertContains(response, f"saved by somebody else after you opened it: revision 2, {investigator}")


def test_nothing_is_kept_for_somebody_else_than_who_opened_the_page(type_in, coordinator):
    assert type_in("performance", performance__ecog="2", author=str(coordinator.pk)).status_code == 200
    Draft.objects.all().delete()
    assert type_in("performance", performance__ecog="2", author=str(coordinator.pk + 1)).status_code == 401
    assert not Draft.objects.exists()


def test_script_is_told_that_nobody_is_logged_in(type_in):
    response = type_in("performance", who=Client(), performance__ecog="2")
    assert response.status_code == 401
    assert "Location" not in response
    assert not Draft.objects.exists()


@pytest.mark.parametrize("base", ["", "0", "9", "x"])
def test_base_that_does_not_exist_is_not_found(type_in, base):
    assert type_in("performance", base=base).status_code == 404


def test_section_that_does_not_exist_is_not_found(client, visit):
    address = reverse("screening:section-live", args=[visit.pk, "astrology"])
    assert client.post(address, {"base": "1"}, **HTMX).status_code == 404


def test_what_was_typed_is_never_markup(type_in):
    response = type_in("disease", lesions__0__diameter_mm="<script>alert(1)</script>")
    assertNotContains(response, "<script>alert")
    assertContains(response, "&lt;script&gt;alert")


@pytest.mark.parametrize("code", ["laboratory", "history", "therapies"])
def test_answer_asks_the_database_a_constant_number_of_times(client, visit, code, django_assert_num_queries):
    """Who asks (3), the visit (3), the draft (5: a transaction that waits for a save), others' drafts; the ranges."""
    address = reverse("screening:section-live", args=[visit.pk, code])
    data = inputs(visit, code, therapies__0__name="x", history__0__status="past", labs__0__value="9")
    client.post(address, data, **HTMX)
    with django_assert_num_queries(15 if code == "laboratory" else 12):
        client.post(address, data, **HTMX)


def test_page_shows_the_panel_before_anything_is_typed(client, visit):
    response = client.get(page_of(visit, "performance"))
    assertContains(response, "Eligible")
    assertContains(response, "All 42 criteria")
    assertNotContains(response, "Changed by this entry")


def test_draft_holds_the_day_that_was_meant_when_it_was_typed(type_in, in_time):
    type_in("laboratory", labs__0__value="１.４", labs__0__collected="-3", labs__1__collected="03/08/2026")
    data = QueryDict(Draft.objects.get().data)
    found = [data[f"labs-{name}"] for name in ("0-value", "0-collected", "1-collected")]
    assert data.getlist("labs-0-value") == ["1.4"]
    assert found == ["1.4", (IN_TIME - timedelta(days=3)).isoformat(), "03/08/2026"]


def test_what_was_read_is_answered_beside_what_was_typed(type_in):
    response = type_in(
        "laboratory", labs__0__value="＜1.4 ×10⁹/L", labs__0__collected="2026/3/8", labs__1__value="1,200"
    )
    assertContains(response, '<div data-of="labs-0-value" data-typed="＜1.4 ×10⁹/L">')
    assertContains(response, '<data data-name="labs-0-value" value="&lt;1.4"></data>')
    assertContains(response, 'data-of="labs-0-collected" data-typed="2026/3/8"')
    assertNotContains(response, 'data-of="labs-1-value"')
