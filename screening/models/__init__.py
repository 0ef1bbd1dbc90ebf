from screening.models.assessment import Assessment, Outcome, Overall, Verdict
from screening.models.doubt import Confirmation, Prompt
from screening.models.reference_range import ReferenceRange, Sex
from screening.models.subject import Subject
from screening.models.visit import Revision, Visit
from screening.models.working import NEVER, Draft, Standing

__all__ = [
    "NEVER",
    "Assessment",
    "Confirmation",
    "Draft",
    "Outcome",
    "Overall",
    "Prompt",
    "ReferenceRange",
    "Revision",
    "Sex",
    "Standing",
    "Subject",
    "Verdict",
    "Visit",
]
