"""What tests of the section page do there again and again."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

BOTH_SIZES = pytest.mark.parametrize("size", [(1280, 900), (820, 1180)], ids=["desktop", "tablet"])


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def kept(page: Page) -> None:
    expect(page.locator("#kept")).to_contain_text(re.compile(r"Draft kept \d\d:\d\d:\d\d"))


def weight(page: Page) -> Locator:
    return page.get_by_label(re.compile(r"^Weight \("))
