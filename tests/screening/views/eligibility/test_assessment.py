from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from criteria.records import canonical
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument, Fault
from screening.eligibility.assess import assess
from screening.eligibility.replay import OutcomeDifference, ProofWordings, Replay, replay
from screening.exceptions import Unanswered
from screening.models import Assessment
from screening.visits.applicable_version import applicable_version, version_for_new_visit
from screening.visits.save import open_visit, register_subject, save_section
from screening.visits.sections import section_part


def page_of(assessment):
    return reverse("screening:assessment", args=[assessment.pk])


@pytest.fixture
def ineligible(trial, coordinator, cases):
    document = cases["I03-ecog-2"]["document"]
    return open_visit(register_subject(trial, coordinator), coordinator, document)


def test_visit_is_assessed_and_its_verdicts_shown(client, visit, coordinator):
    response = client.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": 1})
    assessment = Assessment.objects.get()
    assertRedirects(response, page_of(assessment))
    assert (assessment.revision, assessment.created_by) == (visit.latest_revision(), coordinator)


def test_visit_is_not_assessed_when_it_was_saved_meanwhile(client, visit, coordinator):
    save_section(visit, "performance", {}, 1, coordinator, reason="another person's")
    response = client.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": 1}, follow=True)
    assertContains(response, "Revision 2 was saved meanwhile")
    assert not Assessment.objects.exists()


def test_visit_that_cannot_be_assessed_says_why(client, visit, monkeypatch):
    def refuse(*args):
        raise BadDocument([Fault("visit.date", "no version was in force")])

    monkeypatch.setattr("screening.views.eligibility.assessment.assess", refuse)
    response = client.post(reverse("screening:visit-assess", args=[visit.pk]), {"revision": 1}, follow=True)
    assertContains(response, "no version was in force")


def test_page_shows_finding_proof_and_provenance(client, ineligible, coordinator):
    assessment = assess(ineligible.latest_revision(), coordinator)
    response = client.get(page_of(assessment))
    for text in (
        f"{ineligible.subject.screening_number}: ineligible",
        "ECOG performance status 2 (limit: at most 1)",
        "maximum ECOG performance status",
        "Completed years on the day of the visit",
        assessment.sheet_sha256,
        f"{assessment.created_by}",
        "https://clinicaltrials.gov/study/NCT05990231",
        "UTC",
    ):
        assertContains(response, text)
    assert [len(group.verdicts) for group in response.context["groups"]] == [1, 0, 38, 3]


def test_source_stands_with_each_criterion_and_each_limit_used(client, ineligible, coordinator):
    assessment = assess(ineligible.latest_revision(), coordinator)
    response, protocol = client.get(page_of(assessment)), protocol_of(assessment.version)
    for criterion in protocol.criteria:
        assertContains(response, f"<strong>Source</strong> {escape(criterion.source)}</p>", count=1)
    source = escape(protocol.limits["max_ecog"].source)
    assertContains(response, f'<dd>1 <span class="source limit-source">Source: {source}</span></dd>', count=1)


def test_source_is_no_part_of_what_is_kept_of_an_assessment(ineligible, coordinator):
    assessment = assess(ineligible.latest_revision(), coordinator)
    for verdict in assessment.verdicts.all():
        kept = verdict.proof, verdict.missing, verdict.values, verdict.parameters, verdict.trace
        assert "ClinicalTrials.gov" not in canonical.dump(kept)
    assert replay(assessment).equal


def test_unknown_verdict_leads_to_the_form_that_asks_what_is_missing(client, trial, coordinator, cases):
    document = cases["nothing-known"]["document"]
    visit = open_visit(register_subject(trial, coordinator), coordinator, document)
    response = client.get(page_of(assess(visit.latest_revision(), coordinator)))
    for code, anchor in (
        ("performance", "at-performance-ecog"),
        ("disease", "at-lesions"),
        ("laboratory", "at-labs-anc"),
        ("history", "at-history-myocarditis"),
        ("judgement", "at-concurrent_study"),
    ):
        url = reverse("screening:section", args=[visit.pk, code])
        assertContains(response, f'href="{url}#{anchor}"')
        assertContains(client.get(url), f'id="{anchor}"')
    missing = [place for group in response.context["groups"] for text in group.verdicts for place in text.missing]
    assert missing
    assert all(place.section for place in missing)


def test_older_assessment_says_that_the_visit_changed_since(client, visit, coordinator):
    first = assess(visit.latest_revision(), coordinator)
    assertNotContains(client.get(page_of(first)), "changed since")
    again = assess(visit.latest_revision(), coordinator)
    assertContains(client.get(page_of(first)), "Not the current assessment of the visit")
    assertContains(client.get(page_of(first)), page_of(again))
    save_section(visit, "performance", {}, 1, coordinator, reason="another person's")
    assertContains(client.get(page_of(first)), "Not the current assessment: it is of revision 1")


def test_interpretation_is_shown_only_where_a_criterion_was_decided(client, empty_visit, ineligible, coordinator):
    undecided = client.get(page_of(assess(empty_visit.latest_revision(), coordinator)))
    assertNotContains(undecided, "<strong>Interpretation</strong> Completed years")
    decided = client.get(page_of(assess(ineligible.latest_revision(), coordinator)))
    assertContains(decided, "<strong>Interpretation</strong> Completed years")


def test_replay_proves_that_the_outcomes_are_equal(client, ineligible, coordinator):
    assessment = assess(ineligible.latest_revision(), coordinator)
    response = client.post(reverse("screening:assessment-replay", args=[assessment.pk]))
    assertContains(response, "Recomputed: identical")
    assert Assessment.objects.count() == 1


def test_replay_names_what_differs(client, ineligible, coordinator, monkeypatch):
    wordings = (ProofWordings("I03", "as it was", "as it is"),)
    found = Replay(b"1", b"2", (OutcomeDifference("I03", "inclusion", "fail", "pass"),), wordings, False, False)
    monkeypatch.setattr("screening.views.eligibility.assessment.replay", lambda assessment: found)
    assessment = assess(ineligible.latest_revision(), coordinator)
    response = client.post(reverse("screening:assessment-replay", args=[assessment.pk]))
    for text in ("the outcomes differ", "I03: stored not met, now met", "fingerprint does not fit", "engine version"):
        assertContains(response, text)


def test_replay_shows_both_wordings_side_by_side_when_an_older_engine_wrote_the_proofs(
    client, ineligible, coordinator, monkeypatch
):
    revision = ineligible.latest_revision()
    protocol = protocol_of(applicable_version(revision.visit, revision.document))
    with monkeypatch.context() as older:
        older.setattr("screening.eligibility.assess.ENGINE_VERSION", "1.1.0")
        older.setattr("criteria.rules.proofs.proof.ProofWriter.proof", lambda *_: "at most 1 required")
        protocol.forget()
        assessment = assess(revision, coordinator)
    protocol.forget()
    assertContains(client.get(page_of(assessment)), '<p class="proof">at most 1 required</p>', html=True)
    response = client.post(reverse("screening:assessment-replay", args=[assessment.pk]))
    assertContains(response, "identical outcomes; the proofs are worded otherwise")
    for label, words in (
        ("stored", "at most 1 required"),
        ("worded now", "ECOG performance status 2 (limit: at most 1)"),
    ):
        assertContains(response, f'data-label="As {label}">{words}</td>')
    assertNotContains(response, "something else is not")


@pytest.fixture
def assessed(trial, coordinator, cases):
    """Opens and assesses the visit of a man who is eligible, but for some results, as a laboratory reports them."""

    def make(*results):
        analytes = {result["analyte"] for result in results}
        document = cases["base-man"]["document"]
        kept = [lab for lab in document["labs"] if lab["analyte"] not in analytes]
        visit = open_visit(register_subject(trial, coordinator), coordinator, document | {"labs": [*kept, *results]})
        return assess(visit.latest_revision(), coordinator)

    return make


def neutrophils(value, collected):
    return {"analyte": "anc", "value": Decimal(value), "unit": "10*9/L", "collected": collected}


def test_failure_says_how_near_it_is_and_whether_it_can_come_right(client, assessed):
    response = client.get(page_of(assessed(neutrophils("1.49", "2026-03-08"))))
    assertContains(response, "Neutrophils: 0.01 ×10⁹/L below the limit")
    assertContains(response, "Repeat neutrophils.")
    assertNotContains(response, "<strong>Retest</strong>")


def test_interpretation_of_a_part_is_shown_only_where_that_part_decided(client, assessed):
    begun = [
        f"<strong>Interpretation</strong> {words}"
        for words in ("“And/or” between creatinine", "“ALST” in the record is read as ALT")
    ]
    passed = client.get(page_of(assessed(neutrophils("1.5", "2026-03-08"))))
    failed = client.get(page_of(assessed(neutrophils("1.49", "2026-03-08"))))
    for words in begun:
        assertContains(passed, words)
        assertNotContains(failed, words)


def test_pass_by_a_later_sample_is_marked_for_the_investigator(client, assessed):
    response = client.get(page_of(assessed(neutrophils("1.4", "2026-03-02"), neutrophils("1.6", "2026-03-08"))))
    words = (
        "2 results of neutrophils. Used: 1.6 ×10⁹/L on 2026-03-08."
        " Would not satisfy the criterion: 1.4 ×10⁹/L on 2026-03-02."
    )
    assertContains(response, words, count=2)  # on top, and at the criterion
    assertContains(response, "For the investigator to look at")


def test_implausible_value_is_shown_with_who_confirmed_it(client, visit, coordinator, investigator):
    section = protocol_of(version_for_new_visit(visit.subject.trial, {})).vocabulary.section("vitals")
    part = section_part(visit.latest_revision().document, section)
    part["vitals"] = part["vitals"] | {"height_cm": 17}
    with pytest.raises(Unanswered) as asked:
        save_section(visit, "vitals", part, 1, coordinator, "reread")
    keys = [doubt.key for doubt in asked.value.edit_checks]
    reasons = dict.fromkeys(keys, "measured twice")
    save_section(visit, "vitals", part, 1, investigator, "reread", keys, reasons)
    assessment = assess(visit.latest_revision(), coordinator)
    response = client.get(page_of(assessment))
    assertContains(response, "17 cm")
    assertContains(response, f"Confirmed by {investigator}")


def test_implausible_value_that_nobody_was_asked_about_is_shown_too(client, assessed, monkeypatch):
    """An earlier release asked nothing when a visit was opened."""
    monkeypatch.setattr("screening.visits.save.refuse_unanswered", lambda *asked: None)
    monkeypatch.setattr("screening.visits.save.record_confirmations", lambda *asked: None)
    assertContains(client.get(page_of(assessed(neutrophils("3200", "2026-03-08")))), "Nobody confirmed it.")


@pytest.mark.parametrize("times", [1, 3])
def test_page_asks_the_database_a_constant_number_of_times(
    client, ineligible, coordinator, times, django_assert_num_queries
):
    for _index in range(times):
        assessment = assess(ineligible.latest_revision(), coordinator)
    client.get(page_of(assessment))
    client.get(page_of(assessment))  # the first view of the day is put on record
    with django_assert_num_queries(17):  # two of them for the checks: what was saved before, and the site's ranges
        client.get(page_of(assessment))


def test_nothing_more_is_asked_for_where_the_failure_is_for_good(client, trial, coordinator, cases):
    document = cases["base-man"]["document"]
    history = [row for row in document["history"] if row["condition"] != "myocarditis"]
    for entries, again in (([], True), ([{"condition": "myocarditis", "status": "past"}], False)):
        entered = document | {"history": [*history, *entries], "infections": {}}
        found = assess(
            open_visit(register_subject(trial, coordinator), coordinator, entered).latest_revision(), coordinator
        )
        response = client.get(page_of(found))
        assert ("When all is saved, assess the visit again." in response.content.decode()) is again
        assert ("Not needed: the subject cannot become eligible by waiting." in response.content.decode()) is not again


def test_verdict_page_and_review_say_once_that_no_official_wording_was_entered(client, visit, coordinator):
    assessment = assess(visit.latest_revision(), coordinator)
    for name in ("assessment", "review"):
        response = client.get(reverse(f"screening:{name}", args=[assessment.pk]))
        assertContains(response, "own wording was not entered", count=1)
