"""A form that was rejected: the posted values, to be shown again with their faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument


class RejectedForm(NamedTuple):
    """The posted values of a rejected form, with their faults.

    `form` names the form, `about` which of several of its kind. Passwords are never among `values`. `faults` are
    messages by the name of the input, those under the empty name about the form as a whole.
    """

    form: str
    values: Mapping[str, str]
    faults: Mapping[str, str]
    about: str = ""

    @property
    def message(self) -> str:
        return self.faults.get("", "")


def rejected_form(form: str, values: Mapping[str, str], why: Refused | BadDocument, about: str = "") -> RejectedForm:
    return RejectedForm(form, values, faults_of(why, values), about)


INPUTS = {"password": "password", "primary": "primary", "disagreement": "despite"}  # by the code of a refusal


def faults_of(why: Refused | BadDocument, shown: Mapping[str, str]) -> dict[str, str]:
    """Return the messages by input; a fault of something not shown is about the form as a whole."""
    if isinstance(why, Refused):
        return {INPUTS.get(why.code, ""): why.message}
    return {fault.path if fault.path in shown else "": fault.message for fault in why.faults}
