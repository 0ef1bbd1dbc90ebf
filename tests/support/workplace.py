"""What browser tests do again and again: on the section page, and to see whether a page fits the screen."""

import re
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Locator, Page, expect

DESKTOP, TABLET, PHONE = (1280, 900), (820, 1180), (390, 844)
BOTH_SIZES = pytest.mark.parametrize("size", [DESKTOP, TABLET], ids=["desktop", "tablet"])


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def assert_fits(
    page: Page,
    parts: str = "",
    sizes: Iterable[tuple[int, int]] = (DESKTOP, TABLET),
    check: Callable[[Page], None] = lambda page: None,
) -> None:
    """Fail where the page, or one of its parts (a CSS selector), is wider than its room at any of the sizes.

    `check` is called at each size; the page keeps the last one.
    """
    cut = "parts => parts.filter(part => part.scrollWidth > part.clientWidth).length"
    for size in sizes:
        resize(page, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], page.url
        if parts:
            assert page.locator(parts).evaluate_all(cut) == 0, (page.url, size)
        check(page)


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).last.click()


def kept(page: Page) -> None:
    expect(page.locator("#kept")).to_contain_text(re.compile(r"Draft kept \d{4}-\d\d-\d\d \d\d:\d\d"))


def weight(page: Page) -> Locator:
    return page.get_by_label(re.compile(r"^Weight \("))
