"""Units by the grammar of UCUM (The Unified Code for Units of Measure, section 2), as far as clinical trials use it.

It says whether a code is UCUM's, and converts nothing: factors stand in `criteria.rules.units`. The atoms are those of
UCUM 2.1 that occur in laboratory, vital-sign and dosing units; a code with another atom is unknown here, which is a
reason to look at it and none to refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from criteria.rules.kinds import spelling_hint
from criteria.rules.units import DISPLAY_UNITS
from criteria.vocabulary.spellings.units import SPELLINGS

PREFIXES = ("da", *"YZEPTGMkhdcmunpfazy")
METRIC = (
    *("m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb"),
    *("Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "L", "l", "bar", "t", "u", "eV", "eq", "osm", "kat", "U", "cal"),
    *("[IU]", "[iU]", "m[Hg]", "m[H2O]", "dyn", "erg", "P", "Ci", "RAD", "REM", "B", "bit", "By", "Bd", "st", "ar"),
)
PLAIN = (
    *("%", "[ppth]", "[ppm]", "[ppb]", "[pptr]", "deg", "'", "''", "min", "h", "d", "wk", "mo", "a", "mo_j", "a_j"),
    *("[degF]", "[in_i]", "[ft_i]", "[yd_i]", "[mi_i]", "[lb_av]", "[oz_av]", "[gr]", "[pH]", "[drp]", "[MET]"),
    *("[CFU]", "[PFU]", "[FFU]", "[TCID_50]", "[CCID_50]", "[EID_50]", "[LD_50]", "[arb'U]", "[HPF]", "[LPF]"),
    *("[USP'U]", "[GPL'U]", "[MPL'U]", "[APL'U]", "[beth'U]", "[anti'Xa'U]", "[todd'U]", "[diop]", "[Cal]"),
)
ATOMS = frozenset((*METRIC, *PLAIN))
TOKEN = re.compile(r"\{[\x21-\x7a|~]*\}|10[*^]|[()./]|\[[^\]]*\]|[+-]?[0-9]+|[A-Za-z%'_]+(?:\[[^\]]*\])?")
EXPONENT = re.compile(r"[+-]?[0-9]+")
LONGEST_UNIT = 40


@lru_cache(maxsize=1024)
def is_ucum(unit: str) -> bool:
    """Return whether a text is a unit of UCUM, case-sensitive."""
    tokens = [*tokens_of(unit)]
    if not tokens or "".join(tokens) != unit or len(unit) > LONGEST_UNIT:
        return False
    return not Terms(tokens).read() and unit not in ("", "/")


def tokens_of(unit: str) -> Iterator[str]:
    return (found.group() for found in TOKEN.finditer(unit))


class Terms:
    """Reader of the tokens of one unit; `read` returns those that are left over, none where all of them are a unit."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def next_is(self, *tokens: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in tokens

    def read(self) -> list[str]:
        if self.next_is("/"):
            self.tokens = self.tokens[1:]
        while self.component():
            if not self.next_is(".", "/"):
                break
            self.tokens = self.tokens[1:]
            if not self.tokens:
                return ["a unit is missing"]
        return self.tokens

    def component(self) -> bool:
        """Read one component: an annotation, a number, a unit with its exponent, or a term in brackets."""
        if not self.tokens:
            return False
        first, *rest = self.tokens
        if first == "(":
            inner = Terms(rest)
            left = inner.read()
            self.tokens = left[1:] if left[:1] == [")"] else ["(", *left]
            return self.tokens[:1] != ["("]
        if first.startswith("{") or EXPONENT.fullmatch(first):
            self.tokens = rest
        elif first in ("10*", "10^") or is_atom(first):
            self.tokens = rest[1:] if rest and EXPONENT.fullmatch(rest[0]) else rest
        else:
            return False
        if self.tokens and self.tokens[0].startswith("{"):
            self.tokens = self.tokens[1:]
        return True


def is_atom(token: str) -> bool:
    """Return whether a token is an atom, or a metric atom with one prefix."""
    if token in ATOMS:
        return True
    return any(token.startswith(prefix) and token[len(prefix) :] in METRIC for prefix in PREFIXES)


def nearest_unit(unit: str) -> str:
    """Return a hint at the UCUM code that is probably meant; empty where none is similar."""
    for code, spellings in SPELLINGS.items():
        if unit.lower() in (each.lower() for each in (*spellings, DISPLAY_UNITS.get(code, ""))):
            return f"; did you mean “{code}”?"
    return spelling_hint(unit, dict.fromkeys((*SPELLINGS, *DISPLAY_UNITS)))
