"""Official wording of a criterion: the protocol's own words, as one text or as a text for each language.

As one text, for a form and for comparison, each language begins a line with its tag in brackets: `[zh] …`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

TAG = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"  # of a language, as in BCP 47: zh, zh-Hans, pt-BR
TAGGED = re.compile(rf"^\[({TAG})\] ", re.MULTILINE)


class OfficialWording(NamedTuple):
    """Words of the protocol; `language` is empty where it was not said."""

    language: str
    text: str


def wording_text(written: str | Mapping[str, str]) -> str:
    """Return the wording of a definition as one text; languages in the order of their tags, as records keep them."""
    if isinstance(written, str):
        return written
    return "\n".join(f"[{language}] {text}" for language, text in sorted(written.items()))


def written_wording(text: str) -> str | dict[str, str]:
    """Return a text as a definition holds it: by language where its first line begins with the tag of one."""
    if not TAGGED.match(text):
        return text
    _before, *pieces = TAGGED.split(text)
    found: dict[str, str] = {}
    for language, words in zip(pieces[::2], pieces[1::2], strict=True):
        found[language] = "\n".join(filter(None, [found.get(language), words.strip()]))
    return found


def official_wordings(text: str) -> tuple[OfficialWording, ...]:
    """Return the wording of each language; empty where none was pasted."""
    written = written_wording(text)
    if isinstance(written, str):
        return (OfficialWording("", written),) if written else ()
    return tuple(OfficialWording(language, words) for language, words in written.items())


def sponsor_protocol_text(block: Mapping[str, str] | None) -> str:
    """Return the sponsor's protocol in words: its version and its day; empty where the definition names none."""
    if not block:
        return ""
    words = {"version": block["version"], "day": block.get("date", "")}
    return _("%(version)s of %(day)s") % words if words["day"] else words["version"]
