"""Two wordings of one thing beside each other: which words each has that the other has not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

HAN = "\u3400-\u9fff"  # written without spaces: each character is a word of its own
WORD = rf"[^\W{HAN}]+"
WORDS = re.compile(rf"{WORD}(?:[.,]{WORD})*|\s+|.", re.DOTALL)  # 1.5 is one word


class Span(NamedTuple):
    text: str
    differs: bool


class Marked(NamedTuple):
    """Each wording cut into spans; put together again they are the wording."""

    old: list[Span]
    new: list[Span]


def marked(old: str, new: str) -> Marked:
    before, after = WORDS.findall(old), WORDS.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return Marked(
        spans(("".join(before[start:end]), tag != "equal") for tag, start, end, _from, _to in steps),
        spans(("".join(after[start:end]), tag != "equal") for tag, _start, _end, start, end in steps),
    )


def spans(parts: Iterable[tuple[str, bool]]) -> list[Span]:
    """Neighbours that differ become one, with the space between them."""
    found: list[Span] = []
    for text, differs in parts:
        if not text:
            continue
        if differs and len(found) > 1 and found[-2].differs and not found[-1].text.strip():
            text = found.pop(-2).text + found.pop().text + text
        elif differs and found and found[-1].differs:
            text = found.pop().text + text
        found.append(Span(text, differs))
    return found
