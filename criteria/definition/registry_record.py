"""A trial's registry record, as text, made into the beginning of a definition: its names, statements and numbers.

No rule comes from it: what a sentence means is for a person to say. The statements become comments, which change
nothing until somebody writes the rule below each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

REGISTRY_NUMBER = re.compile(
    r"\b(NCT\d{8}|ChiCTR[-A-Z]*\d{8,10}|ISRCTN\d{8}|\d{4}-\d{6}-\d{2}(?:-\d{2})?|jRCTs?\d{9,10})\b"
)
ENROLMENT = re.compile(r"^Enrollment\b[^\d\n]*\n?\s*(\d+)", re.MULTILINE)
TITLE = re.compile(r"^(?:Brief|Public) Title\s*:?[ \t]*\n?\s*(\S[^\n]*)", re.MULTILINE | re.IGNORECASE)
HEADING = r"^[ \t]*(?:Key )?{}(?: Criteria)?\s*:[ \t]*"
END = re.compile(r"\n\s*\n\d+\. [A-Z][\w ,/]+$", re.MULTILINE)  # the next numbered section of the record
BULLET = re.compile(r"^\s*(?:[-*•●]|\(?\d{1,2}[.)、]|[a-z]\))\s+")
SENTENCE = re.compile(r"(?<=[^\s\d][.;。；])\s+(?=[A-Z\u4e00-\u9fff])|(?<=\d\.)\s+(?=[A-Z][a-z]+ )")
NUMBER = re.compile(
    r"(?:[<>≤≥=]\s*|(?<![\w.-]))\d+(?:,\d{3})*(?:\.\d+)?(?:\s*[×x]\s*10\^?[\d⁰-⁹¹²³]+)?"
    r"(?:\s?(?:%|°C|×? ?ULN|times ULN|years?|months?|weeks?|days?|hours?|cm|mm|kg|[µum]?mol/L|[mµ]?g/d?L|g/L|IU/m?L|U/L"
    r"|ml/min|mL/min|/mm3|/[µu]L|[×x]?10\^?9/L|mmHg|ms|copies/m?L))?(?!\w)"
)
CATEGORIES = (("inclusion", "I"), ("exclusion", "E"))
LONGEST_STATEMENT = 1200
LONGEST_RECORD = 1 << 20


class RecordStatement(NamedTuple):
    """A sentence of the record: `place` counts it within its list, `numbers` are those that it holds, as written."""

    code: str
    category: str
    place: int
    text: str
    numbers: tuple[str, ...]


class RegistryRecord(NamedTuple):
    """What was found in a record; empty or None where it was not."""

    number: str
    title: str
    planned_enrolment: int | None
    statements: tuple[RecordStatement, ...]


def read_record(text: str) -> RegistryRecord:
    """Return what a record of a registry holds of use for a definition."""
    text = text[:LONGEST_RECORD]
    number, title, enrolment = REGISTRY_NUMBER.search(text), TITLE.search(text), ENROLMENT.search(text)
    return RegistryRecord(
        number[1] if number else "",
        plain_line(title[1])[:300] if title else "",
        int(enrolment[1]) or None if enrolment and len(enrolment[1]) < 7 else None,
        tuple(statements_in(text)),
    )


def statements_in(text: str) -> Iterator[RecordStatement]:
    for category, letter in CATEGORIES:
        for at, statement in enumerate(sentences_of(list_text_of(text, category)), start=1):
            numbers = dict.fromkeys(plain_line(found.group()) for found in NUMBER.finditer(statement))
            yield RecordStatement(f"{letter}{at:02}", category, at, statement, tuple(numbers))


def list_text_of(text: str, category: str) -> str:
    """Return the text below the heading of one list, up to the other heading or the record's next section."""
    heading = re.compile(HEADING.format(category), re.MULTILINE | re.IGNORECASE)
    found = heading.search(text)
    if found is None:
        return ""
    rest = text[found.end() :]
    others = (re.compile(HEADING.format(other), re.MULTILINE | re.IGNORECASE) for other, _letter in CATEGORIES)
    ends = [end.start() for pattern in (*others, END) if (end := pattern.search(rest))]
    return rest[: min(ends, default=len(rest))]


def sentences_of(text: str) -> list[str]:
    """Return the statements of a list: its bullets, or else its sentences; a note belongs to what it follows."""
    lines = [line for line in text.splitlines() if line.strip()]
    if sum(bool(BULLET.match(line)) for line in lines) >= 2:
        joined: list[str] = []
        for line in lines:
            if BULLET.match(line) or not joined:
                joined.append(BULLET.sub("", line))
            else:
                joined[-1] += f" {line}"
    else:
        joined = [part for line in lines for part in SENTENCE.split(line)]
    found: list[str] = []
    for part in map(plain_line, joined):
        if found and re.match("note\\b", part, re.IGNORECASE):
            found[-1] = f"{found[-1]} {part}"[:LONGEST_STATEMENT]
        elif any(map(str.isalnum, part)):
            found.append(part[:LONGEST_STATEMENT])
    return found[:99]


def plain_line(text: str) -> str:
    """Return a text as one line of printable characters."""
    printable = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return " ".join(printable.split())
