import pytest
from django.core.exceptions import PermissionDenied

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument
from screening.eligibility.assess import assess
from screening.models import Attestation, Question, Signature, SubjectStatus
from screening.review import decide
from screening.review.attest import attest
from screening.review.decide import close_case, send_back
from screening.review.questions import answer_question
from screening.signatures.judgements import judgements_of
from tests.support.reviewed import PASSWORD, amended, attested, saved_again

pytestmark = pytest.mark.usefixtures("in_time")

FISTULA, EXPECTANCY = "imaging.fistula_risk", "performance.life_expectancy_months"


def key(assessment, name):
    return next(each.judgement.key for each in judgements_of(assessment) if each.judgement.name == name)


def recorded(assessment, name):
    return next(each for each in judgements_of(assessment) if each.judgement.name == name)


def refusal(act, *args, **said):
    with pytest.raises(Refused) as refused:
        act(*args, **said)
    return refused.value


def faults(*args):
    with pytest.raises(BadDocument) as bad:
        attest(*args)
    return [tuple(fault) for fault in bad.value.faults]


# What is recorded


def test_attestation_records_what_was_attested_by_whom(eligible, signer):
    attest(eligible, signer, [key(eligible, EXPECTANCY)])
    made = Attestation.objects.get()
    assert (made.revision, made.created_by, made.question) == (eligible.revision, signer, None)
    assert (made.path, made.label) == (EXPECTANCY, "Performance status: life expectancy")
    assert (made.value, made.answer) == ("6 months", "as_recorded")
    assert recorded(eligible, EXPECTANCY).is_attested


def test_judgement_sent_back_opens_a_question_about_its_field(eligible, signer):
    attest(eligible, signer, [], {key(eligible, FISTULA): "Which scan?"})
    made, question = Attestation.objects.get(), Question.objects.get()
    assert (made.answer, made.question) == ("sent_back", question)
    assert (question.path, question.assessment, question.created_by) == (FISTULA, eligible, signer)
    assert question.text == "Screening imaging: risk of an oesophageal fistula, recorded as “no”: Which scan?"
    assert SubjectStatus.objects.get().open_questions == 1
    assert recorded(eligible, FISTULA).is_sent_back


def test_condition_sent_back_is_asked_about_by_its_name(eligible, signer):
    attest(eligible, signer, [], {key(eligible, "history.nephrotic_syndrome.status"): "Since when?"})
    assert Question.objects.get().path == "history.nephrotic_syndrome"


def test_what_is_attested_is_not_recorded_twice(eligible, signer):
    assert len(attest(eligible, signer, [key(eligible, FISTULA)])) == 1
    assert attest(eligible, signer, [key(eligible, FISTULA)]) == []
    assert Attestation.objects.count() == 1


def test_what_was_sent_back_can_be_attested_and_the_other_way_round(eligible, signer):
    attest(eligible, signer, [], {key(eligible, FISTULA): "Which scan?"})
    attest(eligible, signer, [key(eligible, FISTULA)])
    assert recorded(eligible, FISTULA).is_attested
    attest(eligible, signer, [], {key(eligible, EXPECTANCY): "So short?"})
    assert recorded(eligible, EXPECTANCY).is_sent_back
    assert Attestation.objects.count() == 3


def test_same_judgement_is_sent_back_again_only_once_it_was_answered(eligible, signer, coordinator):
    back = {key(eligible, FISTULA): "Which scan?"}
    attest(eligible, signer, [], back)
    assert faults(eligible, signer, [], back) == [
        (key(eligible, FISTULA), "sent back already: the question is not answered yet")
    ]
    answer_question(Question.objects.get(), coordinator, "That of March.")
    attest(eligible, signer, [], back)
    assert Question.objects.count() == 2


# What is refused


@pytest.mark.parametrize("role", ["coordinator", "administrator", "monitor"])
def test_nobody_attests_but_an_investigator(eligible, request, role):
    with pytest.raises(PermissionDenied):
        attest(eligible, request.getfixturevalue(role), [key(eligible, FISTULA)])
    assert not Attestation.objects.exists()


def test_faulty_answers_are_refused_whole(eligible, signer):
    fistula, expectancy = key(eligible, FISTULA), key(eligible, EXPECTANCY)
    assert faults(eligible, signer, [], {}) == [("", "mark a judgement as recorded, or say what must be looked at")]
    assert faults(eligible, signer, [expectancy, fistula], {fistula: "Which scan?"}) == [
        (fistula, "either as recorded or sent back, not both")
    ]
    assert faults(eligible, signer, [expectancy], {fistula: " "}) == [(fistula, "say what must be looked at")]
    assert faults(eligible, signer, ["performance.ecog 1"], {}) == [
        ("performance.ecog 1", "the assessed document has no such judgement")
    ]
    assert len(faults(eligible, signer, [], {fistula: "x" * 2000})) == 1  # with the label before it
    assert not Attestation.objects.exists()
    assert not Question.objects.exists()


def test_only_what_stands_now_is_attested(eligible, failed, signer, coordinator):
    fistula = [key(eligible, FISTULA)]
    saved_again(eligible.revision.visit, coordinator)
    assert refusal(attest, eligible, signer, fistula).code == "superseded"
    again = assess(eligible.revision.visit.latest_revision(), coordinator)
    send_back(again, signer, "Look again.")
    assert refusal(attest, again, signer, fistula).code == "decided"
    close_case(failed.revision, signer, PASSWORD, "declined")
    assert refusal(attest, failed, signer, fistula).code == "closed"


# What it is for


def test_nobody_is_confirmed_eligible_before_every_judgement_is_attested(eligible, signer, coordinator):
    others = [each.judgement.key for each in judgements_of(eligible) if each.judgement.name != FISTULA]
    why = refusal(decide.sign, eligible, signer, PASSWORD, "eligible")
    assert why.code == "unattested"
    assert "Not attested (12): Performance status: life expectancy: 6 months; " in why.message
    assert "; and 9 more. Attest each judgement" in why.message
    attest(eligible, signer, others)
    why = refusal(decide.sign, eligible, signer, PASSWORD, "eligible")
    assert "Not attested (1): Screening imaging: risk of an oesophageal fistula: no." in why.message
    attest(eligible, signer, [], {key(eligible, FISTULA): "Which scan?"})
    assert refusal(decide.sign, eligible, signer, PASSWORD, "eligible").code == "question"
    answer_question(Question.objects.get(), coordinator, "That of March.")
    assert refusal(decide.sign, eligible, signer, PASSWORD, "eligible").code == "unattested"
    assert not Signature.objects.exists()


def test_changed_judgement_stands_in_the_way_again(eligible, signer, coordinator):
    visit = attested(eligible, signer).revision.visit
    again = assess(saved_again(visit, coordinator), coordinator)
    assert "Not attested (1): Performance status: life expectancy: 7 months." in (
        refusal(decide.sign, again, signer, PASSWORD, "eligible").message
    )


def test_every_judgement_attested_can_be_signed(eligible, signer):
    assert decide.sign(attested(eligible, signer), signer, PASSWORD, "eligible").decision == "eligible"


def test_screen_failure_needs_no_attestation(failed, signer):
    assert decide.sign(failed, signer, PASSWORD, "failure", primary="I03").decision == "failure"


def test_version_that_applies_by_now_asks_for_its_own_judgements(eligible, signer):
    keys = [each.judgement.key for each in judgements_of(eligible)]
    amended()
    assert refusal(attest, eligible, signer, keys).code == "superseded"
