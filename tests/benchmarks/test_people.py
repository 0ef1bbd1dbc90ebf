"""The benchmark measures what the application would have written: its people are like those of the verbs."""

import random

import pytest

from benchmarks import people
from benchmarks.people import case, fill
from screening.log.counts import log_counts
from screening.log.filter import LogFilter
from screening.log.pages import log_page
from screening.models import Closure, Enrolment, Signature, Subject, SubjectStatus
from screening.signatures.seals import verify_signature
from screening.worklist.status import latest_revision, status_of

EVALUATED = {"overall", "fails", "unknowns", "next_step", "next_section", "next_anchor", "holds_until"}
FROM_VERDICTS = {"flags", "failed"}  # and those are not written for the many


@pytest.fixture
def filled(version, monkeypatch):
    monkeypatch.setattr(people, "BY_THE_VERBS", 2)
    monkeypatch.setattr(people, "BATCH", 11)
    fill(version, 40)


def test_everybody_is_in_the_log(filled):
    rows = log_page(LogFilter()).rows
    assert [row.screening_number for row in rows] == [f"S-{number:04}" for number in range(1, 41)]
    assert log_counts(LogFilter()).screened_count == 40
    assert {row.decision for row in rows} >= {"", "failure", "not_enrolled"}


def test_rows_are_those_that_the_records_give(filled):
    names = {field.name for field in SubjectStatus._meta.fields} - {"id"} - EVALUATED - FROM_VERDICTS
    for subject in Subject.objects.select_related("trial", "status"):
        computed, row = status_of(subject, latest_revision(subject)), subject.status
        for name in names:
            assert getattr(row, name) == getattr(computed, name), (subject, name)


def test_every_seal_fits_when_people_are_made_in_bulk(filled):
    signed = [*Signature.objects.all(), *Closure.objects.all()]
    assert len(signed) > 10
    assert all(verify_signature(each) for each in signed)


def test_places_are_given_to_those_who_are_confirmed_eligible(filled):
    for enrolment in Enrolment.objects.select_related("signature"):
        assert enrolment.signature.decision == "eligible"
        assert SubjectStatus.objects.get(subject=enrolment.subject_id).enrolment_number == enrolment.number


def test_same_seed_gives_the_same_people(version, coordinator):
    def cases(seed):
        rng = random.Random(seed)
        return [case(rng, number, version, [coordinator]) for number in range(20)]

    assert cases(1) == cases(1) != cases(2)
