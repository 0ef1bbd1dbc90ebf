"""The words of the field (docs/glossary.md): no text of a template or of the program says them otherwise."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from criteria.definition.reader import parse_definition
from tests.conftest import PROTOCOL, ROOT

TEXT_FUNCTIONS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
IN_TEMPLATE = re.compile(
    r"""\{%\s*trans\s+(?P<quote>["'])(?P<text>.*?)(?P=quote)|_\("(?P<inline>[^"]*)"\)"""
    r"""|\{%\s*blocktrans.*?%\}(?P<block>.*?)\{%\s*endblocktrans""",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|%\(\w+\)[sd]")

SAID_OTHERWISE = re.compile(
    r"""\b(
    person|people                                   # subject; user
    |findings?                                      # status; result
    |readings?                                      # interpretation
    |(?<!audit\ )trail
    |void|anew|for\ nothing|what\ stands\ now       # no longer valid; again; not the current assessment
    |pass|passes|fail|fails|failing                 # met, not met, absent, present; satisfied
    |failed\ criteri\w+|unknown\ criteri\w+|(?<!inclusion\ )criterion\ is\ (not\ )?met|for\ good
    |may\ come\ right|byte\ for\ byte|replay(ed)?
    |what\ if|what-ifs?|nothing\ was\ recorded|attempt\ was\ recorded|do\ not\ fit\ together
    |rising|falling|leave\ it\ as\ it\ is
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
OUTCOME_OF_ITS_CATEGORY = ("screening/models/assessment.py",)  # the one place that says met and not met


def texts_of_template(path: Path) -> Iterator[str]:
    for found in IN_TEMPLATE.finditer(path.read_text()):
        yield found["text"] or found["inline"] or found["block"] or ""


def texts_of_module(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEXT_FUNCTIONS:
            for each in node.args:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text for people, without its placeholders, and the file in which it stands."""
    for path in (ROOT / "templates").rglob("*.html"):
        yield from ((str(path.relative_to(ROOT)), PLACEHOLDER.sub(" ", text)) for text in texts_of_template(path))
    for package in ("criteria", "screening", "trialsite"):
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                yield from ((str(path.relative_to(ROOT)), PLACEHOLDER.sub(" ", text)) for text in texts_of_module(path))


def test_texts_are_found_in_templates_and_in_modules():
    found = [place for place, _text in texts()]
    assert sum(place.startswith("templates/") for place in found) > 500
    assert sum(place.endswith(".py") for place in found) > 500


def test_no_text_says_what_the_glossary_says_otherwise():
    assert [(place, text) for place, text in texts() if SAID_OTHERWISE.search(text)] == []


def test_met_is_said_of_an_inclusion_criterion_alone():
    said = {place for place, text in texts() if re.fullmatch(r"(not )?met", text.strip(), re.IGNORECASE)}
    assert said == set(OUTCOME_OF_ITS_CATEGORY)


@pytest.mark.parametrize("text", ["Person", "2 fail", "Nothing: I06 fails for good", "signature void", "Trail"])
def test_text_of_old_is_noticed(text):
    assert SAID_OTHERWISE.search(text)


@pytest.mark.parametrize("text", ["Audit trail", "2 not satisfied", "failed attempt to sign", "screen failure"])
def test_text_of_the_field_is_not_noticed(text):
    assert not SAID_OTHERWISE.search(text)


def test_titles_of_parameters_begin_with_minimum_and_maximum():
    _data, protocol = parse_definition(PROTOCOL.read_text(encoding="utf-8"))
    old = ("lowest", "highest", "oldest", "smallest", "largest", "shortest", "longest")
    assert [limit.title for limit in protocol.limits.values() if limit.title.startswith(old)] == []
