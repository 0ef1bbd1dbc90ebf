"""Every name under which a page takes something, read from the code: what is added there is attacked here."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from django import forms

import screening.crf
import screening.views

TAKEN = re.compile(r'(?:GET|POST|FILES)(?:\.get(?:list)?\(|\[)"(\w+)"')
TAKEN_TOGETHER = re.compile(r'(?:taken\(request, |for name in \()((?:"\w+",? ?)+)\)')


def modules(package: object) -> Iterator[str]:
    path, name = package.__path__, package.__name__  # type: ignore[attr-defined]
    yield from (found.name for found in pkgutil.walk_packages(path, f"{name}."))


def names() -> list[str]:
    return sorted({*of_views(), *of_forms()} - {"csrfmiddlewaretoken"})


def of_views() -> set[str]:
    found: set[str] = set()
    for each in sources():
        text = each.read_text(encoding="utf-8")
        found.update(TAKEN.findall(text))
        for several in TAKEN_TOGETHER.findall(text):
            found.update(re.findall(r"\w+", several))
    return found


def sources() -> Iterator[Path]:
    for root in screening.views.__path__:
        yield from Path(root).rglob("*.py")


def of_forms() -> set[str]:
    for package in (screening.crf, screening.views):
        for name in modules(package):
            importlib.import_module(name)
    found: set[str] = set()
    waiting = [forms.Form]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.startswith("screening."):
            found.update(kind.base_fields)
    return found
