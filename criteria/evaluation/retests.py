"""Retests: criteria that pass by a later sample or test after an earlier one would have failed.

They are listed for the investigator's information.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from criteria.evaluation.protocol import Finding, Protocol, passing_truth
from criteria.rules import nodes as n
from criteria.rules.dates import Days
from criteria.rules.decisive import decisive_leaves
from criteria.rules.facts import INDEX_KEY, DocumentRecord, Facts, RecordsType
from criteria.rules.text import days_text, value_text
from criteria.rules.trace import Trace
from criteria.vocabulary.facts import counting_indexes, read_result
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import Results

Result = Mapping[str, Any]


class Retest(NamedTuple):
    """A criterion that passes by a later result or record.

    `failed` and `counted` are results as text; `attempts` counts all results of the test. Of a list `of_records`,
    such as pregnancy tests, they are its records in words, and `label` is the name of the list.
    """

    code: str
    path: str
    label: str
    attempts: int
    failed: tuple[str, ...]
    counted: str
    of_records: bool = False


def retests(protocol: Protocol, document: Mapping[str, Any], findings: Iterable[Finding]) -> tuple[Retest, ...]:
    """Return the retests of a valid document, in the order of its tests and then of the criteria.

    Those of records come last.
    """
    passing = [finding for finding in findings if finding.outcome == "pass"]
    facts = protocol.reader.read(document)
    of_results = (
        retest
        for part in protocol.vocabulary.parts.values()
        if isinstance(part, Results)
        for retest in Samples(protocol, part, document.get(part.key), facts).retests(codes_of(passing))
    )
    return (*of_results, *(retest for finding in passing for retest in record_retests(protocol, facts, finding)))


def codes_of(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.criterion.code for finding in findings)


class Samples:
    """The tests of one list of results that have more than one result; a sample that gave none is no attempt."""

    def __init__(self, protocol: Protocol, part: Results, content: Any, facts: Facts) -> None:
        self.protocol, self.part, self.facts = protocol, part, facts
        self.results: list[Result] = [each for each in content if has_result(each)] if isinstance(content, list) else []
        self.now = {analyte: self.results[index] for analyte, index in counting_indexes(self.results).items()}
        of_each = {analyte: [each for each in self.results if each["analyte"] == analyte] for analyte in self.now}
        self.several = {analyte: same for analyte, same in of_each.items() if len(same) > 1}

    def retests(self, passing: frozenset[str]) -> Iterator[Retest]:
        """Yield the retests of the criteria that pass, each with every earlier result that missed its limit."""
        failed: dict[tuple[str, str], list[Result]] = {}
        for code, result in (*self.failed_alone(passing), *self.failed_together(passing)):
            failed.setdefault((code, result["analyte"]), []).append(result)
        for (code, analyte), results in failed.items():
            yield self.retest(code, analyte, [each for each in self.several[analyte] if is_among(each, results)])

    def failed_alone(self, passing: frozenset[str]) -> Iterator[tuple[str, Result]]:
        """Yield each code with each result that, in the place of the one that counts, would fail the criterion."""
        for analyte, same in self.several.items():
            codes = passing & self.protocol.codes_reading(self.path(analyte))
            others = [each for each in same if each is not self.now[analyte]]
            failing = [(each, codes_of(self.failing([each], codes))) for each in others] if codes else []
            for code in self.in_order(codes):
                yield from ((code, each) for each, found in failing if code in found)

    def failed_together(self, passing: frozenset[str]) -> Iterator[tuple[str, Result]]:
        """Yield each code with each result by which the criterion failed when those of an earlier day counted.

        Several of them may have failed it together, none of which would alone. Those that met their limit on that day
        are no failures.
        """
        days = sorted({each["collected"] for same in self.several.values() for each in same})
        for day in days[:-1]:
            then = counted_on(day, self.several)
            older = {self.path(analyte): each for analyte, each in then.items() if each is not self.now[analyte]}
            reading = frozenset[str]().union(*map(self.protocol.codes_reading, older))
            for finding in self.failing(older.values(), passing & reading):
                deciding = deciding_facts(self.protocol, finding)
                yield from ((finding.criterion.code, each) for path, each in older.items() if path in deciding)

    def path(self, analyte: str) -> str:
        return f"{self.part.key}.{analyte}"

    def in_order(self, codes: frozenset[str]) -> list[str]:
        return [criterion.code for criterion in self.protocol.criteria if criterion.code in codes]

    def failing(self, results: Iterable[Result], codes: frozenset[str]) -> list[Finding]:
        """Return the findings of those of the codes that would fail if these results counted."""
        own: dict[str, Any] = {}
        values = dict(self.facts.values)
        for result in results:
            path = self.path(result["analyte"])
            own |= read_result(path, self.part.analytes[result["analyte"]], result)
            values = {name: value for name, value in values.items() if not f"{name}.".startswith(f"{path}.")}
        return failing(self.protocol, Facts(values | own, self.facts.records, self.facts.is_reviewed), codes)

    def retest(self, code: str, analyte: str, failed: Iterable[Result]) -> Retest:
        words = tuple(map(self.result_text, failed))
        attempts, counted = len(self.several[analyte]), self.result_text(self.now[analyte])
        return Retest(code, self.path(analyte), self.part.labels[analyte], attempts, words, counted)

    def result_text(self, result: Result) -> str:
        path = self.path(result["analyte"])
        fact = self.protocol.schema.facts[path]
        return value_text(dict(read_result(path, self.part.analytes[result["analyte"]], result))[path], fact)


def is_among(result: Result, results: Iterable[Result]) -> bool:
    """Return whether a result itself, not one that is alike, is in a list."""
    return any(each is result for each in results)


def deciding_facts(protocol: Protocol, finding: Finding) -> frozenset[str]:
    """Return the facts of the visit by which a criterion fails, and of a detail, such as `labs.anc.uln`, the result."""
    leaves = protocol.explainer.leaves
    decisive = decisive_leaves(leaves, finding.condition, passing_truth(finding))
    paths = {fact.path for leaf in decisive for fact, _value in leaves.used_facts(leaf.trace)}
    return frozenset(paths | {path.rpartition(".")[0] for path in paths})


def counted_on(day: str, several: Mapping[str, Sequence[Result]]) -> dict[str, Result]:
    """Return by test the result that counted when those collected up to a day were present."""
    results = [each for same in several.values() for each in same if each["collected"] <= day]
    return {analyte: results[index] for analyte, index in counting_indexes(results).items()}


def record_retests(protocol: Protocol, facts: Facts, finding: Finding) -> Iterator[Retest]:
    """Yield the retest of a criterion on the latest of several records, if it failed before later ones."""
    for node, counted in latest_in(finding.condition) if finding.compiled.asks_latest else ():
        records, by = node.records, node.by.path.lstrip(".")
        earlier = [each for each in facts.records[records] if is_before(each, counted, by)]
        earlier.sort(key=lambda each: (each[by].high, each[INDEX_KEY]))
        stood = [(last, earlier[: earlier.index(last) + 1]) for last in earlier]
        if failed := [last for last, rows in stood if fails_with(protocol, facts, finding, records, rows)]:
            kind, attempts = protocol.schema.records[records], len(facts.records[records])
            words, used = tuple(record_text(kind, each, by) for each in failed), record_text(kind, counted, by)
            yield Retest(finding.criterion.code, records, kind.label, attempts, words, used, of_records=True)
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
    return bool(failing(protocol, then, (finding.criterion.code,)))


def failing(protocol: Protocol, facts: Facts, codes: Collection[str]) -> list[Finding]:
    return [finding for finding in protocol.findings(facts, codes) if finding.outcome == "fail"]


def record_text(kind: RecordsType, record: DocumentRecord, by: str) -> str:
    """Return what a record says, and its day: `serum negative 2026-03-14`."""
    answers = [fact.options[record[name]] for name, fact in kind.fields.items() if record.get(name) in fact.options]
    return " ".join([*answers, days_text(record[by])])
