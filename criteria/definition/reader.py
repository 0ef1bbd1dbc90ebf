"""Reader of a trial's definition: checks it completely and builds the Protocol that evaluates visits.

A definition is plain data (`docs/protocol-format.md`): the content of a YAML file, or the same recomputed from
the rows of a protocol version. Every fault is named by its place in the file, all in one answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, NamedTuple

from pydantic import TypeAdapter, ValidationError

from criteria.definition.blocks import (
    ANY_TIME,
    About,
    CheckBlock,
    CriterionBlock,
    DefinitionFile,
    DrugBlock,
    DrugsBlock,
    InterpretationBlock,
    NumbersBlock,
    ParameterBlock,
    ProtocolTestBlock,
    SectionHead,
    SponsorProtocolBlock,
    SummaryBlock,
    TableBlock,
    TermBlock,
    TrialBlock,
    VersionBlock,
)
from criteria.definition.doubts import Doubts, doubts_about
from criteria.definition.form import form_fault, without_faulty
from criteria.definition.libraries import Extended, extend
from criteria.definition.parameter_types import limit_faults, type_faults
from criteria.definition.protocol_tests import failure_faults, faults_in_test
from criteria.definition.tables import MOST_TABLE_ROWS, count_rows, table_from
from criteria.definition.yaml_tree import YamlTree
from criteria.evaluation.checks import Check, CheckList
from criteria.evaluation.criterion import Criterion, Interpretation, Topic
from criteria.evaluation.interpretations import topic_faults
from criteria.evaluation.protocol import Protocol, nodes_of
from criteria.evaluation.summary import SUMMARY_VALUES, SummaryEntry
from criteria.records import canonical
from criteria.records.official_wording import wording_text
from criteria.rules import nodes as n
from criteria.rules.check import CheckResult, check_rule, check_value
from criteria.rules.codec import decoder
from criteria.rules.decoder import MOST_NODES
from criteria.rules.facts import Limit, Schema
from criteria.rules.kinds import EnclosingList, Kind, hinted_name, spelling_hint
from criteria.rules.values.half_lives import HALF_LIFE_UNITS
from criteria.rules.values.tables import Table
from criteria.vocabulary.check_facts import check_schema_of
from criteria.vocabulary.drug_links import drug_faults
from criteria.vocabulary.drugs import Drug, Drugs
from criteria.vocabulary.faults import Fault, Faulty
from criteria.vocabulary.links import link_faults
from criteria.vocabulary.parts import AnyPart, Section, Vocabulary
from criteria.vocabulary.schema import schema_of

MOST_TOLD = 200  # faults that are told at once
MOST_ENTRIES = {"criteria": 500, "checks": 500, "summary": 50, "tests": 500, "sections": 100, "terms": 2000,
                "parameters": 2000, "check_limits": 2000, "codes": 1000}  # fmt: skip
MOST_FIELDS = 3000  # in all sections: fields, laboratory tests, conditions and their details
PART_ENTRIES = ("fields", "analytes", "conditions", "details")
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class BadDefinition(Faulty):
    """A definition that must be refused as a whole.

    Faults are named by place, with the line where the file is known.
    """

    separator = "\n"


def parse_definition(text: str) -> tuple[dict[str, Any], Protocol]:
    """Return the data of a definition file and its protocol; BadDefinition with every fault and its line."""
    checked = check_definition(text)
    if checked.protocol is None or checked.errors:
        raise BadDefinition([Fault(each.path, f"{each.message} (line {each.line})") for each in checked.errors])
    return checked.data, checked.protocol


class Finding(NamedTuple):
    """What is said of one place of a definition file; an error refuses the file, a warning does not.

    `nearest` is the name that was probably meant, empty where none is similar.
    """

    severity: Literal["error", "warning"]
    line: int
    column: int
    path: str
    message: str
    nearest: str


class CheckedDefinition(NamedTuple):
    """The data of a file, its protocol (None where a fault is in the way), and all findings by line."""

    data: dict[str, Any]
    protocol: Protocol | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.severity == "warning")


def check_definition(text: str) -> CheckedDefinition:
    """Read and check a definition file; every way in for a new definition goes through here.

    Beside the faults of form and reference, a file is refused for what no trial can mean and for tests of its own that
    fail, and warned of what is doubtful (`criteria.definition.doubts`).
    """
    tree = YamlTree(text)
    extended = extend(tree.data)
    reader = DefinitionReader(extended.data)
    reader.faults.extend((*tree.faults, *extended.faults))
    protocol = reader.protocol() if extended.data is not None else None
    doubts = Doubts((), ())
    if protocol is not None and not reader.faults:
        doubts = doubts_about(extended.data, protocol, reader.places)
        reader.faults.extend(doubts.errors)
        reader.faults.extend(failure_faults(extended.data, protocol))
    elif protocol is None and not reader.faults:
        reader.faults.append(Fault("", "the file is empty"))
    found = [
        *(finding_of("error", fault, tree, extended) for fault in told_faults(reader.faults)),
        *(finding_of("warning", fault, tree, extended) for fault in doubts.warnings),
    ]
    return CheckedDefinition(extended.data or {}, protocol, tuple(sorted(found, key=lambda each: each[1:3])))


def finding_of(severity: Literal["error", "warning"], fault: Fault, tree: YamlTree, extended: Extended) -> Finding:
    """Return a fault with its place in the file; of what only a library holds, that is where the file extends it."""
    place, library, message = extended.place_of(fault.path), extended.library_of(fault.path), fault.message
    if place is None or library:
        where = f"in the library “{library}”" if library else "in a library"
        mark, place, message = tree.mark_of("extends"), fault.path, f"{where}: {message}"
    else:
        mark = tree.mark_of(place, key=message.startswith(("unknown key", "duplicate key")))
    return Finding(severity, mark.line, mark.column, place, message, hinted_name(message))


def told_faults(faults: list[Fault]) -> list[Fault]:
    """Return the faults that are told: each once, and no more than somebody could read."""
    once = list(dict.fromkeys(faults))
    more = len(once) - MOST_TOLD
    return once if more <= 0 else [*once[:MOST_TOLD], Fault("", f"and {more} more faults: mend these first")]


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
        self.left_out: set[str] = set()  # fields, tests and conditions that were left out of a part for their faults
        self.whole: set[str] = set()  # the keys of parts of which only those were left out
        self.nodes_left = MOST_NODES
        self.places: dict[int, str] = {}  # of the nodes of all rules

    def read(self, kind: Any, raw: Any, place: str) -> Any:
        """Return the raw data as that kind, with a fault recorded for each error.

        Unknown keys are left out. None where there is any other error.
        """
        try:
            return TypeAdapter(kind).validate_python(raw)
        except ValidationError as error:
            found = error.errors(include_url=False)[:MOST_TOLD]
            self.faults.extend(form_fault(kind, place, item) for item in found)
            if any(item["type"] != "extra_forbidden" for item in found):
                return None
            return self.read_rest(kind, without_faulty(raw, found)[0])

    def read_rest(self, kind: Any, raw: Any) -> Any:
        """Return what is left of faulty data as that kind, or None; its faults were recorded before."""
        try:
            return TypeAdapter(kind).validate_python(raw)
        except ValidationError:
            return None

    def hint(self, name: str, names: Iterable[str]) -> str:
        """Return a hint at the nearest name; none once there are more faults than are told, since it takes time."""
        return spelling_hint(name, names) if len(self.faults) < MOST_TOLD else ""

    def file(self) -> DefinitionFile | None:
        """Return the top level without the entries that are faulty, so that all others are checked as well."""
        try:
            return DefinitionFile.model_validate(self.data)
        except ValidationError as error:
            found = error.errors(include_url=False)[:MOST_TOLD]
        self.faults.extend(form_fault(DefinitionFile, "", item) for item in found)
        if not isinstance(self.data, dict):
            return None
        rest, dropped = without_faulty(self.data, found)
        self.broken |= dropped
        for name in {str(item["loc"][0]) for item in found if not dropped & set(map(str, item["loc"]))}:
            rest.pop(name, None)
        for name, nothing in (("trial", None), ("version", None), ("sections", []), ("criteria", [])):
            rest.setdefault(name, nothing)
        return DefinitionFile.model_construct(**rest)

    def protocol(self) -> Protocol | None:
        file = self.file()
        if file is None or self.is_too_large(file):
            return None
        trial = self.read(TrialBlock, file.trial, "trial") if file.trial is not None else None
        version = self.read(VersionBlock, file.version, "version") if file.version is not None else None
        if file.sponsor_protocol is not None:
            self.read(SponsorProtocolBlock, file.sponsor_protocol, "sponsor_protocol")
        if file.numbers is not None:
            self.read(NumbersBlock, file.numbers, "numbers")
        limits = self.limits(file)
        if not file.sections:  # said to be missing already; without them every fact would be called unknown
            return None
        vocabulary = self.vocabulary(file, limits)
        tables = self.tables(file)
        schema, terms = schema_of(vocabulary, file.format, tables), self.terms(file)
        criteria = self.criteria(file, terms, schema, limits)
        checks = self.checks(file, terms, schema, vocabulary, limits, criteria)
        summary = self.summary(file, terms, schema, limits)
        self.tests(file)
        self.refuse_unused_terms(terms)
        self.refuse_unused_tables(tables, criteria, checks)
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
            checks,
            file.format,
            summary,
            tables,
        )

    def is_too_large(self, file: DefinitionFile) -> bool:
        """Return whether the file has more of something than any trial needs, with a fault for each such list."""
        found = [
            Fault(name, f"{len(getattr(file, name))} entries: at most {most}")
            for name, most in MOST_ENTRIES.items()
            if len(getattr(file, name)) > most
        ]
        count = sum(map(count_fields, file.sections))
        if count > MOST_FIELDS:
            found.append(Fault("sections", f"{count} fields, tests and conditions: at most {MOST_FIELDS}"))
        self.faults.extend(found)
        return bool(found)

    def limits(self, file: DefinitionFile) -> dict[str, Limit]:
        return self.limits_in(file.parameters, "parameters")

    def limits_in(self, blocks: Mapping[str, Any], place: str) -> dict[str, Limit]:
        limits = {}
        for name, raw in blocks.items():
            block = self.read(ParameterBlock, raw, f"{place}.{name}")
            if block is None:
                self.broken.add(name)
                continue
            value = None if block.value == ANY_TIME else Decimal(block.value)
            kind = block.type or ""
            limits[name] = Limit(name, block.title, value, block.unit, kind, block.permitted, block.source)
            self.faults.extend(limit_faults(limits[name], f"{place}.{name}"))
        return limits

    def vocabulary(self, file: DefinitionFile, limits: Mapping[str, Limit]) -> Vocabulary:
        sections = []
        for index, raw in enumerate(file.sections):
            place = f"sections[{index}]"
            head = self.read(SectionHead, raw, place) or faulty_head(raw, place)
            if head is None:
                continue
            parts = [self.part(part, f"{place}.parts[{at}]", file, limits) for at, part in enumerate(head.parts)]
            sections.append(
                Section.model_construct(
                    code=head.code, title=head.title, help=head.help, parts=tuple(part for part in parts if part)
                )
            )
        listed = self.listed_drugs(file)
        vocabulary = Vocabulary.model_construct(sections=tuple(sections), drugs=self.drugs(file, listed))
        links = (fault for fault in link_faults(vocabulary, self.broken) if not self.is_about_left_out(fault))
        self.faults.extend(islice(links, MOST_TOLD))
        self.faults.extend(islice(drug_faults(vocabulary, listed, self.broken), MOST_TOLD))
        return vocabulary

    def is_about_left_out(self, fault: Fault) -> bool:
        """Return whether a fault only follows from a field that was left out for a fault of its own."""
        return any(
            f"“{path}”" in fault.message or f".{path.rpartition('.')[2]}”" in fault.message for path in self.left_out
        )

    def drugs(self, file: DefinitionFile, listed: Mapping[int, Drug]) -> Drugs | None:
        block = None if file.drugs is None else self.read(DrugsBlock, file.drugs, "drugs")
        return block and Drugs(block.names, block.codes, tuple(listed.values()))

    def listed_drugs(self, file: DefinitionFile) -> dict[int, Drug]:
        """Return the drugs that are free of faults of their own by their place in the list."""
        raw = file.drugs.get("listed") if isinstance(file.drugs, dict) else None
        blocks = {
            at: self.read(DrugBlock, each, f"drugs.listed[{at}]")
            for at, each in enumerate(raw if isinstance(raw, list) else ())
        }
        return {
            at: Drug(block.name, block.other_names, block.codes, half_life_days(block.half_life))
            for at, block in blocks.items()
            if block
        }

    def part(self, raw: Any, place: str, file: DefinitionFile, limits: Mapping[str, Limit]) -> AnyPart | None:
        prepared = self.prepare_raw(raw, place, file, limits)
        try:
            part: AnyPart | None = TypeAdapter(AnyPart).validate_python(prepared)
        except ValidationError as error:
            found = error.errors(include_url=False)[:MOST_TOLD]
            self.faults.extend(form_fault(AnyPart, place, item) for item in found)
            rest, dropped = without_faulty(prepared, found)
            part = self.read_rest(AnyPart, rest)
            self.note_broken(raw, part, dropped)
        return part

    def note_broken(self, raw: Any, part: AnyPart | None, dropped: set[str]) -> None:
        """Note what cannot be referred to because of faults of its own: a whole part, or some of its fields."""
        keys = raw_keys({"parts": [raw]})
        if part is None or dropped:
            self.broken |= keys
        if part is not None:
            self.whole |= keys
            self.left_out |= {f"{part.key}.{name}" for name in dropped}

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
            elif options not in self.broken:
                hint = self.hint(options, file.codes)
                self.faults.append(Fault(f"{place}.options", f"unknown code list “{options}”{hint}"))
        if isinstance(raw.get("help"), str):
            field["help"] = self.fill_placeholders(raw["help"], f"{place}.help", limits)
        return field

    def fill_placeholders(self, text: str, place: str, limits: Mapping[str, Limit]) -> str:
        for name in dict.fromkeys(PLACEHOLDER.findall(text)):
            if name in limits:
                text = text.replace(f"{{{name}}}", limit_value_text(limits[name]))
            elif name not in self.broken:
                hint = self.hint(name, limits)
                self.faults.append(Fault(place, f"missing parameter “{name}”{hint}"))
        return text

    def terms(self, file: DefinitionFile) -> dict[str, Any]:
        terms = {}
        for name, raw in file.terms.items():
            block = self.read(TermBlock, raw, f"terms.{name}")
            if block is not None and block.value is not None:
                terms[name] = {
                    "label": block.label,
                    "unit": block.unit,
                    "value": block.value,
                    "negative": block.negative,
                }
                continue
            rule = block.rule if block else raw.get("rule") if isinstance(raw, dict) else None
            terms[name] = {"label": block.label if block else name, "rule": rule}
        return terms

    def tables(self, file: DefinitionFile) -> dict[str, Table]:
        found = {}
        if (count := sum(map(count_rows, file.tables.values()))) > MOST_TABLE_ROWS:
            self.faults.append(Fault("tables", f"{count} rows: at most {MOST_TABLE_ROWS}"))
            return {}
        for name, raw in file.tables.items():
            block = self.read(TableBlock, raw, f"tables.{name}")
            table, faults = table_from(block, f"tables.{name}") if block else (None, [])
            self.faults.extend(faults[:MOST_TOLD])
            if table is None:
                self.broken.add(name)
            else:
                found[name] = table
        return found

    def refuse_unused_tables(
        self, tables: Mapping[str, Table], criteria: Iterable[Criterion], checks: CheckList
    ) -> None:
        nodes = [*(node for each in criteria for node in nodes_of(each))]
        nodes += [node for check in checks.checks for node in n.subtrees(check.rule)]
        used = {node.table for node in nodes if isinstance(node, n.Lookup)}
        if not self.faults:
            self.faults.extend(
                Fault(f"tables.{name}", "no rule uses this table") for name in tables if name not in used
            )

    def refuse_unused_terms(self, terms: Mapping[str, Any]) -> None:
        if not self.faults:
            unused = [name for name in terms if name not in self.used_terms]
            self.faults.extend(Fault(f"terms.{name}", "no criterion and no check uses this term") for name in unused)

    def criteria(
        self, file: DefinitionFile, terms: Mapping[str, Any], schema: Schema, limits: Mapping[str, Limit]
    ) -> tuple[Criterion, ...]:
        found: list[Criterion] = []
        for index, raw in enumerate(file.criteria):
            if len(self.faults) > MOST_TOLD:
                break
            block = self.read(CriterionBlock, raw, f"criteria[{index}]")
            if block is None:
                self.check_rules(raw, f"criteria[{index}]", terms, schema, limits)
                continue
            if any(block.code == other.code for other in found):
                self.faults.append(Fault(f"criteria[{index}].code", f"duplicate code “{block.code}”"))
            found.append(self.criterion(block, f"criteria[{index}]", terms, schema, limits))
            self.add_topic_faults(found[-1], f"criteria[{index}].reading", schema, limits)
        if not self.faults:
            self.faults.extend(type_faults(limits.values(), found))
        return tuple(found)

    def check_rules(
        self, raw: Any, place: str, terms: Mapping[str, Any], schema: Schema, limits: Mapping[str, Limit]
    ) -> None:
        """Check the rules of a block that cannot be read for another fault."""
        for key in ("applies", "rule"):
            if isinstance(raw, dict) and key in raw:
                self.rule(raw[key], f"{place}.{key}", terms, schema, limits)

    def add_topic_faults(self, criterion: Criterion, place: str, schema: Schema, limits: Mapping[str, Limit]) -> None:
        """Add what is wrong with the parts of a rule that the interpretations are about."""
        for at, each in enumerate(criterion.interpretations):
            for topic in each.about:
                if topic.name.lstrip("$").split(".")[0] not in self.broken:
                    messages = islice(topic_faults(criterion, topic, schema, limits), MOST_TOLD)
                    self.faults.extend(Fault(f"{place}[{at}].about", message) for message in messages)

    def checks(
        self,
        file: DefinitionFile,
        terms: Mapping[str, Any],
        schema: Schema,
        vocabulary: Vocabulary,
        limits: Mapping[str, Limit],
        criteria: tuple[Criterion, ...],
    ) -> CheckList:
        """Return the checks of the file, with the schema and the limits for which their rules are written.

        A check may read the parameters of the criteria; its own limits are no parameters, so that no amendment
        changes them.
        """
        own = self.limits_in(file.check_limits, "check_limits")
        self.add(Fault(f"check_limits.{name}", "is a parameter, too") for name in own if name in limits)
        codes = [criterion.code for criterion in criteria]
        inner, known = check_schema_of(schema, vocabulary, codes), {**limits, **own}
        found: list[Check] = []
        for index, raw in enumerate(file.checks):
            if len(self.faults) > MOST_TOLD:
                break
            block = self.read(CheckBlock, raw, place := f"checks[{index}]")
            if block is None:
                self.check_rules(raw, place, terms, inner, known)
                continue
            if block.code in (*codes, *(other.code for other in found)):
                self.faults.append(Fault(f"{place}.code", f"duplicate code “{block.code}”"))
            wrong = (code for code in block.criteria if code not in codes)
            unknown = (f"unknown criterion “{code}”{self.hint(code, codes)}" for code in wrong)
            self.faults.extend(Fault(f"{place}.criteria", message) for message in unknown)
            strange = islice(unknown_paths(block.facts, inner), MOST_TOLD)
            self.add(Fault(f"{place}.facts", message) for message in strange)
            rule, kinds = self.rule(block.rule, f"{place}.rule", terms, inner, known)
            self.add(message_faults(block, rule, place))
            found.append(Check(block.code, block.message, rule, kinds, block.facts, block.criteria))
        used = {param.name for check in found for param in n.params_in(check.rule)}
        self.add(Fault(f"check_limits.{name}", "no check uses this limit") for name in own if name not in used)
        return CheckList(tuple(found), inner, known)

    def summary(
        self, file: DefinitionFile, terms: Mapping[str, Any], schema: Schema, limits: Mapping[str, Limit]
    ) -> tuple[SummaryEntry, ...]:
        found: list[SummaryEntry] = []
        for index, raw in enumerate(file.summary):
            block = self.read(SummaryBlock, raw, place := f"summary[{index}]")
            if block is None:
                continue
            if any(block.label == other.label for other in found):
                self.faults.append(Fault(f"{place}.label", f"duplicate label “{block.label}”"))
            if block.of and block.of not in schema.records:
                if block.of.split(".")[0] not in self.broken:
                    hint = self.hint(block.of, schema.records)
                    self.faults.append(Fault(f"{place}.of", f"unknown list “{block.of}”{hint}"))
                continue
            lists = EnclosingList(block.of, schema.records[block.of], None) if block.of else None
            values: list[n.Node] = []
            kinds: dict[int, Kind] = {}
            for at, tree in enumerate(block.values):
                value, of_value = self.summary_value(tree, f"{place}.values[{at}]", terms, schema, limits, lists)
                values.append(value)
                kinds.update(of_value)
            found.append(SummaryEntry(block.label, tuple(values), kinds, block.of))
        return tuple(found)

    def summary_value(
        self,
        tree: Any,
        place: str,
        terms: Mapping[str, Any],
        schema: Schema,
        limits: Mapping[str, Limit],
        lists: EnclosingList | None,
    ) -> tuple[n.Node, Mapping[int, Kind]]:
        decoding = decoder(terms, self.nodes_left)
        node = decoding.decode(tree, place)
        self.nodes_left = max(decoding.nodes_left, 0)
        self.add(Fault(*fault) for fault in decoding.faults)
        if not decoding.faults and not isinstance(node, SUMMARY_VALUES):
            self.faults.append(Fault(place, "must be a fact, an age, a formula or an if_known of them"))
        return node, self.kinds_of(check_value(node, schema, limits, lists), decoding.places, place)

    def rule(
        self, tree: Any, place: str, terms: Mapping[str, Any], schema: Schema, limits: Mapping[str, Limit]
    ) -> tuple[n.Node, Mapping[int, Kind]]:
        """Return a rule, checked, with the kinds of its values."""
        decoding = decoder(terms, self.nodes_left)
        node = decoding.decode(tree, place)
        self.nodes_left = max(decoding.nodes_left, 0)
        self.add(Fault(*fault) for fault in decoding.faults)
        self.used_terms |= decoding.used_terms
        self.places.update(decoding.places)
        return node, self.kinds_of(check_rule(node, schema, limits), decoding.places, place)

    def kinds_of(self, result: CheckResult, places: Mapping[int, str], place: str) -> Mapping[int, Kind]:
        """Return the kinds of a rule's values, with its faults added."""
        self.add(self.place_faults(result.faults, places, place))
        return result.kinds

    def criterion(
        self, block: CriterionBlock, place: str, terms: Mapping[str, Any], schema: Schema, limits: Mapping[str, Limit]
    ) -> Criterion:
        rule, kinds = self.rule(block.rule, f"{place}.rule", terms, schema, limits)
        applies = None
        if block.applies is not None:
            applies, more = self.rule(block.applies, f"{place}.applies", terms, schema, limits)
            kinds = {**kinds, **more}
        return Criterion(
            block.code,
            block.category,
            block.statement,
            self.interpretations(block.reading, f"{place}.reading"),
            wording_text(block.official_wording),
            rule,
            applies,
            kinds,
            block.source,
        )

    def interpretations(self, reading: str | list[Any], place: str) -> tuple[Interpretation, ...]:
        """Return the interpretations of a criterion: a text about the whole, or a list of texts and blocks."""
        if isinstance(reading, str):
            return (Interpretation(reading),) if reading else ()
        found = []
        for at, raw in enumerate(reading):
            raw = {"text": raw} if isinstance(raw, str) else raw
            if block := self.read(InterpretationBlock, raw, f"{place}[{at}]"):
                found.append(Interpretation(block.text, tuple(topics_in(block.about))))
        return tuple(found)

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
        if isinstance(node, n.Lookup):
            return node.table in self.broken
        if isinstance(node, n.Fact) and node.path.startswith("."):
            return any(path.endswith(f".{node.path.lstrip('.')}") for path in self.left_out)
        names = [node.path] if isinstance(node, n.Fact) else [node.records] if isinstance(node, n.OnRecords) else []
        return any(map(self.is_name_broken, names))

    def is_name_broken(self, name: str) -> bool:
        key, *rest = name.split(".")
        if key in self.whole:
            return bool(rest) and f"{key}.{rest[0]}" in self.left_out
        return key in self.broken

    def add(self, faults: Iterator[Fault]) -> None:
        """Add faults once, also those of a term that several criteria use."""
        known = set(self.faults)
        self.faults.extend(fault for fault in faults if fault not in known)

    def tests(self, file: DefinitionFile) -> None:
        """Add the faults of the file's tests in themselves; they are run by `check_definition`."""
        codes = [str(each.get("code")) for each in file.criteria if isinstance(each, dict)]
        for index, raw in enumerate(file.tests):
            block = self.read(ProtocolTestBlock, raw, place := f"tests[{index}]")
            if block is not None:
                before = [each.get("name") for each in file.tests[:index] if isinstance(each, dict)]
                self.faults.extend(faults_in_test(block, place, before, codes))


def message_faults(block: CheckBlock, rule: n.Node, place: str) -> Iterator[Fault]:
    """Yield the fault of a check whose messages are not one for each alternative of its rule."""
    alternatives = len(rule.args) if isinstance(rule, n.AnyOf) else 0
    if not isinstance(block.message, str) and len(block.message) != alternatives:
        yield Fault(f"{place}.message", f"needs one for each of the {alternatives} alternatives of the rule's any")


def unknown_paths(paths: Iterable[str], schema: Schema) -> Iterator[str]:
    """Yield a message for each path that is no fact, no list and no field of a list's records."""
    for path in paths:
        name, _dot, field = path.rpartition(".")
        in_record = name in schema.records and field in schema.records[name].fields
        if path not in schema.facts and path not in schema.records and not in_record:
            yield f"unknown fact “{path}”{spelling_hint(path, [*schema.facts, *schema.records])}"


def topics_in(about: Iterable[About]) -> Iterator[Topic]:
    for each in about:
        if isinstance(each, str):
            yield Topic(each)
        else:
            yield from (Topic(name, codes) for name, codes in each.items())


def raw_keys(raw: Any) -> set[str]:
    parts = raw.get("parts") if isinstance(raw, dict) else None
    return {str(part.get("key")) for part in parts if isinstance(part, dict)} if isinstance(parts, list) else set()


def count_fields(data: Any) -> int:
    """Return how many fields, laboratory tests, conditions and details a section declares, whatever else is wrong."""
    if isinstance(data, list):
        return sum(map(count_fields, data))
    if not isinstance(data, dict):
        return 0
    own = sum(len(data[key]) for key in PART_ENTRIES if isinstance(data.get(key), dict))
    return own + sum(map(count_fields, data.values()))


def faulty_head(raw: Any, place: str) -> SectionHead | None:
    """Return the head of a section with a fault of its own, so that its parts are read; None where it has none."""
    parts = raw.get("parts") if isinstance(raw, dict) else None
    if not isinstance(parts, list):
        return None
    return SectionHead.model_construct(code=place, title=place, help="", parts=parts)


def half_life_days(block: Mapping[str, Decimal] | None) -> Fraction | None:
    """Return a half-life, which has one unit, in days."""
    return next((Fraction(value) * HALF_LIFE_UNITS[unit] for unit, value in (block or {}).items()), None)


def limit_value_text(limit: Limit) -> str:
    return ANY_TIME if limit.value is None else f"{limit.value:f} {limit.unit}"


class Edition(NamedTuple):
    """A definition with its protocol.

    `data` is what `criteria.versions.versions.definition_data` returns and `criteria.definition.reader` reads.
    """

    data: Mapping[str, Any]
    protocol: Protocol


def edition_from(data: Mapping[str, Any]) -> Edition:
    """Return the edition of a definition; BadDefinition where the data is faulty."""
    return kept_edition(canonical.fingerprint(data), lambda: canonical.parse(canonical.dump(data)))


def kept_edition(definition_sha256: str, read: Callable[[], Mapping[str, Any]]) -> Edition:
    """Return the edition of the definition with that fingerprint; where it is not kept, `read` returns the definition.

    It is read by every page, and of a draft several times: to check it, to compare it and to show it. The edition is
    shared: its data must not be changed.
    """
    place = place_of_edition(definition_sha256)
    if not place:
        data = read()
        place.append(Edition(data, protocol_from(data)))
    return place[0]


@lru_cache(maxsize=32)
def place_of_edition(definition_sha256: str) -> list[Edition]:
    """Return where the edition of that fingerprint is kept; empty until it was read."""
    return []
