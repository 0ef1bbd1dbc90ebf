"""The spellings of a unit beside its UCUM code: one table for what is typed and for files of results."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from criteria.vocabulary.spellings.plain import FIXED_SPACE, plain_text

# Compared without spaces, in any case (but see _CASE_COUNTS), with μ as u and a leading multiplication sign left out.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "10*9/L": ("10^9/L", "10**9/L", "10E9/L", "10e+9/L", "G/L", "Gpt/L", "10^9cells/L", "10^9个/L"),
    "10*3/uL": (
        "10^3/uL",
        "10**3/uL",
        "10E3/uL",
        "10e+3/uL",
        "K/uL",
        "10^3/mm3",
        "10^3/mm^3",
        "thousand/uL",
        "thou/uL",
    ),
    "/uL": ("cells/uL", "个/uL"),
    "/mm3": ("/mm^3", "/cmm", "cells/mm3", "cells/mm^3", "个/mm3", "个/mm^3"),
    "g/dL": ("g/100mL",),
    "umol/L": ("mcmol/L", "micromol/L", "微摩尔/升"),
    "mmol/L": ("毫摩尔/升",),
    "g/L": ("克/升",),
    "U/L": ("IU/L", "[IU]/L"),
    "[IU]/mL": ("IU/mL", "国际单位/毫升"),
    "{copies}/mL": ("copies/mL", "copy/mL", "cps/mL", "拷贝/mL", "拷贝/毫升"),
    "mL/min": ("mL/minute", "毫升/分"),
    "mm[Hg]": ("mmHg", "毫米汞柱"),
    "kg": ("公斤", "千克"),
    "cm": ("厘米",),
    "mm": ("毫米",),
    "mo": ("months", "month", "个月", "月"),
    "a": ("years", "year", "岁", "年"),
    "wk": ("weeks", "week", "周"),
    "d": ("days", "day", "天", "日"),
    "%": ("percent",),
    "Cel": ("°C", "℃", "C"),
}
_CASE_COUNTS = {"g/l"}  # G/L are cells, g/L is haemoglobin: a line pasted into the wrong row must not be read
_LOST_POWER = re.compile("^10(?=[0-9]/)")  # ×109/L: the superscript was lost on its way


def spelled_unit(text: str, units: Collection[str]) -> str:
    """Return which of these units (UCUM codes) a text spells; empty where it spells none of them, or several."""
    key = _key(text)
    found = [unit for unit in units if key in map(_key, (unit, *SPELLINGS.get(unit, ())))]
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=1024)
def _key(text: str) -> str:
    plain = re.sub(f"[ {FIXED_SPACE}]", "", plain_text(text)).replace("μ", "u")
    key = plain.lstrip("*x×")
    if key != plain:
        key = _LOST_POWER.sub("10^", key)
    folded = key.casefold()
    return key[0] + folded[1:] if folded in _CASE_COUNTS else folded
