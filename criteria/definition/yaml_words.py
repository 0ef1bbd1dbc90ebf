"""What is wrong with a text that is no YAML, in words for somebody who writes a definition file."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml


class TextMark(NamedTuple):
    """A line and a column of a file, both counted from 1."""

    line: int
    column: int


START = TextMark(1, 1)
UNPRINTABLE = re.compile(r"unacceptable character #x([0-9a-f]+)", re.IGNORECASE)
UNREADABLE_CHARACTER = re.compile(r"found character '(.+?)' that cannot start any token")
# What PyYAML or libyaml says, and the same in plain words; the first that fits counts.
PLAIN_WORDS: tuple[tuple[str, str], ...] = (
    ("found undefined alias", "a *name is used before its &name: no list or mapping above has this name"),
    ("found duplicate anchor|second occurrence", "an &name stands twice: each names one thing"),
    ("but found another document", "a second document begins with `---`: a definition file is one document"),
    ("found character that cannot start any token", "a tab, or a sign with which no text begins: indent with spaces,"
     " and put such a text into quotes"),
    ("mapping values are not allowed", "a `: ` stands where no key can be: indent a key like the keys beside it, and"
     " put a text that holds `: ` into quotes"),
    ("found unexpected end of stream", "a quotation mark is opened here and never closed"),
    ("found unknown escape character", "a backslash in double quotes needs a letter that YAML knows: write \\\\, or use"
     " single quotes"),
    ("but got '<stream end>'", "a bracket is opened here and never closed"),
    ("but got '[\\]}]'", "a bracket is closed by another one than it was opened with"),
    ("expected ',' or '[\\]}]'", "a comma is missing between two entries, or a text in brackets needs quotes"),
    ("expected <block end>, but found '<scalar>'", "text stands after what is complete already: put the whole text into"
     " quotes"),
    ("expected <block end>, but found '-'", "an entry of a list (`- `) stands where a key is needed: indent it below"
     " its key"),
    ("expected (?:<block end>|key)|expected '-'", "the indentation fits none of the lines above"),
    ("could not find expected ':'|expected ':'", "a key without `: ` after it"),
    ("chomping or indentation", "only `|`, `>`, `|-` or `>-` may stand before a text in lines of its own"),
    ("expected alphabetic or numeric character", "an & or * must have a name right behind it; put a text that begins so"
     " into quotes"),
)  # fmt: skip


def plain_yaml_words(error: Exception) -> str:
    """Return what is wrong in plain words; the parser's own words where it is an error of another kind."""
    said = " ".join(str(part) for part in (getattr(error, "context", ""), getattr(error, "problem", "")) if part)
    said = said or " ".join(str(error).split())
    if isinstance(error, RecursionError):
        return "brackets or indentation too deep, one within another"
    if found := UNPRINTABLE.search(said or str(error)):
        return f"a character that cannot be printed (number {found[1]}, hexadecimal)"
    if found := UNREADABLE_CHARACTER.search(said):
        tab = found[1] == "\\t"
        return "a tab: indent with spaces" if tab else f"no text begins with {found[1]} without quotes"
    return next((words for pattern, words in PLAIN_WORDS if re.search(pattern, said)), said)


def mark_of_error(error: Exception, text: str) -> TextMark:
    """Return where the parser stopped; for what was opened and never closed, where it was opened."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        return TextMark(before.count("\n") + 1, error.position - before.rfind("\n"))
    opened = re.search("unexpected end of stream|but got '<stream end>'", str(getattr(error, "problem", "")))
    names = ("context_mark", "problem_mark") if opened else ("problem_mark", "context_mark")
    mark = next((mark for name in names if (mark := getattr(error, name, None))), None)
    return TextMark(mark.line + 1, mark.column + 1) if mark else START
