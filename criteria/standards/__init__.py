"""Criteria in the form of public standards: as JSON, the same bytes each time.

What a standard cannot say travels as text, marked. docs/standards.md says what becomes of what.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import simplejson

from criteria.definition.reader import Edition
from criteria.standards.fhir import evidence_variable
from criteria.standards.usdm import usdm_wrapper

STANDARDS: Mapping[str, Callable[[Edition], dict[str, Any]]] = {"fhir": evidence_variable, "usdm": usdm_wrapper}


def standard_text(edition: Edition, standard: str) -> str:
    """Return the criteria of a version as the JSON of a standard, one of STANDARDS; KeyError for any other."""
    return simplejson.dumps(STANDARDS[standard](edition), ensure_ascii=False, indent=2, use_decimal=True) + "\n"
