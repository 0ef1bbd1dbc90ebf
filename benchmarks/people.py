"""Many invented people in all stages of screening, the same for the same number: their records, and the log.

The first ones are screened by the verbs, with all their verdicts. For the others that would take hours: their records
are written in bulk, with invented findings over a small document and empty verdict sheets. Every seal fits.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction

from criteria import ENGINE_VERSION
from criteria.models import ProtocolVersion
from criteria.versions.versions import protocol_of
from screening.access.rights import grant_by_command
from screening.eligibility.assess import assess
from screening.eligibility.replay import fingerprint
from screening.models import (
    NEVER,
    Assessment,
    Closure,
    ClosureReason,
    Enrolment,
    Overall,
    Revision,
    SendBack,
    Signature,
    Subject,
    SubjectStatus,
    Visit,
)
from screening.models.subject_status import join_codes
from screening.signatures.seals import compute_seal
from screening.visits.save import open_visit, register_subject
from tests.support.random_documents import random_document

BATCH = 2000
BY_THE_VERBS = 200
FIRST_DAY, DAYS = date(2024, 1, 1), 900
INVESTIGATOR = "investigator"
STAGES = {"failure": 55, "not_enrolled": 10, "returned": 3, "eligible": 2, "awaiting": 30}


class Case(NamedTuple):
    """What became of one person."""

    number: int
    day: date
    stage: str
    failed: list[str]
    coordinator: User
    reason: str

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, time(9), UTC)

    @property
    def found(self) -> str:
        if self.stage == "eligible":
            return Overall.ELIGIBLE
        return Overall.INELIGIBLE if self.failed else Overall.UNDETERMINED

    @property
    def document(self) -> dict[str, Any]:
        day = self.day.isoformat()
        return {"visit": {"date": day}, "consent": {"signed": "yes", "date": day}}


def fill(version: ProtocolVersion, people: int) -> None:
    rng = random.Random(5990231)
    coordinators = [account(f"coordinator-{at}", "coordinator") for at in range(5)]
    investigator = account(INVESTIGATOR, "investigator")
    real = min(people, BY_THE_VERBS)
    for _ in range(real):
        subject = register_subject(version.trial, coordinators[0])
        visit = open_visit(subject, coordinators[0], random_document(rng))
        assess(visit.latest_revision(), coordinators[0])
    for first in range(real + 1, people + 1, BATCH):
        numbers = range(first, min(first + BATCH, people + 1))
        cases = [case(rng, number, version, coordinators) for number in numbers]
        with transaction.atomic():
            write(version, investigator, cases)


def account(name: str, role: str) -> User:
    user = User.objects.create_user(name)
    grant_by_command(user, role, "benchmark")
    return user


def case(rng: random.Random, number: int, version: ProtocolVersion, coordinators: list[User]) -> Case:
    """Make some criteria fail often and some hardly ever, as in life."""
    codes = [criterion.code for criterion in protocol_of(version).criteria]
    stage = rng.choices(list(STAGES), weights=list(STAGES.values()))[0]
    failed: set[str] = set()
    if stage == "failure" or (stage != "eligible" and rng.random() < 0.3):
        failed = set(rng.sample(codes[:-4:4], rng.choice((1, 1, 2, 3))))
        failed |= set(rng.sample(codes[-4:], 1)) if rng.random() < 0.003 else set()
    return Case(
        number,
        FIRST_DAY + timedelta(rng.randrange(DAYS)),
        stage,
        [code for code in codes if code in failed],
        rng.choice(coordinators),
        rng.choice(ClosureReason.values),
    )


def write(version: ProtocolVersion, investigator: User, cases: list[Case]) -> None:
    trial = version.trial
    subjects = Subject.objects.bulk_create(
        Subject(trial=trial, screening_number=f"S-{each.number:04}", **written(each)) for each in cases
    )
    visits = Visit.objects.bulk_create(
        Visit(subject=subject, number=1, **written(each)) for subject, each in zip(subjects, cases, strict=True)
    )
    revisions = Revision.objects.bulk_create(
        Revision(visit=visit, number=1, section="visit", document=each.document, **written(each))
        for visit, each in zip(visits, cases, strict=True)
    )
    assessments = Assessment.objects.bulk_create(
        assessment(version, revision, each) for revision, each in zip(revisions, cases, strict=True)
    )
    rows = [standing(found, each) for found, each in zip(assessments, cases, strict=True)]
    sign_all(rows, cases, investigator)
    enrol_all(rows, investigator)
    SubjectStatus.objects.bulk_create(rows)


def written(each: Case) -> dict[str, Any]:
    return {"created_by": each.coordinator, "created_at": each.at}


def assessment(version: ProtocolVersion, revision: Revision, each: Case) -> Assessment:
    found = Assessment(
        revision=revision, version=version, overall=each.found, engine_version=ENGINE_VERSION, **written(each)
    )
    found.sheet_sha256 = fingerprint(found, [])
    return found


def standing(found: Assessment, each: Case) -> SubjectStatus:
    subject, awaiting = found.revision.visit.subject, each.stage == "awaiting"
    return SubjectStatus(
        subject=subject,
        latest_of=subject,
        trial=subject.trial,
        screening_number=subject.screening_number,
        visit=found.revision.visit,
        revision=found.revision,
        assessment=found,
        attempts=1,
        overall=found.overall,
        fails=len(each.failed),
        next_step="Ready for the investigator" if awaiting else "",
        visit_date=each.day,
        holds_until=each.day + timedelta(7) if awaiting else NEVER,
        saved_at=each.at,
        consent_date=each.day.isoformat(),
        version=found.version,
        found=found.overall,
        failed=join_codes(each.failed),
        flags="|judgement|",
        awaiting=awaiting,
        assessed_at=found.created_at,
        decision="" if awaiting else each.stage,
        coordinator=each.coordinator,
    )


def sign_all(rows: list[SubjectStatus], cases: list[Case], investigator: User) -> None:
    """Signs, closes or sends back those whose stage says so, and notes it in their rows."""
    signatures, closures, sent = [], [], []
    for row, each in zip(rows, cases, strict=True):
        at = each.at + timedelta(days=1)
        decided = {"created_by": investigator, "created_at": at}
        signed = decided | {"printed_name": "Na Li", "role": "principal investigator", "zone": "UTC"}
        if row.decision in ("eligible", "failure"):
            row.primary_reason = each.failed[0] if each.failed else ""
            row.signature = Signature(
                assessment=row.assessment,
                decision=row.decision,
                primary_criterion=row.primary_reason,
                meaning=f"I have reviewed this assessment of {row.screening_number} and confirm what it found.",
                **signed,
            )
            signatures.append(sealed(row.signature))
        elif row.decision == "not_enrolled":
            row.primary_reason = each.reason
            meaning = f"I have decided that {row.screening_number} is not enrolled."
            row.closure = Closure(revision=row.revision, reason=each.reason, meaning=meaning, **signed)
            closures.append(sealed(row.closure))
        elif row.decision == "returned":
            sent.append(SendBack(assessment=row.assessment, comment="The source is missing.", **decided))
        row.decided_at = at if row.decision else row.decided_at
    Signature.objects.bulk_create(signatures)
    Closure.objects.bulk_create(closures)
    SendBack.objects.bulk_create(sent)


def sealed(signed: Any) -> Any:
    signed.seal = compute_seal(signed)
    return signed


def enrol_all(rows: list[SubjectStatus], investigator: User) -> None:
    """Give the places that are left to those who are confirmed eligible, the first ones first."""
    taken = Enrolment.objects.count()
    for row in rows:
        if row.decision != "eligible" or taken >= (row.trial.planned_enrolment or 0):
            continue
        taken += 1
        row.enrolment_number, row.enrolled_on = f"E-{taken:03}", row.visit_date + timedelta(7)
        Enrolment.objects.create(
            subject=row.subject,
            trial=row.trial,
            number=row.enrolment_number,
            signature=row.signature,
            enrolled_on=row.enrolled_on,
            created_by=investigator,
        )
