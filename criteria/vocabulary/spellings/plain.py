"""The plain form of what an input method, a word processor or a laboratory's system leaves in a text.

Narrower than Unicode's NFKC, which reads 10⁹ as 109 and ① as 1.
"""

from __future__ import annotations

import re

FIXED_SPACE = "\u00a0"  # stands for all spaces that do not break, which part thousands
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys(map(ord, "\u3000\u2002\u2003\u2004\u2005\u2006\u2008\u200a\t\r\n"), " ")
_FIXED_SPACES = dict.fromkeys(map(ord, "\u2007\u2009\u202f"), FIXED_SPACE)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_SIGNS = {ord(sign): plain for signs, plain in (("‐‑‒–—−﹣", "-"), ("。｡", "."), ("µ", "μ")) for sign in signs}
_SIGNS |= {ord("≦"): "≤", ord("≧"): "≥", ord("﹤"): "<", ord("﹥"): ">", ord("⩽"): "≤", ord("⩾"): "≥"}
_PLAIN = _FULL_WIDTH | _SPACES | _FIXED_SPACES | _INVISIBLE | _SIGNS
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SUPERSCRIPT_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def plain_text(text: str) -> str:
    """Return the text with signs of full width, dashes and spaces made plain, and a superscript after “^”."""
    plain = _SUPERSCRIPT.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPT_DIGITS), text.translate(_PLAIN))
    return plain.strip(f" {FIXED_SPACE}")
