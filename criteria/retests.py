"""Criteria that pass by a later sample after an earlier one would have failed: for the investigator to know of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from criteria.protocol import Finding, Protocol
from criteria.rules.facts import Facts
from criteria.rules.words import value_text
from criteria.vocabulary.facts import counting, read_result
from criteria.vocabulary.parts import Results


class Retest(NamedTuple):
    """`failed` and `counted` are results in words; `attempts` counts all results of the test."""

    code: str
    path: str
    label: str
    attempts: int
    failed: tuple[str, ...]
    counted: str


class Sample(NamedTuple):
    """The visit as it would be if this result counted."""

    words: str
    facts: Facts


def retests(protocol: Protocol, document: Mapping[str, Any], findings: Iterable[Finding]) -> tuple[Retest, ...]:
    """The retests of a valid document, in the order of its tests and then of the criteria."""
    passing = frozenset(finding.criterion.code for finding in findings if finding.outcome == "pass")
    facts = protocol.reader.read(document)
    return tuple(
        retest
        for part in protocol.vocabulary.parts.values()
        if isinstance(part, Results)
        for retest in part_retests(protocol, part, document.get(part.key), facts, passing)
    )


def part_retests(
    protocol: Protocol, part: Results, content: Any, facts: Facts, passing: frozenset[str]
) -> Iterator[Retest]:
    results = content if isinstance(content, list) else []
    for analyte, index in counting(results).items():
        path, same = f"{part.key}.{analyte}", [each for each in results if each["analyte"] == analyte]
        codes = passing & protocol.codes_reading(path) if len(same) > 1 else frozenset()
        samples = [sample(protocol, path, analyte, each, facts) for each in same if each is not results[index]]
        failing = [(each.words, failing_codes(protocol, each.facts, codes)) for each in samples] if codes else []
        counted = sample(protocol, path, analyte, results[index], facts).words
        for code in sorted(codes, key=[criterion.code for criterion in protocol.criteria].index):
            if failed := tuple(words for words, found in failing if code in found):
                yield Retest(code, path, part.labels[analyte], len(same), failed, counted)


def sample(protocol: Protocol, path: str, analyte: str, result: Mapping[str, Any], facts: Facts) -> Sample:
    quantity = protocol.schema.facts[path].quantity
    own = dict(read_result(path, quantity, result))
    others = {name: value for name, value in facts.values.items() if not f"{name}.".startswith(f"{path}.")}
    words = value_text(own[path], protocol.schema.facts[path])
    return Sample(words, Facts(others | own, facts.records, facts.reviewed))


def failing_codes(protocol: Protocol, facts: Facts, codes: frozenset[str]) -> frozenset[str]:
    return frozenset(found.criterion.code for found in protocol.findings(facts, codes) if found.outcome == "fail")
