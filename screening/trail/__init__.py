"""The audit trail: no log kept beside the records, but the records themselves, in the order in which they came."""

from screening.trail.entries import Entry
from screening.trail.export import export_trail
from screening.trail.fields import FieldChange
from screening.trail.filters import TrailFilter
from screening.trail.pages import TrailPage, trail_page
from screening.trail.reviews import record_review
from screening.trail.sources import KINDS

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
