"""The audit trail: not a separate log, but the records themselves in the order of their creation."""

from screening.audit.entries import AuditEntry
from screening.audit.export import export_audit_trail
from screening.audit.fields import FieldChange
from screening.audit.filters import AuditTrailFilter
from screening.audit.pages import AuditTrailPage, audit_trail_page
from screening.audit.reviews import record_review
from screening.audit.sources import KINDS

__all__ = [
    "KINDS",
    "AuditEntry",
    "AuditTrailFilter",
    "AuditTrailPage",
    "FieldChange",
    "audit_trail_page",
    "export_audit_trail",
    "record_review",
]
