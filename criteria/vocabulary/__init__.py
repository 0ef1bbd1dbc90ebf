"""Questions of a trial: sections, fields, codes and units; the form of a valid visit document."""

from criteria.vocabulary.faults import BadDocument, Fault
from criteria.vocabulary.parts import (
    Analyte,
    AnyPart,
    Checklist,
    Condition,
    Field,
    Group,
    Records,
    Results,
    Section,
    Single,
    Vocabulary,
)
from criteria.vocabulary.validate import validate

__all__ = [
    "Analyte",
    "AnyPart",
    "BadDocument",
    "Checklist",
    "Condition",
    "Fault",
    "Field",
    "Group",
    "Records",
    "Results",
    "Section",
    "Single",
    "Vocabulary",
    "validate",
]
