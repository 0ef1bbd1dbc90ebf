"""Samples that gave no result: an entry of the laboratory results with `not_done`, the reason, in place of a value.

As in CDISC LB: the status NOT DONE (LBSTAT) with its reason (LBREASND). The last result that was measured counts, so
such an entry is none: it decides nothing, and is told beside what its test decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from criteria.vocabulary.faults import Fault
from criteria.vocabulary.parts import LIMITS, NOT_DONE, REPORTED
from criteria.vocabulary.spellings import is_graded, plain_text
from criteria.vocabulary.values import is_unknown, text_fault, value_excerpt

LONGEST_REASON = 200  # as SAS transport files, in which CDISC data are submitted, can hold
MEASURED = ("value", "comparator", "unit", *LIMITS)


def has_result(entry: Mapping[str, Any]) -> bool:
    """Return whether an entry of the laboratory results is a result, rather than a sample that gave none."""
    return is_unknown(entry.get(NOT_DONE))


def not_done_faults(entry: Mapping[str, Any], path: str) -> Iterator[Fault]:
    """Yield the faults of what stands in place of a result, or says how it was reported."""
    for name in (NOT_DONE, REPORTED):
        if message := line_fault(entry.get(name)) or (name == NOT_DONE and measured_fault(entry.get(name))):
            yield Fault(f"{path}.{name}", message)
    measured = [name for name in MEASURED if not is_unknown(entry.get(name))]
    if measured and not has_result(entry):
        message = _(
            "%(reason)s stands beside %(measured)s: a sample either has a result or gave none;"
            " leave out not_done, or all that was measured"
        )
        told = ", ".join(f"{name} {value_excerpt(entry[name])}" for name in measured)
        yield Fault(f"{path}.{NOT_DONE}", message % {"reason": value_excerpt(entry[NOT_DONE]), "measured": told})


def line_fault(text: Any) -> str:
    """Return the message for a text that is blank or more than one short line; empty where another fault is told."""
    if is_unknown(text) or text_fault(text):
        return ""
    if not text.strip():
        return _("is blank: say it as the laboratory did, such as haemolysed, or leave it out")
    if len(text) > LONGEST_REASON or text.replace("\t", "\n").splitlines() != [text]:
        message = _("%(text)s is no short text: one line of at most %(most)d characters")
        return message % {"text": value_excerpt(text), "most": LONGEST_REASON}
    return ""


def measured_fault(reason: Any) -> str:
    """Return the message for a reason that is a number, and so a result; empty for words and for a grade such as 1+."""
    plain = plain_text(reason) if isinstance(reason, str) else ""
    if not re.search("[0-9]", plain) or any(map(str.isalpha, plain)) or is_graded(plain):
        return ""
    return _("%s is a number, and no reason why there is none: a result stands as value") % value_excerpt(reason)
