"""Criteria of two versions: those added, removed and changed, each with what is different in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.protocol import Criterion, Protocol
from criteria.rules import nodes as n
from criteria.rules.describe import Describe
from criteria.rules.facts import Limit
from criteria.versions.comparison.changes import CriterionChange, Difference
from criteria.versions.comparison.structure import formulas_of, shape


class Said(NamedTuple):
    """A part of a criterion: by what it is compared, and its words. Of a rule also its words whatever the limits are,
    and its formulas, of which the words give only the names."""

    compared: Any
    text: str
    limitless: str = ""
    formulas: Mapping[str, Any] = {}


Parts = Mapping[str, Said]


def criterion_changes(old: Protocol, new: Protocol) -> Iterator[CriterionChange]:
    """In the order of the new version; criteria that were removed stand last."""
    before, after = by_code(old), by_code(new)
    moves = dict(moved(list(before), list(after)))
    for code, criterion in after.items():
        if code not in before:
            yield CriterionChange(code, "added", criterion.statement, tuple(additions(said(new, criterion))))
            continue
        parts = [*differences(old, before[code], new, criterion), *filter(None, [moves.get(code)])]
        if parts:
            yield CriterionChange(code, "changed", criterion.statement, tuple(parts))
    for code, criterion in before.items():
        if code not in after:
            gone = [Difference(label, text, "") for label, _old, text in additions(said(old, criterion))]
            yield CriterionChange(code, "removed", criterion.statement, tuple(gone))


def by_code(protocol: Protocol) -> dict[str, Criterion]:
    return {criterion.code: criterion for criterion in protocol.criteria}


def said(protocol: Protocol, criterion: Criterion) -> Parts:
    """Every part of a criterion by its label, rules as their structure and their sentence."""
    categories = {"inclusion": _("inclusion"), "exclusion": _("exclusion")}
    return {
        _("statement"): as_words(criterion.statement),
        _("reading"): as_words(criterion.reading),
        _("official wording"): as_words(criterion.official_wording),
        _("category"): as_words(categories[criterion.category]),
        _("applies"): as_rule(protocol, criterion, criterion.applies, applies_words),
        _("rule"): as_rule(protocol, criterion, criterion.rule, rule_words),
    }


def as_rule(
    protocol: Protocol, criterion: Criterion, tree: n.Node | None, words: Callable[[Describe, Criterion], str]
) -> Said:
    named = {name: Limit(name, limit.title, Decimal(1), name) for name, limit in protocol.limits.items()}
    text, limitless = (words(Describe(protocol.schema, limits), criterion) for limits in (protocol.limits, named))
    return Said(shape(tree), text, limitless, formulas_of(tree))


def applies_words(describe: Describe, criterion: Criterion) -> str:
    return describe.words(criterion.applies) if criterion.applies else _("to everybody")


def rule_words(describe: Describe, criterion: Criterion) -> str:
    return describe.sentence(criterion.category, None, criterion.rule)


def as_words(text: str) -> Said:
    return Said(text, text)


def additions(parts: Parts) -> Iterator[Difference]:
    """All that is said by a criterion that the other version does not have; its statement stands beside its code."""
    for label, part in parts.items():
        if part.compared and label != _("statement"):
            yield Difference(label, "", part.text)


def differences(old: Protocol, before: Criterion, new: Protocol, after: Criterion) -> Iterator[Difference]:
    olds, news = said(old, before), said(new, after)
    for label, part in news.items():
        if part.compared != olds[label].compared:
            yield Difference(label, olds[label].text, " ".join([part.text, *unsaid(olds[label], part)]))


def unsaid(old: Said, new: Said) -> Iterator[str]:
    """What two sentences do not show of a rule that was changed."""
    changed = [name for name, built in new.formulas.items() if old.formulas.get(name, built) != built]
    for name in changed:
        yield _("(“%s” is worked out in another way.)") % name
    alike = new.text == old.text or new.limitless == old.limitless
    if alike and new.limitless and not changed:
        yield _("(This reads the same, but the rule is built in another way.)")


def moved(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Difference]]:
    """Of the criteria of both versions those that stand elsewhere among the others."""
    before, after = [code for code in old if code in new], [code for code in new if code in old]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {code for block in blocks for code in before[block.a : block.a + block.size]}
    for code in after:
        if code not in stayed:
            yield code, Difference(_("position"), standing(code, before), standing(code, after))


def standing(code: str, codes: Sequence[str]) -> str:
    at = codes.index(code)
    return _("after %s") % codes[at - 1] if at else _("first")
