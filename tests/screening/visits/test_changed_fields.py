"""The fields that revisions changed are kept with their values in words, also those of an earlier release."""

import pytest
from django.db import DEFAULT_DB_ALIAS

from screening.models import ChangedField
from screening.visits.changed_fields import add_missing_changed_fields
from screening.visits.save import open_visit, save_section

ANC = {"analyte": "anc", "value": 2, "unit": "10*9/L", "collected": "2026-03-01"}


def kept(visit):
    rows = ChangedField.objects.filter(revision__visit=visit).order_by("revision__number", "pk")
    return [(row.revision.number, row.path, row.words) for row in rows]


@pytest.fixture
def visit(kept_visit):
    return kept_visit


@pytest.fixture
def begun(visit, coordinator):
    return open_visit(visit.subject, coordinator, {"visit": {"date": "2026-03-10"}})


def test_changes_are_kept_with_label_and_both_values_when_a_section_is_saved(begun, coordinator):
    save_section(begun, "laboratory", {"labs": [ANC]}, 1, coordinator)
    save_section(begun, "laboratory", {"labs": [ANC | {"value": 3}]}, 2, coordinator, reason="misread")
    assert kept(begun)[0][:2] == (1, "visit.date")
    assert kept(begun)[0][2].endswith("\n\n2026-03-10")
    assert (3, "labs.anc", "Neutrophils: value\n2 ×10⁹/L\n3 ×10⁹/L") in kept(begun)


def test_list_is_found_by_its_name_when_it_is_confirmed_complete(begun, coordinator):
    save_section(begun, "disease", {"lesions": [], "reviewed": ["lesions"]}, 1, coordinator)
    assert "reviewed.lesions" in {path for _number, path, _words in kept(begun)}


def test_missing_changes_are_made_after_a_migration(visit, begun, coordinator):
    save_section(begun, "laboratory", {"labs": [ANC]}, 1, coordinator)
    before = [kept(visit), kept(begun)]
    ChangedField.objects.filter(revision__visit=visit).delete()
    ChangedField.objects.filter(revision__visit=begun, revision__number=2).delete()
    add_missing_changed_fields(DEFAULT_DB_ALIAS)
    assert [kept(visit), kept(begun)] == before


def test_changes_that_are_there_are_let_be(visit, django_assert_num_queries):
    with django_assert_num_queries(3):  # the names of the tables, the revisions and the visits without one
        add_missing_changed_fields(DEFAULT_DB_ALIAS)
