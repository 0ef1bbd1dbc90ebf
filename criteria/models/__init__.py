from criteria.models.amendment import (
    Amendment,
    AmendmentRevision,
    Approval,
    BoundaryReview,
    ChangeKind,
    Proposal,
    Rejection,
    Withdrawal,
)
from criteria.models.protocol import (
    Category,
    Criterion,
    Parameter,
    ParameterType,
    ProtocolVersion,
    Trial,
    long_fields,
)

__all__ = [
    "Amendment",
    "AmendmentRevision",
    "Approval",
    "BoundaryReview",
    "Category",
    "ChangeKind",
    "Criterion",
    "Parameter",
    "ParameterType",
    "Proposal",
    "ProtocolVersion",
    "Rejection",
    "Trial",
    "Withdrawal",
    "long_fields",
]
