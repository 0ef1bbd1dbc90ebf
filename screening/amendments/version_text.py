"""The full text of a protocol version for its page and its PDF: every parameter and criterion in words."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from criteria.definition.parameter_types import limit_range_text, may_be_open, type_of
from criteria.evaluation.protocol import Protocol, parameters_of
from criteria.models import Category, ParameterType
from criteria.records.official_wording import OfficialWording, official_wordings
from criteria.rules.facts import Limit
from criteria.rules.text import limit_text
from screening.visits.labels import sentence_case


class ParameterText(NamedTuple):
    """A parameter in words; `permitted` and `source` are empty where the version declares none.

    `codes` are the criteria that read the parameter.
    """

    name: str
    title: str
    value: str
    type: str
    permitted: str
    codes: tuple[str, ...]
    source: str


class CriterionText(NamedTuple):
    code: str
    category: str
    statement: str
    rule: str
    reading: str
    official_wording: str
    source: str
    parameters: tuple[ParameterText, ...]

    @property
    def official_wordings(self) -> tuple[OfficialWording, ...]:
        return official_wordings(self.official_wording)


class VersionText(NamedTuple):
    parameters: tuple[ParameterText, ...]
    criteria: tuple[CriterionText, ...]

    @property
    def has_parameter_sources(self) -> bool:
        return any(each.source for each in self.parameters)

    @property
    def groups(self) -> list[tuple[str, list[CriterionText]]]:
        """The criteria of each category under its name, in the order of the protocol."""
        names = dict.fromkeys(each.category for each in self.criteria)
        return [(name, [each for each in self.criteria if each.category == name]) for name in names]


def parameter_texts(protocol: Protocol) -> dict[str, ParameterText]:
    used = {criterion.code: parameters_of(criterion) for criterion in protocol.criteria}
    return {
        name: parameter_text(protocol, limit, tuple(code for code, names in used.items() if name in names))
        for name, limit in protocol.limits.items()
    }


def version_text(protocol: Protocol) -> VersionText:
    parameters = parameter_texts(protocol)
    criteria = tuple(
        CriterionText(
            criterion.code,
            category_text(criterion.category),
            criterion.statement,
            protocol.sentence(criterion),
            criterion.reading,
            criterion.official_wording,
            criterion.source,
            tuple(parameters[name] for name in parameters_of(criterion)),
        )
        for criterion in protocol.criteria
    )
    return VersionText(tuple(parameters.values()), criteria)


def category_text(category: str) -> str:
    return _("Inclusion criteria") if category == Category.INCLUSION else _("Exclusion criteria")


def parameter_text(protocol: Protocol, limit: Limit, codes: tuple[str, ...]) -> ParameterText:
    kind = type_text(type_of(limit, protocol.criteria))
    permitted = permitted_range_text(limit, may_be_open(limit.name, protocol.criteria))
    return ParameterText(
        limit.name, sentence_case(limit.title), limit_text(limit), kind, permitted, codes, limit.source
    )


def type_text(kind: str) -> str:
    return str(ParameterType(kind).label) if kind else ""


def permitted_range_text(limit: Limit, open_too: bool) -> str:
    words = limit_range_text(limit)
    return _("%(range)s, or any time") % {"range": words} if words and open_too else words
