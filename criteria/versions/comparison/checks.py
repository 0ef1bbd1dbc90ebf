"""Checks between answers of two versions, and the format of the definition for whose meaning rules were written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from criteria.evaluation.checks import Check, CheckList
from criteria.evaluation.protocol import Protocol
from criteria.rules import nodes as n
from criteria.rules.describe import DescribeRule
from criteria.rules.facts import Limit
from criteria.rules.text import limit_text
from criteria.versions.comparison.changes import Difference
from criteria.versions.comparison.structure import rule_shape


class ComparedProperty(NamedTuple):
    compared: Any
    text: str


def check_differences(old: Protocol, new: Protocol) -> Iterator[Difference]:
    """Yield the differences in the order of the new version; checks that were removed come last."""
    before, after = ({check.code: check for check in side.checks.listed.checks} for side in (old, new))
    for code in {**after, **before}:
        olds, news = properties_of(old, before.get(code)), properties_of(new, after.get(code))
        for label in {**news, **olds}:
            one, other = olds.get(label), news.get(label)
            if (one and one.compared) != (other and other.compared):
                texts = (each.text if each else "" for each in (one, other))
                yield Difference(_("Check %(code)s: %(label)s") % {"code": code, "label": label}, *texts)
    if old.format != new.format:
        yield Difference(_("format of the definition"), str(old.format), str(new.format))


def properties_of(protocol: Protocol, check: Check | None) -> dict[str, ComparedProperty]:
    if check is None:
        return {}
    listed = protocol.checks.listed
    condition = DescribeRule(listed.schema, listed.limits).rule_text(check.rule)
    message = check.message if isinstance(check.message, str) else " / ".join(check.message)
    return {
        _("message"): ComparedProperty(check.message, message),
        _("condition"): ComparedProperty((rule_shape(check.rule), limits_of(listed, check)), condition),
        _("concerns"): ComparedProperty(check.facts, ", ".join(check.facts)),
        _("criteria touched"): ComparedProperty(check.criteria, ", ".join(check.criteria)),
    }


def limits_of(listed: CheckList, check: Check) -> tuple[tuple[str, Decimal | None, str], ...]:
    """Return the limits within a check, as they count."""
    limits: list[Limit] = [listed.limits[param.name] for param in n.params_in(check.rule)]
    return tuple((limit.name, limit.value, limit_text(limit)) for limit in limits)
