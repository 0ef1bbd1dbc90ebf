"""What was asked for and not done: on record once, with what was wrong, whatever is rolled back."""

import pytest
from django.db import transaction

from criteria.definition.reader import BadDefinition
from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument, Fault
from screening.audit.refusals import refusals_on_record
from screening.exceptions import Stale, Superseded, Unanswered
from screening.models import Refusal
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.amended import drafted

PLACE = "screening:section"
FAULTS = [Fault("labs[0].value", "is not a number"), Fault("reason", "say why")]


@pytest.fixture
def visit(trial, coordinator):
    return open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})


@pytest.fixture
def refused(visit, coordinator):
    """The record of a refusal, or None; what was raised comes through."""

    def refused(why, about=visit):
        with pytest.raises(type(why)) as raised, refusals_on_record(coordinator, PLACE, about):
            raise why
        assert raised.value is why
        return Refusal.objects.first()

    return refused


def test_code_and_message_are_recorded_with_who_where_and_about_whom(refused, visit, coordinator):
    found = refused(Refused("decided", "Somebody has signed already."))
    assert (found.code, found.message) == ("decided", "Somebody has signed already.")
    assert (found.created_by, found.place, found.visit, found.amendment) == (coordinator, PLACE, visit, None)
    assert found.faults == []


@pytest.mark.parametrize("kind", [BadDocument, BadDefinition])
def test_each_field_is_recorded_with_its_message(refused, kind):
    assert refused(kind(FAULTS)).faults == [["labs[0].value", "is not a number"], ["reason", "say why"]]


@pytest.mark.parametrize("code", ["password", "locked"])
def test_failed_password_is_recorded_by_the_signing_alone(refused, code):
    assert refused(Refused(code, "wrong")) is None


def test_refusal_about_an_amendment_or_nothing_names_it_or_nothing(refused, trial, administrator):
    amendment = drafted(trial, administrator)
    assert refused(Refused("closed", "This is closed."), amendment).amendment == amendment


def test_refusal_about_nothing_names_nothing(refused):
    found = refused(Refused("done", "It is done."), None)
    assert (found.visit, found.amendment) == (None, None)


def test_save_after_somebody_elses_is_recorded(visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 0}}, 1, coordinator)
    with pytest.raises(Stale), refusals_on_record(coordinator, PLACE, visit):
        save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, coordinator)
    assert Refusal.objects.get().code == "stale"


def test_superseded_assessment_is_recorded(refused, visit):
    assert refused(Superseded(visit.latest_revision())).code == "stale"


def test_correction_without_a_reason_is_recorded_with_its_fields(visit, coordinator):
    save_section(visit, "performance", {"performance": {"ecog": 0}}, 1, coordinator)
    with pytest.raises(Unanswered), refusals_on_record(coordinator, PLACE, visit):
        save_section(visit, "performance", {"performance": {"ecog": 1}}, 2, coordinator)
    found = Refusal.objects.get()
    assert (found.code, found.faults) == ("reason", [["performance.ecog", "changed without a reason"]])


def test_implausible_value_alone_is_no_refusal(visit, coordinator):
    """It is asked back, which has a record of its own."""
    with pytest.raises(Unanswered), refusals_on_record(coordinator, PLACE, visit):
        save_section(visit, "vitals", {"vitals": {"weight_kg": 610}}, 1, coordinator)
    assert not Refusal.objects.exists()


def test_record_stays_when_what_was_asked_for_is_rolled_back(trial, visit, coordinator):
    @transaction.atomic
    def act():
        register_subject(trial, coordinator)
        raise Refused("late", "It is too late.")

    with pytest.raises(Refused), refusals_on_record(coordinator, PLACE, visit):
        act()
    assert Refusal.objects.get().code == "late"
    assert trial.subjects.count() == 1


def test_nothing_is_recorded_when_nothing_was_refused_or_something_broke(visit, coordinator):
    with refusals_on_record(coordinator, PLACE, visit):
        pass
    with pytest.raises(ZeroDivisionError), refusals_on_record(coordinator, PLACE, visit):
        raise ZeroDivisionError
    assert not Refusal.objects.exists()
