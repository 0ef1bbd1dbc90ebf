"""How far a long command has come, on one line of a terminal."""

from __future__ import annotations

from time import monotonic
from typing import TextIO

INTERVAL = 0.5  # seconds between two lines


class Progress:
    """A line that is written over itself; nothing is written where the stream is no terminal."""

    def __init__(self, stream: TextIO, things: str) -> None:
        self.stream = stream
        self.things = things
        self.is_shown = stream.isatty()
        self.done = 0
        self.begun = self.shown = monotonic()

    def count(self) -> None:
        self.done += 1
        if self.is_shown and monotonic() - self.shown >= INTERVAL:
            self.show()

    def show(self, end: str = "") -> None:
        self.shown = monotonic()
        rate = self.done / max(self.shown - self.begun, 0.001)
        self.stream.write(f"\r{self.done:,} {self.things}, {rate:,.0f} a second{end}")
        self.stream.flush()

    def finish(self) -> None:
        if self.is_shown:
            self.show("\n")
