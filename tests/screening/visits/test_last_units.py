import pytest

from criteria.models import Trial
from screening.models import VisitInError
from screening.visits.last_units import LAST_SAVES, last_units
from tests.support.factories import RevisionFactory, SubjectFactory, VisitFactory

HB = {"analyte": "haemoglobin", "value": 118, "unit": "g/L", "collected": "2026-03-08"}
DNA = {"analyte": "hbv_dna", "value": 20, "unit": "[IU]/mL", "collected": "2026-03-08"}


@pytest.fixture
def grids(vocabulary):
    return [vocabulary.parts["labs"]]


@pytest.fixture
def saved(trial):
    """Saves results at a visit of a further subject of the trial, or of another."""

    def save(*results, trial=trial):
        visit = VisitFactory(subject=SubjectFactory(trial=trial))
        RevisionFactory(visit=visit, document={"visit": {"date": "2026-03-09"}, "labs": [*results]})
        return visit

    return save


def test_unit_of_each_test_is_that_of_its_last_result_at_the_site(saved, trial, grids, django_assert_num_queries):
    saved(HB, DNA)
    saved(HB | {"unit": "mmol/L"}, HB | {"unit": "g/dL"})
    with django_assert_num_queries(1):
        assert last_units(trial, grids) == {"haemoglobin": "g/dL", "hbv_dna": "[IU]/mL"}


def test_unit_of_another_trial_or_of_a_visit_in_error_is_left_out(saved, trial, grids, coordinator):
    saved(HB)
    saved(HB | {"unit": "g/dL"}, trial=Trial.objects.create(code="OTHER"))
    VisitInError.objects.create(visit=saved(HB | {"unit": "mmol/L"}), reason="another subject", created_by=coordinator)
    assert last_units(trial, grids) == {"haemoglobin": "g/L"}


def test_only_the_last_saves_are_read(saved, trial, grids):
    visit = saved(HB)
    for number in range(2, LAST_SAVES + 2):
        RevisionFactory(visit=visit, number=number, document={"labs": [DNA]})
    assert last_units(trial, grids) == {"hbv_dna": "[IU]/mL"}


@pytest.mark.parametrize("labs", ["unknown", None, [{"analyte": "haemoglobin", "value": 1}]])
def test_document_without_readable_units_says_none(trial, saved, grids, labs):
    RevisionFactory(visit=saved(), number=2, document={"labs": labs})
    assert last_units(trial, grids) == {}
