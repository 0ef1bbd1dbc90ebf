"""What the trail says, as tests look at it."""

from screening.audit import AuditTrailFilter, audit_trail_page

MOST = 10_000


def told(**filters):
    """The entries that a filter lets through, the oldest first."""
    return audit_trail_page(AuditTrailFilter(**filters, oldest_first=True), size=MOST).entries


def only(title, **filters):
    """The one entry of that title."""
    (found,) = (entry for entry in told(**filters) if entry.title == title)
    return found


def fields(entry):
    return [(change.label, change.old, change.new) for change in entry.changes]
