"""Cases of the criteria as YAML: in what a person differs from one who is eligible, and what must come of it.

How a case is written is told in tests/protocols/README.md. Every fault is named with the file and the case.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from criteria.definition.yaml_tree import YamlTree
from criteria.evaluation.protocol import Protocol
from tests.support.document_paths import CODES, Document, Person, shape_of
from tests.support.documents import BASE

Parameters = tuple[tuple[str, Any], ...]
Amended = Callable[[Parameters], Protocol]
OUTCOMES = ("pass", "fail", "unknown", "not_applicable")
OF_A_FILE = ("criterion", "persons", "cases")
OF_A_PERSON = ("person", "change", "add", "remove")
OF_A_CASE = ("name", *OF_A_PERSON, "parameters", "outcome", "refused", "missing", "proof")


class BadCase(ValueError):
    """A case, or a file of cases, that cannot be read."""


class Case(NamedTuple):
    """A case to try: the document, the parameters that differ from the protocol's, and what must come of it."""

    document: Document
    parameters: Parameters
    outcome: str
    refused: list[str]
    missing: list[str] | None
    proof: list[str]

    def key(self) -> str:
        """The same text for two cases that try the same; the order of tests and conditions is of no matter."""
        document = self.document | {
            name: sorted(self.document[name], key=itemgetter(code))
            for name, code in CODES.items()
            if isinstance(self.document.get(name), list)
        }
        return json.dumps([document, dict(self.parameters)], sort_keys=True, default=str)


@dataclass(frozen=True)
class Entry:
    """One case as it stands in its file."""

    file: str
    criterion: str
    name: str
    written: Mapping[str, Any]
    persons: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.file}::{self.name}"

    def refuse(self, message: object) -> NoReturn:
        raise BadCase(f"{self}: {message}")

    def read(self, protocol: Protocol) -> Case:
        """The case; BadCase for whatever is wrong with it."""
        self.check_keys(self.written, OF_A_CASE)
        outcome = self.written.get("outcome")
        if (outcome is None) is not ("refused" in self.written):
            self.refuse("say either the outcome, or `refused:` with the paths of the faults")
        if outcome is not None and outcome not in OUTCOMES:
            self.refuse(f"“{outcome}” is no outcome; expected one of: {', '.join(OUTCOMES)}")
        case = Case(
            self.document(shape_of(protocol.vocabulary)),
            tuple(self.mapping(self.written, "parameters").items()),
            outcome or "",
            self.texts(self.written, "refused"),
            self.texts(self.written, "missing") if "missing" in self.written else None,
            self.texts(self.written, "proof"),
        )
        faults = protocol.validate(case.document)
        if [fault.path for fault in faults] != case.refused:
            self.refuse("; ".join(map(": ".join, faults)) or "the document is not refused")
        return case

    def document(self, shape: Document) -> Document:
        """The document of the man or the woman, changed as the file's own persons and then as the case."""
        steps = [self.written]
        while (name := steps[0].get("person", "man")) in self.persons:
            steps.insert(0, self.mapping(self.persons, name))
            self.check_keys(steps[0], OF_A_PERSON)
            if len(steps) > len(self.persons) + 1:
                self.refuse(f"the person “{name}” begins with itself")
        if name not in BASE:
            self.refuse(f"“{name}” is no person; expected one of: {', '.join([*BASE, *self.persons])}")
        person = Person(BASE[name], shape)
        for step in steps:
            self.change(person, step)
        return person.document()

    def change(self, person: Person, step: Mapping[str, Any]) -> None:
        try:
            for path, value in self.mapping(step, "change").items():
                person.put(path, value)
            for path, value in self.mapping(step, "add").items():
                person.add(path, value)
            for path in self.texts(step, "remove"):
                person.remove(path)
        except LookupError as error:
            self.refuse(error.args[0])

    def check_keys(self, found: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in found:
            if key not in known:
                self.refuse(f"unknown key “{key}”; expected one of: {', '.join(known)}")

    def mapping(self, found: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        inner = found.get(key, {})
        if not isinstance(inner, dict):
            self.refuse(f"“{key}” holds names with values, and not {inner}")
        return inner

    def texts(self, found: Mapping[str, Any], key: str) -> list[str]:
        """What stands under the key: a text stands for a list of one."""
        texts = found.get(key, [])
        texts = texts if isinstance(texts, list) else [texts]
        if not all(isinstance(text, str) for text in texts):
            self.refuse(f"“{key}” holds a text or a list of texts")
        return texts


def read_cases(path: Path) -> list[Entry]:
    """The cases of one criterion; BadCase where the file is not one of cases."""
    try:
        tree = YamlTree(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BadCase(f"{path.name}: not readable as YAML: {' '.join(str(error).split())}") from None
    if fault := fault_of(tree, path.stem):
        raise BadCase(f"{path.name}: {fault}")
    data = tree.data
    return [Entry(path.name, data["criterion"], case["name"], case, data.get("persons", {})) for case in data["cases"]]


def fault_of(tree: YamlTree, criterion: str) -> str:
    """What is wrong with the file as a whole, in words; empty where nothing is."""
    data = tree.data
    if tree.faults:
        return "; ".join(f"{fault.message}{tree.line_of(fault.path)}" for fault in tree.faults)
    if not isinstance(data, dict) or set(data) - {"persons"} != {"criterion", "cases"}:
        return f"holds the keys {', '.join(OF_A_FILE)} (persons may be left out), and no others"
    if data["criterion"] != criterion:
        return f"is not named after its criterion, {data['criterion']}"
    if not isinstance(data.get("persons", {}), dict) or not isinstance(data["cases"], list):
        return "“persons” goes by name, and “cases” is a list"
    names = [case.get("name") if isinstance(case, dict) else None for case in data["cases"]]
    for index, name in enumerate(names):
        if not isinstance(name, str) or name in names[:index]:
            return f"each case has a name of its own{tree.line_of(f'cases[{index}]')}"
    return ""
