"""What is asked before a section is saved: a reason, the unit of a number, whether a value is right."""

import re

from pytest_django.asserts import assertContains, assertNotContains

from screening.crf import SectionForm
from screening.eligibility.assess import assess
from screening.models import Confirmation, EditCheckQuery
from screening.review.decide import close_case
from screening.review.enrol import enrol
from tests.support.factories import ReferenceRangeFactory
from tests.support.reviewed import PASSWORD, sign
from tests.support.section_requests import inputs, page_of, vocabulary_of


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
    prompt = EditCheckQuery.objects.get()
    assert (prompt.visit, prompt.section, prompt.created_by) == (empty_visit, "vitals", coordinator)
    client.post(page_of(empty_visit, "vitals"), data | {"confirm": prompt.key})
    assert empty_visit.latest_revision().document["vitals"] == {"weight_kg": 610}
    assert Confirmation.objects.get().key == prompt.key
    assertNotContains(client.get(page_of(empty_visit, "vitals")), "610 kg is right")


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


def test_who_types_into_a_signed_visit_is_told_what_a_save_does(client, visit, coordinator, signer, in_time):
    assertNotContains(client.get(page_of(visit, "performance")), "signature is no longer valid")
    signature = sign(assess(visit.latest_revision(), coordinator), signer, PASSWORD, "eligible")
    shown = client.get(page_of(visit, "performance"))
    assertContains(shown, "The investigator has signed this visit: confirmed eligible.")
    enrol(signature, coordinator)
    assertContains(client.get(page_of(visit, "performance")), "This subject is enrolled as E-001.")
    assertContains(client.get(page_of(visit, "performance")), "signature is no longer valid")


def test_who_types_into_a_closed_case_is_told_that_it_stays_closed(client, visit, signer):
    close_case(visit.latest_revision(), signer, PASSWORD, "died")
    shown = client.get(page_of(visit, "performance"))
    assertContains(shown, "This case is closed: died.")
    assertContains(shown, "the case stays closed until an investigator reopens it")
    assertNotContains(shown, "signature is no longer valid")
