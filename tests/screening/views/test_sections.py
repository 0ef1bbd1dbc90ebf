import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault
from screening.drafts import keep_draft
from screening.forms import SectionForm
from screening.in_force import version_for
from screening.models import Confirmation, Draft, Prompt, Revision
from screening.revise import open_visit, register_subject, save_section
from screening.views import saving
from tests.factories import ReferenceRangeFactory, RevisionFactory, UserFactory
from tests.screening.submission import submitted


def page_of(visit, code):
    return reverse("screening:section", args=[visit.pk, code])


def vocabulary_of(visit):
    return protocol_of(version_for(visit.subject.trial, visit.latest_revision().document)).vocabulary


def inputs(visit, code, **typed):
    """What a browser sends from the section's page, as the visit stands now."""
    revision = visit.latest_revision()
    data = submitted(SectionForm(vocabulary_of(visit).section(code), revision.document), **typed)
    return dict(data.lists()) | {"base": str(revision.number)}


@pytest.fixture
def empty_visit(trial, coordinator):
    return open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})


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
    response = client.post(page_of(empty_visit, "judgement"), inputs(empty_visit, "judgement", next="1"))
    assertRedirects(response, reverse("screening:visit", args=[empty_visit.pk]))


@pytest.mark.parametrize(
    "code", ["visit", "laboratory", "disease", "therapies", "adverse_events", "history", "judgement"]
)
def test_nothing_is_saved_when_nothing_changed(client, visit, code):
    response = client.post(page_of(visit, code), inputs(visit, code), follow=True)
    assertContains(response, "nothing changed")
    assert visit.revisions.count() == 1


def test_every_fault_is_shown_and_nothing_saved(client, empty_visit):
    data = inputs(empty_visit, "vitals", vitals__weight_kg="sixty", vitals__height_cm="-1")
    response = client.post(page_of(empty_visit, "vitals"), data)
    assertContains(response, "“sixty” is not a number", count=3, status_code=422)  # on top, beside it, in the panel
    assertContains(response, "“-1” is out of range", count=3, status_code=422)
    assertContains(response, 'value="sixty"', status_code=422)
    assert empty_visit.revisions.count() == 1


def test_identity_number_is_refused_in_text_and_in_the_reason(client, empty_visit):
    for name in ("lesions__0__site", "reason"):
        data = inputs(empty_visit, "disease", lesions__0__nodal="no", **{name: "11010519491231002X"})
        response = client.post(page_of(empty_visit, "disease"), data)
        assertContains(response, "identity number", status_code=422)
    assert empty_visit.revisions.count() == 1


def test_fault_of_another_section_is_named_on_top(client, empty_visit, monkeypatch):
    def refuse(*args):
        raise BadDocument([Fault("vitals.weight_kg", "does not fit")])

    monkeypatch.setattr(saving, "save_section", refuse)
    response = client.post(page_of(empty_visit, "performance"), inputs(empty_visit, "performance"))
    assertContains(response, "<strong>Vital signs: weight</strong>: does not fit", status_code=422)


def test_reason_is_asked_when_something_saved_before_changes(client, visit):
    response = client.post(page_of(visit, "performance"), inputs(visit, "performance", performance__ecog="2"))
    assertContains(response, "A reason is needed", status_code=422)
    assertContains(response, "Performance status: ECOG performance status", status_code=422)
    assert visit.revisions.count() == 1
    data = inputs(visit, "performance", performance__ecog="2", cause="transcription", reason="2 was read as 1")
    client.post(page_of(visit, "performance"), data)
    assert visit.latest_revision().reason == "transcription error: 2 was read as 1"


def test_other_reason_must_be_said(client, visit):
    data = inputs(visit, "performance", performance__ecog="2", cause="other")
    response = client.post(page_of(visit, "performance"), data)
    assertContains(response, "Say which other reason.", status_code=422)
    assert visit.revisions.count() == 1


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


# Two people in one section


@pytest.fixture
def overtaken(empty_visit, investigator):
    """A form of the coordinator's, and what somebody else saved in that section meanwhile."""
    data = inputs(empty_visit, "performance", performance__ecog="2")
    save_section(empty_visit, "performance", {"performance": {"ecog": 1, "life_expectancy_months": 5}}, 1, investigator)
    return data


def choices_in(response):
    return list(dict.fromkeys(re.findall(r'name="(choice-[0-9a-f]+)"', response.content.decode())))


def test_stale_form_is_refused_with_both_versions_field_by_field(client, empty_visit, overtaken, investigator):
    response = client.post(page_of(empty_visit, "performance"), overtaken)
    assertContains(response, "Somebody saved this section while you were typing", status_code=409)
    assertContains(response, f"Revision 2 was saved by {investigator}", status_code=409)
    assertContains(response, 'name="base" value="2"', status_code=409)
    assertContains(response, 'name="ancestor" value="1"', status_code=409)
    assertContains(response, "1 difference that only one of you made", status_code=409)
    assert len(choices_in(response)) == 2
    assert empty_visit.revisions.count() == 2
    assert Draft.objects.get().base == 1


def test_both_versions_are_put_together_as_chosen(client, empty_visit, overtaken):
    ecog, months = choices_in(client.post(page_of(empty_visit, "performance"), overtaken))
    again = overtaken | {"base": "2", "ancestor": "1", ecog: "mine", months: "theirs", "reason": "seen again"}
    client.post(page_of(empty_visit, "performance"), again)
    assert empty_visit.latest_revision().document["performance"] == {"ecog": 2, "life_expectancy_months": 5}
    assert not Draft.objects.exists()


def test_choice_that_was_not_made_is_asked_again(client, empty_visit, overtaken):
    _ecog, months = choices_in(client.post(page_of(empty_visit, "performance"), overtaken))
    again = overtaken | {"base": "2", "ancestor": "1", months: "mine", "reason": "seen again"}
    response = client.post(page_of(empty_visit, "performance"), again)
    assertContains(response, f'value="mine" id="{months}-mine" aria-describedby="{months}" checked', status_code=409)
    assert empty_visit.revisions.count() == 2


def test_third_save_in_between_is_shown_too(client, empty_visit, overtaken, investigator):
    ecog, months = choices_in(client.post(page_of(empty_visit, "performance"), overtaken))
    save_section(empty_visit, "performance", {"performance": {"ecog": 0}}, 2, investigator, "once more")
    again = overtaken | {"base": "2", "ancestor": "1", ecog: "mine", months: "theirs", "reason": "seen again"}
    response = client.post(page_of(empty_visit, "performance"), again)
    assertContains(response, 'name="base" value="3"', status_code=409)
    assertContains(response, 'name="ancestor" value="1"', status_code=409)
    assert empty_visit.revisions.count() == 3


def test_form_is_not_stale_when_only_another_section_was_saved(client, empty_visit, investigator):
    data = inputs(empty_visit, "performance", performance__ecog="1")
    save_section(empty_visit, "vitals", {"vitals": {"height_cm": 170}}, 1, investigator)
    client.post(page_of(empty_visit, "performance"), data)
    assert empty_visit.latest_revision().document.keys() == {"visit", "vitals", "performance"}


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


# What is asked before anything is saved


def test_number_is_not_saved_while_it_is_not_clear_in_which_unit_it_is(client, visit):
    at = index_of(visit, "haemoglobin")
    data = inputs(visit, "laboratory", reason="wrong unit", **{f"labs__{at}__unit": "g/dL", "labs__0__value": "many"})
    response = client.post(page_of(visit, "laboratory"), data)
    assertContains(response, f'<a href="#notes-labs-{at}-all">Haemoglobin</a>', status_code=422)
    assertContains(response, "“many” is not a number", status_code=422)
    assert visit.revisions.count() == 1
    (converted,) = re.findall(r'value="(convert [^"]+)"', response.content.decode())
    data = inputs(visit, "laboratory", reason="wrong unit", **{f"labs__{at}__unit": "g/dL"})
    client.post(page_of(visit, "laboratory"), data | {f"labs-{at}-UNIT_ANSWER": converted})
    result = visit.latest_revision().document["labs"][at]
    assert (str(result["value"]), result["unit"]) == ("11.8", "g/dL")


def index_of(visit, analyte):
    results = visit.latest_revision().document["labs"]
    return next(index for index, result in enumerate(results) if result["analyte"] == analyte)


def test_implausible_value_is_saved_only_once_it_is_confirmed(client, empty_visit, coordinator):
    data = inputs(empty_visit, "vitals", vitals__weight_kg="610")
    response = client.post(page_of(empty_visit, "vitals"), data)
    assertContains(response, '<a href="#at-vitals-weight_kg">610 kg</a>', status_code=422)
    assert empty_visit.revisions.count() == 1
    prompt = Prompt.objects.get()
    assert (prompt.visit, prompt.section, prompt.created_by) == (empty_visit, "vitals", coordinator)
    client.post(page_of(empty_visit, "vitals"), data | {"confirm": prompt.key})
    assert empty_visit.latest_revision().document["vitals"] == {"weight_kg": 610}
    assert Confirmation.objects.get().key == prompt.key
    assertNotContains(client.get(page_of(empty_visit, "vitals")), "610 kg is right")


def test_implausible_value_is_asked_back_while_two_versions_are_put_together(client, empty_visit, investigator):
    data = inputs(empty_visit, "vitals", vitals__weight_kg="610")
    save_section(empty_visit, "vitals", {"vitals": {"weight_kg": 61}}, 1, investigator)
    (choice,) = choices_in(client.post(page_of(empty_visit, "vitals"), data))
    again = data | {"base": "2", "ancestor": "1", "reason": "scales", choice: "mine"}
    response = client.post(page_of(empty_visit, "vitals"), again)
    assertContains(response, "possible but implausible", status_code=422)
    assertContains(response, f'value="mine" id="{choice}-mine" aria-describedby="{choice}" checked', status_code=422)
    client.post(page_of(empty_visit, "vitals"), again | {"confirm": Prompt.objects.get().key})
    assert empty_visit.latest_revision().document["vitals"] == {"weight_kg": 610}


def test_upper_limit_is_filled_in_and_told(client, empty_visit, administrator):
    ReferenceRangeFactory(trial=empty_visit.subject.trial, created_by=administrator, analyte="ast", unit="U/L", uln=41)
    rows = SectionForm(vocabulary_of(empty_visit).section("laboratory"), {}).parts[0].rows
    at = next(index for index, row in enumerate(rows) if row.code == "ast")
    data = inputs(
        empty_visit, "laboratory", labs__DAY="2026-03-08", **{f"labs__{at}__value": "31", f"labs__{at}__unit": "U/L"}
    )
    response = client.post(page_of(empty_visit, "laboratory"), data, follow=True)
    assertContains(response, "Upper limits taken from the laboratory&#x27;s ranges: AST 41.")
    result = {"analyte": "ast", "value": 31, "unit": "U/L", "collected": "2026-03-08", "uln": 41}
    assert empty_visit.latest_revision().document["labs"] == [result]


# Drafts


def test_draft_is_shown_in_the_form_and_can_be_discarded(client, visit, coordinator):
    keep_draft(visit, "performance", coordinator, 1, "performance-ecog=2&performance-life_expectancy_months=soon")
    response = client.get(page_of(visit, "performance"))
    assertContains(response, "not saved.")
    assertContains(response, 'value="soon"')
    assertContains(response, "Changed by this entry")
    response = client.post(page_of(visit, "performance"), {"discard": "1"}, follow=True)
    assertContains(response, "The draft was discarded")
    assertNotContains(response, 'value="soon"')
    assert not Draft.objects.exists()


def test_draft_of_somebody_else_is_named_and_not_shown(client, visit):
    other = UserFactory(role="coordinator")
    keep_draft(visit, "performance", other, 1, "performance-life_expectancy_months=99")
    response = client.get(page_of(visit, "performance"))
    assertContains(response, f"{other} is typing in this section too")
    assertNotContains(response, 'value="99"')


def test_draft_on_an_older_revision_is_merged_like_any_stale_form(client, visit, coordinator, investigator):
    keep_draft(visit, "performance", coordinator, 1, "performance-ecog=2&performance-life_expectancy_months=6")
    save_section(visit, "performance", {"performance": {"ecog": 0}}, 1, investigator, "corrected")
    response = client.get(page_of(visit, "performance"))
    assertContains(response, 'name="base" value="1"')
    assertContains(response, "saved by somebody else after you opened it")


def test_refused_form_is_kept_as_a_draft_also_without_scripts(client, visit):
    client.post(page_of(visit, "performance"), inputs(visit, "performance", performance__ecog="9"))
    assert "performance-ecog=9" in Draft.objects.get().data
    client.post(page_of(visit, "disease"), inputs(visit, "disease", lesions__0__site="left lobe", add="lesions"))
    assert Draft.objects.filter(section="disease").exists()


def test_save_ends_the_draft(client, empty_visit, coordinator):
    keep_draft(empty_visit, "performance", coordinator, 1, "performance-ecog=2")
    client.post(page_of(empty_visit, "performance"), inputs(empty_visit, "performance", performance__ecog="2"))
    assert not Draft.objects.exists()


def test_nobody_saves_what_somebody_else_typed_without_being_told(client, empty_visit, coordinator):
    """A session that ended, and a colleague who logged in to the same browser."""
    data = inputs(empty_visit, "performance", performance__ecog="2") | {"author": str(coordinator.pk + 1)}
    response = client.post(page_of(empty_visit, "performance"), data)
    assertContains(response, "somebody else typed this", status_code=422)
    assertContains(response, f'name="author" value="{coordinator.pk}"', status_code=422)
    assert empty_visit.revisions.count() == 1
    assert not Draft.objects.exists()


def test_page_is_shown_though_what_was_saved_no_longer_fits_the_protocol(client, empty_visit, coordinator):
    document = {"visit": {"date": "2026-03-09"}, "vitals": {"weight_kg": -1, "aura": "blue"}, "stars": "bad"}
    RevisionFactory(visit=empty_visit, number=2, document=document)
    response = client.get(page_of(empty_visit, "vitals"))
    assertContains(response, "Not readable yet, so left out")
    assertContains(response, '<a href="#at-vitals-weight_kg">Vital signs: Weight</a>')


# Re-screening


@pytest.fixture
def second_attempt(visit, coordinator):
    return open_visit(visit.subject, coordinator, {"visit": {"date": "2026-04-20"}})


def test_stable_facts_are_carried_over_to_be_confirmed(client, second_attempt):
    response = client.get(page_of(second_attempt, "disease"))
    assertContains(response, "Taken over from visit 1", count=2)
    assertContains(response, 'name="confirm-disease"')
    assertNotContains(client.get(page_of(second_attempt, "laboratory")), "To be confirmed")
    assert second_attempt.latest_revision().document == {"visit": {"date": "2026-04-20"}}


def test_only_what_is_confirmed_is_saved(client, second_attempt, visit):
    data = carried_inputs(client, second_attempt, "disease") | {"confirm-disease": "on"}
    response = client.post(page_of(second_attempt, "disease"), data, follow=True)
    document = second_attempt.latest_revision().document
    assert document["disease"] == visit.latest_revision().document["disease"]
    assert "lesions" not in document
    assertContains(response, "not confirmed yet: Lesions that can be measured")
    assertContains(response, "Taken over from visit 1", count=1)


def test_nothing_is_saved_when_nothing_is_confirmed(client, second_attempt):
    data = carried_inputs(client, second_attempt, "history")
    response = client.post(page_of(second_attempt, "history"), data, follow=True)
    assertContains(response, "not confirmed yet: Medical history")
    assertNotContains(response, "nothing changed")
    assert second_attempt.revisions.count() == 1


def test_what_was_changed_and_not_confirmed_is_not_lost(client, second_attempt):
    data = carried_inputs(client, second_attempt, "disease") | {"disease-curable": "yes"}
    response = client.post(page_of(second_attempt, "disease"), data)
    assertContains(response, '<a href="#at-confirm-disease">Disease</a>', status_code=422)
    assertContains(response, 'value="yes" class="form-check-input" id="id_disease-curable_0" checked', status_code=422)
    assert second_attempt.revisions.count() == 1


def carried_inputs(client, visit, code):
    form = client.get(page_of(visit, code)).context["page"].form
    return dict(submitted(form).lists()) | {"base": "1"}


@pytest.mark.parametrize("code", ["laboratory", "history", "therapies"])
def test_section_page_asks_the_database_a_constant_number_of_times(client, visit, code, django_assert_num_queries):
    """Who asks (3), the visit (3), the draft, those of others; for the laboratory its ranges."""
    client.get(page_of(visit, code))
    with django_assert_num_queries(9 if code == "laboratory" else 8):
        client.get(page_of(visit, code))
    assert Revision.objects.count() == 1
