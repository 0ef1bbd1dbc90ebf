import pytest

from criteria import ENGINE_VERSION
from criteria.vocabulary import BadDocument
from screening.eligibility import assess as module
from screening.eligibility.assess import assess
from screening.exceptions import Superseded, UnsavedDrafts
from screening.models import Assessment, Draft, Verdict, Visit
from screening.visits.drafts import DraftsSeen, keep_draft
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import RevisionFactory, UserFactory, VisitFactory


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
    assert "Neutrophils" in verdict.proof
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
    # savepoint, lock, latest, version, drafts, signed, criteria, two inserts, row of the work list read, confirmations,
    # row written, release
    with django_assert_num_queries(13):
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


TYPED = "vitals-weight_kg=58"


@pytest.fixture
def drafts(visit, coordinator):
    """The coordinator's own draft and another person's, in two sections."""
    other = UserFactory(role="coordinator")
    return [keep_draft(visit, "vitals", coordinator, 1, TYPED), keep_draft(visit, "performance", other, 1, TYPED)]


def seen(drafts, discard_own=False):
    return DraftsSeen(frozenset(draft.key for draft in drafts), discard_own)


@pytest.mark.parametrize("whose", [0, 1], ids=["own", "of another person"])
def test_visit_is_not_assessed_when_something_is_typed_and_not_saved(visit, coordinator, drafts, whose):
    drafts.pop(1 - whose).delete()
    with pytest.raises(UnsavedDrafts, match=f"typed by {drafts[0].author.username}, last on ") as refused:
        assess(visit.latest_revision(), coordinator)
    assert refused.value.drafts == tuple(drafts)
    assert not Assessment.objects.exists()


def test_drafts_stay_when_the_visit_is_assessed_knowing_of_them(visit, coordinator, drafts):
    assess(visit.latest_revision(), coordinator, seen(drafts))
    assert Draft.objects.count() == 2


def test_only_the_authors_own_draft_goes_when_it_is_discarded(visit, coordinator, drafts):
    assess(visit.latest_revision(), coordinator, seen(drafts, discard_own=True))
    assert [draft.author for draft in Draft.objects.all()] == [drafts[1].author]


def test_draft_of_another_visit_stops_nothing_and_stays(trial, visit, coordinator, drafts, cases):
    other = open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])
    assess(other.latest_revision(), coordinator, DraftsSeen(discard_own=True))
    assert Draft.objects.count() == 2


def test_visit_is_not_assessed_when_somebody_typed_on_after_the_drafts_were_shown(visit, coordinator, drafts):
    shown = seen(drafts, discard_own=True)
    keep_draft(visit, "performance", drafts[1].author, 1, "performance-ecog=2")
    with pytest.raises(UnsavedDrafts):
        assess(visit.latest_revision(), coordinator, shown)
    assert (Draft.objects.count(), Assessment.objects.count()) == (2, 0)


def test_own_draft_comes_back_when_the_assessment_cannot_be_saved(visit, coordinator, drafts, monkeypatch):
    def fail(*args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(module.Verdict.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        assess(visit.latest_revision(), coordinator, seen(drafts, discard_own=True))
    assert Draft.objects.count() == 2
