"""The stylesheets hold to the design system (docs/design-system.md)."""

import re

import pytest

from tests.conftest import ROOT

SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TOKENS = ROOT / "static/css/tokens.css"
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch)\(|(?:color|background|fill|stroke): (?:white|black)", re.I
)
SIZE = re.compile(r"font-size: *[\d.]+(?:rem|em|%)")
ROOM = re.compile(
    r"(?<![\w-])(?:padding|margin|gap|border-radius)[a-z-]*: [^;}]*?(?<![\d.])(?:0?\.\d+|1(?:\.[0-5]\d*)?)rem"
)
DEFINED = re.compile(r"(--[a-z][a-z0-9-]*):")
OF_BOOTSTRAP, OF_A_STATE = "--bs-", "--tone"


def names_of(block: str) -> set[str]:
    return set(DEFINED.findall(block))


@pytest.mark.parametrize("sheet", [each for each in SHEETS if each != TOKENS], ids=lambda sheet: sheet.name)
def test_stylesheet_names_no_colour_no_size_of_type_and_no_room_when_it_is_not_that_of_the_tokens(sheet):
    """Room of more than 1.5rem is the measure of something: a mark, a column of names, a bar at the bottom."""
    text = sheet.read_text()
    assert COLOUR.findall(text) == []
    assert SIZE.findall(text) == []
    assert ROOM.findall(text) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_stylesheet_uses_only_tokens_that_there_are_when_it_uses_any(sheet):
    used = set(re.findall(r"var\((--[a-z0-9-]+)", sheet.read_text()))
    known = names_of(TOKENS.read_text())
    assert {name for name in used - known if not name.startswith((OF_BOOTSTRAP, OF_A_STATE))} == set()


def test_every_colour_has_another_value_when_the_screen_is_dark_or_its_colours_are_forced():
    light, dark, forced = re.split(r"@media [^{]*(?:dark|forced)[^{]*\{", TOKENS.read_text())
    colours = set(re.findall(r"(--[a-z-]+): (?:#|rgb)", light))
    always = {"--scanned-ground", "--on-demonstration"}
    assert colours - names_of(dark) == always
    assert colours - names_of(forced) == {"--scanned-ground"}
