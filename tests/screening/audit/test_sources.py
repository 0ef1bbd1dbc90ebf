"""Nothing that is on record is missing from the trail, whichever table it is in."""

import pytest

from screening.audit import AuditTrailFilter, audit_trail_page
from screening.audit.append_only import protected_models
from screening.audit.entries import entries_of
from screening.audit.pages import all_positions
from screening.audit.sources import KINDS, PART_MODELS, SOURCES
from tests.support.factories import a_row_of_each

MOST = 10_000


@pytest.fixture
def one_of_each(trial, coordinator):
    a_row_of_each(trial, coordinator)


def test_every_table_of_records_is_told_once_by_itself_or_as_a_part_of_another():
    told = [source.model for source in SOURCES] + list(PART_MODELS)
    assert sorted(model._meta.label for model in told) == sorted(model._meta.label for model in protected_models())


def test_every_kind_has_a_source_and_every_source_a_kind():
    assert {source.kind for source in SOURCES} == set(KINDS)


@pytest.mark.usefixtures("one_of_each")
def test_a_row_of_every_table_makes_an_entry_that_says_what_it_is():
    places = [place for chunk in all_positions(AuditTrailFilter()) for place in chunk]
    assert {place.source for place in places} == set(range(len(SOURCES)))
    for entry in audit_trail_page(AuditTrailFilter(), size=MOST).entries:
        assert entry.title
        assert "None" not in f"{entry.title} {entry.words} {entry.reason}"


@pytest.mark.usefixtures("one_of_each")
def test_person_and_account_of_an_entry_are_those_of_its_row():
    places = [place for chunk in all_positions(AuditTrailFilter()) for place in chunk]
    for place, entry in zip(places, entries_of(places), strict=True):
        source = SOURCES[place.source]
        row = source.model.objects.get(pk=place.key)
        assert (entry.at, entry.key) == (row.created_at, row.pk)
        assert entry.person == (getattr(row, "approval", row).created_by if source.who else None)
        assert entry.about == getattr(row, "account", getattr(getattr(row, "grant", None), "account", None))


@pytest.mark.usefixtures("one_of_each")
def test_whatever_happened_to_a_person_is_found_by_the_person(trial):
    """A table with a way to the person that the source does not name would be left out silently."""
    number = trial.subjects.get().screening_number
    found = {entry.title for entry in audit_trail_page(AuditTrailFilter(subject=number), size=MOST).entries}
    assert found == {
        "answer",
        "assessment",
        "assessment sent back",
        "attestation of a judgement",
        "case closed",
        "case reopened",
        "disagreement",
        "edit check answered",
        "edit check raised",
        "enrolment",
        "entry",
        "failed attempt to sign",
        "former screen failure not screened again",
        "question",
        "refusal",
        "signature",
        "signature withdrawn",
        "site's reference",
        "subject viewed",
        "screening number entered in error",
        "subject",
        "visit",
        "visit entered in error",
        "visit under a later version",
    }
