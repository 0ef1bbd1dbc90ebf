"""What is worked out while somebody types, and for the page of a visit: the outlook, the calendar, the next turn.

For a full visit, for one of which nothing is known yet, and for random ones, of which the slowest is told too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

from benchmarks.engine import DEFINITION, seconds
from criteria.definition.reader import parse_definition
from criteria.evaluation.dose_dates import calendar_spans, dose_calendar, next_outcome_change
from criteria.evaluation.outlook import outlook
from criteria.evaluation.protocol import Protocol
from criteria.vocabulary.edit_checks import edit_checks
from tests.support.random_documents import eligible, random_document

ROUNDS = 5
RANDOM = 200
VISIT, FIRST_DOSE = date(2026, 3, 9), date(2026, 3, 16)


def main() -> None:
    protocol = parse_definition(DEFINITION.read_text(encoding="utf-8"))[1]
    rng = random.Random(5990231)
    documents = [random_document(rng) for _ in range(RANDOM)]
    for name, step in steps(protocol):
        full = milliseconds(step, [eligible("female", VISIT, FIRST_DOSE)])
        empty = milliseconds(step, [{"visit": {"date": VISIT.isoformat()}}])
        each = milliseconds(step, documents)
        print(
            f"{name}: a full visit {median(full):.1f} ms, an empty one {median(empty):.1f} ms,"
            f" random ones {median(each):.1f} ms (slowest {max(each):.1f} ms)"
        )


def steps(protocol: Protocol) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    def shown(document: dict[str, Any]) -> object:
        days = dose_calendar(protocol, document, date.fromisoformat(document["visit"]["date"]))
        return calendar_spans(protocol, document, days)

    return (
        ("outlook", lambda document: outlook(protocol, document)),
        ("implausible values", lambda document: edit_checks(protocol.vocabulary, document)),
        ("calendar of 60 days, with its spans", shown),
        ("next turn, within a year", lambda document: next_outcome_change(protocol, document)),
    )


def milliseconds(step: Callable[[Any], Any], documents: list[dict[str, Any]]) -> list[float]:
    """For each document the median of the rounds; the first round only fills caches."""
    rounds = [[seconds(step, document) * 1000 for document in documents] for _ in range(ROUNDS + 1)]
    return [median(times) for times in zip(*rounds[1:], strict=True)]


if __name__ == "__main__":
    main()
