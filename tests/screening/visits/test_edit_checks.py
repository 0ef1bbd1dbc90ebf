"""An edit check that is raised after its section was saved is answered by itself, with a reason."""

from datetime import date

import pytest

from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from criteria.vocabulary.edit_checks import EditCheck
from screening.exceptions import Unanswered
from screening.models import Confirmation
from screening.visits.consent import ConsentForms
from screening.visits.edit_checks import answer_check, open_checks, raised_checks, unanswered_checks
from screening.visits.save import open_visit, register_subject, save_section
from tests.support.factories import ConsentFormVersionFactory

THERAPIES = {"therapies": [{"kind": "systemic", "end_date": "2026-03-09"}]}


@pytest.fixture
def visit(trial, coordinator, on):
    """The last dose of a therapy was that day, which is over now; whether it is going on was not asked."""
    on(date(2026, 3, 9))
    opened = open_visit(
        register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}} | THERAPIES
    )
    on(date(2026, 3, 10))
    return opened


def open_at(visit, version):
    return open_checks(protocol_of(version), visit.latest_revision())


def faults(*answer):
    with pytest.raises(BadDocument) as bad:
        answer_check(*answer)
    assert not Confirmation.objects.exists()
    return [fault.path for fault in bad.value.faults]


def test_answer_is_kept_with_its_reason_and_the_check_is_no_longer_open(visit, version, investigator):
    (check,) = open_at(visit, version)
    answer = answer_check(visit, check.key, " The ward will tell. ", investigator)
    assert (answer.revision, answer.created_by) == (visit.latest_revision(), investigator)
    assert (answer.code, answer.path, answer.key) == ("C19", "therapies[0].end_date", check.key)
    assert (answer.message, answer.reason) == (check.text, "The ward will tell.")
    assert open_at(visit, version) == []
    assert save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, investigator).number == 2
    assert open_at(visit, version) == []


def test_consent_by_a_version_that_is_not_approved_is_asked_on_opening_and_saving(
    trial, version, coordinator, administrator
):
    ConsentFormVersionFactory(trial=trial, created_by=administrator)
    consent = {"consent": {"version": "9", "date": "2026-03-05"}}
    subject = register_subject(trial, coordinator)
    with pytest.raises(Unanswered) as opening:
        open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}} | consent)
    visit = open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}})
    with pytest.raises(Unanswered) as saving:
        save_section(visit, "visit", {"visit": {"date": "2026-03-09"}} | consent, 1, coordinator)
    (check,) = opening.value.edit_checks
    assert (check.code, saving.value.edit_checks) == ("consent", (check,))
    why = {check.key: "a translation"}
    save_section(visit, "visit", {"visit": {"date": "2026-03-09"}} | consent, 1, coordinator, reasons=why)
    assert open_at(visit, version) == []


def test_versions_are_read_only_when_a_consent_names_one(visit, version, django_assert_num_queries):
    latest, protocol = visit.latest_revision(), protocol_of(version)
    with django_assert_num_queries(0):
        raised_checks(protocol, latest)
    latest.document = latest.document | {"consent": {"version": "1.0", "date": "2026-03-05"}}
    assert latest.visit.subject.trial
    with django_assert_num_queries(1):
        raised_checks(protocol, latest)
    with django_assert_num_queries(0):
        raised_checks(protocol, latest, forms=ConsentForms(()))


@pytest.mark.parametrize("reason", ["", " \n", "a\0b", "phone 13800138000"])
def test_answer_without_a_reason_that_identifies_nobody_is_refused(visit, version, coordinator, reason):
    (check,) = open_at(visit, version)
    assert faults(visit, check.key, reason, coordinator) == ["reason"]


def test_check_that_is_not_open_is_not_answered(visit, version, coordinator):
    (check,) = open_at(visit, version)
    assert faults(visit, "C19 of something else", "why", coordinator) == [""]
    ended = {"therapies": [THERAPIES["therapies"][0] | {"ongoing": "no"}]}
    save_section(visit, "therapies", ended, 1, coordinator)
    assert faults(visit, check.key, "why", coordinator) == [""]


@pytest.mark.parametrize("code", ["plausible", "C08"])
def test_reason_answers_every_check_and_a_tick_only_that_of_an_implausible_value(code):
    """A form that opens a visit has no tick to set."""
    check = EditCheck("labs[0].value", "key", "320 10*9/L", "?", code)
    assert unanswered_checks([check], [], {"key": " "}) == [check]
    assert unanswered_checks([check], [], {"key": "as on the sheet"}) == []
    assert unanswered_checks([check], ["key"], {}) == ([] if code == "plausible" else [check])
