"""One visit, step by step, beside hand-written functions for the same criteria on the same documents.

`tight` is the yardstick: outcomes alone, written for speed. Every step goes through all documents, directly after the
yardstick has, in processor time of this thread: a change in the machine's speed falls on both. Ratios count;
microseconds are those of the machine at hand.

What is told of a finding is kept for visits of which its criterion reads the same. So every visit has days and results
of its own, and everything is forgotten before each round; only the steps "again" find all of a visit still kept.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time_ns
from typing import Any, NamedTuple

from benchmarks import handwritten, tight
from criteria.definition.reader import parse_definition
from criteria.evaluation import incoming
from criteria.evaluation.checks import CheckContext
from criteria.evaluation.criterion import Finding
from criteria.evaluation.protocol import Protocol
from criteria.records import canonical
from criteria.vocabulary.validate import validate
from tests.support.random_documents import eligible, random_document

DOCUMENTS = 120
ROUNDS = 9
DEFINITION = Path(__file__).parent.parent / "criteria" / "protocols" / "NCT05990231.yaml"
TODAY = CheckContext(date(2026, 11, 30))


class Step(NamedTuple):
    name: str
    act: Callable[[Any], Any]
    inputs: list[Any]
    again: bool = False


def main() -> None:
    rng = random.Random(5990231)
    compare("full visits", steps(protocol(), [full_visit(rng) for _ in range(DOCUMENTS)]))
    compare("random visits", steps(protocol(), [random_document(rng) for _ in range(DOCUMENTS)]))


def full_visit(rng: random.Random) -> Any:
    """Return the document of somebody eligible, with days and results of their own."""
    day = date(2026, 1, 1) + timedelta(rng.randrange(300))
    document = eligible(rng.choice(("female", "male")), day, day + timedelta(rng.randrange(3, 9)))
    for result in document["labs"]:
        result["value"] = round(Decimal(result["value"]) * rng.randrange(95, 105) / 100, 1)
    return document


@cache
def protocol() -> Protocol:
    return parse_definition(DEFINITION.read_text(encoding="utf-8"))[1]


def steps(protocol: Protocol, documents: list[Any]) -> list[Step]:
    """Return the steps, the yardstick first; what a step needs of another one is made beforehand."""
    facts = [protocol.reader.read(document) for document in documents]
    findings = [traced(protocol.findings(each)) for each in facts]
    sheets = [protocol.sheet(document) for document in documents]
    lines = [canonical.dump(document) for document in documents]
    return [
        Step("tight hand-written", tight.outcomes, documents, again=True),  # it keeps nothing to forget
        Step("readable hand-written", handwritten.outcomes, documents),
        Step("engine: outcomes only", protocol.outcomes, documents),
        Step("engine: outcomes only, of facts", protocol.outcomes_of, facts),
        Step("engine: findings, traces when looked at", protocol.evaluate, documents),
        Step("engine: every trace", lambda document: traced(protocol.evaluate(document)), documents),
        Step("parsing a document", incoming.read, lines),
        Step("checking a document", protocol.validate, documents),
        Step("checking it by name", lambda document: validate(protocol.vocabulary, document), documents),
        Step("reading facts", protocol.reader.read, documents),
        Step("proofs of 42 findings", lambda found: [protocol.proof(each) for each in found], findings),
        Step("explaining 42 findings", lambda found: [protocol.explain(each) for each in found], findings),
        Step("checks of answers", lambda document: protocol.raised_checks(document, TODAY), documents),
        Step("a line of `evaluate`", lambda line: answer(protocol, line), lines),
        Step("the same again", lambda line: answer(protocol, line), lines, again=True),
        Step("the same, outcomes only", lambda line: outcomes_answer(protocol, line), lines),
        Step("a verdict sheet", protocol.sheet, documents),
        Step("the same again", protocol.sheet, documents, again=True),
        Step("writing it as JSON", lambda sheet: canonical.dump(sheet._asdict()), sheets),
    ]


def traced(findings: list[Finding]) -> list[Finding]:
    for finding in findings:
        _ = finding.traces
    return findings


def answer(protocol: Protocol, line: str) -> str:
    return canonical.dump(protocol.answer(incoming.read(line), TODAY)._asdict())


def outcomes_answer(protocol: Protocol, line: str) -> str:
    return canonical.dump(protocol.outcomes_answer(incoming.read(line))._asdict())


def compare(name: str, compared: list[Step]) -> None:
    """Print the median of each step in microseconds a visit, and of its ratio to the first one."""
    print(f"{name}: {ROUNDS} rounds of {len(compared[0].inputs)}")
    gc.collect()
    gc.freeze()  # the inputs are no garbage
    for step in compared:
        pairs = [(time_of(compared[0]), time_of(step)) for _ in range(ROUNDS + 1)][1:]  # the first only fills caches
        ratios = [spent / yardstick for yardstick, spent in pairs]
        each = median(spent for _, spent in pairs) / len(step.inputs) / 1e3
        print(f"  {step.name:42} {each:8.0f} us  x {median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    gc.unfreeze()


def time_of(step: Step) -> int:
    """Return the nanoseconds of a step for all of its inputs."""
    if not step.again:
        protocol().forget()
    act, start = step.act, thread_time_ns()
    for value in step.inputs:
        act(value)
    return thread_time_ns() - start


def seconds(function: Callable[[Any], Any], value: Any) -> float:
    start = perf_counter()
    function(value)
    return perf_counter() - start


if __name__ == "__main__":
    main()
