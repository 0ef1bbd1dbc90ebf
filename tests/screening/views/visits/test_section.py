from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.vocabulary import BadDocument, Fault
from screening.models import Draft, Revision
from screening.views.visits import section_save
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import RevisionFactory
from tests.support.section_requests import inputs, page_of


def test_section_is_saved_as_a_new_revision(client, empty_visit, coordinator):
    response = client.post(
        page_of(empty_visit, "performance"), inputs(empty_visit, "performance", performance__ecog="2")
    )
    assertRedirects(response, page_of(empty_visit, "performance"), fetch_redirect_response=False)
    latest = empty_visit.latest_revision()
    assert (latest.number, latest.section, latest.created_by) == (2, "performance", coordinator)
    assert latest.document == {"visit": {"date": "2026-03-09"}, "performance": {"ecog": 2}}
    assertContains(client.get(response["Location"]), "Performance saved as revision 2")


def test_saving_leads_to_the_next_section_when_asked(client, empty_visit):
    response = client.post(page_of(empty_visit, "visit"), inputs(empty_visit, "visit", next="1"))
    assertRedirects(response, page_of(empty_visit, "laboratory") + "#form")
    response = client.post(page_of(empty_visit, "visit"), inputs(empty_visit, "visit", next="visit"))
    assert response.url == f"/visits/{empty_visit.pk}/#assess"
    response = client.post(page_of(empty_visit, "judgement"), inputs(empty_visit, "judgement", next="1"))
    assertRedirects(response, reverse("screening:visit", args=[empty_visit.pk]) + "#assess")


def test_year_that_was_not_typed_is_told_after_the_save(client, empty_visit, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 3, 9))
    typed = {"consent__date": "3月8日", "consent__time": "1540"}
    response = client.post(page_of(empty_visit, "visit"), inputs(empty_visit, "visit", **typed), follow=True)
    assertContains(response, "Date of consent: “3月8日” was read as 2026-03-08.")
    assert empty_visit.latest_revision().document["consent"] == {"date": "2026-03-08", "time": "15:40"}


@pytest.mark.parametrize(
    "code", ["visit", "laboratory", "disease", "therapies", "adverse_events", "history", "judgement"]
)
def test_nothing_is_saved_when_nothing_changed(client, visit, code):
    response = client.post(page_of(visit, code), inputs(visit, code), follow=True)
    assertContains(response, "nothing changed")
    assert visit.revisions.count() == 1


def test_emptied_record_is_taken_away_and_the_page_of_changes_tells_it(client, empty_visit, coordinator):
    save_section(empty_visit, "disease", {"lesions": [{"site": "liver"}, {"nodal": "no"}]}, 1, coordinator)
    typed = {"lesions__1__nodal": "", "reason": "typed for another person"}
    response = client.post(page_of(empty_visit, "disease"), inputs(empty_visit, "disease", **typed), follow=True)
    assertContains(response, "saved as revision 3")
    assert empty_visit.latest_revision().document["lesions"] == [{"site": "liver"}]
    told = client.get(reverse("screening:revisions", args=[empty_visit.pk]))
    assertContains(told, "Lesion 2: lymph node")


def test_record_that_was_saved_without_an_answer_is_taken_away(client, empty_visit, coordinator):
    save_section(empty_visit, "disease", {"lesions": [{"site": "liver"}, {}]}, 1, coordinator)
    response = client.post(page_of(empty_visit, "disease"), inputs(empty_visit, "disease"), follow=True)
    assertContains(response, "saved as revision 3")
    assert empty_visit.latest_revision().document["lesions"] == [{"site": "liver"}]
    told = client.get(reverse("screening:revisions", args=[empty_visit.pk]))
    assertContains(told, '<th scope="row">Lesion 2</th><td>empty</td>')


def test_every_fault_is_shown_and_nothing_saved(client, empty_visit):
    data = inputs(empty_visit, "vitals", vitals__weight_kg="sixty", vitals__height_cm="-1")
    response = client.post(page_of(empty_visit, "vitals"), data)
    assertContains(response, "“sixty” is not a number", count=3, status_code=422)  # on top, beside it, in the panel
    assertContains(response, "“-1” is out of range", count=3, status_code=422)
    assertContains(response, 'value="sixty"', status_code=422)
    assert empty_visit.revisions.count() == 1


@pytest.mark.parametrize(
    ("text", "looks_like"),
    [
        ("11010519491231002X", "identity number"),
        ("电话13800138000", "a phone number"),
        ("li.na@example.com", "an e-mail address"),
    ],
)
def test_what_identifies_a_person_is_refused_in_text_and_in_the_reason(client, empty_visit, text, looks_like):
    for name in ("lesions__0__site", "reason"):
        data = inputs(empty_visit, "disease", lesions__0__nodal="no", **{name: text})
        response = client.post(page_of(empty_visit, "disease"), data)
        assertContains(response, looks_like, status_code=422)
    assert empty_visit.revisions.count() == 1


def test_fault_of_another_section_is_named_on_top(client, empty_visit, monkeypatch):
    def refuse(*args):
        raise BadDocument([Fault("vitals.weight_kg", "does not fit")])

    monkeypatch.setattr(section_save, "save_section", refuse)
    response = client.post(page_of(empty_visit, "performance"), inputs(empty_visit, "performance"))
    assertContains(response, "<strong>Vital signs: weight</strong>: does not fit", status_code=422)


def test_growing_keeps_what_was_typed_and_saves_nothing(client, empty_visit):
    data = inputs(empty_visit, "disease", lesions__0__site="left lobe", add="lesions")
    response = client.post(page_of(empty_visit, "disease"), data)
    assertContains(response, 'value="left lobe"')
    assertContains(response, 'name="lesions-1-site"')
    assert empty_visit.revisions.count() == 1


@pytest.mark.parametrize("wanted", ["", "lesions", "labs.gold", "nothing", "reviewed"])
def test_growing_something_that_is_not_there_does_no_harm(client, empty_visit, wanted):
    response = client.post(page_of(empty_visit, "laboratory"), inputs(empty_visit, "laboratory", add=wanted))
    assert response.status_code == 200


def test_new_panel_keeps_what_was_typed_as_a_draft_and_saves_nothing(client, empty_visit):
    typed = {"labs__0__value": "4.1", "labs__0__unit": "10*9/L", "labs__DAY": "2026-03-08", "panel": "labs"}
    response = client.post(page_of(empty_visit, "laboratory"), inputs(empty_visit, "laboratory", **typed))
    (row,) = [row for row in response.context["page"].form.all_result_rows[-1:] if row.code == "wbc"]
    assertContains(response, f'name="{row.add_prefix("value")}"')
    assertContains(response, 'value="4.1"')
    assert empty_visit.revisions.count() == 1
    drafted = Draft.objects.get().data
    assert "panel" not in drafted
    assert f"{row.add_prefix('unit')}=10" in drafted


@pytest.mark.parametrize("wanted", ["", "lesions", "nothing"])
def test_new_panel_of_something_that_is_no_grid_does_no_harm(client, empty_visit, wanted):
    response = client.post(page_of(empty_visit, "laboratory"), inputs(empty_visit, "laboratory", panel=wanted))
    assert response.status_code == 200


def unit_shown(client, visit, test):
    rows = client.get(page_of(visit, "laboratory")).context["page"].form.all_result_rows
    return next(row["unit"].value() for row in rows if row.code == test)


def test_unit_of_a_blank_row_is_that_of_the_sites_last_result_and_no_saved_one_changes(client, visit, empty_visit):
    (saved,) = [each for each in visit.latest_revision().document["labs"] if each["analyte"] == "haemoglobin"]
    rows = {
        row.code: row for row in client.get(page_of(empty_visit, "laboratory")).context["page"].form.all_result_rows
    }
    assert rows["haemoglobin"]["unit"].value() == saved["unit"]
    typed = inputs(empty_visit, "laboratory", labs__DAY="2026-03-08", labs__2__value="7.4", labs__2__unit="mmol/L")
    assert client.post(page_of(empty_visit, "laboratory"), typed).status_code == 302
    assert unit_shown(client, visit, "haemoglobin") == saved["unit"]


@pytest.mark.parametrize("base", ["", "0", "9", "x", "9" * 30])
def test_base_that_does_not_exist_is_not_found(client, empty_visit, base):
    data = inputs(empty_visit, "performance")
    data["base"] = base
    assert client.post(page_of(empty_visit, "performance"), data).status_code == 404


def test_section_that_does_not_exist_is_not_found(client, empty_visit):
    assert client.get(page_of(empty_visit, "astrology")).status_code == 404


def test_what_was_typed_is_never_markup(client, empty_visit):
    data = inputs(empty_visit, "disease", lesions__0__site="<script>alert(1)</script>")
    client.post(page_of(empty_visit, "disease"), data)
    for name, args in (("section", ["disease"]), ("revision", [2]), ("revisions", [])):
        response = client.get(reverse(f"screening:{name}", args=[empty_visit.pk, *args]))
        assertNotContains(response, "<script>alert")
        assertContains(response, "&lt;script&gt;alert")


def test_other_trial_is_served_by_the_same_pages(client, other_trial, coordinator):
    visit = open_visit(register_subject(other_trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    data = inputs(
        visit,
        "pressure",
        measurements__0__arm="left",
        measurements__0__systolic="190",
        measurements__reviewed="on",
        diary__value="yes",
    )
    assertContains(client.get(page_of(visit, "pressure")), "Measured sitting, cuff &lt; 40 cm &amp; at rest.")
    client.post(page_of(visit, "pressure"), data)
    document = visit.latest_revision().document
    assert document["measurements"] == [{"arm": "left", "systolic": 190}]
    assert (document["diary"], document["reviewed"]) == ("yes", ["measurements"])
    response = client.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": 2}, follow=True)
    assertContains(response, "ineligible")
    assertContains(response, "Severe hypertension")


def test_page_is_shown_though_what_was_saved_no_longer_fits_the_protocol(client, empty_visit, coordinator):
    document = {"visit": {"date": "2026-03-09"}, "vitals": {"weight_kg": -1, "aura": "blue"}, "stars": "bad"}
    RevisionFactory(visit=empty_visit, number=2, document=document)
    response = client.get(page_of(empty_visit, "vitals"))
    assertContains(response, "Not readable yet, so left out")
    assertContains(response, '<a href="#at-vitals-weight_kg">Vital signs: Weight</a>')


@pytest.mark.parametrize("code", ["laboratory", "history", "therapies"])
def test_section_page_asks_the_database_a_constant_number_of_times(client, visit, code, django_assert_num_queries):
    """Who asks (3), the visit (3), the draft, those of others; for the laboratory its ranges and its last units."""
    client.get(page_of(visit, code))  # the first view of the day is put on record
    with django_assert_num_queries(11 if code == "laboratory" else 8):
        client.get(page_of(visit, code))
    assert Revision.objects.count() == 1
