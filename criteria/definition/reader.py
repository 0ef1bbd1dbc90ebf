"""Reader of a trial's definition: checks it completely and builds the Protocol that evaluates visits.

A definition is plain data (`docs/protocol-format.md`): the content of a YAML file, or the same recomputed from
the rows of a protocol version. Every fault is named by its place in the file, all in one answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from criteria.definition.blocks import (
    ANY_TIME,
    CriterionBlock,
    DefinitionFile,
    ParameterBlock,
    SectionHead,
    TermBlock,
    TrialBlock,
    VersionBlock,
    message_of,
    place_of,
)
from criteria.definition.parameter_types import limit_faults, type_faults
from criteria.definition.yaml_tree import YamlTree
from criteria.evaluation.protocol import Criterion, Protocol
from criteria.records import canonical
from criteria.rules import nodes as n
from criteria.rules.check import check_rule
from criteria.rules.codec import decoder
from criteria.rules.facts import Limit, Schema
from criteria.rules.kinds import Kind
from criteria.vocabulary.faults import Fault, Faulty
from criteria.vocabulary.links import link_faults
from criteria.vocabulary.parts import AnyPart, Section, Vocabulary
from criteria.vocabulary.schema import schema_of

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class BadDefinition(Faulty):
    """A definition that must be refused as a whole.

    Faults are named by place, with the line where the file is known.
    """

    separator = "\n"


def parse_definition(text: str) -> tuple[dict[str, Any], Protocol]:
    """Return the data of a definition file and its protocol; BadDefinition with every fault and its line."""
    tree = YamlTree(text)
    reader = DefinitionReader(tree.data)
    reader.faults.extend(tree.faults)
    protocol = reader.protocol() if tree.data is not None else None
    if reader.faults or protocol is None:
        faults = reader.faults or [Fault("", "the file is empty")]
        raise BadDefinition([Fault(place, f"{message}{tree.line_of(place)}") for place, message in faults])
    return tree.data, protocol


def protocol_from(data: Mapping[str, Any]) -> Protocol:
    """Return the protocol of a definition that was checked before; BadDefinition where it is faulty."""
    reader = DefinitionReader(data)
    protocol = reader.protocol()
    if reader.faults or protocol is None:
        raise BadDefinition(reader.faults)
    return protocol


class DefinitionReader:
    def __init__(self, data: Any) -> None:
        self.data = data
        self.faults: list[Fault] = []
        self.used_terms: set[str] = set()
        self.broken: set[str] = set()  # parts and parameters with faults of their own: references to them are let be

    def read(self, kind: Any, raw: Any, place: str) -> Any:
        """Return the raw data as that kind, or None with a fault recorded for each error."""
        try:
            return TypeAdapter(kind).validate_python(raw)
        except ValidationError as error:
            self.faults.extend(Fault(place_of(place, item["loc"]), message_of(item)) for item in error.errors())
            return None

    def protocol(self) -> Protocol | None:
        file = self.read(DefinitionFile, self.data, "")
        if file is None:
            return None
        trial = self.read(TrialBlock, file.trial, "trial")
        version = self.read(VersionBlock, file.version, "version")
        limits = self.limits(file)
        vocabulary = self.vocabulary(file, limits)
        criteria = self.criteria(file, schema_of(vocabulary), limits)
        if self.faults or trial is None or version is None:
            return None
        return Protocol(
            trial.code,
            trial.title,
            trial.registry_url,
            version.number,
            version.effective_from,
            vocabulary,
            limits,
            criteria,
        )

    def limits(self, file: DefinitionFile) -> dict[str, Limit]:
        limits = {}
        for name, raw in file.parameters.items():
            block = self.read(ParameterBlock, raw, f"parameters.{name}")
            if block is None:
                self.broken.add(name)
                continue
            value = None if block.value == ANY_TIME else Decimal(block.value)
            kind = block.type or ""
            limits[name] = Limit(name, block.title, value, block.unit, kind, block.permitted, block.source)
            self.faults.extend(limit_faults(limits[name], f"parameters.{name}"))
        return limits

    def vocabulary(self, file: DefinitionFile, limits: Mapping[str, Limit]) -> Vocabulary:
        sections = []
        for index, raw in enumerate(file.sections):
            place = f"sections[{index}]"
            head = self.read(SectionHead, raw, place)
            if head is None:
                self.broken.update(raw_keys(raw))
                continue
            parts = [self.part(part, f"{place}.parts[{at}]", file, limits) for at, part in enumerate(head.parts)]
            sections.append(
                Section.model_construct(
                    code=head.code, title=head.title, help=head.help, parts=tuple(part for part in parts if part)
                )
            )
        vocabulary = Vocabulary.model_construct(sections=tuple(sections))
        self.faults.extend(link_faults(vocabulary, self.broken))
        return vocabulary

    def part(self, raw: Any, place: str, file: DefinitionFile, limits: Mapping[str, Limit]) -> AnyPart | None:
        prepared = self.prepare_raw(raw, place, file, limits)
        part: AnyPart | None = self.read(AnyPart, prepared, place)
        if part is None:
            self.broken.update(raw_keys({"parts": [raw]}))
        return part

    def prepare_raw(self, raw: Any, place: str, file: DefinitionFile, limits: Mapping[str, Limit]) -> Any:
        """Return a copy of the raw data that is ready to be validated.

        Each field has its name, a named code list is replaced by its content, and `{parameter}` by its value.
        """
        if isinstance(raw, list):
            return [self.prepare_raw(item, f"{place}[{at}]", file, limits) for at, item in enumerate(raw)]
        if not isinstance(raw, dict):
            return raw
        copy = {}
        for key, value in raw.items():
            if key in ("fields", "details") and isinstance(value, dict):
                copy[key] = {
                    field: self.field(inner, f"{place}.{key}.{field}", file, limits, field)
                    for field, inner in value.items()
                }
            elif key == "field" and isinstance(value, dict):
                copy[key] = self.field(value, f"{place}.{key}", file, limits, str(raw.get("key", "")))
            else:
                copy[key] = self.prepare_raw(value, f"{place}.{key}", file, limits)
        return copy

    def field(self, raw: Any, place: str, file: DefinitionFile, limits: Mapping[str, Limit], name: str) -> Any:
        if not isinstance(raw, dict):
            return raw
        field = {**raw, "name": name}
        options = raw.get("options")
        if isinstance(options, str):
            if options in file.codes:
                field["options"] = file.codes[options]
            else:
                self.faults.append(Fault(f"{place}.options", f"unknown code list “{options}”"))
        if isinstance(raw.get("help"), str):
            field["help"] = self.fill_placeholders(raw["help"], f"{place}.help", limits)
        return field

    def fill_placeholders(self, text: str, place: str, limits: Mapping[str, Limit]) -> str:
        for name in PLACEHOLDER.findall(text):
            if name in limits:
                text = text.replace(f"{{{name}}}", limit_value_text(limits[name]))
            elif name not in self.broken:
                self.faults.append(Fault(place, f"missing parameter “{name}”"))
        return text

    def criteria(self, file: DefinitionFile, schema: Schema, limits: Mapping[str, Limit]) -> tuple[Criterion, ...]:
        terms = {}
        for name, raw in file.terms.items():
            block = self.read(TermBlock, raw, f"terms.{name}")
            terms[name] = {"label": block.label, "rule": block.rule} if block else {"label": name, "rule": None}
        found: list[Criterion] = []
        for index, raw in enumerate(file.criteria):
            block = self.read(CriterionBlock, raw, f"criteria[{index}]")
            if block is None:
                continue
            if any(block.code == other.code for other in found):
                self.faults.append(Fault(f"criteria[{index}].code", f"duplicate code “{block.code}”"))
            found.append(self.criterion(block, f"criteria[{index}]", terms, schema, limits))
        if not self.faults:
            unused = [name for name in terms if name not in self.used_terms]
            self.faults.extend(Fault(f"terms.{name}", "no criterion uses this term") for name in unused)
            self.faults.extend(type_faults(limits.values(), found))
        return tuple(found)

    def criterion(
        self, block: CriterionBlock, place: str, terms: Mapping[str, Any], schema: Schema, limits: Mapping[str, Limit]
    ) -> Criterion:
        decoding = decoder(terms)
        rule = decoding.decode(block.rule, f"{place}.rule")
        applies = None if block.applies is None else decoding.decode(block.applies, f"{place}.applies")
        self.add(Fault(*fault) for fault in decoding.faults)
        self.used_terms |= decoding.used_terms
        kinds: dict[int, Kind] = {}
        for tree in (rule, applies):
            if tree is not None:
                checked = check_rule(tree, schema, limits)
                kinds.update(checked.kinds)
                self.add(self.place_faults(checked.faults, decoding.places, place))
        return Criterion(
            block.code,
            block.category,
            block.statement,
            block.reading,
            block.official_wording,
            rule,
            applies,
            kinds,
            block.source,
        )

    def place_faults(
        self, faults: tuple[tuple[n.Node, str], ...], places: Mapping[int, str], place: str
    ) -> Iterator[Fault]:
        for node, message in faults:
            if not self.is_broken(node):
                yield Fault(places.get(id(node), place), message)

    def is_broken(self, node: n.Node) -> bool:
        """Return whether a node refers to something whose own faults were named already."""
        if isinstance(node, n.Param):
            return node.name in self.broken
        names = (
            [node.path] if isinstance(node, n.Fact) else [node.records] if isinstance(node, n.Some | n.Latest) else []
        )
        return any(name.split(".")[0] in self.broken for name in names)

    def add(self, faults: Iterator[Fault]) -> None:
        """Add faults once, also those of a term that several criteria use."""
        self.faults.extend(fault for fault in faults if fault not in self.faults)


def raw_keys(raw: Any) -> set[str]:
    parts = raw.get("parts") if isinstance(raw, dict) else None
    return {str(part.get("key")) for part in parts if isinstance(part, dict)} if isinstance(parts, list) else set()


def limit_value_text(limit: Limit) -> str:
    return ANY_TIME if limit.value is None else f"{limit.value:f} {limit.unit}"


class Edition(NamedTuple):
    """A definition with its protocol.

    `data` is what `criteria.versions.versions.definition_data` returns and `criteria.definition.reader` reads.
    """

    data: Mapping[str, Any]
    protocol: Protocol


def edition_from(data: Mapping[str, Any]) -> Edition:
    """Return the edition of a definition; BadDefinition where the data is faulty.

    Kept by its text, because an amendment reads one draft several times: to check it, to compare it and to show it.
    The edition is shared: its data must not be changed.
    """
    return cached_edition_from(canonical.dump(data))


@lru_cache(maxsize=16)
def cached_edition_from(text: str) -> Edition:
    data = canonical.parse(text)
    return Edition(data, protocol_from(data))
