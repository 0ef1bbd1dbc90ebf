"""The audit trail: no log kept beside the records, but the records themselves, in the order in which they came."""

from screening.audit.entries import Entry
from screening.audit.export import export_trail
from screening.audit.fields import FieldChange
from screening.audit.filters import TrailFilter
from screening.audit.pages import TrailPage, trail_page
from screening.audit.reviews import record_review
from screening.audit.sources import KINDS

__all__ = [
    "KINDS",
    "Entry",
    "FieldChange",
    "TrailFilter",
    "TrailPage",
    "export_trail",
    "record_review",
    "trail_page",
]
