"""What comes of the tests that a definition carries, in words for the page of its version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.definition.protocol_tests import Expectation, ProtocolTestResult, results_of_tests
from criteria.definition.reader import Edition
from screening.models import Outcome, Overall


class ExpectationText(NamedTuple):
    """One expectation in words; `found` and `why` are empty where it is met.

    `code` is that of a criterion; empty for the overall finding and for an answer that is refused.
    """

    code: str
    label: str
    expected: str
    found: str
    why: str


class VersionTest(NamedTuple):
    name: str
    is_passed: bool
    expectations: tuple[ExpectationText, ...]
    faults: tuple[str, ...]


class VersionTests(NamedTuple):
    tests: tuple[VersionTest, ...]

    @property
    def count_text(self) -> str:
        passed = sum(each.is_passed for each in self.tests)
        words = {"passed": passed, "count": len(self.tests)}
        if passed == len(self.tests):
            return _("All %(count)d tests come out as expected.") % words
        return _("%(passed)d of %(count)d tests come out as expected.") % words


def version_tests(edition: Edition) -> VersionTests:
    categories = {criterion.code: criterion.category for criterion in edition.protocol.criteria}
    results = results_of_tests(edition.data, edition.protocol)
    return VersionTests(tuple(version_test(result, categories) for result in results))


def version_test(result: ProtocolTestResult, categories: Mapping[str, str]) -> VersionTest:
    texts = tuple(expectation_text(each, categories) for each in result.expectations)
    faults = tuple(f"{fault.path}: {fault.message}" for fault in result.faults)
    return VersionTest(result.name, result.is_passed, texts, faults)


def expectation_text(each: Expectation, categories: Mapping[str, str]) -> ExpectationText:
    expected, found = (outcome_text(each.key, outcome, categories) for outcome in (each.expected, each.found))
    code = each.key if each.key in categories else ""
    label = code or (_("Overall") if each.key == "overall" else each.key)
    return ExpectationText(code, label, expected, "" if each.is_met else found, "" if each.is_met else each.why)


def outcome_text(key: str, outcome: str, categories: Mapping[str, str]) -> str:
    if key in categories:
        return Outcome(outcome).label_for(categories[key])
    if key == "overall":
        return str(Overall(outcome).label)
    return _("refused") if outcome == "refused" else _("accepted")
