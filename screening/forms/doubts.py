"""An implausible value beside its input: asked back, and kept once somebody ticks that it is right."""

from __future__ import annotations

from typing import NamedTuple

from criteria.vocabulary.doubts import Doubt

CONFIRM = "confirm"


class AskedBack(NamedTuple):
    doubt: Doubt
    confirmed: bool
