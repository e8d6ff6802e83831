"""A server that nobody has used: it says what it is, and offers the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Server

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("path", ["/tuning", "/sweeps", "/compare"])
def test_a_page_without_sweeps_says_what_to_do(
    new_server: Server, tab: Callable[..., Page], path: str
) -> None:
    page = tab(new_server, path)
    expected = {"/tuning": "Merit by level", "/sweeps": "No sweep yet", "/compare": "Nothing to compare yet"}
    if path == "/tuning" or not new_server.table.newest():
        expect(page.get_by_text(expected[path])).to_be_visible()


@pytest.mark.parametrize("width", [390, 2560])
def test_pages_fit_narrow_and_wide_screens(new_server: Server, tab: Callable[..., Page], width: int) -> None:
    page = tab(new_server, "/tuning", viewport={"width": width, "height": 900})
    expect(page.get_by_role("heading", name="What would other levers do?")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_what_a_link_cannot_mean_is_said(new_server: Server, tab: Callable[..., Page]) -> None:
    page = tab(new_server, "/tuning?growth=lots&levers=%7B%22merit_base.1%22%3A450%7D")
    expect(page.get_by_text("The link's growth is not usable")).to_be_visible()
    expect(page.get_by_label("Merit by level, Level 1").first).to_have_value("4.5")
