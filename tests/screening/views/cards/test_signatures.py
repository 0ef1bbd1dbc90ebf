import pytest
from django.db import connection

from screening.audit import append_only
from screening.eligibility.assess import assess
from screening.models import Signature, SignatureWithdrawal
from screening.review.decide import close_case, send_back
from screening.review.questions import answer_question, ask_question
from screening.review.undo import reopen_case, withdraw_signature
from screening.signatures.seals import closures_of, is_void, signatures_of
from screening.views.cards.signatures import signature_history
from tests.support.reviewed import PASSWORD, assessed, saved_again, sign

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def assessment(trial, coordinator, cases):
    return assessed(trial, coordinator, cases["base-man"]["document"])


@pytest.fixture
def visit(assessment):
    return assessment.revision.visit


def states(visit):
    return [(text.words, text.state) for text in signature_history(visit.subject, [visit]).signed]


def test_void_is_told_for_many_as_for_one(visit, assessment, signer, coordinator, monkeypatch):
    def compare(expected):
        found = [*signatures_of([visit]), *closures_of([visit])]
        assert [signed.void for signed in found] == [is_void(signed) for signed in found] == expected

    sign(assessment, signer, PASSWORD, "eligible")
    compare([False])
    monkeypatch.setattr("screening.eligibility.assess.ENGINE_VERSION", "9.9")
    again = assess(assessment.revision, coordinator)  # over the same revision
    compare([True])
    sign(again, signer, PASSWORD, "eligible")
    close_case(again.revision, signer, PASSWORD, "declined")
    compare([False, True, False])
    saved_again(visit, coordinator)
    compare([True, True, False])
    reopen_case(visit, signer, PASSWORD, "she changed her mind")
    compare([True, True, True])


def test_withdrawn_signature_is_void_for_many_as_for_one(visit, assessment, signer):
    withdraw_signature(sign(assessment, signer, PASSWORD, "eligible"), signer, PASSWORD, "the wrong sheet")
    (found,) = signatures_of([visit])
    assert (found.void, is_void(found)) == (True, True)
    assert states(visit) == [("confirmed eligible", "ended")]


def test_withdrawal_that_was_tampered_with_is_told(visit, assessment, signer):
    withdraw_signature(sign(assessment, signer, PASSWORD, "eligible"), signer, PASSWORD, "the wrong sheet")
    append_only.remove(connection)
    SignatureWithdrawal.objects.update(reason="no reason")
    assert states(visit) == [("confirmed eligible", "broken")]


def test_closed_case_tells_what_was_corrected_since(visit, assessment, signer, coordinator):
    close_case(assessment.revision, signer, PASSWORD, "died")
    revision = saved_again(visit, coordinator)
    (told,) = signature_history(visit.subject, [visit]).signed
    assert (told.state, told.corrections) == ("valid", [revision])


def test_signature_that_was_tampered_with_is_broken_also_when_it_is_void(visit, assessment, signer, coordinator):
    sign(assessment, signer, PASSWORD, "eligible")
    saved_again(visit, coordinator)
    assert states(visit) == [("confirmed eligible", "void")]
    append_only.remove(connection)
    Signature.objects.update(printed_name="Somebody Else")
    assert states(visit) == [("confirmed eligible", "broken")]


def test_closed_case_says_why_and_ends_what_the_signature_allowed(visit, assessment, signer):
    sign(assessment, signer, PASSWORD, "eligible")
    assert [text.may_lead_to_enrolment for text in signature_history(visit.subject, [visit]).signed] == [True]
    close_case(assessment.revision, signer, PASSWORD, "other", "Moves away.")
    assert states(visit) == [("other: Moves away.", "valid"), ("confirmed eligible", "valid")]
    assert not any(text.may_lead_to_enrolment for text in signature_history(visit.subject, [visit]).signed)


def test_only_what_was_decided_of_an_assessment_is_shown_with_it(visit, assessment, signer, coordinator):
    sign(assessment, signer, PASSWORD, "eligible")
    saved_again(visit, coordinator)
    again = assess(visit.latest_revision(), coordinator)
    send_back(again, signer, "Look again.")
    found = signature_history(visit.subject, [visit])
    assert (len(found.for_assessment(assessment).signed), len(found.for_assessment(assessment).sent_back)) == (1, 0)
    assert (len(found.for_assessment(again).signed), len(found.for_assessment(again).sent_back)) == (0, 1)
    assert found.other_signatures(again) == found.signed
    assert not found.other_signatures(assessment)


def test_sent_back_assessment_says_when_it_was_assessed_anew(visit, assessment, signer, coordinator):
    send_back(assessment, signer, "Look again.")
    assert [sent.assessed_since for sent in signature_history(visit.subject, [visit]).sent_back] == [False]
    again = assess(assessment.revision, coordinator)
    found = signature_history(visit.subject, [visit])
    assert [sent.assessed_since for sent in found.sent_back] == [True]
    assert found.for_assessment(again).sent_back == found.sent_back


def test_number_of_queries_does_not_grow_with_signatures(
    visit, assessment, signer, coordinator, django_assert_num_queries
):
    for months in (7, 8, 9):
        sign(assessment, signer, PASSWORD, "eligible")
        saved_again(visit, coordinator, months)
        answer_question(ask_question(visit, signer, "Why?"), coordinator, "Because.")
        assessment = assess(visit.latest_revision(), coordinator)
    with django_assert_num_queries(5):  # enrolment, closed cases, signatures, their verdicts, what was sent back
        assert len(signature_history(visit.subject, [visit]).signed) == 3
