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
from screening.models.attestation import Attestation, AttestationAnswer
from screening.models.audit import RecordSeal, SubjectView, TrailReview
from screening.models.changed_field import ChangedField
from screening.models.chosen_trial import ChosenTrial
from screening.models.consent_form_version import ConsentFormVersion
from screening.models.draft import Draft
from screening.models.edit_check import Confirmation, EditCheckQuery
from screening.models.enrolment import Enrolment
from screening.models.entered_in_error import SubjectInError, VisitInError
from screening.models.export import Exported, LogExport
from screening.models.failure_dismissal import FailureDismissal
from screening.models.form_key import FormKey
from screening.models.question import Answer, Disagreement, Opinion, Question
from screening.models.reference_range import RangeConfirmation, RangeEnd, RangeRetraction, ReferenceRange, Sex
from screening.models.saved_filter import SavedFilter
from screening.models.signature import (
    CONFIRMED_FINDING,
    NO_MAIN_REASON,
    Closure,
    ClosureReason,
    Decision,
    FailureCause,
    Reopening,
    SendBack,
    Signature,
    SignatureWithdrawal,
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
from screening.models.subject_reference import SubjectReference, standing_references
from screening.models.subject_status import (
    LATEST_ATTEMPT,
    NEVER,
    NEVER_AT,
    SETTLED_DECISIONS,
    LogDecision,
    ReviewFlag,
    SubjectStatus,
    in_trials,
)
from screening.models.version_transition import VersionTransition
from screening.models.visit import Revision, Visit

__all__ = [
    "CONFIRMED_FINDING",
    "LATEST_ATTEMPT",
    "NEVER",
    "NEVER_AT",
    "NO_MAIN_REASON",
    "SETTLED_DECISIONS",
    "AccessEvent",
    "AccessKind",
    "AccountChange",
    "AccountStep",
    "Answer",
    "Assessment",
    "Attestation",
    "AttestationAnswer",
    "ChangedField",
    "ChosenTrial",
    "Closure",
    "ClosureReason",
    "Confirmation",
    "ConsentFormVersion",
    "Decision",
    "Disagreement",
    "Draft",
    "EditCheckQuery",
    "Effect",
    "Enrolment",
    "Exported",
    "FailureCause",
    "FailureDismissal",
    "FormKey",
    "Grant",
    "LogDecision",
    "LogExport",
    "Opinion",
    "Outcome",
    "Overall",
    "Question",
    "RangeConfirmation",
    "RangeEnd",
    "RangeRetraction",
    "RecordSeal",
    "ReferenceRange",
    "Refusal",
    "Reopening",
    "ReviewFlag",
    "Revision",
    "Revocation",
    "Role",
    "SavedFilter",
    "SendBack",
    "Sex",
    "Signature",
    "SignatureWithdrawal",
    "SigningFailure",
    "SimulatedChange",
    "Simulation",
    "SimulationProgress",
    "SimulationReport",
    "SimulationState",
    "Subject",
    "SubjectInError",
    "SubjectReference",
    "SubjectStatus",
    "SubjectView",
    "TrailReview",
    "Verdict",
    "VersionTransition",
    "Visit",
    "VisitInError",
    "in_trials",
    "standing_references",
]
