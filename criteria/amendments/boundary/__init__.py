"""Boundary cases: documents at the limits that an edition changes, with their outcomes under both editions."""

from criteria.amendments.boundary.tables import CONVENTION, BoundaryRow, BoundaryTable, boundary_tables

__all__ = ["CONVENTION", "BoundaryRow", "BoundaryTable", "boundary_tables"]
