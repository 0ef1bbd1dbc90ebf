from datetime import date
from typing import Any

import factory
from django.contrib.auth.models import User
from factory.django import DjangoModelFactory

from criteria.models import (
    Amendment,
    AmendmentRevision,
    Approval,
    BoundaryReview,
    Proposal,
    ProtocolVersion,
    Rejection,
    Trial,
    Withdrawal,
)
from screening.eligibility.assess import assess
from screening.models import (
    AccessEvent,
    AccountChange,
    Answer,
    Assessment,
    Attestation,
    Closure,
    Confirmation,
    ConsentFormVersion,
    Disagreement,
    EditCheckQuery,
    Enrolment,
    FailureDismissal,
    Grant,
    LogExport,
    Question,
    RangeConfirmation,
    RangeEnd,
    RangeRetraction,
    RecordSeal,
    ReferenceRange,
    Refusal,
    Reopening,
    Revision,
    Revocation,
    SendBack,
    Signature,
    SignatureWithdrawal,
    SigningFailure,
    SimulatedChange,
    Simulation,
    SimulationProgress,
    SimulationReport,
    Subject,
    SubjectInError,
    SubjectReference,
    SubjectStatus,
    SubjectView,
    TrailReview,
    VersionTransition,
    Visit,
    VisitInError,
)
from screening.visits.save import open_visit, register_subject


class UserFactory(DjangoModelFactory[User]):
    """Holds `role` at all times; without one the user may do nothing."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)

    @factory.post_generation
    def role(self, create: bool, name: str | None, **kwargs: Any) -> None:
        if create and name:
            GrantFactory(account=self, role=name)


class GrantFactory(DjangoModelFactory[Grant]):
    """`account` and `role` must be given. Given by the account itself, as no verb but the command line's would."""

    class Meta:
        model = Grant

    holds_from = date(2000, 1, 1)  # many a test sets the clock back
    reason = "delegation log"
    created_by = factory.SelfAttribute("account")


class SubjectFactory(DjangoModelFactory[Subject]):
    class Meta:
        model = Subject

    screening_number = factory.Sequence("S-{:04}".format)
    created_by = factory.SubFactory(UserFactory)


class VisitFactory(DjangoModelFactory[Visit]):
    class Meta:
        model = Visit

    number = 1
    created_by = factory.SelfAttribute("subject.created_by")


class RevisionFactory(DjangoModelFactory[Revision]):
    class Meta:
        model = Revision

    number = 1
    section = "visit"
    document = factory.LazyFunction(lambda: {"visit": {"date": "2026-03-09"}})
    created_by = factory.SelfAttribute("visit.created_by")


class StandingFactory(DjangoModelFactory[SubjectStatus]):
    """A row of the work list and the log as it might be; `subject` must be given."""

    class Meta:
        model = SubjectStatus

    latest_of = factory.SelfAttribute("subject")
    trial = factory.SelfAttribute("subject.trial")
    screening_number = factory.SelfAttribute("subject.screening_number")


class ReferenceRangeFactory(DjangoModelFactory[ReferenceRange]):
    """As entered before a second person was asked, so that it counts; `trial` and `created_by` must be given."""

    class Meta:
        model = ReferenceRange

    needs_confirmation = False

    analyte = "creatinine"
    unit = "umol/L"
    uln = 104
    valid_from = date(2026, 1, 1)
    source = "laboratory's list of 2026-01"


class ConsentFormVersionFactory(DjangoModelFactory[ConsentFormVersion]):
    """`trial` and `created_by` must be given."""

    class Meta:
        model = ConsentFormVersion

    version = "1.0"
    approved_on = date(2026, 1, 1)
    valid_from = date(2026, 1, 15)


class PromptFactory(DjangoModelFactory[EditCheckQuery]):
    """`visit` must be given."""

    class Meta:
        model = EditCheckQuery

    section = "laboratory"
    path = "labs[0].value"
    key = "labs.haemoglobin 140 g/dL 2026-03-08"
    message = "outside what is plausible: 4 to 22 g/dL"
    created_by = factory.SelfAttribute("visit.created_by")


class ConfirmationFactory(DjangoModelFactory[Confirmation]):
    """`revision` must be given."""

    class Meta:
        model = Confirmation

    path = "labs[0].value"
    key = "labs.haemoglobin 140 g/dL 2026-03-08"
    message = "outside what is plausible: 4 to 22 g/dL"
    created_by = factory.SelfAttribute("revision.created_by")


class SignatureFactory(DjangoModelFactory[Signature]):
    """`assessment` must be given. Its seal fits nothing."""

    class Meta:
        model = Signature

    decision = "eligible"
    printed_name = "Dr. Li Na"
    role = "principal investigator"
    meaning = "I confirm that S-0001 is eligible."
    zone = "UTC"
    created_by = factory.SelfAttribute("assessment.created_by")


def review_rows(visit: Visit, author: User) -> None:
    """A row in every table of the review."""
    assessment = Assessment.objects.get(revision__visit=visit)
    question = Question.objects.create(visit=visit, text="Which sample?", created_by=author)
    Attestation.objects.create(
        revision=assessment.revision,
        path="imaging.fistula_risk",
        key="imaging.fistula_risk 552cb8e7781d8e76",
        label="Risk of an oesophageal fistula",
        value="no",
        answer="sent_back",
        question=question,
        created_by=author,
    )
    Answer.objects.create(question=question, text="The one of 2026-03-08.", created_by=author)
    Disagreement.objects.create(verdict=assessment.verdicts.first(), text="I read it otherwise.", created_by=author)
    signature = SignatureFactory(assessment=assessment)
    SignatureWithdrawal.objects.create(signature=signature, reason="the wrong person", created_by=author)
    closure = Closure.objects.create(revision=assessment.revision, reason="declined", created_by=author)
    Reopening.objects.create(closure=closure, reason="changed her mind", created_by=author)
    SendBack.objects.create(assessment=assessment, comment="The source is missing.", created_by=author)
    SigningFailure.objects.create(visit=visit, cause="password", created_by=author)
    Enrolment.objects.create(
        subject=visit.subject,
        trial=visit.subject.trial,
        number="E-001",
        signature=signature,
        enrolled_on=date(2026, 3, 16),
        created_by=author,
    )
    LogExport.objects.create(file_format="csv", created_by=author)


def amendment_rows(version: ProtocolVersion, author: User) -> None:
    """A row in every table of amendments, as no verb would put them together."""
    amendment = Amendment.objects.create(trial=version.trial, number=1, base=version, created_by=author)
    revision = AmendmentRevision.objects.create(
        amendment=amendment, number=1, kind="begun", reason="amendment 2", definition={}, created_by=author
    )
    BoundaryReview.objects.create(revision=revision, created_by=author)
    proposal = Proposal.objects.create(revision=revision, reason="ready", created_by=author)
    Rejection.objects.create(proposal=proposal, reason="too early", created_by=author)
    Withdrawal.objects.create(amendment=amendment, reason="not needed", created_by=author)
    Approval.objects.create(
        proposal=proposal, version=version, reason="agreed", ethics_approved_on=date(2026, 3, 1), created_by=author
    )


def waiting_simulation(version: ProtocolVersion, author: User, people: int = 1000) -> Simulation:
    """A what-if that no worker has begun."""
    simulation = Simulation.objects.create(base=version, values={"max_ecog": 2}, filters={}, created_by=author)
    SimulationProgress.objects.create(simulation=simulation, total=people, counts={})
    return simulation


def simulation_rows(visit: Visit, version: ProtocolVersion, author: User) -> None:
    """A row in every table of records of a simulation."""
    simulation = Simulation.objects.create(base=version, values={"max_ecog": 2}, filters={}, created_by=author)
    SimulatedChange.objects.create(
        simulation=simulation,
        subject=visit.subject,
        revision=visit.latest_revision(),
        effect="other",
        codes="|I03|",
        changes={"I03": ["fail", "pass"]},
    )
    SimulationReport.objects.create(simulation=simulation, people=1, counts={}, created_by=author)


def access_rows(visit: Visit, author: User) -> None:
    """A row in every table of access and trail."""
    Revocation.objects.create(grant=GrantFactory(account=author, role="monitor"), reason="left", created_by=author)
    AccountChange.objects.create(account=author, step="created", created_by=author)
    AccessEvent.objects.create(created_by=author, kind="login")
    Refusal.objects.create(
        visit=visit, place="screening:section", code="document", message="140,5", faults=[], created_by=author
    )
    TrailReview.objects.create(entries=1, remark="nothing out of the ordinary", created_by=author)
    RecordSeal.objects.create(table="screening_subject", last=1, rows=1, digest="0" * 64)


def range_rows(trial: Trial, author: User) -> None:
    """A row in every table of reference ranges."""
    entered = ReferenceRangeFactory(trial=trial, created_by=author, needs_confirmation=True)
    RangeConfirmation.objects.create(range=entered, created_by=author)
    RangeEnd.objects.create(range=entered, last_day=date(2026, 6, 30), reason="a new list", created_by=author)
    RangeRetraction.objects.create(range=entered, reason="of another test", created_by=author)


def a_row_of_each(trial: Trial, author: User) -> None:
    """At least one row in every table of records, beside those of the protocol."""
    visit = open_visit(register_subject(trial, author), author, {"visit": {"date": "2026-03-09"}})
    assess(visit.latest_revision(), author)
    range_rows(trial, author)
    ConsentFormVersionFactory(trial=trial, created_by=author)
    PromptFactory(visit=visit)
    ConfirmationFactory(revision=visit.latest_revision())
    review_rows(visit, author)
    version = trial.versions.get()
    amendment_rows(version, author)
    simulation_rows(visit, version, author)
    VersionTransition.objects.create(visit=visit, version=version, created_by=author)
    FailureDismissal.objects.create(visit=visit, version=version, reason="moved away", created_by=author)
    access_rows(visit, author)
    SubjectReference.objects.create(subject=visit.subject, reference="ZX-12", created_by=author)
    SubjectView.objects.create(subject=visit.subject, day=date(2026, 3, 9), created_by=author)
    SubjectInError.objects.create(subject=visit.subject, reason="registered twice", created_by=author)
    VisitInError.objects.create(visit=visit, reason="opened twice", created_by=author)
