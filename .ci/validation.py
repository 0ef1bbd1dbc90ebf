"""Holds docs/validation.md against the tests: every requirement has a row, every row a test that exists or a duty."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "validation.md"
ROW = re.compile(r"^\| ([A-D]\S*) \| (.+?) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
DUTY = "Site:"
ASVS = """
1.2.1 1.2.4 1.2.10 2.2.1 2.2.2 2.2.3 2.3.1 2.3.3 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.3 3.4.4 3.4.6 3.5.1 3.5.3 5.2.1 5.2.2
5.3.2 5.4.1 6.2.1 6.2.4 6.2.9 6.3.1 6.3.2 6.3.3 6.3.8 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.5.3 8.2.1 8.2.2 8.2.3 8.3.1 13.4.2
14.2.1 14.3.2 15.3.3 16.2 16.3 16.4 16.5.1
"""
PRIVACY = "code names deidentified PIPL"
REQUIRED = {
    *(f"A{number}" for number in range(1, 26)),
    *(f"B{number}" for number in range(1, 9)),
    *(f"D-{name}" for name in (ASVS + PRIVACY).split()),
}


def faults(text: str) -> Iterator[str]:
    rows = ROW.findall(text)
    names = [name for name, _what, _shown in rows]
    yield from (f"{name} has no row" for name in sorted(REQUIRED - set(names)))
    yield from (
        f"{name} is no requirement, or stands twice" for name in names if name not in REQUIRED or names.count(name) > 1
    )
    for name, _what, shown in rows:
        tests = TEST.findall(shown)
        if not tests and DUTY not in shown:
            yield f"{name} names no test and no duty of the site"
        yield from (f"{name}: there is no {path}::{test}" for path, test in tests if test not in tests_of(path))


def tests_of(path: str) -> set[str]:
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


found = list(faults(DOCUMENT.read_text()))
sys.exit("\n".join(found) if found else 0)
