"""Blocks of a definition file, and messages for the faults of their form, each with its place."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field as Key,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from criteria.records.official_wording import TAG, TAGGED
from criteria.rules.facts import FORMATS
from criteria.vocabulary.parts import Name, Title, as_list

ANY_TIME = "any time"
VERSION_NUMBER = r"^[\w.-]+( [\w.-]+)*$"
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_SOURCE = 500
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TrialBlock(Block):
    code: Annotated[str, Key(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
    title: Annotated[Title, Key(max_length=300)]
    registry_url: Annotated[str, Key(pattern=r"^(https://.*)?$", max_length=200)] = ""
    planned_enrolment: Annotated[int, Key(gt=0, le=1_000_000)] | None = None


class NumbersBlock(Block):
    """How the screening numbers of the trial are written from this version on; those given before stay as they are."""

    prefix: Annotated[str, Key(pattern=r"^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*[._-]$", max_length=12)]
    width: Annotated[int, Key(ge=1, le=8)] = 4

    @field_validator("prefix")
    @classmethod
    def refuse_enrolment_prefix(cls, prefix: str) -> str:
        if prefix.upper() == "E-":
            raise PydanticCustomError("prefix", "is that of enrolment numbers: choose another")
        return prefix


def require_day(value: object) -> object:
    """Refuse anything but a whole date, including other text that could be parsed as one."""
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        raise PydanticCustomError("day", "must be a day such as 2026-03-14")
    return value


Day = Annotated[date, BeforeValidator(require_day)]


def require_number(value: object) -> object:
    """Refuse a text that could be parsed as a number; return any other value unchanged."""
    if isinstance(value, str):
        raise PydanticCustomError("number", "must be a plain number")
    return value


def source_fault(text: str) -> str:
    """Return what is wrong with the source of a value or a rule, or an empty string."""
    if text and not text.strip():
        return _("is blank: say where it comes from, or leave it out")
    if len(text) > LONGEST_SOURCE:
        return _("has %(count)d characters: at most %(most)d") % {"count": len(text), "most": LONGEST_SOURCE}
    if CONTROL_CHARACTERS.search(text):
        return _("must be one line, without control characters")
    return ""


def require_source(text: str) -> str:
    """Return the source of a value or a rule; refuse one that is blank, too long or more than one line."""
    if message := source_fault(text):
        raise PydanticCustomError("source", "{fault}", {"fault": message})
    return text


Source = Annotated[str, AfterValidator(require_source)]


def require_line(text: str) -> str:
    if CONTROL_CHARACTERS.search(text):
        raise PydanticCustomError("line", "must be one line, without control characters")
    return text


def require_wording(text: str) -> str:
    """Return words of the protocol; refuse those of which a line begins as another language would."""
    if TAGGED.search(text):
        raise PydanticCustomError("wording", "no line may begin with the tag of a language in brackets")
    return text


def about_list(value: object) -> object:
    """Return what an interpretation is about as a list; a single name or mapping may stand alone."""
    return (value,) if isinstance(value, str | dict) else value


class VersionBlock(Block):
    number: Annotated[str, Key(pattern=VERSION_NUMBER, max_length=20)]
    effective_from: Day
    note: str = ""


class SponsorProtocolBlock(Block):
    """The sponsor's protocol from which the criteria are taken: its version as printed on it, and its day."""

    version: Annotated[Title, Key(max_length=40), AfterValidator(require_line)]
    date: Day | None = None


class ParameterBlock(Block):
    title: Annotated[Title, Key(max_length=200)]
    value: Annotated[Decimal, BeforeValidator(require_number)] | Literal["any time"]
    unit: Annotated[str, Key(max_length=20)] = "1"
    type: Literal["number", "integer", "window"] | None = None
    permitted: tuple[Decimal, Decimal] | None = None
    source: Source = ""


class TableBlock(Block):
    """A table of numbers: each key is a `code` or the unit of a number; `unit` is that of the numbers of the table."""

    title: Annotated[Title, Key(max_length=200)]
    source: Source = ""
    unit: Annotated[str, Key(max_length=20)] = "1"
    keys: Annotated[dict[Name, Annotated[str, Key(max_length=20)]], Key(min_length=1, max_length=4)]
    rows: Annotated[list[Any], Key(min_length=1)]


HalfLife = Annotated[Decimal, BeforeValidator(require_number), Key(gt=0, le=10_000)]


class DrugBlock(Block):
    name: Title
    other_names: tuple[Title, ...] = ()
    codes: Annotated[tuple[Name, ...], Key(min_length=1)]
    half_life: Annotated[dict[Literal["h", "d", "wk"], HalfLife], Key(min_length=1, max_length=1)] | None = None


class DrugsBlock(Block):
    """The drugs of a definition file; each is checked by itself, so that one fault does not hide another."""

    names: str
    codes: str
    listed: Annotated[list[Any], Key(min_length=1)]


class TermBlock(Block):
    """A condition with a name (`rule`), or a computed value with a name (`value`, its `unit` and `negative`)."""

    label: Title
    rule: Any = None
    unit: Title = ""
    value: Any = None
    negative: Title = ""

    @model_validator(mode="after")
    def require_one(self) -> TermBlock:
        if (self.rule is None) == (self.value is None):
            raise PydanticCustomError(
                "term", "needs `rule` for a condition, or `value` and `unit` for a computed value"
            )
        if (self.value is None) == bool(self.unit) or (self.negative and not self.unit):
            raise PydanticCustomError("term", "`unit` stands beside `value`, and `negative` beside both")
        return self


Codes = Annotated[tuple[str, ...], BeforeValidator(as_list), Key(min_length=1)]
About = str | Annotated[dict[str, Codes], Key(min_length=1)]


class InterpretationBlock(Block):
    """One of several interpretations, and what it is about: names of a rule, or answers by their codes."""

    text: Annotated[Title, AfterValidator(require_line)]
    about: Annotated[tuple[About, ...], BeforeValidator(about_list), Key(min_length=1)] = ()


LanguageTag = Annotated[str, Key(pattern=rf"^{TAG}$")]
Wordings = Annotated[dict[LanguageTag, Annotated[Title, AfterValidator(require_wording)]], Key(min_length=1)]


class CriterionBlock(Block):
    """One criterion of a definition file.

    The code is an IETESTCD: at most eight characters, the first of which is not a digit (CDISC SDTM, CG0372).
    """

    code: Annotated[str, Key(pattern=r"^[A-Z][A-Z0-9_]{0,7}$")]
    category: Literal["inclusion", "exclusion"]
    statement: Title
    reading: str | list[Any] = ""
    official_wording: str | Wordings = ""
    applies: Any = None
    rule: Any
    source: Source = ""


class CheckBlock(Block):
    """One check between answers; its code is another than any criterion's.

    `message` may be several, one for each alternative of a rule that is an `any`.
    """

    code: Annotated[str, Key(pattern=r"^[A-Z][A-Z0-9_]{0,7}$")]
    message: Title | tuple[Title, ...]
    rule: Any
    facts: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


class SummaryBlock(Block):
    """One line of the summary; `of` is a list of records, of which `values` are fields."""

    label: Title
    values: Annotated[list[Any], Key(min_length=1)]
    of: str = ""


class ProtocolTestBlock(Block):
    """One test of a definition: a document, and what must come of it.

    `document` is the document itself or, with `like`, what differs from that of an earlier test (RFC 7396). `expect`
    holds outcomes by criterion, of all or of some; `refused` stands in their place where the document is faulty, and
    names the paths of its faults.
    """

    name: Title
    like: str = ""
    document: dict[str, Any] = {}
    expect: dict[str, Literal["pass", "fail", "unknown", "not_applicable"]] = {}
    overall: Literal["eligible", "ineligible", "undetermined"] | None = None
    refused: Annotated[tuple[str, ...], BeforeValidator(as_list)] = ()


class SectionHead(Block):
    code: Name
    title: Title
    help: str = ""
    parts: Annotated[list[Any], Key(min_length=1)]


class DefinitionFile(Block):
    """The top level of a definition file.

    The content of each part is checked by itself, so that one fault does not hide another.
    """

    trial: Any
    version: Any
    sponsor_protocol: Any = None
    numbers: Any = None
    codes: dict[str, Annotated[dict[str, Title], Key(min_length=1)]] = {}
    sections: Annotated[list[Any], Key(min_length=1)]
    drugs: Any = None
    parameters: dict[Annotated[Name, Key(max_length=60)], Any] = {}
    tables: dict[Annotated[Name, Key(max_length=60)], Any] = {}
    terms: dict[Name, Any] = {}
    criteria: Annotated[list[Any], Key(min_length=1)]
    check_limits: dict[Annotated[Name, Key(max_length=60)], Any] = {}
    checks: list[Any] = []
    summary: list[Any] = []
    tests: list[Any] = []
    format: Annotated[int, Key(ge=FORMATS[0], le=FORMATS[-1])] = FORMATS[0]


FORM_MESSAGES = {
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
    """Return Pydantic's error in this project's words, with the value that was found."""
    text = FORM_MESSAGES.get(error["type"])
    if text is None:
        text = str(error["msg"])
        text = text[0].lower() + text[1:]
    value = error["input"]
    return (
        text
        if error["type"] in ("missing", "too_short") or isinstance(value, dict | list)
        else f"{text} (found “{value}”)"
    )


KINDS = {"group", "single", "records", "results", "checklist"}  # the first step of a place within a part
TAGS = {"Decimal", "literal['any time']", "constrained-decimal"}


def place_of(place: str, loc: tuple[int | str, ...]) -> str:
    """Return the place in the file; the names that Pydantic adds for the branch of a union are left out."""
    for index, part in enumerate(loc):
        if index == 0 and part in KINDS:
            continue
        if isinstance(part, int):
            place += f"[{part}]"
        elif part not in TAGS and not part.startswith(
            ("function-", "dict[", "decimal", "constrained", "literal", "[key]", "action-")
        ):
            place += f".{part}" if place else part
    return place
