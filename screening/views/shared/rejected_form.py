"""A form that came back: what was typed into it, to be shown again with what is wrong about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from criteria.records.refusal import Refused
from criteria.vocabulary import BadDocument


class Typed(NamedTuple):
    """`form` names the form, `about` which of several of its kind. Passwords are never among `values`.

    `faults` are messages by the name of the input, those under the empty name about the form as a whole.
    """

    form: str
    values: Mapping[str, str]
    faults: Mapping[str, str]
    about: str = ""

    @property
    def message(self) -> str:
        return self.faults.get("", "")


def refused(form: str, values: Mapping[str, str], why: Refused | BadDocument, about: str = "") -> Typed:
    return Typed(form, values, faults_of(why, values), about)


def faults_of(why: Refused | BadDocument, shown: Mapping[str, str]) -> dict[str, str]:
    """A fault of something that the form does not show is about the form as a whole."""
    if isinstance(why, Refused):
        return {"password" if why.code == "password" else "": why.message}
    return {fault.path if fault.path in shown else "": fault.message for fault in why.faults}
