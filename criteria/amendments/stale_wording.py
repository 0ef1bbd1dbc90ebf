"""Stale wording after a changed value: texts that still state the old number, and the other limit of a pair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.definition.parameter_types import is_whole
from criteria.definition.parameter_units import limits_in_other_units
from criteria.evaluation.protocol import Criterion, Protocol, nodes_of, parameters_of
from criteria.rules import nodes as n
from criteria.rules.facts import FactType, Limit
from criteria.rules.text import PERIOD_NAMES, limit_text, trim_zeros

SMALL_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
NUMBER_WORDS = {Decimal(number): word for number, word in enumerate(SMALL_NUMBERS.split(), start=1)}


class StaleWording(NamedTuple):
    """One stale text: `code` is that of the criterion, blank where the parameter itself is meant."""

    code: str
    parameter: str
    text: str


def find_stale_wording(old: Protocol, new: Protocol, names: tuple[str, ...]) -> Iterator[StaleWording]:
    """Yield the stale wording of the parameters whose value changed.

    A number found may mean something else: whoever wrote the text must decide.
    """
    for name in names:
        was, limit = old.limits[name], new.limits[name]
        for code, place, text in texts_about(new, limit):
            if said := value_mention(text, was):
                words = {"title": limit.title, "value": limit_text(limit), "place": place, "said": said}
                yield StaleWording(code, name, _("%(title)s is now %(value)s: %(place)s still says “%(said)s”") % words)
        for other in limits_in_other_units(new, name):
            if other.name not in names:
                words = {"title": limit.title, "value": limit_text(limit)}
                words |= {"other": other.title, "left": limit_text(other)}
                message = _(
                    "%(title)s is now %(value)s: %(other)s, the limit of the same value in another unit, was left at"
                    " %(left)s"
                )
                yield StaleWording("", name, message % words)


def texts_about(protocol: Protocol, limit: Limit) -> Iterator[tuple[str, str, str]]:
    """Yield the texts that may state the parameter's value: criterion code, name of the text, and the text."""
    yield "", _("its title"), limit.title
    for criterion in protocol.criteria:
        if limit.name in parameters_of(criterion):
            code = criterion.code
            yield code, _("the statement of %s") % code, criterion.statement
            yield code, _("the interpretation of %s") % code, criterion.reading
            yield code, _("the official wording of %s") % code, criterion.official_wording
            for text in dict.fromkeys(fixed_texts(protocol, criterion)):
                words = {"text": text, "code": code}
                yield code, _("“%(text)s”, which only a new definition file changes, in %(code)s") % words, text


def fixed_texts(protocol: Protocol, criterion: Criterion) -> Iterator[str]:
    """Yield the names and questions in a criterion's rule, and the words for the facts that it reads."""
    lists = {node.records for node in nodes_of(criterion) if isinstance(node, n.OnRecords)}
    for node in nodes_of(criterion):
        if isinstance(node, n.Named | n.Formula):
            yield node.label
        elif isinstance(node, n.Judgement):
            yield node.question
        elif isinstance(node, n.Fact) and node.path in protocol.schema.facts:
            yield from fact_words(protocol.schema.facts[node.path])
        elif isinstance(node, n.Fact) and node.path.startswith("."):
            fields = (protocol.schema.records[name].fields.get(node.path.lstrip(".")) for name in sorted(lists))
            yield from (words for field in fields if field for words in fact_words(field))


def fact_words(fact: FactType) -> tuple[str, ...]:
    """Return the label of a fact and the words by which proofs tell its answers."""
    return fact.label, fact.phrase, *fact.phrases.values()


def value_mention(text: str, limit: Limit) -> str:
    """Return the part of a text that states a limit's value; blank where none does, or the limit is open."""
    if limit.value is None:
        return ""
    written = {trim_zeros(limit.value), *([f"{limit.value:,.0f}"] if is_whole(limit.value) else [])}
    numeral = rf"(?<![\w.,])(?<![A-Za-z]-)(?:{'|'.join(map(re.escape, sorted(written)))})(?![\w*]|[.,]\d)"
    found = re.search(numeral, text)
    if not found and limit.value in NUMBER_WORDS and limit.unit in PERIOD_NAMES:  # “three months”
        words = rf"\b{NUMBER_WORDS[limit.value]}[\s-]{PERIOD_NAMES[limit.unit]}s?\b"
        found = re.search(words, text, re.IGNORECASE)
    return found[0] if found else ""
