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
from screening.models.draft import Draft, Standing
from screening.models.edit_check import Confirmation, Prompt
from screening.models.enrolment import Enrolment
from screening.models.export import Exported, LogExport
from screening.models.question import Answer, Disagreement, Question
from screening.models.reference_range import ReferenceRange, Sex
from screening.models.signature import (
    FITS,
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
from screening.models.subject_status import NEVER, NEVER_AT, LogDecision, Mark
from screening.models.version_transition import Transfer
from screening.models.visit import Revision, Visit

__all__ = [
    "FITS",
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
    "Effect",
    "Enrolment",
    "Exported",
    "FailureCause",
    "Grant",
    "LogDecision",
    "LogExport",
    "Mark",
    "Outcome",
    "Overall",
    "Prompt",
    "Question",
    "RecordSeal",
    "ReferenceRange",
    "Refusal",
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
    "Standing",
    "Subject",
    "TrailReview",
    "Transfer",
    "Verdict",
    "Visit",
]
