"""Missing facts of a visit, ranked as the shortest path to a decision: what settles most comes first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from criteria.evaluation.dose_dates import PLANNED_DOSE
from criteria.evaluation.not_done import not_done_tests, question_text
from criteria.evaluation.protocol import Criterion, Finding, Protocol
from criteria.rules import nodes as n
from criteria.rules.dates import Days, shift_day
from criteria.vocabulary.actions import field_of
from criteria.vocabulary.parts import AnyPart, Checklist, Dated, Results, Single, Vocabulary
from criteria.vocabulary.validate import REVIEWED, days_at

INDEX = re.compile(r"\[\d+\]")
NAME = re.compile(r"[^.\[\]]+")


class NextStep(NamedTuple):
    """A fact to get.

    `settles`: the unknown criteria for which it is all that is missing; `helps`: the others that wait for it;
    `not_before`: the first day from which it would count; `question`: what a person has to do, or blank.
    """

    path: str
    settles: tuple[str, ...]
    helps: tuple[str, ...]
    not_before: date | None
    question: str


class Wait(NamedTuple):
    """One criterion that waits for a fact."""

    criterion: Criterion
    only: bool
    question: str


def next_steps(
    protocol: Protocol,
    document: Mapping[str, Any],
    findings: Iterable[Finding],
    later: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> list[NextStep]:
    """Return each missing fact once, ranked.

    Those that settle most criteria come first, then those that help most, then in the order of the questions. `later`
    are the questions, by code, that a criterion which fails will wait for once it fails no more; alone they settle
    none.
    """
    planned = days_at(document, PLANNED_DOSE)
    waits: dict[str, list[Wait]] = {}
    for finding in findings:
        then = later.get(finding.criterion.code, {})
        questions = facts_to_get(protocol.vocabulary, then or protocol.open_questions(finding))
        for path in asked_first(protocol.vocabulary, questions):
            only = len(questions) == 1 and not then
            waits.setdefault(path, []).append(Wait(finding.criterion, only, questions[path]))
    steps = [step_for(protocol, path, found, planned) for path, found in waits.items()]
    samples = not_done_tests(protocol.vocabulary, document)
    steps = [
        step._replace(question=question_text(step.question, samples[step.path])) if step.path in samples else step
        for step in steps
    ]
    return sorted(
        steps, key=lambda each: (-len(each.settles), -len(each.helps), question_order(protocol.vocabulary, each.path))
    )


def facts_to_get(vocabulary: Vocabulary, questions: Mapping[str, str]) -> dict[str, str]:
    """Return the facts to get by path, each with its question.

    A result comes with its collection day, and with its limits where the result itself is missing: these are no
    steps of their own.
    """
    found: dict[str, str] = {}
    for path, question in questions.items():
        result, _, detail = path.rpartition(".")
        of_result = isinstance(vocabulary.parts.get(path.split(".")[0]), Results)
        whole = result if of_result and (detail == "collected" or result in questions) else path
        found[whole] = found.get(whole) or question
    return found


def asked_first(vocabulary: Vocabulary, paths: Collection[str]) -> list[str]:
    """Return the missing facts without those that are asked only once another of them is answered (`when`)."""
    return [path for path in paths if paths_before(vocabulary, path).isdisjoint(paths)]


def paths_before(vocabulary: Vocabulary, path: str) -> frozenset[str]:
    """Return the facts on whose answers it depends whether a question is asked."""
    name, beside = INDEX.sub("", path), path.rpartition(".")[0]
    key = name.removeprefix(f"{REVIEWED}.").split(".")[0]
    part, field = vocabulary.parts.get(key), field_of(vocabulary, name) if key == name.split(".")[0] else None
    conditions = [*(part.when if part else ()), *(field.when if field else ())]
    return frozenset(f"{beside}{each}" if each.startswith(".") else each for each in conditions)


def step_for(protocol: Protocol, path: str, waits: list[Wait], planned: Days | None) -> NextStep:
    days = [] if planned is None else [day for wait in waits for day in first_days(protocol, path, wait, planned)]
    return NextStep(
        path,
        tuple(wait.criterion.code for wait in waits if wait.only),
        tuple(wait.criterion.code for wait in waits if not wait.only),
        max(days, default=None),
        next((wait.question for wait in waits if wait.question), ""),
    )


def first_days(protocol: Protocol, path: str, wait: Wait, planned: Days) -> Iterator[date]:
    """Yield the first day of each window before the planned first dose in which a fact would count.

    The fact is a result or another finding that has a day, or a record that somebody has to make.
    """
    rule = wait.criterion.rule
    if path in protocol.schema.facts:
        windows, day = windows_before_dose(rule), day_path(protocol.vocabulary, path)
    else:
        windows, day = windows_before_dose(rule, path) if wait.question else (), "."
    for node in windows:
        limit = protocol.limits[node.period.name]
        if is_fact(node.event, day) and limit.value is not None:
            yield date.fromordinal(shift_day(planned.low, -int(limit.value), limit.unit))


@lru_cache(maxsize=1024)
def windows_before_dose(rule: n.Node, records: str = "") -> tuple[n.Within, ...]:
    """Return the windows before the planned first dose in a rule, or in what it says of the records of one list."""
    nodes = record_rules(rule, records) if records else n.subtrees(rule)
    windows = (node for node in nodes if isinstance(node, n.Within) and node.direction != "after")
    return tuple(window for window in windows if is_fact(window.anchor, PLANNED_DOSE))


def day_path(vocabulary: Vocabulary, path: str) -> str:
    """Return the path of the day of a finding: of a result its collection day, of another that of its part."""
    part = vocabulary.parts[path.split(".")[0]]
    return f"{part.key}.{part.dated_by}" if isinstance(part, Dated) else f"{path}.collected"


def record_rules(rule: n.Node, records: str) -> Iterator[n.Node]:
    """Yield the nodes of a rule that are about the records of one list."""
    for node in n.subtrees(rule):
        if isinstance(node, n.OnRecords) and node.records == records:
            yield from n.subtrees(node.where)


def is_fact(node: n.Node, path: str) -> bool:
    """Return whether a node is this fact or, with `.`, any field of the current record."""
    return isinstance(node, n.Fact) and (
        node.path == path or (path == "." and re.match(r"\.\w", node.path) is not None)
    )


def question_order(vocabulary: Vocabulary, path: str) -> tuple[int, ...]:
    """Return the position at which a path is asked: its part, then the field, test or condition within it."""
    names = [name for name in NAME.findall(path) if name != REVIEWED]
    parts = list(vocabulary.parts)
    if not names or names[0] not in parts:
        return (len(parts),)
    inner = names_in(vocabulary.parts[names[0]])
    return (parts.index(names[0]), *(int(name) if name.isdigit() else inner.get(name, -1) for name in names[1:]))


def names_in(part: AnyPart) -> dict[str, int]:
    match part:
        case Results():
            names = [*part.analytes, *part.fields]
        case Checklist():
            names = [
                *part.conditions,
                *part.fields,
                *(name for each in part.conditions.values() for name in each.details),
            ]
        case Single():
            names = []
        case _:
            names = [*part.fields]
    return {name: at for at, name in enumerate(dict.fromkeys(names))}
