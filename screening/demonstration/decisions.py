"""What the demonstration's investigator decided: one of everything that the pages can show."""

from __future__ import annotations

from django.contrib.auth.models import User

from criteria.models import Trial
from criteria.versions.versions import protocol_of
from screening.demonstration.create import conditions, save, screen, todays
from screening.demonstration.healthy import BASE
from screening.demonstration.people import people
from screening.eligibility.assess import assess
from screening.models import Assessment, Decision, Signature, Visit
from screening.review.decide import close_case, send_back, sign
from screening.review.enrol import enrol
from screening.review.questions import answer, ask, disagree
from screening.visits.applicable_version import version_for
from screening.visits.save import register_subject

FAILURE, SENT_BACK, DECLINED = "S-0004", "S-0005", "S-0010"
ELIGIBLE, ENROLLED, VOID = range(3)  # three more people, all healthy


def create_decisions(trial: Trial, author: User, investigator: User, password: str) -> int:
    """How many people it adds. Never within a transaction, as nothing that is signed with a password."""
    if not investigator.check_password(password):
        return 0  # somebody gave the account another one: nothing is signed for them
    more = create_healthy(trial, author, 3)
    signatures = [sign(latest_of(visit), investigator, password, Decision.ELIGIBLE) for visit in more]
    enrol(signatures[ENROLLED], author)
    void(signatures[VOID], author)
    fail(assessed(trial, FAILURE), investigator, password)
    ask_and_send_back(assessed(trial, SENT_BACK), author, investigator)
    close_case(assessed(trial, DECLINED).revision, investigator, password, "declined", "Prefers another hospital.")
    return len(more)


def create_healthy(trial: Trial, author: User, number: int) -> list[Visit]:
    vocabulary = protocol_of(version_for(trial, {})).vocabulary
    healthy = todays(people(conditions(vocabulary))[0])
    return [screen(register_subject(trial, author), author, healthy, vocabulary) for _index in range(number)]


def assessed(trial: Trial, screening_number: str) -> Assessment:
    return latest_of(Visit.objects.get(subject__trial=trial, subject__screening_number=screening_number))


def latest_of(visit: Visit) -> Assessment:
    return (
        Assessment.objects.filter(revision__visit=visit)
        .select_related("version", "revision__visit__subject")
        .latest("pk")
    )


def fail(assessment: Assessment, investigator: User, password: str) -> None:
    verdict = assessment.verdicts.get(code="I03")
    disagree(verdict, investigator, "I saw 1 on the ward on the same day; the form's value counts all the same.")
    sign(assessment, investigator, password, Decision.FAILURE)


def ask_and_send_back(assessment: Assessment, author: User, investigator: User) -> None:
    visit = assessment.revision.visit
    dated = ask(visit, investigator, "Which report dates it?", "E15", "history.arterial_thrombosis", assessment)
    answer(dated, author, "The ultrasound report; it names the month only.")
    ask(visit, investigator, "Was the day of the last symptoms written down anywhere?", "E15", assessment=assessment)
    send_back(assessment, investigator, "Please look for the day: with it the wait may be shorter.")


def void(signature: Signature, author: User) -> None:
    """A correction after the signature, assessed again: to be signed anew."""
    visit = signature.assessment.revision.visit
    vocabulary = protocol_of(signature.assessment.version).vocabulary
    part = {"performance": BASE["performance"] | {"life_expectancy_months": 8}}
    save(visit, vocabulary.section("performance"), part, author, reason="Corrected: 8, not 6 (source: ward round)")
    assess(visit.latest_revision(), author)
