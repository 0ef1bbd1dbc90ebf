from screening.models.assessment import Assessment, Outcome, Overall, Verdict
from screening.models.subject import Subject
from screening.models.visit import Revision, Visit

__all__ = ["Assessment", "Outcome", "Overall", "Revision", "Subject", "Verdict", "Visit"]
