"""What stands in the way of confirming somebody eligible."""

from datetime import date

import pytest

from criteria.records.refusal import Refused
from criteria.versions.versions import protocol_of
from criteria.vocabulary import BadDocument
from screening.eligibility.assess import assess
from screening.models import Disagreement, Signature
from screening.review.enrol import enrol
from screening.review.questions import answer_question, ask_question, record_disagreement
from screening.review.undo import withdraw_signature
from screening.signatures.confirmation import EligibilityConfirmation, eligible_refusals
from screening.signatures.seals import verify_signature
from screening.visits.edit_checks import answer_check, open_checks
from screening.visits.save import open_visit
from tests.screening.audit.told import only
from tests.support.factories import ConsentFormVersionFactory, ReferenceRangeFactory, UserFactory
from tests.support.reviewed import IN_TIME, PASSWORD, assessed, attested, refusal, saved_again, sign

pytestmark = pytest.mark.usefixtures("in_time")


@pytest.fixture
def disagree(eligible, signer):
    def record(opinion, code="I03", user=signer, assessment=eligible):
        return record_disagreement(assessment.verdicts.get(code=code), user, f"Seen by me: {opinion}.", opinion)

    return record


# Questions


def test_nobody_is_confirmed_eligible_while_a_question_is_open(ready, signer, coordinator):
    question = ask_question(ready.revision.visit, signer, "Which ECG?")
    (reason,) = eligible_refusals(EligibilityConfirmation(ready))
    assert reason.message == "The question “Which ECG?” is open: have it answered first."
    assert reason.address == f"/assessments/{ready.pk}/review/#question-{question.pk}"
    assert refusal(sign, ready, signer, PASSWORD, "eligible", despite="all the same") == "question"
    answer_question(question, coordinator, "That of 2026-03-08.")
    assert sign(ready, signer, PASSWORD, "eligible")


def test_open_question_hinders_no_other_visit_and_no_failure(eligible, failed, signer, coordinator):
    ask_question(failed.revision.visit, signer, "Which ECG?")
    assert sign(eligible, signer, PASSWORD, "eligible")
    assert sign(failed, signer, PASSWORD, "failure", "I03")


def test_nobody_is_enrolled_while_a_question_asked_since_the_signature_is_open(eligible, signer, coordinator):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    question = ask_question(eligible.revision.visit, signer, "Which ECG?")
    with pytest.raises(Refused) as refused:
        enrol(signature, coordinator)
    assert refused.value.code == "question"
    answer_question(question, coordinator, "That of 2026-03-08.")
    assert enrol(signature, coordinator)


# Edit checks


@pytest.fixture
def doubtful(trial, coordinator, signer, cases, monkeypatch):
    """Somebody eligible with no pulse pressure, which an earlier release asked nobody about."""
    document = cases["base-woman"]["document"]
    pressure = {"systolic_bp": 80, "diastolic_bp": 80}
    with monkeypatch.context() as earlier:
        earlier.setattr("screening.visits.save.refuse_unanswered", lambda *asked: None)
        earlier.setattr("screening.visits.save.record_confirmations", lambda *asked: None)
        found = assessed(trial, coordinator, document | {"vitals": document["vitals"] | pressure})
    return attested(found, signer)


def test_nobody_is_confirmed_eligible_while_a_check_is_not_answered(doubtful, signer, coordinator):
    visit = doubtful.revision.visit
    (reason,) = eligible_refusals(EligibilityConfirmation(doubtful))
    assert reason.message.startswith("Check C14, not answered: ")
    assert (reason.code, reason.address) == ("check", f"/visits/{visit.pk}/#checks")
    assert refusal(sign, doubtful, signer, PASSWORD, "eligible", despite="all the same") == "check"
    (check,) = open_checks(protocol_of(doubtful.version), doubtful.revision)
    answer_check(visit, check.key, "measured twice", coordinator)
    assert sign(doubtful, signer, PASSWORD, "eligible")


def test_nobody_is_enrolled_while_a_check_that_arose_since_the_signature_is_not_answered(
    eligible, signer, coordinator, administrator
):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    ReferenceRangeFactory(trial=eligible.version.trial, created_by=administrator, uln=60)
    with pytest.raises(Refused) as refused:
        enrol(signature, coordinator)
    assert (refused.value.code, refused.value.message.startswith("Check C12, not answered: ")) == ("check", True)
    for check in open_checks(protocol_of(eligible.version), eligible.revision):
        answer_check(eligible.revision.visit, check.key, "that laboratory's own limit", coordinator)
    assert enrol(signature, coordinator)


def test_nobody_is_confirmed_eligible_while_the_version_of_the_consent_form_is_not_answered(
    trial, coordinator, administrator, signer, cases
):
    document = cases["base-man"]["document"]
    document = document | {"consent": document["consent"] | {"version": "9"}}
    assessment = attested(assessed(trial, coordinator, document), signer)
    ConsentFormVersionFactory(trial=trial, created_by=administrator)
    (reason,) = eligible_refusals(EligibilityConfirmation(assessment))
    assert (reason.code, reason.message.partition(": ")[0]) == ("check", "Consent form version, not answered")
    assert refusal(sign, assessment, signer, PASSWORD, "eligible") == "check"


# Days


def test_nobody_is_confirmed_eligible_once_the_planned_first_dose_has_passed(ready, signer, on):
    on(date(2026, 3, 17))
    (reason,) = eligible_refusals(EligibilityConfirmation(ready))
    assert reason.message == (
        "The planned first dose, 2026-03-16, has passed: set a new day, then assess and confirm again."
    )
    assert reason.address == f"/visits/{ready.revision.visit_id}/"
    assert refusal(sign, ready, signer, PASSWORD, "eligible", expired_seen=True) == "passed"
    on(IN_TIME)
    assert sign(ready, signer, PASSWORD, "eligible")


def test_failure_is_confirmed_though_the_planned_first_dose_has_passed(failed, signer, on):
    on(date(2026, 3, 17))
    assert sign(failed, signer, PASSWORD, "failure", "I03")


@pytest.mark.parametrize(("found", "decision"), [("ready", "eligible"), ("failed", "failure")])
def test_nothing_is_signed_on_a_visit_dated_ahead(request, signer, on, found, decision):
    """Assessed by an earlier release, which asked nobody for the day."""
    assessment = request.getfixturevalue(found)
    on(date(2026, 3, 8))
    assert refusal(sign, assessment, signer, PASSWORD, decision) == "ahead"
    on(IN_TIME)
    assert sign(assessment, signer, PASSWORD, decision)


# Disagreements


def test_nobody_is_confirmed_eligible_against_a_disagreement_without_saying_why(ready, signer, disagree):
    disagree("excludes")
    (reason,) = eligible_refusals(EligibilityConfirmation(ready))
    assert (reason.code, reason.field, reason.address.partition("#")[2]) == ("disagreement", "despite", "I03")
    assert "says that I03 excludes: say why" in reason.message
    for despite in ("", " \n"):
        assert refusal(sign, ready, signer, PASSWORD, "eligible", despite=despite) == "disagreement"
    signature = sign(ready, signer, PASSWORD, "eligible", despite=" I misread the chart. ")
    assert signature.despite == "I misread the chart."
    assert signature.meaning.endswith("I confirm all the same: I misread the chart.")
    assert verify_signature(signature)
    assert only("signature").reason == "I misread the chart."
    signature.despite = "Something else."
    assert not verify_signature(signature)


@pytest.mark.parametrize("opinion", ["allows", "unclear"])
def test_other_disagreements_hinder_nobody(eligible, signer, disagree, opinion):
    disagree(opinion)
    signature = sign(eligible, signer, PASSWORD, "eligible", despite="nobody asked")
    assert signature.despite == ""
    assert "nobody asked" not in signature.meaning


def test_last_word_of_each_investigator_on_each_criterion_counts(ready, signer, disagree):
    other = UserFactory(role="investigator")
    disagree("excludes")
    disagree("excludes", code="I04")
    disagree("excludes", user=other)
    disagree("allows")
    found = eligible_refusals(EligibilityConfirmation(ready))
    assert [reason.address.partition("#")[2] for reason in found] == ["I04", "I03"]
    disagree("allows", user=other)
    disagree("allows", code="I04")
    assert sign(ready, signer, PASSWORD, "eligible")


def test_disagreement_outlives_a_further_assessment_but_not_the_attempt(eligible, signer, coordinator, disagree):
    disagree("excludes")
    visit = eligible.revision.visit
    again = assess(saved_again(visit, coordinator), coordinator)
    assert refusal(sign, again, signer, PASSWORD, "eligible") == "disagreement"
    second = open_visit(visit.subject, coordinator, visit.latest_revision().document)
    assert sign(assess(second.latest_revision(), coordinator), signer, PASSWORD, "eligible")


def test_disagreement_with_a_pass_excludes_where_no_opinion_was_asked(eligible, signer):
    Disagreement.objects.create(verdict=eligible.verdicts.get(code="I03"), text="I saw 2.", created_by=signer)
    assert refusal(sign, eligible, signer, PASSWORD, "eligible") == "disagreement"


def test_disagreement_after_the_signature_keeps_from_enrolling(eligible, signer, coordinator, disagree):
    signature = sign(eligible, signer, PASSWORD, "eligible")
    disagree("excludes")
    with pytest.raises(Refused) as refused:
        enrol(signature, coordinator)
    assert refused.value.code == "disagreement"
    withdraw_signature(signature, signer, PASSWORD, "too early")
    again = sign(eligible, signer, PASSWORD, "eligible", despite="The second chart settles it.")
    assert enrol(again, coordinator)


def test_faulty_words_in_spite_of_a_disagreement_are_refused(eligible, signer, disagree):
    disagree("excludes")
    with pytest.raises(BadDocument) as bad:
        sign(eligible, signer, PASSWORD, "eligible", despite="a\0b")
    assert [fault.path for fault in bad.value.faults] == ["despite"]
    assert not Signature.objects.exists()


@pytest.mark.parametrize("opinion", ["", "maybe"])
def test_disagreement_says_what_the_criterion_does(eligible, disagree, opinion):
    with pytest.raises(BadDocument) as bad:
        disagree(opinion)
    assert [fault.path for fault in bad.value.faults] == ["opinion"]


def test_everything_in_the_way_is_said_at_once(eligible, signer, disagree):
    ask_question(eligible.revision.visit, signer, "Which ECG?")
    ask_question(eligible.revision.visit, signer, "Which scan?")
    disagree("excludes")
    with pytest.raises(Refused) as refused:
        sign(eligible, signer, PASSWORD, "eligible")
    assert refused.value.code == "question"
    for words in ("Which ECG?", "Which scan?", "I03 excludes"):
        assert words in refused.value.message
