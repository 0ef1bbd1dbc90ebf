"""Tests whose last sample gave no result: what counts in its place, and what is told beside an outcome.

No outcome depends on them: the last result that was measured counts, whatever samples came after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.needed import Advice
from criteria.vocabulary.facts import counting_indexes
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import NOT_DONE, Results, Vocabulary
from criteria.vocabulary.values import is_unknown


class NotDoneTest(NamedTuple):
    """The last sample of a test, which gave no result; `counted` is the day of the result used, blank for none."""

    label: str
    day: str
    reason: str
    counted: str = ""

    @property
    def text(self) -> str:
        return _("the sample of %(day)s gave no result (%(reason)s)") % self._asdict()

    @property
    def sentence(self) -> str:
        """What is told beside an outcome that looks at the test."""
        used = _("the result of %(counted)s is used") if self.counted else _("there is no other result")
        return f"{self.label}: {self.text}; {used % self._asdict()}"


NotDoneTests = Mapping[str, NotDoneTest]


def not_done_tests(vocabulary: Vocabulary, document: Mapping[str, Any]) -> dict[str, NotDoneTest]:
    """Return the tests of a valid document whose last sample gave no result, by the path that rules give them."""
    found = {}
    for part in vocabulary.parts.values():
        if isinstance(part, Results) and not is_unknown(document.get(part.key)):
            for test in dict.fromkeys(entry["analyte"] for entry in document[part.key]):
                if last := not_done_test(part, document[part.key], test):
                    found[f"{part.key}.{test}"] = last
    return found


def not_done_test(part: Results, entries: list[Mapping[str, Any]], test: str) -> NotDoneTest | None:
    """Return the last sample of a test where it gave no result; of several on one day, the last in the list is it."""
    own = [entry for entry in entries if entry["analyte"] == test]
    last = max(reversed(own), key=lambda entry: entry["collected"])
    if has_result(last):
        return None
    counted = [own[index]["collected"] for index in counting_indexes(own).values()]
    return NotDoneTest(part.labels[test], last["collected"], last[NOT_DONE], *counted)


def question_text(question: str, sample: NotDoneTest) -> str:
    """Return what a person has to do about a test: it is repeated, since its last sample gave no result."""
    return (
        f"{question}; {sample.text}"
        if question
        else _("repeat %(label)s: %(text)s") % {"label": sample.label, "text": sample.text}
    )


def with_sample(advice: Advice, samples: NotDoneTests) -> Advice:
    """Return the advice to repeat a test with what came of its last sample."""
    sample = samples.get(advice.path)
    if sample is None or not advice.repeat:
        return advice
    words = _("%(test)s (sample of %(day)s: %(reason)s)") % {"test": advice.repeat, **sample._asdict()}
    return advice._replace(repeat=words)
