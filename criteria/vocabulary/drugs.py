"""Drugs that a trial lists by name: which of them a text names, and where their codes and the codes given disagree.

The form reads a text in the same way while it is typed (static/js/drugs.js).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from criteria.rules.ranges import Range
from criteria.rules.truth import FALSE, UNKNOWN, Truth, truth_of

Words = tuple[str, ...]

CONNECTING = (
    *("and", "plus", "with", "combined with", "in combination with", "followed by", "then"),
    *("和", "与", "及", "以及", "加", "加用", "联合", "联用", "合用", "序贯"),
)
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # each character counts as a word
WORD = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+|\d+")
IS_HAN = re.compile(f"[{HAN}]")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
WITHIN_A_NAME = re.compile(r"\s+|-\s?|\s-")
SEPARATOR, HYPHEN = ",", "-"


@dataclass(frozen=True)
class Drug:
    """A drug with its generic name, its other names and the codes that it earns."""

    name: str
    other_names: tuple[str, ...]
    codes: tuple[str, ...]
    half_life: Fraction | None = None  # in days

    @property
    def names(self) -> tuple[str, ...]:
        return self.name, *self.other_names


class Named(NamedTuple):
    """Listed drugs that a text names, in its order, and the codes of all of them.

    `whole` is true where every word of the text belongs to one of them or only connects them.
    """

    drugs: tuple[Drug, ...]
    codes: frozenset[str]
    whole: bool


class Disagreement(NamedTuple):
    """The codes of drugs that were named and not given, and those given that no named drug has."""

    missing: frozenset[str]
    surplus: frozenset[str]


class Word(NamedTuple):
    """A word of a text; no name ends before one that is `joined` to it, and none begins with it."""

    text: str
    joined: bool


class Match(NamedTuple):
    """A stretch of words that is the name of a drug; a connecting word has no drug."""

    start: int
    end: int
    length: int
    drug: Drug | None


@dataclass(frozen=True)
class Drugs:
    """The drugs that a trial lists.

    `names` is the path of the text in which they are named (`therapies.name`), `codes` that of the list of codes in the
    same record (`therapies.agents`).
    """

    names: str
    codes: str
    listed: tuple[Drug, ...]

    def is_miscoded(self, text: str, codes: frozenset[str] | None) -> Truth:
        """Return whether a text names drugs that disagree with the codes; unknown where there are no codes."""
        named = self.named_in(text)
        if not named.drugs:
            return FALSE
        return UNKNOWN if codes is None else truth_of(any(disagreement(named, codes)))

    def half_life_in(self, text: str) -> Range | None:
        """Return the longest half-life of the drugs that a text names, in days; None where none is known.

        It has no upper end where part of the text was not read, or a drug in it has no half-life: that may be longer.
        """
        named = self.named_in(text)
        known = [drug.half_life for drug in named.drugs if drug.half_life is not None]
        if not known:
            return None
        return Range(max(known), max(known) if named.whole and len(known) == len(named.drugs) else None)

    @property
    def list_key(self) -> str:
        """The key of the list of records whose texts name drugs."""
        return self.names.partition(".")[0]

    @cached_property
    def names_by_first_word(self) -> dict[str, list[tuple[Words, Drug | None]]]:
        found: dict[str, list[tuple[Words, Drug | None]]] = {}
        named = [(name, drug) for drug in self.listed for name in drug.names]
        for name, drug in (*named, *((word, None) for word in CONNECTING)):
            words = name_words(name)
            found.setdefault(words[0], []).append((words, drug))
        return found

    def named_in(self, text: str) -> Named:
        """Return the listed drugs that a text names; of names that overlap, the longest."""
        words = words_of(text)
        taken: dict[int, Match] = {}
        for match in sorted(self.matches(words), key=lambda match: -match.length):
            if not any(at in taken for at in range(match.start, match.end)):
                taken.update(dict.fromkeys(range(match.start, match.end), match))
        matches = (taken[at] for at in sorted(taken))
        drugs = tuple(dict.fromkeys(match.drug for match in matches if match.drug))
        unread = any(at not in taken and word.text not in (SEPARATOR, HYPHEN) for at, word in enumerate(words))
        codes = frozenset(code for drug in drugs for code in drug.codes)
        return Named(drugs, codes, bool(drugs) and not unread)

    def matches(self, words: Sequence[Word]) -> Iterator[Match]:
        texts = tuple(word.text for word in words)
        for start, word in enumerate(words):
            if word.joined:
                continue
            for name, drug in self.names_by_first_word.get(word.text, ()):
                end = start + len(name)
                if texts[start:end] == name and not (end < len(words) and words[end].joined):
                    yield Match(start, end, sum(map(len, name)), drug)


def disagreement(named: Named, codes: Collection[str] | None) -> Disagreement:
    """Return where the codes given and those of the drugs that a text names disagree.

    A code is surplus only where the whole text was read: what was not read may be the drug that earns it. Codes
    that are not known (None) disagree with nothing, nor does a text that names no listed drug.
    """
    if codes is None or not named.drugs:
        return Disagreement(frozenset(), frozenset())
    given = frozenset(codes)
    return Disagreement(named.codes - given, given - named.codes if named.whole else frozenset())


def name_words(name: str) -> Words:
    """Return a name as it is compared; names that are equal in it cannot be told apart in a text."""
    return tuple(word.text for word in words_of(name))


def words_of(text: str) -> list[Word]:
    """Return the words of a text, in lower case, and what separates them.

    A space or a hyphen may stand within a name and may be missing between letters and digits (`SHR-1210`,
    `SHR1210`), but not beside a single letter: S1 is a vertebra, S-1 a drug. Whatever else stands between two words
    separates them.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.replace("™", " ")).casefold())
    text = DASHES.sub(HYPHEN, UNSEEN.sub("", text))
    found: list[Word] = []
    end, before = 0, ""
    for match in WORD.finditer(text):
        word, gap = match[0], text[end : match.start()]
        han = [bool(IS_HAN.match(each)) for each in (before, word)]
        if before and gap and not (gap == HYPHEN if all(han) else WITHIN_A_NAME.fullmatch(gap)):
            found.append(Word(SEPARATOR, joined=False))
        elif before and gap and is_letter_beside_digits(before, word):
            found.append(Word(HYPHEN, joined=False))
        found.append(Word(word, joined=bool(before) and not gap and not any(han)))
        end, before = match.end(), word
    return found


def is_letter_beside_digits(before: str, after: str) -> bool:
    letters, digits = (after, before) if before.isdecimal() else (before, after)
    return len(letters) == 1 and digits.isdecimal() and not IS_HAN.match(letters)
