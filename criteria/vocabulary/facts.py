"""Facts of a valid visit document: what is known, as ranges, codes and records; what is absent is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from criteria.rules import dates
from criteria.rules.facts import EVERY, INDEX_KEY, RESULT, DocumentRecord, Facts, LaboratoryValue
from criteria.rules.ranges import point, reported_range
from criteria.rules.units import EXACT_CONTEXT
from criteria.vocabulary.not_done import has_result
from criteria.vocabulary.parts import (
    LIMITS,
    UNKNOWN,
    Analyte,
    AnyPart,
    Checklist,
    Field,
    Group,
    Records,
    Results,
    Single,
    Vocabulary,
)

Convert = Callable[[Any], Any]
CONVERT: Mapping[str, Convert] = {
    "number": lambda value: point(Decimal(value)),
    "integer": lambda value: point(Decimal(value)),
    "date": dates.parse_date,
    "day": dates.parse_date,
    "codes": lambda value: frozenset(value) or None,
}
FactNames = Mapping[str, tuple[str, Convert | None]]  # by key: the name of the fact, and the converter of its value


class FactReader:
    """A reader of documents of one vocabulary; created once, used for any number of visits."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.parts = tuple((part.key, part, fact_names(part)) for part in vocabulary.parts.values())
        results = [part for part in vocabulary.parts.values() if isinstance(part, Results)]
        self.analytes = {part.key: part.analytes for part in results}
        # The lists of the results of each test, of the parts that ask for every result.
        self.lists = {part.key: results_lists(part) for part in results if part.reviewable}

    def read(self, document: Mapping[str, Any]) -> Facts:
        """Return the facts of a document in which `validate` found no fault."""
        values: dict[str, Any] = {}
        records: dict[str, list[DocumentRecord]] = {}
        for key, part, named in self.parts:
            content = document.get(key)
            if content is None or content == UNKNOWN:
                continue
            if isinstance(part, Group):
                add_known(content, named, values)
            elif isinstance(part, Single):
                add_known({key: content}, named, values)
            elif isinstance(part, Records):
                records[key] = [read_record(record, index, part, named) for index, record in enumerate(content)]
            elif isinstance(part, Checklist):
                read_history(part, content, named, records)
            else:
                values.update(read_results(key, self.analytes[key], content))
                if key in self.lists:
                    records.update(read_result_lists(self.lists[key], self.analytes[key], content))
        reviewed = document.get("reviewed")
        return Facts(values, records, self.reviewed_lists(reviewed if isinstance(reviewed, list) else ()))

    def reviewed_lists(self, names: Iterable[str]) -> frozenset[str]:
        """Return the lists that are confirmed complete; with the results of a laboratory those of each test."""
        found = frozenset(names)
        return found.union(*(self.lists[name].values() for name in found & self.lists.keys())) if self.lists else found


def fact_names(part: AnyPart) -> FactNames:
    """Return each key of a part with the name of its fact; the converter is None where the value is used unchanged."""
    if isinstance(part, Single):
        return {part.key: (part.key, CONVERT.get(part.field.type))}
    fields: dict[str, Field] = dict(part.fields)
    if isinstance(part, Checklist):
        fields |= {name: field for condition in part.conditions.values() for name, field in condition.details.items()}
    prefix = f"{part.key}." if isinstance(part, Group) else ""
    return {name: (f"{prefix}{name}", CONVERT.get(field.type)) for name, field in fields.items()}


def add_known(content: Mapping[str, Any], named: FactNames, found: dict[str, Any]) -> None:
    """Add to `found` the facts of an object that are known."""
    for key, value in content.items():
        if value is not None and value != UNKNOWN:
            name, convert = named[key]
            found[name] = value if convert is None else convert(value)


def read_record(record: Mapping[str, Any], index: int, part: Records, named: FactNames) -> dict[str, Any]:
    found: dict[str, Any] = {}
    add_known(record, named, found)
    found[INDEX_KEY] = index
    for field in part.fields.values():
        if field.empty_means_none and record.get(field.name) == [] and means_none(field, record):
            found[field.name] = frozenset()
    return found


def means_none(field: Field, record: Mapping[str, Any]) -> bool:
    """Return whether an empty list of codes says that there are none, rather than that it is unknown."""
    return any(record.get(name) in codes for name, codes in field.empty_means_none.items())


def read_history(
    part: Checklist, content: list[Mapping[str, Any]], named: FactNames, records: dict[str, list[DocumentRecord]]
) -> None:
    for index, entry in enumerate(content):
        condition = entry["condition"]
        if len(entry) == 2:
            found = bare_entry(condition, entry["status"], index)
        else:
            found = {}
            add_known(entry, named, found)
            found[INDEX_KEY] = index
        name = f"{part.key}.{condition}"
        if name in records:
            records[name].append(found)
        else:
            records[name] = [found]


@lru_cache(maxsize=8192)
def bare_entry(condition: str, status: str | None, index: int) -> DocumentRecord:
    """Return an entry of a history that only says its status: one record serves every visit, as none is changed."""
    known = {"condition": condition} if status in (None, UNKNOWN) else {"condition": condition, "status": status}
    return {**known, INDEX_KEY: index}


def read_results(key: str, analytes: Mapping[str, Analyte], content: list[Mapping[str, Any]]) -> list[tuple[str, Any]]:
    """Return the facts of the result that counts, for each test."""
    found: list[tuple[str, Any]] = []
    for code, index in counting_indexes(content).items():
        found.extend(read_result(f"{key}.{code}", analytes[code], content[index]))
    return found


def results_lists(part: Results) -> dict[str, str]:
    """Return the name of the list of the results of each test."""
    return {code: f"{part.key}.{code}{EVERY}" for code in part.analytes}


def read_result_lists(
    lists: Mapping[str, str], analytes: Mapping[str, Analyte], content: Sequence[Mapping[str, Any]]
) -> dict[str, list[DocumentRecord]]:
    """Return the results of each test as records, in the order of the document; a sample that gave none is none."""
    found: dict[str, list[DocumentRecord]] = {}
    for index, result in enumerate(content):
        if has_result(result):
            code = result["analyte"]
            named = read_result("", analytes[code], result)
            record = {name.lstrip(".") or RESULT: value for name, value in named}
            found.setdefault(lists[code], []).append(record | {INDEX_KEY: index})
    return found


def counting_indexes(results: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return for each test the index of the result that counts.

    That is the one collected last; of several collected on one day, the last in the list. A sample that gave no result
    is none.
    """
    last: dict[str, int] = {}
    for index, result in enumerate(results):
        if not has_result(result):
            continue
        previous = last.get(result["analyte"])
        if previous is None or result["collected"] >= results[previous]["collected"]:
            last[result["analyte"]] = index
    return last


def read_result(path: str, analyte: Analyte, result: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the facts of one result under the path of its test."""
    found: list[tuple[str, Any]] = [
        (path, measurement_of(result, "value", analyte, result.get("comparator"))),
        (f"{path}.collected", dates.parse_date(result["collected"])),
    ]
    limits = [name for name in LIMITS if result.get(name) not in (None, UNKNOWN)]
    return found + [(f"{path}.{name}", measurement_of(result, name, analyte, None)) for name in limits]


def measurement_of(result: Mapping[str, Any], name: str, analyte: Analyte, comparator: str | None) -> LaboratoryValue:
    unit, value = result["unit"], Decimal(result[name])
    family, factor = analyte.quantity.conversion(unit)
    comparator = None if comparator == UNKNOWN else comparator
    bounds = reported_range(EXACT_CONTEXT.multiply(value, factor), comparator, signed=analyte.is_signed)
    return LaboratoryValue(bounds, value, unit, family, comparator or "", result["collected"])
