"""One visit's criteria with a full trace, beside hand-written functions for the same criteria on the same documents.

Both start from the same parsed document and end with the outcomes; the engine makes its traces besides. They are timed
in turn, document by document, so that a change in the machine's speed falls on both. Parsing and writing JSON,
checking a document and putting a verdict sheet into words are timed apart.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks import handwritten
from criteria.definition.reader import parse_definition
from criteria.evaluation.protocol import Protocol
from criteria.records import canonical
from tests.support.random_documents import eligible, random_document

DOCUMENTS = 400
ROUNDS = 15
DEFINITION = Path(__file__).parent.parent / "criteria" / "protocols" / "NCT05990231.yaml"


def main() -> None:
    protocol = parse_definition(DEFINITION.read_text(encoding="utf-8"))[1]
    rng = random.Random(5990231)
    compare("a full visit", protocol, [eligible("female", date(2026, 3, 9), date(2026, 3, 16))] * DOCUMENTS)
    documents = [random_document(rng) for _ in range(DOCUMENTS)]
    compare("random visits", protocol, documents)
    apart(protocol, documents)


def compare(name: str, protocol: Protocol, documents: list[dict[str, Any]]) -> None:
    """Print the medians of both, in microseconds a visit, and the median of the ratios round by round."""
    engine, hand, ratios = [], [], []
    for turn in range(ROUNDS + 1):
        spent = [0.0, 0.0]
        for document in documents:
            spent[0] += seconds(protocol.evaluate, document)
            spent[1] += seconds(handwritten.outcomes, document)
        if turn:  # the first round only fills the caches that both have
            engine.append(spent[0])
            hand.append(spent[1])
            ratios.append(spent[0] / spent[1])
    scale = 1e6 / len(documents)
    print(
        f"{name}: engine with full trace {median(engine) * scale:.0f} us,"
        f" hand-written {median(hand) * scale:.0f} us, ratio {median(ratios):.2f}"
        f" ({min(ratios):.2f} to {max(ratios):.2f}, {ROUNDS} rounds of {len(documents)})"
    )


def apart(protocol: Protocol, documents: list[dict[str, Any]]) -> None:
    texts = [canonical.dump(document) for document in documents]
    sheets = [protocol.assess(document) for document in documents]
    steps: tuple[tuple[str, Callable[[Any], Any], list[Any]], ...] = (
        ("parsing a document", canonical.parse, texts),
        ("checking a document", protocol.validate, documents),
        ("reading it into facts (part of the engine's time)", protocol.reader.read, documents),
        ("a whole verdict sheet, in words", protocol.assess, documents),
        ("writing a verdict sheet as JSON", lambda sheet: canonical.dump(sheet._asdict()), sheets),
    )
    for name, step, inputs in steps:
        rounds = [sum(seconds(step, value) for value in inputs) for _ in range(3)]
        print(f"{name}: {median(rounds) / len(inputs) * 1e6:.0f} us")


def seconds(function: Callable[[Any], Any], value: Any) -> float:
    start = perf_counter()
    function(value)
    return perf_counter() - start
