"""From a condition to an outcome."""

from benchmarks.handwritten.facts import Truth
from benchmarks.handwritten.logic import negate

# Outcomes.


def include(condition: Truth) -> str:
    if condition is None:
        return "unknown"
    return "pass" if condition else "fail"


def exclude(condition: Truth) -> str:
    return include(negate(condition))


def include_if(applies: Truth, condition: Truth) -> str:
    if applies is False:
        return "not_applicable"
    if applies is None:
        return "pass" if condition else "unknown"
    return include(condition)
