import pytest

from criteria import ENGINE_VERSION
from criteria.vocabulary import BadDocument
from screening.eligibility import assess as module
from screening.eligibility.assess import assess
from screening.exceptions import Superseded
from screening.models import Assessment, Verdict, Visit
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import RevisionFactory, VisitFactory


@pytest.fixture
def visit(trial, coordinator, cases) -> Visit:
    return open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])


@pytest.mark.parametrize("case", ["base-man", "base-woman", "I03-ecog-2", "E12-status-unknown", "nothing-known"])
def test_verdicts_are_saved_when_a_visit_is_assessed(trial, coordinator, cases, case):
    expected = cases[case]
    visit = open_visit(register_subject(trial, coordinator), coordinator, expected["document"])
    assessment = assess(visit.latest_revision(), coordinator)
    assessment.refresh_from_db()
    assert assessment.overall == expected["overall"]
    assert dict(assessment.verdicts.values_list("code", "outcome")) == expected["expect"]


def test_assessment_says_by_what_and_by_whom_it_was_made(visit, version, coordinator):
    assessment = assess(visit.latest_revision(), coordinator)
    assert assessment.version == version
    assert assessment.engine_version == ENGINE_VERSION
    assert assessment.created_by == coordinator
    assert len(assessment.sheet_sha256) == 64


def test_verdict_holds_what_it_was_found_from(visit, coordinator):
    verdict = assess(visit.latest_revision(), coordinator).verdicts.select_related("criterion").get(code="I08")
    assert verdict.criterion.code == "I08"
    assert "neutrophils" in verdict.proof
    assert verdict.trace
    assert verdict.values
    assert "min_anc" in verdict.parameters
    assert verdict.missing == []


def test_missing_facts_are_kept_when_the_outcome_is_unknown(trial, coordinator, cases):
    document = cases["nothing-known"]["document"]
    visit = open_visit(register_subject(trial, coordinator), coordinator, document)
    verdict = assess(visit.latest_revision(), coordinator).verdicts.get(code="I03")
    assert verdict.missing == ["performance.ecog"]


def test_older_assessments_stay_when_a_visit_is_assessed_again(visit, coordinator):
    first = assess(visit.latest_revision(), coordinator)
    changed = save_section(visit, "performance", {"performance": {"ecog": 2}}, 1, coordinator, reason="measured again")
    second = assess(changed, coordinator)
    first.refresh_from_db()
    assert (first.overall, second.overall) == ("eligible", "ineligible")
    assert Verdict.objects.count() == first.verdicts.count() + second.verdicts.count()


def test_revision_is_refused_when_a_newer_one_stands(visit, coordinator):
    first = visit.latest_revision()
    newer = save_section(visit, "performance", {}, 1, coordinator, reason="another person's")
    with pytest.raises(Superseded) as refused:
        assess(first, coordinator)
    assert refused.value.latest == newer
    assert not Assessment.objects.exists()


def test_number_of_queries_is_constant_when_assessed(visit, coordinator, django_assert_num_queries):
    revision = visit.latest_revision()
    # savepoint, lock, latest, version, signed, criteria, two inserts, the standing with the log made anew, release
    with django_assert_num_queries(22):
        assess(revision, coordinator)


def test_nothing_is_saved_when_the_verdicts_cannot_be(visit, coordinator, monkeypatch):
    def fail(*args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(module.Verdict.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        assess(visit.latest_revision(), coordinator)
    assert not Assessment.objects.exists()


def test_bad_document_when_no_version_was_in_force_on_the_day(trial, coordinator):
    visit = VisitFactory(subject=register_subject(trial, coordinator))
    too_early = RevisionFactory(visit=visit, document={"visit": {"date": "2020-03-09"}})
    with pytest.raises(BadDocument, match="no version of the protocol was in force on 2020-03-09"):
        assess(too_early, coordinator)
