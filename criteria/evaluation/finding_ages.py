"""How old each perishable finding is on the planned first dose day, and which window limits its age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from criteria.evaluation.dose_dates import PLANNED_DOSE
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.facts import Limit, full_path
from criteria.vocabulary.facts import counting_indexes
from criteria.vocabulary.parts import Dated, Group, Results
from criteria.vocabulary.validate import days_at
from criteria.vocabulary.values import is_unknown


class FindingAge(NamedTuple):
    """A perishable finding: the path and the day of it, as far as they are known, and its age in days.

    `age` is that on the planned first dose day, the greatest it may be; None where either day is not known.
    `limits` are the windows of age that the version has for it, open ones included; none where no rule looks at it.
    `codes` are the criteria whose rules have one.
    """

    label: str
    path: str
    day: str
    age: int | None
    limits: tuple[Limit, ...]
    codes: tuple[str, ...] = ()

    @property
    def is_limited(self) -> bool:
        return any(limit.value is not None for limit in self.limits)


def finding_ages(protocol: Protocol, document: Mapping[str, Any]) -> list[FindingAge]:
    """Return the perishable findings of a valid document that have a day, the oldest first.

    Those whose day is not recorded come before all others: nobody can tell how old they are.
    """
    planned = days_at(document, PLANNED_DOSE)
    limits = age_limits(protocol)
    found = []
    for label, path, day_path, day in dated_findings(protocol, document):
        days = days_at({"day": day}, "day")
        age = None if planned is None or days is None else planned.high - days.low
        windows, codes = limits.get(day_path, ((), ()))
        found.append(FindingAge(label, path, day, age, windows, codes))
    return sorted(found, key=lambda each: each.day)


def dated_findings(protocol: Protocol, document: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield label, path, path of the day as rules name it, and day (blank where it is not known) of each finding."""
    for part in protocol.vocabulary.parts.values():
        content: Any = document.get(part.key)
        if is_unknown(content):
            continue
        if isinstance(part, Results):
            for analyte, index in counting_indexes(content).items():
                path = f"{part.key}.{analyte}"
                yield (
                    part.labels[analyte],
                    f"{part.key}[{index}].value",
                    f"{path}.collected",
                    content[index]["collected"],
                )
        elif isinstance(part, Dated) and part.dated_by:
            name = part.dated_by
            if isinstance(part, Group):
                if any(not is_unknown(value) for key, value in content.items() if key != name):
                    yield part.title, f"{part.key}.{name}", f"{part.key}.{name}", known_day(content.get(name))
            elif content:
                index = max(range(len(content)), key=lambda at: (known_day(content[at].get(name)), at))
                day = known_day(content[index].get(name))
                yield part.item, f"{part.key}[{index}].{name}", f"{part.key}.{name}", day


def known_day(value: Any) -> str:
    return "" if is_unknown(value) else str(value)


@lru_cache(maxsize=32)
def age_limits(protocol: Protocol) -> Mapping[str, tuple[tuple[Limit, ...], tuple[str, ...]]]:
    """Return the windows of age that a version's rules count back from the planned first dose, by the day's path.

    With them come the codes of the criteria that have them.
    """
    found: dict[str, dict[str, Limit]] = {}
    codes: dict[str, dict[str, None]] = {}
    for criterion in protocol.criteria:
        for tree in (criterion.applies, criterion.rule):
            for path, name in windows_in(tree, ()) if tree is not None else ():
                found.setdefault(path, {})[name] = protocol.limits[name]
                codes.setdefault(path, {})[criterion.code] = None
    return {path: (tuple(limits.values()), tuple(codes[path])) for path, limits in found.items()}


def windows_in(node: n.Node, lists: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the path of the day and the name of the window of every window before the planned first dose."""
    match node:
        case n.Within(n.Fact(path), n.Param(name), n.Fact(anchor), direction) if anchor == PLANNED_DOSE:
            if direction != "after":
                yield full_path(path, lists), name
    for child, inner in n.scoped_children(node, lists):
        yield from windows_in(child, inner)
