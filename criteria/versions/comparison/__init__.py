"""Comparison of any two versions side by side, as text."""

from criteria.versions.comparison.changes import (
    Comparison,
    CriterionChange,
    Difference,
    SentencePair,
    TitleChange,
    ValueChange,
)
from criteria.versions.comparison.editions import compare, rules_changed

__all__ = [
    "Comparison",
    "CriterionChange",
    "Difference",
    "SentencePair",
    "TitleChange",
    "ValueChange",
    "compare",
    "rules_changed",
]
