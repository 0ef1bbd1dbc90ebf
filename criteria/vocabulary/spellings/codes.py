"""The spellings of a serological or similar result, where it is one of the codes of a field."""

from __future__ import annotations

import re
from collections.abc import Collection

from criteria.vocabulary.spellings.plain import plain_text

CODES = {
    "positive": re.compile(r"\(?[1-4]?\++\)?|pos|reactive|阳性"),
    "negative": re.compile(r"\(?-\)?|neg|non-?reactive|阴性"),
    "indeterminate": re.compile(r"\(?(?:±|\+/-|-/\+)\)?|equivocal|gr[ae]y[ -]zone|灰区"),
}


def spelled_code(text: str, codes: Collection[str]) -> str:
    """Return which of these codes a text spells; empty where it spells none of them."""
    plain = plain_text(text).casefold()
    return next((code for code, spelling in CODES.items() if code in codes and spelling.fullmatch(plain)), "")
