"""What a changed value leaves behind: words that still say the old number, and the other limit of a pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.definition.parameter_types import is_whole
from criteria.definition.parameter_units import partners
from criteria.evaluation.protocol import Criterion, Protocol, nodes_of
from criteria.rules import nodes as n
from criteria.rules.facts import Limit
from criteria.rules.text import PERIODS, limit_text, trimmed

# fmt: off
SMALL = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)
# fmt: on


class Left(NamedTuple):
    """`code` is that of the criterion, blank where the parameter itself is meant."""

    code: str
    parameter: str
    text: str


def left_behind(old: Protocol, new: Protocol, names: tuple[str, ...]) -> Iterator[Left]:
    """Of the parameters whose value changed. A number may mean something else: whoever wrote the words has to say."""
    for name in names:
        was, limit = old.limits[name], new.limits[name]
        for code, place, text in texts(new, limit):
            if said := mention(text, was):
                words = {"title": limit.title, "value": limit_text(limit), "place": place, "said": said}
                yield Left(code, name, _("%(title)s is now %(value)s: %(place)s still says “%(said)s”") % words)
        for other in partners(new, name):
            if other.name not in names:
                words = {"title": limit.title, "value": limit_text(limit)}
                words |= {"other": other.title, "left": limit_text(other)}
                message = _(
                    "%(title)s is now %(value)s: %(other)s, the limit of the same value in another unit, was left at"
                    " %(left)s"
                )
                yield Left("", name, message % words)


def texts(protocol: Protocol, limit: Limit) -> Iterator[tuple[str, str, str]]:
    """The words that may say the parameter's value: the criterion's code, which words they are, and they."""
    yield "", _("its title"), limit.title
    for criterion in protocol.criteria:
        if any(isinstance(node, n.Param) and node.name == limit.name for node in nodes_of(criterion)):
            code = criterion.code
            yield code, _("the statement of %s") % code, criterion.statement
            yield code, _("the reading of %s") % code, criterion.reading
            yield code, _("the official wording of %s") % code, criterion.official_wording
            for text in dict.fromkeys(fixed_texts(protocol, criterion)):
                words = {"text": text, "code": code}
                yield code, _("“%(text)s”, which only a new definition file changes, in %(code)s") % words, text


def fixed_texts(protocol: Protocol, criterion: Criterion) -> Iterator[str]:
    """Names and questions that stand in a criterion's rule, and those of the facts that it reads."""
    lists = {node.records for node in nodes_of(criterion) if isinstance(node, n.Some | n.Latest)}
    for node in nodes_of(criterion):
        if isinstance(node, n.Named | n.Formula):
            yield node.label
        elif isinstance(node, n.Judgement):
            yield node.question
        elif isinstance(node, n.Fact) and node.path in protocol.schema.facts:
            yield protocol.schema.facts[node.path].label
        elif isinstance(node, n.Fact) and node.path.startswith("."):
            fields = (protocol.schema.records[name].fields.get(node.path.lstrip(".")) for name in sorted(lists))
            yield from (field.label for field in fields if field)


def mention(text: str, limit: Limit) -> str:
    """The words of a text that say a limit's value; blank where none do, and where it is open."""
    if limit.value is None:
        return ""
    written = {trimmed(limit.value), *([f"{limit.value:,.0f}"] if is_whole(limit.value) else [])}
    numeral = rf"(?<![\w.,])(?<![A-Za-z]-)(?:{'|'.join(map(re.escape, sorted(written)))})(?![\w*]|[.,]\d)"
    found = re.search(numeral, text) or re.search(in_words(limit.value, limit.unit), text, re.IGNORECASE)
    return found[0] if found else ""


def in_words(value: Decimal, unit: str) -> str:
    """A pattern for a small number in words before its unit of time (“three months”); else one that is never found."""
    if unit not in PERIODS or not is_whole(value) or not 1 <= value <= len(SMALL):
        return r"(?!)"
    return rf"\b{SMALL[int(value) - 1]}[\s-]{PERIODS[unit]}s?\b"
