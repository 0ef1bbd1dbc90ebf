"""Reading of a definition file from disk, of which no more is read than a definition may hold."""

from __future__ import annotations

from pathlib import Path

from criteria.definition.yaml_tree import MOST_BYTES


def file_text(path: Path) -> str:
    """Return the text of a file, or the beginning of one that is too large, which the reader then refuses by its size.

    OSError where it cannot be read, UnicodeDecodeError where it is not UTF-8.
    """
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return content.decode("utf-8", "replace")
    return content.decode("utf-8-sig")
