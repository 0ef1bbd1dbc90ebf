"""The demonstration investigator's decisions: one of every kind that the pages can show."""

from __future__ import annotations

from django.contrib.auth.models import User

from criteria.models import Trial
from criteria.versions.versions import protocol_of
from screening.demonstration.create import condition_codes, save_part, screen_subject, shift_to_today
from screening.demonstration.people import invented_documents
from screening.eligibility.assess import assess
from screening.models import Assessment, Decision, Opinion, Signature, Visit
from screening.review.attest import attest
from screening.review.decide import close_case, send_back, sign
from screening.review.enrol import enrol
from screening.review.questions import answer_question, ask_question, record_disagreement
from screening.signatures.judgements import judgements_of
from screening.visits.applicable_version import version_for_new_visit
from screening.visits.save import register_subject

FAILURE, SENT_BACK, DECLINED = "S-0004", "S-0005", "S-0010"
ELIGIBLE, ENROLLED, VOID = range(3)  # three more people, all healthy


def create_decisions(trial: Trial, author: User, investigator: User, password: str) -> int:
    """Create the decisions, and return how many subjects were added.

    Must not be called within a transaction, like everything that is signed with a password. Adds none where the
    account has another password.
    """
    if not investigator.check_password(password):
        return 0  # somebody gave the account another one: nothing is signed for them
    more = create_healthy(trial, author, 3)
    signatures = [sign_eligible(latest_assessment(visit), investigator, password) for visit in more]
    enrol(signatures[ENROLLED], author)
    void_signature(signatures[VOID], author)
    sign_failure(assessment_of(trial, FAILURE), investigator, password)
    ask_and_send_back(assessment_of(trial, SENT_BACK), author, investigator)
    close_case(assessment_of(trial, DECLINED).revision, investigator, password, "declined", "Prefers another hospital.")
    return len(more)


def create_healthy(trial: Trial, author: User, number: int) -> list[Visit]:
    vocabulary = protocol_of(version_for_new_visit(trial, {})).vocabulary
    healthy = shift_to_today(invented_documents(condition_codes(vocabulary))[0])
    return [screen_subject(register_subject(trial, author), author, healthy, vocabulary) for _index in range(number)]


def assessment_of(trial: Trial, screening_number: str) -> Assessment:
    return latest_assessment(Visit.objects.get(subject__trial=trial, subject__screening_number=screening_number))


def latest_assessment(visit: Visit) -> Assessment:
    return (
        Assessment.objects.filter(revision__visit=visit)
        .select_related("version", "revision__visit__subject")
        .latest("pk")
    )


def sign_eligible(assessment: Assessment, investigator: User, password: str) -> Signature:
    """Attest every judgement as recorded, and confirm eligible."""
    attest(assessment, investigator, [each.judgement.key for each in judgements_of(assessment)])
    return sign(assessment, investigator, password, Decision.ELIGIBLE)


def sign_failure(assessment: Assessment, investigator: User, password: str) -> None:
    verdict = assessment.verdicts.get(code="I03")
    record_disagreement(
        verdict,
        investigator,
        "I saw 1 on the ward on the same day; the form's value counts all the same.",
        Opinion.ALLOWS,
    )
    sign(assessment, investigator, password, Decision.FAILURE, verdict.code)


def ask_and_send_back(assessment: Assessment, author: User, investigator: User) -> None:
    visit = assessment.revision.visit
    dated = ask_question(
        visit, investigator, "Which report dates it?", "E15", "history.arterial_thrombosis", assessment
    )
    answer_question(dated, author, "The ultrasound report; it names the month only.")
    ask_question(
        visit, investigator, "Was the day of the last symptoms written down anywhere?", "E15", assessment=assessment
    )
    send_back(assessment, investigator, "Please look for the day: with it the wait may be shorter.")


def void_signature(signature: Signature, author: User) -> None:
    """Make a signature void: a correction after it is assessed again, and must be signed again."""
    visit = signature.assessment.revision.visit
    vocabulary = protocol_of(signature.assessment.version).vocabulary
    part = {"performance": visit.latest_revision().document["performance"] | {"life_expectancy_months": 8}}
    save_part(visit, vocabulary.section("performance"), part, author, reason="Corrected: 8, not 6 (source: ward round)")
    assess(visit.latest_revision(), author)
