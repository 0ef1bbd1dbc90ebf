"""Template tags and filters for wordings: outcomes, the difference of two, and dates in a narrow column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from criteria.versions.comparison import SentencePair, ValueChange
from screening.models import Outcome

register = template.Library()

ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)")


@register.filter
def outcome_for(outcome: str | None, category: str) -> str:
    """Return the outcome of a criterion in the words of its category: `{{ outcome|outcome_for:category }}`."""
    return Outcome(outcome).label_for(category) if outcome else ""


@register.simple_tag
def differing(old: str, new: str) -> WordDiff:
    """Cut two wordings into what they share and what they do not: `{% differing old new as wording %}`."""
    return word_diff(old, new)


@register.filter
def each_sentence_once(
    changes: Iterable[ValueChange],
) -> Iterator[tuple[ValueChange, list[SentencePair], list[str]]]:
    """Yield each change with the sentences that no earlier one showed.

    The third item has the criteria whose sentence was shown before. A sentence has the new value of every
    parameter in it, so that it would be the same each time.
    """
    shown: set[str] = set()
    for change in changes:
        yield (
            change,
            [pair for pair in change.sentences if pair.code not in shown],
            [pair.code for pair in change.sentences if pair.code in shown],
        )
        shown.update(pair.code for pair in change.sentences)


@register.filter
def whole_days(words: str) -> SafeString:
    """Return the text with each date on one line."""
    pieces = (
        format_html('<span class="day">{}</span>', text) if ISO_DAY.fullmatch(text) else text
        for text in ISO_DAY.split(words)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


HAN = "\u3400-\u9fff"  # written without spaces: each character is a word of its own
WORD = rf"[^\W{HAN}]+"
WORDS = re.compile(rf"{WORD}(?:[.,]{WORD})*|\s+|.", re.DOTALL)  # 1.5 is one word


class Span(NamedTuple):
    text: str
    differs: bool


class WordDiff(NamedTuple):
    """Two wordings, each cut into spans; joined again they are the wording."""

    old: list[Span]
    new: list[Span]


def word_diff(old: str, new: str) -> WordDiff:
    before, after = WORDS.findall(old), WORDS.findall(new)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return WordDiff(
        merge_spans(("".join(before[start:end]), tag != "equal") for tag, start, end, _from, _to in steps),
        merge_spans(("".join(after[start:end]), tag != "equal") for tag, _start, _end, start, end in steps),
    )


def merge_spans(parts: Iterable[tuple[str, bool]]) -> list[Span]:
    """Merge neighbours that differ into one, with the space between them."""
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
