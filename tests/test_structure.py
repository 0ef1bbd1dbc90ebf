"""What a newcomer relies on when reading the tree: rooms without loose modules, names that say what they mean."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("criteria", "screening")
LOOSE = {"__init__", "apps", "urls", "signals", "exceptions"}
MOST_MODULES = 25
MOST_LINES = 39  # of a function, with its docstring
IRREGULAR = frozenset(
    [
        *("begun", "bought", "broken", "brought", "built", "chosen", "come", "done", "drawn", "found", "given", "gone"),
        *("grown", "heard", "held", "hidden", "kept", "known", "left", "lost", "made", "meant", "met", "paid", "said"),
        *("seen", "sent", "shown", "sold", "spelt", "spoken", "spent", "taken", "taught", "thought", "thrown", "told"),
        *("torn", "understood", "woven", "won", "worn", "written"),
    ]
)
ASKED = {"__all__", "register"}  # by Python, and of each module of template tags by Django
VERBS = frozenset(["embed", "exceed", "feed", "need", "proceed", "seed", "speed"])  # end like a participle


def modules(package: str) -> Iterator[Path]:
    return (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def is_participle(name: str) -> bool:
    word = name.strip("_")
    return "_" not in word and word not in VERBS and (word.endswith("ed") or word in IRREGULAR)


def names_at_module_level(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


@pytest.mark.parametrize("package", [*PACKAGES, "trialsite"])
def test_function_is_a_verb_or_what_it_returns_and_no_bare_participle(package):
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in modules(package)
        for node in functions(path)
        if is_participle(node.name)
    ]
    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_name_means_one_thing_in_a_package(package):
    places = defaultdict(list)
    for path in modules(package):
        if path.parent.name != "commands":  # where Django asks for a `Command` in each
            for name in names_at_module_level(path):
                places[name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 2 and name not in ASKED} == {}


@pytest.mark.parametrize("package", [*PACKAGES, "trialsite"])
def test_function_can_be_read_at_one_look(package):
    lengths = {
        f"{path.relative_to(ROOT)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in modules(package)
        for node in functions(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_module_stands_in_a_room(package):
    assert {path.stem for path in (ROOT / package).glob("*.py")} - LOOSE == set()


def test_room_can_be_looked_over():
    counts = Counter(path.parent for package in PACKAGES for path in modules(package) if path.stem != "__init__")
    assert {str(folder): number for folder, number in counts.items() if number > MOST_MODULES} == {}


def test_template_stands_in_a_room():
    assert list((ROOT / "templates/screening").glob("*.html")) == []
