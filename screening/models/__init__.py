from screening.models.access import (
    AccessEvent,
    AccessKind,
    AccountChange,
    AccountStep,
    Grant,
    Refusal,
    Revocation,
    Role,
)
from screening.models.assessment import Assessment, Outcome, Overall, Verdict
from screening.models.audit import RecordSeal, TrailReview
from screening.models.draft import Draft
from screening.models.edit_check import Confirmation, EditCheckQuery
from screening.models.enrolment import Enrolment
from screening.models.export import Exported, LogExport
from screening.models.question import Answer, Disagreement, Question
from screening.models.reference_range import ReferenceRange, Sex
from screening.models.signature import (
    CONFIRMED_FINDING,
    Closure,
    ClosureReason,
    Decision,
    FailureCause,
    SendBack,
    Signature,
    SigningFailure,
)
from screening.models.simulation import (
    Effect,
    SimulatedChange,
    Simulation,
    SimulationProgress,
    SimulationReport,
    SimulationState,
)
from screening.models.subject import Subject
from screening.models.subject_status import NEVER, NEVER_AT, LogDecision, ReviewFlag, SubjectStatus
from screening.models.version_transition import VersionTransition
from screening.models.visit import Revision, Visit

__all__ = [
    "CONFIRMED_FINDING",
    "NEVER",
    "NEVER_AT",
    "AccessEvent",
    "AccessKind",
    "AccountChange",
    "AccountStep",
    "Answer",
    "Assessment",
    "Closure",
    "ClosureReason",
    "Confirmation",
    "Decision",
    "Disagreement",
    "Draft",
    "EditCheckQuery",
    "Effect",
    "Enrolment",
    "Exported",
    "FailureCause",
    "Grant",
    "LogDecision",
    "LogExport",
    "Outcome",
    "Overall",
    "Question",
    "RecordSeal",
    "ReferenceRange",
    "Refusal",
    "ReviewFlag",
    "Revision",
    "Revocation",
    "Role",
    "SendBack",
    "Sex",
    "Signature",
    "SigningFailure",
    "SimulatedChange",
    "Simulation",
    "SimulationProgress",
    "SimulationReport",
    "SimulationState",
    "Subject",
    "SubjectStatus",
    "TrailReview",
    "Verdict",
    "VersionTransition",
    "Visit",
]
