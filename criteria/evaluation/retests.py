"""Criteria that pass by a later sample or test after an earlier one would have failed: for the investigator to know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.evaluation.protocol import Finding, Protocol
from criteria.rules import nodes as n
from criteria.rules.dates import Days
from criteria.rules.facts import INDEX, Facts, Record
from criteria.rules.text import days_text, value_text
from criteria.rules.trace import Trace
from criteria.vocabulary.facts import counting, read_result
from criteria.vocabulary.parts import Results

Result = Mapping[str, Any]


class Retest(NamedTuple):
    """`failed` and `counted` are results in words; `attempts` counts all results of the test.

    Of a list of records, such as pregnancy tests, they are its records by number and day.
    """

    code: str
    path: str
    label: str
    attempts: int
    failed: tuple[str, ...]
    counted: str


def retests(protocol: Protocol, document: Mapping[str, Any], findings: Iterable[Finding]) -> tuple[Retest, ...]:
    """The retests of a valid document, in the order of its tests and then of the criteria; those of records
    come last."""
    passing = [finding for finding in findings if finding.outcome == "pass"]
    facts = protocol.reader.read(document)
    found: dict[tuple[str, str], Retest] = {}
    for part in protocol.vocabulary.parts.values():
        if isinstance(part, Results):
            samples = Samples(protocol, part, document.get(part.key), facts)
            for retest in (*samples.alone(codes_of(passing)), *samples.together(codes_of(passing))):
                found.setdefault((retest.code, retest.path), retest)
    return (*found.values(), *(retest for finding in passing for retest in repeated(protocol, facts, finding)))


def codes_of(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.criterion.code for finding in findings)


class Samples:
    """The tests of one list of results of which there is more than one result."""

    def __init__(self, protocol: Protocol, part: Results, content: Any, facts: Facts) -> None:
        self.protocol, self.part, self.facts = protocol, part, facts
        self.results: list[Result] = content if isinstance(content, list) else []
        self.now = {analyte: self.results[index] for analyte, index in counting(self.results).items()}
        of_each = {analyte: [each for each in self.results if each["analyte"] == analyte] for analyte in self.now}
        self.several = {analyte: same for analyte, same in of_each.items() if len(same) > 1}

    def alone(self, passing: frozenset[str]) -> Iterator[Retest]:
        """Where one of the results, put in the place of the one that counts, would fail a criterion."""
        for analyte, same in self.several.items():
            codes = passing & self.protocol.codes_reading(self.path(analyte))
            others = [each for each in same if each is not self.now[analyte]]
            failing = [(each, self.failing_codes([each], codes)) for each in others] if codes else []
            for code in self.in_order(codes):
                if failed := [each for each, found in failing if code in found]:
                    yield self.retest(code, analyte, failed)

    def together(self, passing: frozenset[str]) -> Iterator[Retest]:
        """Where a criterion failed as the results stood on an earlier day, by more than one of them."""
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
        """Of the codes those that would fail if these results counted."""
        own: dict[str, Any] = {}
        values = dict(self.facts.values)
        for result in results:
            path = self.path(result["analyte"])
            own |= read_result(path, self.protocol.schema.facts[path].quantity, result)
            values = {name: value for name, value in values.items() if not f"{name}.".startswith(f"{path}.")}
        return failing(self.protocol, Facts(values | own, self.facts.records, self.facts.reviewed), codes)

    def retest(self, code: str, analyte: str, failed: Iterable[Result]) -> Retest:
        words = tuple(map(self.words, failed))
        attempts, counted = len(self.several[analyte]), self.words(self.now[analyte])
        return Retest(code, self.path(analyte), self.part.labels[analyte], attempts, words, counted)

    def words(self, result: Result) -> str:
        path = self.path(result["analyte"])
        fact = self.protocol.schema.facts[path]
        return value_text(dict(read_result(path, fact.quantity, result))[path], fact)


def counted_on(day: str, several: Mapping[str, Sequence[Result]]) -> dict[str, Result]:
    """By test the result that counted once those collected up to a day were there."""
    results = [each for same in several.values() for each in same if each["collected"] <= day]
    return {analyte: results[index] for analyte, index in counting(results).items()}


def repeated(protocol: Protocol, facts: Facts, finding: Finding) -> Iterator[Retest]:
    """Where a criterion that asks for the latest of several records failed before the later ones were there."""
    for node, counted in latest_in(finding.condition):
        records, by = node.records, node.by.path.lstrip(".")
        earlier = [each for each in facts.records[records] if is_before(each, counted, by)]
        earlier.sort(key=lambda each: (each[by].high, each[INDEX]))
        stood = [(last, earlier[: earlier.index(last) + 1]) for last in earlier]
        if failed := [last for last, rows in stood if fails_with(protocol, facts, finding, records, rows)]:
            words = tuple(record_words(each, by) for each in failed)
            item, attempts = protocol.schema.records[records].item, len(facts.records[records])
            yield Retest(finding.criterion.code, records, item, attempts, words, record_words(counted, by))
            return


def latest_in(trace: Trace) -> Iterator[tuple[n.Latest, Record]]:
    """The conditions on the latest record, each with the record that counts; the outer ones first."""
    if isinstance(trace.node, n.Latest) and trace.operands[1] is not None:
        yield trace.node, trace.operands[1]
    for child in trace.children:
        yield from latest_in(child)


def is_before(record: Record, counted: Record, by: str) -> bool:
    day = record.get(by)
    return isinstance(day, Days) and (day.high, record[INDEX]) < (counted[by].high, counted[INDEX])


def fails_with(protocol: Protocol, facts: Facts, finding: Finding, records: str, rows: Sequence[Record]) -> bool:
    """Whether a criterion would fail were these the only records of a list."""
    then = Facts(facts.values, {**facts.records, records: rows}, facts.reviewed)
    return finding.criterion.code in failing(protocol, then, (finding.criterion.code,))


def failing(protocol: Protocol, facts: Facts, codes: Collection[str]) -> frozenset[str]:
    return codes_of(finding for finding in protocol.findings(facts, codes) if finding.outcome == "fail")


def record_words(record: Record, by: str) -> str:
    return f"{record[INDEX] + 1} of {days_text(record[by])}"
