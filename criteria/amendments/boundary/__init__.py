"""Documents at the limits that an edition changes, and what becomes of them under the old edition and the new."""

from criteria.amendments.boundary.tables import CONVENTION, BoundaryRow, BoundaryTable, tables

__all__ = ["CONVENTION", "BoundaryRow", "BoundaryTable", "tables"]
