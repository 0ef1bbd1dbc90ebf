"""Every verb leads to an entry: who in which role, about whom, what before and after, why."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from criteria.amendments.actions import reject_proposal, set_criterion_texts, withdraw_amendment
from criteria.amendments.state import current_proposal
from screening.access.accounts import confirm_identity, create_account, give_access, rename_account, set_account_active
from screening.access.rights import grant_role, revoke_grant
from screening.amendments.approve import approve, propose
from screening.amendments.transition import reassess
from screening.audit import AuditTrailFilter, audit_trail_page, record_review
from screening.audit.sealing import seal_records
from screening.eligibility.assess import assess
from screening.log.filter import LogFilter
from screening.models import AccessEvent
from screening.review.decide import close_case, send_back
from screening.review.enrol import enrol
from screening.review.questions import answer_question, ask_question, record_disagreement
from screening.simulations import run_simulation, start_what_if
from screening.visits.reference_ranges import RangeValues, add_range
from screening.visits.save import open_visit, register_subject, save_section
from tests.screening.audit.told import fields, only, told
from tests.support.amended import (
    ETHICS,
    PASSWORD as APPROVING,
    REASON,
    WORDS,
    approved,
    approver,
    drafted,
    looked_at,
    with_value,
)
from tests.support.factories import UserFactory
from tests.support.reviewed import PASSWORD, assessed, later_version, saved_again, sign


def said(entry):
    return entry.person, entry.role, entry.subject, entry.visit, entry.reason


@pytest.fixture
def visit(trial, coordinator, cases):
    return open_visit(register_subject(trial, coordinator), coordinator, cases["base-man"]["document"])


# What is entered


def test_registering_and_a_visit_are_told_with_person_role_and_subject(trial, coordinator):
    subject = register_subject(trial, coordinator)
    visit = open_visit(subject, coordinator, {"visit": {"date": "2026-03-09"}})
    registered, begun, first = (only(title) for title in ("subject", "visit", "entry"))
    assert said(registered) == (coordinator, "study coordinator", subject, None, "")
    assert registered.words == "S-0001"
    assert said(begun) == said(first) == (coordinator, "study coordinator", subject, visit, "")
    assert (begun.words, first.words, first.address) == (
        "visit 1 begun",
        "revision 1",
        f"/visits/{visit.pk}/revisions/1/",
    )


def test_first_entry_is_told_field_by_field(visit):
    document = visit.latest_revision().document
    entry = only("entry")
    assert ("Performance status: ECOG performance status", "", "1") in fields(entry)
    assert not any(change.old for change in entry.changes)
    assert len(entry.changes) > sum(len(row) for row in document["labs"])


def test_correction_is_told_with_both_values_and_the_reason(visit):
    monitor = UserFactory(role="coordinator")
    part = {"performance": visit.latest_revision().document["performance"] | {"ecog": 0}}
    save_section(visit, "performance", part, 1, monitor, reason="1 was read for 0")
    corrected = only("correction")
    assert said(corrected) == (monitor, "study coordinator", visit.subject, visit, "1 was read for 0")
    assert fields(corrected) == [("Performance status: ECOG performance status", "1", "0")]
    assert corrected.changes[0].path == corrected.changes[0].history == "performance.ecog"


def test_value_added_later_is_an_entry_and_no_correction(trial, coordinator):
    visit = open_visit(register_subject(trial, coordinator), coordinator, {"visit": {"date": "2026-03-09"}})
    save_section(visit, "performance", {"performance": {"ecog": 1}}, 1, coordinator)
    assert [entry.title for entry in told(kind="data")] == ["subject", "visit", "entry", "entry"]


def test_reference_range_is_told_also_when_it_is_withdrawn(trial, administrator):
    typed = {"analyte": "creatinine", "unit": "umol/L", "sex": "male", "valid_from": date(2026, 1, 1)}
    typed |= {"laboratory": "City"}
    for uln in (104, None):
        add_range(trial, administrator, RangeValues(uln=uln, valid_until=None, source="list of 2026", **typed))
    words = [entry.words for entry in told() if entry.title == "laboratory reference range"]
    limits = ("104 µmol/L", "no upper limit")
    assert words == [f"creatinine, male, {limit}, 2026-01-01, City" for limit in limits]


# What is decided


@pytest.mark.usefixtures("in_time")
def test_review_signature_and_enrolment_are_told(trial, coordinator, signer, visit):
    assessment = assess(visit.latest_revision(), coordinator)
    answer_question(ask_question(visit, signer, "Which scan?", criterion="I05"), coordinator, "The one of March.")
    record_disagreement(assessment.verdicts.get(code="I03"), signer, "He was in bed.", "allows")
    send_back(assessment, signer, "The source is missing.")
    assessment = assess(saved_again(visit, coordinator), coordinator)
    enrol(sign(assessment, signer, PASSWORD, "eligible"), coordinator)
    investigator = (signer, "principal investigator", visit.subject, visit, "")
    asked, signed = only("question"), only("signature")
    assert (said(asked), asked.words) == (investigator, "I05: Which scan?")
    assert only("answer").words == "The one of March."
    assert said(only("disagreement")) == investigator
    assert only("disagreement").words == "I03: does not exclude the subject: He was in bed."
    assert said(only("assessment sent back")) == (*investigator[:4], "The source is missing.")
    assert said(signed) == investigator
    assert "S-0001 is eligible" in signed.words
    assert said(only("enrolment")) == (coordinator, "study coordinator", visit.subject, None, "")
    assert [entry.words for entry in told(kind="assessments")] == ["eligible", "eligible"]


@pytest.mark.usefixtures("in_time")
def test_closed_case_is_told_with_its_comment(trial, coordinator, signer, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    close_case(assessment.revision, signer, PASSWORD, "other", "Moves away.")
    closed = only("case closed")
    assert said(closed)[:2] == (signer, "principal investigator")
    assert closed.reason == "Moves away."
    assert "S-0001" in closed.words


def test_visit_brought_under_a_later_version_is_told(trial, coordinator, cases):
    assessment = assessed(trial, coordinator, cases["base-man"]["document"])
    version = later_version("2026-03-10")
    reassess(assessment.revision, coordinator)
    assert only("visit under a later version").words == str(version)
    assert [entry.words for entry in told(kind="protocol")] == [trial.code, f"{trial.code} 1.5", str(version)]


# Protocol


def test_every_step_of_an_amendment_is_told(trial, administrator, investigator):
    amendment = with_value(drafted(trial, administrator), administrator)
    set_criterion_texts(amendment, administrator, "I03", WORDS, "agreed", seen=2)
    looked_at(amendment, administrator)
    reject_proposal(propose(amendment, administrator, "ready"), investigator, "the note is missing")
    propose(amendment, administrator, "the note needs nothing")
    proposal = current_proposal(amendment)
    approve(proposal, approver(investigator), APPROVING, "agreed", ETHICS, timezone.localdate())
    name = f"{trial.code} / 1"
    steps = [(entry.title, entry.words, entry.reason) for entry in told(kind="protocol")][2:]
    begun, valued, worded, seen, first, rejected, second, version, approval = steps[1:]
    assert steps[0] == ("amendment", name, "")
    assert begun == ("revision of an amendment", f"{name} / 1, begun", REASON)
    assert valued == ("revision of an amendment", f"{name} / 2, parameter, min_anc", REASON)
    assert worded == ("revision of an amendment", f"{name} / 3, wording of a criterion, I03", "agreed")
    assert seen[:2] == ("boundary cases seen", f"{name} / 3")
    assert (first, rejected) == (
        ("proposal", f"{name} / 3", "ready"),
        ("rejection", f"{name} / 3", "the note is missing"),
    )
    assert second[0] == "proposal"
    assert {version[0], approval[0]} == {"protocol version", "approval"}
    assert {entry.role for entry in told(kind="protocol") if entry.title == "approval"} == {"principal investigator"}


def test_threshold_is_told_before_and_after(trial, administrator):
    with_value(drafted(trial, administrator), administrator, value="1000")
    first, second = (entry for entry in told() if entry.title == "revision of an amendment")
    assert first.changes == []
    assert fields(second) == [("parameters.min_anc.value", "1500 /mm³", "1000 /mm³")]


def test_withdrawal_is_told_with_its_reason(trial, administrator):
    withdraw_amendment(drafted(trial, administrator), administrator, "not needed")
    assert said(only("withdrawal")) == (administrator, "administrator", None, None, "not needed")


def test_dry_run_and_what_if_are_told(version, trial, administrator):
    looked_at(with_value(drafted(trial, administrator), administrator), administrator)
    run_simulation(start_what_if(version, {"max_ecog": Decimal(2)}, LogFilter(), administrator).pk)
    asked, report, what_if, _second = told(kind="simulations")
    assert (asked.title, asked.words, report.title) == (
        "simulation",
        f"{version}: {trial.code} / 1 / 2",
        "report of a simulation",
    )
    assert what_if.words == f"{version}: {{'max_ecog': 2}}"


# Accounts


def test_every_step_of_an_account_is_told_with_its_reason(superuser, administrator):
    account = create_account("maria", "Maria", "Li", "new at the site", superuser)
    given = grant_role(account, "coordinator", "delegation log", superuser, holds_until=date(2126, 1, 1))
    rename_account(account, "Maria", "Wang", "married", superuser)
    give_access(account, "first access", superuser)
    account.set_password(PASSWORD)
    account.save()
    confirm_identity(account, "came to me", administrator)
    revoke_grant(given, "left the trial", superuser)
    set_account_active(account, False, "left", superuser)
    set_account_active(account, True, "came back", superuser)
    steps = [(entry.person.username, entry.words, entry.reason) for entry in told(person="maria")]
    who = superuser.username
    first = given.holds_from.isoformat()
    assert steps == [
        (who, "account created: Maria Li", "new at the site"),
        (who, f"study coordinator, from {first} to 2126-01-01", "delegation log"),
        (who, "printed name changed: Maria Li → Maria Wang", "married"),
        (who, "access reset: any password and second factor before it are no longer valid", "first access"),
        (administrator.username, "identity confirmed by a second user", "came to me"),
        (who, "study coordinator", "left the trial"),
        (who, "account deactivated", "left"),
        (who, "account reactivated", "came back"),
    ]
    assert {entry.about for entry in told(person="maria")} == {account}


def test_review_of_the_trail_is_told_itself(administrator):
    record_review(AuditTrailFilter(kind="access"), "nothing unusual", administrator)
    review = only("review of the audit trail")
    assert (review.words, review.reason) == ("kind: logins and denials; there were none", "nothing unusual")


# What the page costs


@pytest.fixture
def some(trial, coordinator, administrator, signer, cases):
    """Makes several of everything that names something else."""

    def some(times):
        for _ in range(times):
            visit = assessed(trial, coordinator, cases["base-man"]["document"]).revision.visit
            saved_again(visit, coordinator)
            answer_question(ask_question(visit, signer, "Which scan?"), coordinator, "That of March.")
            amendment = looked_at(with_value(drafted(trial, administrator), administrator), administrator)
            reject_proposal(propose(amendment, administrator, "ready"), signer, "not yet")
            withdraw_amendment(amendment, administrator, "not needed")
            grant_role(UserFactory(), "monitor", "delegation log", UserFactory(role="superuser"))

    return some


def test_trail_asks_as_many_queries_for_many_rows_as_for_few(
    some, django_assert_max_num_queries, django_assert_num_queries
):
    some(1)
    audit_trail_page(AuditTrailFilter(), size=500)
    with django_assert_max_num_queries(100) as first:
        audit_trail_page(AuditTrailFilter(), size=500)
    some(3)
    with django_assert_num_queries(len(first)):
        assert len(audit_trail_page(AuditTrailFilter(), size=500).entries) > 60


# Who, where nobody was logged in


def test_trial_and_its_first_version_were_made_by_the_command_that_loads_them(version):
    found = [(entry.title, entry.who, entry.person) for entry in told(kind="protocol")]
    assert found == [(title, "by command load_protocol", None) for title in ("trial", "protocol version")]


def test_version_of_an_amendment_was_made_by_whoever_approved_it(trial, administrator, investigator):
    approved(trial, administrator, investigator)
    first, second = (entry for entry in told(kind="protocol") if entry.title == "protocol version")
    assert (first.who, second.command, second.person) == ("by command load_protocol", "", investigator)


def test_first_accounts_were_made_by_a_command(db):
    call_command("create_account", "maria", first_name="Maria", last_name="Wang", reason="first of the site")
    found = [(entry.title, entry.who) for entry in told(kind="accounts")]
    assert found == [
        ("change of an account", "by command create_account"),
        ("change of an account", "by command create_account"),
        ("right granted", "by command create_account"),
    ]


def test_seal_was_made_by_a_command(trial, coordinator):
    register_subject(trial, coordinator)
    seal_records()
    seal = next(entry for entry in told(kind="exports"))
    assert (seal.title, seal.who) == ("seal over records", "by command work or seal_records")


def test_login_under_no_account_says_so(db):
    AccessEvent.objects.create(kind="password")
    assert [entry.who for entry in told(kind="access")] == ["a user name that does not exist"]
