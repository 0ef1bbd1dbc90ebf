"""Retests: criteria that pass by a later sample or test after an earlier one would have failed.

They are listed for the investigator's information.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.evaluation.protocol import Finding, Protocol
from criteria.rules import nodes as n
from criteria.rules.dates import Days
from criteria.rules.facts import INDEX_KEY, DocumentRecord, Facts
from criteria.rules.text import days_text, value_text
from criteria.rules.trace import Trace
from criteria.vocabulary.facts import counting_indexes, read_result
from criteria.vocabulary.parts import Results

Result = Mapping[str, Any]


class Retest(NamedTuple):
    """A criterion that passes by a later result or record.

    `failed` and `counted` are results as text; `attempts` counts all results of the test. Of a list of records,
    such as pregnancy tests, they are its records by number and day.
    """

    code: str
    path: str
    label: str
    attempts: int
    failed: tuple[str, ...]
    counted: str


def retests(protocol: Protocol, document: Mapping[str, Any], findings: Iterable[Finding]) -> tuple[Retest, ...]:
    """Return the retests of a valid document, in the order of its tests and then of the criteria.

    Those of records come last.
    """
    passing = [finding for finding in findings if finding.outcome == "pass"]
    facts = protocol.reader.read(document)
    found: dict[tuple[str, str], Retest] = {}
    for part in protocol.vocabulary.parts.values():
        if isinstance(part, Results):
            samples = Samples(protocol, part, document.get(part.key), facts)
            for retest in (*samples.retests_by_one(codes_of(passing)), *samples.retests_by_several(codes_of(passing))):
                found.setdefault((retest.code, retest.path), retest)
    return (*found.values(), *(retest for finding in passing for retest in record_retests(protocol, facts, finding)))


def codes_of(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.criterion.code for finding in findings)


class Samples:
    """The tests of one list of results that have more than one result."""

    def __init__(self, protocol: Protocol, part: Results, content: Any, facts: Facts) -> None:
        self.protocol, self.part, self.facts = protocol, part, facts
        self.results: list[Result] = content if isinstance(content, list) else []
        self.now = {analyte: self.results[index] for analyte, index in counting_indexes(self.results).items()}
        of_each = {analyte: [each for each in self.results if each["analyte"] == analyte] for analyte in self.now}
        self.several = {analyte: same for analyte, same in of_each.items() if len(same) > 1}

    def retests_by_one(self, passing: frozenset[str]) -> Iterator[Retest]:
        """Yield a retest where one result, in the place of the one that counts, would fail a criterion."""
        for analyte, same in self.several.items():
            codes = passing & self.protocol.codes_reading(self.path(analyte))
            others = [each for each in same if each is not self.now[analyte]]
            failing = [(each, self.failing_codes([each], codes)) for each in others] if codes else []
            for code in self.in_order(codes):
                if failed := [each for each, found in failing if code in found]:
                    yield self.retest(code, analyte, failed)

    def retests_by_several(self, passing: frozenset[str]) -> Iterator[Retest]:
        """Yield a retest where a criterion failed by the results that counted on an earlier day.

        Several of them together made it fail, each of which yields a retest.
        """
        days = sorted({each["collected"] for same in self.several.values() for each in same})
        for day in days[:-1]:
            then = counted_on(day, self.several)
            older = {analyte: each for analyte, each in then.items() if each is not self.now[analyte]}
            reading = frozenset[str]().union(*(self.protocol.codes_reading(self.path(analyte)) for analyte in older))
            for code in self.in_order(self.failing_codes(older.values(), passing & reading)):
                for analyte, each in older.items():
                    if code in self.protocol.codes_reading(self.path(analyte)):
                        yield self.retest(code, analyte, [each])

    def path(self, analyte: str) -> str:
        return f"{self.part.key}.{analyte}"

    def in_order(self, codes: frozenset[str]) -> list[str]:
        return [criterion.code for criterion in self.protocol.criteria if criterion.code in codes]

    def failing_codes(self, results: Iterable[Result], codes: frozenset[str]) -> frozenset[str]:
        """Return those of the codes that would fail if these results counted."""
        own: dict[str, Any] = {}
        values = dict(self.facts.values)
        for result in results:
            path = self.path(result["analyte"])
            own |= read_result(path, self.protocol.schema.facts[path].quantity, result)
            values = {name: value for name, value in values.items() if not f"{name}.".startswith(f"{path}.")}
        return codes_failing(self.protocol, Facts(values | own, self.facts.records, self.facts.is_reviewed), codes)

    def retest(self, code: str, analyte: str, failed: Iterable[Result]) -> Retest:
        words = tuple(map(self.result_text, failed))
        attempts, counted = len(self.several[analyte]), self.result_text(self.now[analyte])
        return Retest(code, self.path(analyte), self.part.labels[analyte], attempts, words, counted)

    def result_text(self, result: Result) -> str:
        path = self.path(result["analyte"])
        fact = self.protocol.schema.facts[path]
        return value_text(dict(read_result(path, fact.quantity, result))[path], fact)


def counted_on(day: str, several: Mapping[str, Sequence[Result]]) -> dict[str, Result]:
    """Return by test the result that counted when those collected up to a day were present."""
    results = [each for same in several.values() for each in same if each["collected"] <= day]
    return {analyte: results[index] for analyte, index in counting_indexes(results).items()}


def record_retests(protocol: Protocol, facts: Facts, finding: Finding) -> Iterator[Retest]:
    """Yield the retest of a criterion on the latest of several records, if it failed before later ones."""
    for node, counted in latest_in(finding.condition):
        records, by = node.records, node.by.path.lstrip(".")
        earlier = [each for each in facts.records[records] if is_before(each, counted, by)]
        earlier.sort(key=lambda each: (each[by].high, each[INDEX_KEY]))
        stood = [(last, earlier[: earlier.index(last) + 1]) for last in earlier]
        if failed := [last for last, rows in stood if fails_with(protocol, facts, finding, records, rows)]:
            words = tuple(record_day_text(each, by) for each in failed)
            item, attempts = protocol.schema.records[records].item, len(facts.records[records])
            yield Retest(finding.criterion.code, records, item, attempts, words, record_day_text(counted, by))
            return


def latest_in(trace: Trace) -> Iterator[tuple[n.Latest, DocumentRecord]]:
    """Yield the conditions on the latest record, each with the record that counts; the outer ones first."""
    if isinstance(trace.node, n.Latest) and trace.operands[1] is not None:
        yield trace.node, trace.operands[1]
    for child in trace.children:
        yield from latest_in(child)


def is_before(record: DocumentRecord, counted: DocumentRecord, by: str) -> bool:
    day = record.get(by)
    return isinstance(day, Days) and (day.high, record[INDEX_KEY]) < (counted[by].high, counted[INDEX_KEY])


def fails_with(
    protocol: Protocol, facts: Facts, finding: Finding, records: str, rows: Sequence[DocumentRecord]
) -> bool:
    """Return whether a criterion would fail if these were the only records of a list."""
    then = Facts(facts.values, {**facts.records, records: rows}, facts.is_reviewed)
    return finding.criterion.code in codes_failing(protocol, then, (finding.criterion.code,))


def codes_failing(protocol: Protocol, facts: Facts, codes: Collection[str]) -> frozenset[str]:
    return codes_of(finding for finding in protocol.findings(facts, codes) if finding.outcome == "fail")


def record_day_text(record: DocumentRecord, by: str) -> str:
    return f"{record[INDEX_KEY] + 1} of {days_text(record[by])}"
