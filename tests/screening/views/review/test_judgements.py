"""The form of the review page that attests judgements."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from screening.models import Attestation, Question
from screening.signatures.judgements import judgements_of
from tests.screening.audit.told import told
from tests.support.reviewed import PASSWORD, attested, saved_again, sign

pytestmark = pytest.mark.usefixtures("in_time")

FISTULA, EXPECTANCY = "imaging.fistula_risk", "performance.life_expectancy_months"


def page_of(assessment):
    return reverse("screening:review", args=[assessment.pk])


@pytest.fixture
def post(reviewer, eligible):
    return lambda **data: reviewer.post(reverse("screening:assessment-attest", args=[eligible.pk]), data)


def key(assessment, name):
    return next(each.judgement.key for each in judgements_of(assessment) if each.judgement.name == name)


def test_form_sent_again_says_what_it_attested(post, reviewer, eligible):
    sent = {"as-recorded": [key(eligible, EXPECTANCY)], "form_key": "a key"}
    for _click in range(2):
        post(**sent)
        assertContains(reviewer.get(page_of(eligible)), "Attested as recorded: 1; sent back to the coordinator: 0.")
    assert Attestation.objects.count() == 1


def test_judgement_attested_in_another_tab_is_said_to_be_attested(post, reviewer, eligible):
    for number in range(2):
        post(**{"as-recorded": [key(eligible, EXPECTANCY)], "form_key": f"key {number}"})
    assertContains(reviewer.get(page_of(eligible)), "All of this was attested before.")
    assert Attestation.objects.count() == 1


def texts(response):
    return {text.recorded.judgement.name: text for text in response.context["judgements"]}


def test_every_judgement_is_listed_with_who_recorded_it_and_what_it_touches(reviewer, eligible, coordinator):
    response = reviewer.get(page_of(eligible))
    shown = texts(response)
    assert len(shown) == response.context["unattested"] == 12
    text = shown[EXPECTANCY]
    assert (text.source.created_by, text.source.number, text.criteria) == (coordinator, 1, ["I04"])
    assert shown["history.nephrotic_syndrome.status"].criteria == ["E12"]
    assert all(text.source and text.criteria for text in shown.values())
    assertContains(response, "12 are not attested.")
    assertContains(response, "Performance status: life expectancy: <b>6 months</b>")


def test_what_blocks_the_signature_leads_to_the_judgements(reviewer, eligible):
    response = reviewer.get(page_of(eligible))
    assertContains(response, "Attest each judgement before you confirm eligible.")
    assertContains(response, f'<a href="{page_of(eligible)}#judgements">Not attested (12)')
    assertNotContains(response, reverse("screening:assessment-sign", args=[eligible.pk]))


def test_marked_judgements_are_attested_and_others_sent_back(post, reviewer, eligible, signer):
    fistula, expectancy = key(eligible, FISTULA), key(eligible, EXPECTANCY)
    response = post(**{"as-recorded": [expectancy], f"words {fistula}": "Which scan?", "words other": " "})
    assertRedirects(response, f"{page_of(eligible)}#judgements", fetch_redirect_response=False)
    response = reviewer.get(page_of(eligible))
    assertContains(response, "Attested as recorded: 1; sent back to the coordinator: 1.")
    assertContains(response, f"attested as recorded by {signer.username}")
    assertContains(response, f"sent back by {signer.username}")
    assert response.context["unattested"] == 11
    assert Question.objects.get().path == FISTULA


def test_each_judgement_is_marked_by_itself(post, reviewer, eligible):
    """No button says “as recorded” of a judgement that nobody has looked at."""
    everything = [each.judgement.key for each in judgements_of(eligible)]
    assertContains(reviewer.get(page_of(eligible)), 'name="as-recorded"', count=len(everything))
    assert post(all="yes").status_code == 422
    marked = [each for each in everything if each != key(eligible, FISTULA)]
    assert post(**{"as-recorded": marked, f"words {key(eligible, FISTULA)}": "Which scan?"}).status_code == 302
    assert Attestation.objects.filter(answer="as_recorded").count() == 11
    assert {each.label for each in judgements_of(eligible) if not each.is_attested} == {
        "Screening imaging: risk of an oesophageal fistula"
    }
    assert Question.objects.get().path == FISTULA


def test_refused_form_says_why_at_the_judgement_and_keeps_what_was_typed(post, eligible):
    fistula, expectancy = key(eligible, FISTULA), key(eligible, EXPECTANCY)
    response = post(**{"as-recorded": [fistula, expectancy], f"words {fistula}": "Which scan?"})
    assertContains(response, "either as recorded or sent back, not both", status_code=422)
    shown = texts(response)
    assert (shown[FISTULA].typed, shown[FISTULA].marked, shown[EXPECTANCY].marked) == ("Which scan?", True, True)
    assert not shown["disease.curable"].marked
    response = post()
    assertContains(response, "mark a judgement as recorded, or say what must be looked at", status_code=422)
    assert not Attestation.objects.exists()


def test_attested_judgements_open_the_signature(post, reviewer, eligible):
    post(**{"as-recorded": [each.judgement.key for each in judgements_of(eligible)]})
    response = reviewer.get(page_of(eligible))
    assertContains(response, reverse("screening:assessment-sign", args=[eligible.pk]))
    assert response.context["unattested"] == 0


def test_who_may_not_attest_reads_what_was_attested(client, eligible, signer):
    attested(eligible, signer)
    response = client.get(page_of(eligible))
    assertContains(response, f"attested as recorded by {signer.username}", count=12)
    assertNotContains(response, "assessment-attest")
    assertNotContains(response, "Record what is marked")


def test_nothing_is_attested_once_it_is_decided_or_superseded(reviewer, eligible, signer, coordinator):
    sign(eligible, signer, PASSWORD, "eligible")
    assertNotContains(reviewer.get(page_of(eligible)), "Record what is marked")
    saved_again(eligible.revision.visit, coordinator)
    assertNotContains(reviewer.get(page_of(eligible)), "Record what is marked")


def test_screen_failure_is_signed_without_attesting(reviewer, failed):
    response = reviewer.get(page_of(failed))
    assertContains(response, reverse("screening:assessment-sign", args=[failed.pk]))
    assertContains(response, "are not attested.")


def test_attestation_stands_beside_the_answer_in_the_whole_document(client, eligible, signer):
    attested(eligible, signer)
    visit = eligible.revision.visit
    response = client.get(reverse("screening:revision", args=[visit.pk, 1]))
    lines = {line.path: line for text in response.context["sections"] for part in text.parts for line in part.lines}
    assert [each.is_attested for each in lines[EXPECTANCY].judged] == [True]
    assert lines["performance.ecog"].judged == ()
    assertContains(response, f"attested as recorded by {signer.username}", count=12)


def test_attestations_are_told_in_the_trail(eligible, signer):
    attested(eligible, signer)
    entries = [entry for entry in told(kind="review") if entry.title == "attestation of a judgement"]
    assert len(entries) == 12
    assert "Performance status: life expectancy: 6 months, as recorded" in [entry.words for entry in entries]
    (entry,) = [entry for entry in entries if entry.changes[0].path == FISTULA]
    assert (entry.person, entry.visit, entry.changes[0].new) == (signer, eligible.revision.visit, "no")
    subject = eligible.revision.visit.subject.screening_number
    assert len(told(kind="review", subject=subject, path=FISTULA)) == 1
