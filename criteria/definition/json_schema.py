"""The form of a definition file as a JSON Schema (draft 2020-12), for editors: keys, types and operations.

It is made from the blocks that the reader validates and from the operations that the decoder knows, so that neither can
say something else. What refers to another place (facts, codes, parameters, units) is beyond it: `check_protocol` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from criteria.definition.blocks import (
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
from criteria.definition.libraries import library_names
from criteria.rules import nodes as n
from criteria.rules.codec import READERS
from criteria.rules.decoder import Decoder
from criteria.vocabulary.parts import AnyPart

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RULE = {"$ref": "#/$defs/Rule"}
NUMBER_TEXT = {"type": "string", "pattern": r"^[-+]?\d+(\.\d+)?$"}
DAY_TEXT = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TEXT_OR_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
EXTENDING = "Extending"  # behind the name of a block in a file that extends a library
FOR_DEVELOPERS = ("title", "description", "discriminator", "default")  # of Pydantic's schemas
Schema = dict[str, Any]

# What stands within the blocks that the reader validates one by one: by block, its keys with the kind of each entry.
LISTS: Mapping[type[BaseModel], Mapping[str, type[BaseModel]]] = {
    DefinitionFile: {
        "sections": SectionHead,
        "criteria": CriterionBlock,
        "checks": CheckBlock,
        "summary": SummaryBlock,
        "tests": ProtocolTestBlock,
    },
    DrugsBlock: {"listed": DrugBlock},
}
NAMED: Mapping[type[BaseModel], Mapping[str, type[BaseModel]]] = {
    DefinitionFile: {
        "parameters": ParameterBlock,
        "tables": TableBlock,
        "terms": TermBlock,
        "check_limits": ParameterBlock,
    },
}
SINGLE: Mapping[type[BaseModel], Mapping[str, type[BaseModel]]] = {
    DefinitionFile: {
        "trial": TrialBlock,
        "version": VersionBlock,
        "sponsor_protocol": SponsorProtocolBlock,
        "numbers": NumbersBlock,
        "drugs": DrugsBlock,
    },
}
RULES: Mapping[type[BaseModel], tuple[str, ...]] = {
    CriterionBlock: ("rule", "applies"),
    CheckBlock: ("rule",),
    TermBlock: ("rule", "value"),
}
BLOCKS: tuple[type[BaseModel], ...] = (
    DefinitionFile,
    InterpretationBlock,
    *(block for kinds in (LISTS, NAMED, SINGLE) for each in kinds.values() for block in each.values()),
)


def definition_schema() -> Schema:
    """Return the JSON Schema of a definition file."""
    defs: Schema = {"Rule": rule_schema()}
    for block in BLOCKS:
        defs[block.__name__] = block_schema(block, defs)
    defs["Part"] = lift_defs(TypeAdapter(AnyPart).json_schema(ref_template="#/$defs/{model}"), defs)
    del defs["Field"]["properties"]["name"]  # set by the reader from the field's key
    defs["SectionHead"]["properties"]["parts"]["items"] = {"$ref": "#/$defs/Part"}
    defs["CriterionBlock"]["properties"]["reading"] = reading_schema()
    defs["InterpretationBlock"]["properties"]["about"] = about_schema()
    defs["ParameterBlock"]["properties"]["value"] = {"anyOf": [{"type": "number"}, {"const": "any time"}]}
    defs["VersionBlock"]["properties"]["effective_from"] = DAY_TEXT
    defs["ProtocolTestBlock"]["properties"]["refused"] = TEXT_OR_TEXTS
    defs["TermBlock"]["oneOf"] = [{"required": ["rule"]}, {"required": ["value", "unit"]}]
    cleaned = {name: clean_schema(each) for name, each in defs.items()}
    cleaned |= {name + EXTENDING: loose_schema(each) for name, each in cleaned.items() if name != "Rule"}
    cleaned["DefinitionFile" + EXTENDING]["properties"]["extends"] = extends_schema()
    cleaned["CriterionBlock" + EXTENDING]["properties"]["like"] = {"type": "string"}
    return {
        "$schema": DIALECT,
        "title": "Definition of a trial",
        "if": {"required": ["extends"]},
        "then": {"$ref": f"#/$defs/DefinitionFile{EXTENDING}"},
        "else": {"$ref": "#/$defs/DefinitionFile"},
        "$defs": {name: cleaned[name] for name in sorted(cleaned)},
    }


def extends_schema() -> Schema:
    name = {"enum": library_names()}
    return {"anyOf": [name, {"type": "array", "items": name, "minItems": 1}]}


def loose_schema(schema: Any, *, is_map: bool = False) -> Any:
    """Return the schema of a block that may leave out whatever a library has, or take it away by null."""
    if isinstance(schema, list):
        return [loose_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if is_map:
        return {key: {"anyOf": [loose_schema(value), {"type": "null"}]} for key, value in schema.items()}
    if str(schema.get("$ref", RULE["$ref"])) != RULE["$ref"]:
        return {"$ref": schema["$ref"] + EXTENDING}
    if "oneOf" in schema:  # the kind of a part, and what a term must have, may be the library's to say
        schema = {**{key: value for key, value in schema.items() if key != "oneOf"}, "anyOf": schema["oneOf"]}
    return {
        key: loose_schema(value, is_map=key in ("properties", "patternProperties"))
        for key, value in schema.items()
        if key not in ("required", "minProperties")
    }


def block_schema(block: type[BaseModel], defs: Schema) -> Schema:
    schema = lift_defs(block.model_json_schema(ref_template="#/$defs/{model}"), defs)
    properties = schema["properties"]
    for key, inner in LISTS.get(block, {}).items():
        properties[key]["items"] = {"$ref": f"#/$defs/{inner.__name__}"}
    for key, inner in NAMED.get(block, {}).items():
        patterns = properties[key]["patternProperties"]
        patterns.update({pattern: {"$ref": f"#/$defs/{inner.__name__}"} for pattern in patterns})
    for key, inner in SINGLE.get(block, {}).items():
        properties[key] = {"$ref": f"#/$defs/{inner.__name__}"}
    for key in RULES.get(block, ()):
        properties[key] = RULE
    return schema


def lift_defs(schema: Schema, defs: Schema) -> Schema:
    """Return a schema whose own definitions were moved among those of the whole."""
    defs.update(schema.pop("$defs", {}))
    return schema


def clean_schema(schema: Any, *, is_map: bool = False) -> Any:
    """Return one of Pydantic's schemas as the reader reads: a text for a list of one, a number as text, yes and no.

    `is_map` says that the keys are names of the file, and no words of JSON Schema.
    """
    if isinstance(schema, list):
        return [clean_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if is_map:
        return {key: clean_schema(value) for key, value in schema.items()}
    if schema.get("type") == "boolean":
        return {"enum": [True, False, "yes", "no"]}
    if schema.get("type") == "array" and schema.get("minLength"):  # a single text or a list of them
        return TEXT_OR_TEXTS
    found = {
        key: clean_schema(value, is_map=key in ("properties", "patternProperties"))
        for key, value in schema.items()
        if key not in FOR_DEVELOPERS
    }
    if "patternProperties" in found:
        found["additionalProperties"] = False
    return {"anyOf": [{"type": "number"}, NUMBER_TEXT]} if is_decimal(found) else found


def is_decimal(schema: Schema) -> bool:
    """Return whether a schema is that of a decimal number without bounds, of which Pydantic takes any text."""
    return schema.get("anyOf") == [{"type": "number"}, {"type": "string"}]


def reading_schema() -> Schema:
    each = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/InterpretationBlock"}]}
    return {"anyOf": [{"type": "string"}, {"type": "array", "items": each}]}


def about_schema() -> Schema:
    codes = {"type": "object", "minProperties": 1, "patternProperties": {"": TEXT_OR_TEXTS}}
    each = {"anyOf": [{"type": "string"}, codes]}
    return {"anyOf": [*each["anyOf"], {"type": "array", "items": each, "minItems": 1}]}


def rule_schema() -> Schema:
    """Return the schema of a rule or a value: a name, a number, or one operation with its content."""
    operation = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {name: operation_schema(name) for name in READERS},
        "additionalProperties": False,
    }
    return {"anyOf": [{"type": "string"}, {"type": "number"}, operation]}


def operation_schema(name: str) -> Schema:
    """Return the schema of the content of an operation, as far as its reader tells when it is given none."""
    probe = Probe({}, READERS)
    READERS[name](probe, {}, "")
    return probe.schema


class Probe(Decoder):
    """A decoder that notes what an operation asks for first: keys, a list of rules, a rule, or three values."""

    schema: Schema = {}

    def note_schema(self, schema: Schema) -> None:
        self.schema = self.schema or schema

    def keys(
        self, content: Any, place: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        entry = {"anyOf": [RULE, {"type": "array"}, {"type": "boolean"}]}
        properties = dict.fromkeys((*required, *optional), entry)
        schema = {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}
        self.note_schema(schema)
        return super().keys(content, place, required, optional)

    def decode_list(self, content: Any, place: str) -> tuple[n.Node, ...]:
        self.note_schema({"type": "array", "items": RULE, "minItems": 1})
        return super().decode_list(content, place)

    def triple(self, content: Any, place: str) -> list[Any]:
        self.note_schema({"type": "array", "items": RULE, "minItems": 3, "maxItems": 3})
        return super().triple(content, place)

    def decode(self, tree: Any, place: str) -> n.Node:
        self.note_schema(RULE)
        return super().decode(tree, place)
