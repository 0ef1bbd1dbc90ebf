"""The blocks of a definition file, and what is wrong with the form of one, in our words and with its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field as Key

from criteria.vocabulary.parts import Name, Title

ANY_TIME = "any time"


class Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TrialBlock(Block):
    code: Annotated[str, Key(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
    title: Annotated[Title, Key(max_length=300)]
    registry_url: Annotated[str, Key(pattern=r"^(https://.*)?$", max_length=200)] = ""
    planned_enrolment: Annotated[int, Key(gt=0, le=1_000_000)] | None = None


class VersionBlock(Block):
    number: Annotated[str, Key(min_length=1, max_length=20)]
    effective_from: date
    note: str = ""


class ParameterBlock(Block):
    title: Annotated[Title, Key(max_length=200)]
    value: Annotated[Decimal, Key(ge=0)] | Literal["any time"]
    unit: Annotated[str, Key(max_length=20)] = "1"


class TermBlock(Block):
    label: Title
    rule: Any


class CriterionBlock(Block):
    """The code is an IETESTCD: at most eight characters, none leading that is a digit (CDISC SDTM, CG0372)."""

    code: Annotated[str, Key(pattern=r"^[A-Z][A-Z0-9_]{0,7}$")]
    category: Literal["inclusion", "exclusion"]
    statement: Title
    reading: str = ""
    official_wording: str = ""
    applies: Any = None
    rule: Any


class SectionHead(Block):
    code: Name
    title: Title
    help: str = ""
    parts: Annotated[list[Any], Key(min_length=1)]


class File(Block):
    """The top level; what is within each part is checked by itself, so that one fault does not hide another."""

    trial: Any
    version: Any
    codes: dict[str, Annotated[dict[str, Title], Key(min_length=1)]] = {}
    sections: Annotated[list[Any], Key(min_length=1)]
    parameters: dict[Annotated[Name, Key(max_length=60)], Any] = {}
    terms: dict[Name, Any] = {}
    criteria: Annotated[list[Any], Key(min_length=1)]


MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "unknown key",
    "model_type": "must be a mapping with keys",
    "dict_type": "must be a mapping",
    "list_type": "must be a list",
    "too_short": "is empty",
    "string_too_short": "is empty",
    "union_tag_not_found": "`kind` is missing: group, single, records, results or checklist",
}


def message_of(error: Any) -> str:
    """Pydantic's finding in our words, with the value that was found."""
    text = MESSAGES.get(error["type"])
    if text is None:
        text = str(error["msg"])
        text = text[0].lower() + text[1:]
    value = error["input"]
    return (
        text
        if error["type"] in ("missing", "too_short") or isinstance(value, dict | list)
        else f"{text} (found “{value}”)"
    )


TAGS = {"group", "single", "records", "results", "checklist", "Decimal", "literal['any time']", "constrained-decimal"}


def place_of(place: str, loc: tuple[int | str, ...]) -> str:
    """The place in the file; the names that pydantic adds for the branch of a union are left out."""
    for part in loc:
        if isinstance(part, int):
            place += f"[{part}]"
        elif part not in TAGS and not part.startswith(
            ("function-", "dict[", "decimal", "constrained", "literal", "[key]")
        ):
            place += f".{part}" if place else part
    return place
