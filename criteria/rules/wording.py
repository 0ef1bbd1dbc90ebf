"""Words that a text names, in Latin and in Chinese script.

A word is found whole (`brain` is not in `brainstem`), unless it ends in `-`: then it is the stem of a longer one
(`cerebr-` is in `cerebral`). Several words may stand for one (`spinal cord`); any spaces or hyphens between them will
do. Chinese has no spaces: a word with a Chinese character is found anywhere. Capitals and the width of characters do
not matter (Unicode NFKC).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

IDEOGRAPH = r"[\u3400-\u9fff\uf900-\ufaff]"
WORD_START, WORD_END = r"(?<![^\W_])", r"(?![^\W_])"
SEPARATOR = r"[\s\-‐‑–_/]+"


def plain_text(text: str) -> str:
    """Return a text in the form in which words are compared."""
    return normalize("NFKC", text).casefold()


def words_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern that finds any of the words in a plain text, the longest first."""
    return re.compile("|".join(map(word_pattern, sorted(words, key=len, reverse=True))) or r"(?!)")


def word_pattern(word: str) -> str:
    plain = plain_text(word)
    stem = plain.removesuffix("-")
    pattern = SEPARATOR.join(re.escape(piece) for piece in re.split(SEPARATOR, stem) if piece)
    if re.search(IDEOGRAPH, stem):
        return pattern
    end = "" if stem != plain else WORD_END
    return WORD_START + pattern + end
