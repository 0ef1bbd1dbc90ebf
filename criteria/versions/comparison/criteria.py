"""Criteria of two versions: those added, removed and changed, each with its differences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.criterion import Criterion, Interpretation
from criteria.evaluation.interpretations import topic_text
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import Limit
from criteria.versions.comparison.changes import CriterionChange, Difference
from criteria.versions.comparison.structure import formulas_of, rule_shape


class ComparedPart(NamedTuple):
    """A part of a criterion: the value by which it is compared, and its text.

    A rule also has its text whatever the limits are, and its formulas, of which the text gives only the names.
    """

    compared: Any
    text: str
    limitless: str = ""
    formulas: Mapping[str, Any] = {}


Parts = Mapping[str, ComparedPart]


def criterion_changes(old: Protocol, new: Protocol) -> Iterator[CriterionChange]:
    """Yield the changes in the order of the new version; criteria that were removed come last."""
    before, after = by_code(old), by_code(new)
    moves = dict(position_changes(list(before), list(after)))
    for code, criterion in after.items():
        if code not in before:
            yield CriterionChange(code, "added", criterion.statement, tuple(additions(compared_parts(new, criterion))))
            continue
        parts = [*criterion_differences(old, before[code], new, criterion), *filter(None, [moves.get(code)])]
        if parts:
            yield CriterionChange(code, "changed", criterion.statement, tuple(parts))
    for code, criterion in before.items():
        if code not in after:
            gone = [Difference(label, text, "") for label, _old, text in additions(compared_parts(old, criterion))]
            yield CriterionChange(code, "removed", criterion.statement, tuple(gone))


def by_code(protocol: Protocol) -> dict[str, Criterion]:
    return {criterion.code: criterion for criterion in protocol.criteria}


def compared_parts(protocol: Protocol, criterion: Criterion) -> Parts:
    """Return every part of a criterion by its label, rules as their structure and their sentence."""
    categories = {"inclusion": _("inclusion"), "exclusion": _("exclusion")}
    return {
        _("statement"): text_part(criterion.statement),
        _("interpretation"): ComparedPart(criterion.interpretations, interpretations_text(protocol, criterion)),
        _("official wording"): text_part(criterion.official_wording),
        _("source"): text_part(criterion.source),
        _("category"): text_part(categories[criterion.category]),
        _("applies"): rule_part(protocol, criterion, criterion.applies, applies_text),
        _("rule"): rule_part(protocol, criterion, criterion.rule, rule_text),
    }


def rule_part(
    protocol: Protocol, criterion: Criterion, tree: n.Node | None, words: Callable[[DescribeRule, Criterion], str]
) -> ComparedPart:
    named = {name: Limit(name, limit.title, Decimal(1), name) for name, limit in protocol.limits.items()}
    text, limitless = (words(DescribeRule(protocol.schema, limits), criterion) for limits in (protocol.limits, named))
    return ComparedPart(rule_shape(tree), text, limitless, formulas_of(tree))


def applies_text(describe: DescribeRule, criterion: Criterion) -> str:
    return describe.rule_text(criterion.applies) if criterion.applies else _("to every subject")


def rule_text(describe: DescribeRule, criterion: Criterion) -> str:
    return describe.sentence(criterion.category, None, criterion.rule)


def interpretations_text(protocol: Protocol, criterion: Criterion) -> str:
    """Return the interpretations, each with the part of the rule that it is about."""
    return "\n".join(interpretation_text(protocol, each) for each in criterion.interpretations)


def interpretation_text(protocol: Protocol, interpretation: Interpretation) -> str:
    if not interpretation.about:
        return interpretation.text
    topics = "; ".join(topic_text(protocol, topic) for topic in interpretation.about)
    return _("%(text)s (about: %(topics)s)") % {"text": interpretation.text, "topics": topics}


def text_part(text: str) -> ComparedPart:
    return ComparedPart(text, text)


def additions(parts: Parts) -> Iterator[Difference]:
    """Yield every part of a criterion that the other version does not have.

    The statement is left out: it is shown beside the criterion's code.
    """
    for label, part in parts.items():
        if part.compared and label != _("statement"):
            yield Difference(label, "", part.text)


def criterion_differences(old: Protocol, before: Criterion, new: Protocol, after: Criterion) -> Iterator[Difference]:
    olds, news = compared_parts(old, before), compared_parts(new, after)
    for label, part in news.items():
        if part.compared != olds[label].compared:
            yield Difference(label, olds[label].text, " ".join([part.text, *unstated_changes(olds[label], part)]))


def unstated_changes(old: ComparedPart, new: ComparedPart) -> Iterator[str]:
    """Yield a remark for what two sentences do not show of a rule that was changed."""
    changed = [name for name, built in new.formulas.items() if old.formulas.get(name, built) != built]
    for name in changed:
        yield _("(“%s” is worked out in another way.)") % name
    alike = new.text == old.text or new.limitless == old.limitless
    if alike and new.limitless and not changed:
        yield _("(This reads the same, but the rule is built in another way.)")


def position_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Difference]]:
    """Yield those criteria of both versions whose position among the others differs."""
    before, after = [code for code in old if code in new], [code for code in new if code in old]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {code for block in blocks for code in before[block.a : block.a + block.size]}
    for code in after:
        if code not in stayed:
            yield code, Difference(_("position"), position_text(code, before), position_text(code, after))


def position_text(code: str, codes: Sequence[str]) -> str:
    at = codes.index(code)
    return _("after %s") % codes[at - 1] if at else _("first")
