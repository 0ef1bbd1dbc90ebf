"""What templates ask about wordings: of two beside each other, and of one in a narrow column."""

import re
from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from criteria.comparison import SentencePair, ValueChange
from screening.marked_words import Marked, marked

register = template.Library()

DAY = re.compile(r"(\d{4}-\d\d-\d\d)")


@register.simple_tag
def differing(old: str, new: str) -> Marked:
    """`{% differing old new as wording %}`: both cut into what they share and what they do not."""
    return marked(old, new)


@register.filter
def each_sentence_once(
    changes: Iterable[ValueChange],
) -> Iterator[tuple[ValueChange, list[SentencePair], list[str]]]:
    """Each change with the sentences that no earlier one showed, and the criteria whose sentence stands above.

    A sentence has the new value of every parameter in it, so that it would be the same each time.
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
    """The words with each day kept on one line."""
    pieces = (
        format_html('<span class="day">{}</span>', text) if DAY.fullmatch(text) else text for text in DAY.split(words)
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))
