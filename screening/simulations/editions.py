"""The other definition by which a simulation evaluates the subjects."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from criteria.amendments.state import comparison_of, edition_of_revision
from criteria.definition.blocks import ANY_TIME
from criteria.definition.reader import BadDefinition, Edition, edition_from
from criteria.models import ProtocolVersion
from criteria.records import canonical
from criteria.versions import versions
from criteria.versions.comparison import Comparison, compare
from criteria.vocabulary.faults import Fault
from screening.models import Simulation

ParameterValues = dict[str, Any]  # by parameter, as a definition writes them: a number or `any time`


def edition_of_simulation(simulation: Simulation) -> Edition:
    """Return the new side; the old one is `criteria.versions.versions.edition_of(simulation.base)`."""
    if simulation.revision is not None:
        return edition_of_revision(simulation.revision)
    return edition_with(simulation.base, simulation.values or {})


def comparison_of_simulation(simulation: Simulation) -> Comparison:
    """Return the comparison of the two sides."""
    if simulation.revision is not None:
        return comparison_of(simulation.revision)
    return cached_comparison(simulation.base.definition_sha256, canonical.dump(simulation.values or {}))


@lru_cache(maxsize=16)
def cached_comparison(definition_sha256: str, written: str) -> Comparison:
    old = versions.cached_edition(definition_sha256)
    return compare(old, with_values(old, canonical.parse(written)))


def edition_with(base: ProtocolVersion, values: ParameterValues) -> Edition:
    """Return the version with other values.

    Raises BadDefinition where the version has no such parameter, or the value is faulty.
    """
    return with_values(versions.edition_of(base), values)


def with_values(edition: Edition, values: ParameterValues) -> Edition:
    parameters = edition.data["parameters"]
    if unknown := [name for name in values if name not in parameters]:
        message = _("version %(number)s has no such parameter") % {"number": edition.data["version"]["number"]}
        raise BadDefinition([Fault(f"parameters.{name}", message) for name in unknown])
    changed = {name: parameters[name] | {"value": value} for name, value in values.items()}
    return edition_from({**edition.data, "parameters": parameters | changed})


def definition_values(values: Mapping[str, Decimal | None]) -> ParameterValues:
    """Return the values in the form in which they come back from the database; None is `any time`.

    Raises BadDefinition for a value that is not a finite number.
    """
    if strange := [name for name, value in values.items() if value is not None and not value.is_finite()]:
        raise BadDefinition([Fault(f"parameters.{name}", _("must be a number")) for name in strange])
    written = {name: ANY_TIME if value is None else value for name, value in values.items()}
    found: ParameterValues = canonical.parse(canonical.dump(written))
    return found
