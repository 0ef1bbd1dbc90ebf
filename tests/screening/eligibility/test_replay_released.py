"""An assessment stays what it was, whatever versions of the protocol come after the one it was made by."""

import pytest

from criteria.models import ProtocolVersion
from criteria.versions.versions import load_definition
from screening.eligibility.assess import assess
from screening.eligibility.replay import replay
from screening.models import Assessment, Verdict
from screening.visits.save import open_visit, register_subject
from tests.released import SETS

FIRST, SECOND = (SETS / f"1.0.0/NCT05990231-{number}.yaml" for number in ("1.0", "1.1"))
CASE = "I08-anc-109-per-L-below"


def amended(text, number, since):
    """The definition with half the neutrophils, as another version."""
    for old, new in (
        ('number: "1.1"', f'number: "{number}"'),
        ("effective_from: 2023-09-01", f"effective_from: {since}"),
        ("value: 1500, unit: /mm3", "value: 750, unit: /mm3"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def load_later():
    """What came after 1.0: a version in force on the same day, and two amendments."""
    text = SECOND.read_text(encoding="utf-8")
    for later in (text, amended(text, "2.0", "2026-01-01"), amended(text, "3.0", "2027-01-01")):
        assert load_definition(later)[1]


@pytest.fixture
def assessment(db, coordinator, cases):
    version, _ = load_definition(FIRST.read_text(encoding="utf-8"))
    visit = open_visit(register_subject(version.trial, coordinator), coordinator, cases[CASE]["document"])
    return assess(visit.latest_revision(), coordinator)


def rows(assessment):
    kept = Assessment.objects.filter(pk=assessment.pk).values_list()
    return list(kept), list(Verdict.objects.filter(assessment=assessment).order_by("pk").values_list())


def test_an_old_assessment_is_byte_equal_when_later_versions_are_in_force(assessment):
    before, stored = rows(assessment), replay(assessment)
    load_later()
    again = replay(Assessment.objects.get())
    assert rows(assessment) == before
    assert again == stored
    assert (again.equal, again.same_proofs, again.same_engine, again.intact) == (True, True, True, True)


def test_a_new_assessment_stands_beside_the_old_one_and_each_replays_under_its_own_version(assessment, coordinator):
    load_later()
    later = assess(assessment.revision, coordinator)
    found = {row.version.number: row for row in Assessment.objects.select_related("version")}
    assert set(found) == {"1.0", "2.0"}
    assert [found[number].verdicts.get(code="I08").outcome for number in ("1.0", "2.0")] == ["fail", "pass"]
    assert later.version == ProtocolVersion.objects.get(number="2.0")
    assert all(replay(row).equal and replay(row).intact for row in found.values())
