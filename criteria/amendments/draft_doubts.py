"""What a draft makes doubtful that was not so before: its rules taken together, and its own tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from criteria.amendments.feasibility import FeasibilityIssue
from criteria.definition.doubts import doubts_about
from criteria.definition.protocol_tests import results_of_tests
from criteria.definition.reader import Edition

CRITERION_PLACE = re.compile(r"criteria\[(\d+)\]")


def draft_doubts(old: Edition, new: Edition, told: frozenset[str] = frozenset()) -> tuple[FeasibilityIssue, ...]:
    """Return the doubts about a draft that its base does not raise, and the tests that come out otherwise.

    Criteria in `told` are left out: what is wrong with their values is said already. A draft by which nobody could be
    eligible is refused; a test that fails is a warning, since values are changed one by one, and tests in the file.
    """
    before = {fault.message for kind in doubts_about(old.data, old.protocol, {}) for fault in kind}
    found = doubts_about(new.data, new.protocol, {})
    raised = [
        *(FeasibilityIssue(code_at(new, place), "", "refused", message) for place, message in found.errors),
        *(FeasibilityIssue(code_at(new, place), "", "warning", message) for place, message in found.warnings),
    ]
    issues = (each for each in raised if each.text not in before and each.code not in told)
    return (*issues, *failed_tests(new))


def code_at(edition: Edition, place: str) -> str:
    """Return the code of the criterion at a place of a definition; empty where the place is another."""
    at = CRITERION_PLACE.match(place)
    return edition.protocol.criteria[int(at[1])].code if at else ""


def failed_tests(edition: Edition) -> Iterator[FeasibilityIssue]:
    """Yield an issue for each expectation of the definition's own tests that is not met."""
    codes = {criterion.code for criterion in edition.protocol.criteria}
    for result in results_of_tests(edition.data, edition.protocol):
        for each in result.expectations:
            if not each.is_met and each.key in codes:
                words = {"name": result.name, "found": each.why}
                message = _("the test “%(name)s” of the definition no longer gives what it expects: %(found)s") % words
                yield FeasibilityIssue(each.key, "", "warning", message)
        if result.faults:
            yield FeasibilityIssue("", "", "warning", _("the document of the test “%s” is refused") % result.name)
