"""A server that nobody has used: it says what it is, and offers the demo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Server

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("path", ["/tuning", "/sweeps", "/compare", "/compliance", "/time-machine"])
def test_a_page_without_sweeps_says_what_to_do(
    new_server: Server, tab: Callable[..., Page], path: str
) -> None:
    page = tab(new_server, path)
    expected = {
        "/tuning": "Merit by level",
        "/sweeps": "No sweep yet",
        "/compare": "Nothing to compare yet",
        "/compliance": "Nothing to test yet",
        "/time-machine": "No run to look into yet",
    }
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


def test_what_cannot_be_launched_is_refused_with_a_reason(
    new_server: Server, tab: Callable[..., Page]
) -> None:
    page = tab(new_server, "/tuning")
    expect(page.get_by_role("spinbutton", name="Merit by level, Level 2")).to_have_value("3.5")
    count, launch = page.get_by_label("Number of seeds"), page.get_by_role("button", name="Launch sweep")
    for typed in ("0", "-1", "1e9", "abc", "1-3", ""):
        count.fill(typed)
        launch.click()
        found = repr(typed) if typed else "nothing"
        expect(page.get_by_role("alert")).to_contain_text(f"{found}; allowed: a whole number from 1 to 200")
        expect(count).to_have_value(typed)
    count.fill("1")
    for name in ("../x", "x" * 65, "<b>"):
        page.get_by_label("Name of the sweep").fill(name)
        launch.click()
        expect(page.get_by_role("alert")).to_contain_text(f"{name!r}; allowed: 1 to 64 letters")


def test_the_last_number_typed_before_the_click_counts(new_server: Server, tab: Callable[..., Page]) -> None:
    page = tab(new_server, "/tuning")
    expect(page.get_by_role("spinbutton", name="Merit by level, Level 2")).to_have_value("3.5")
    page.get_by_label("Name of the sweep").fill("typed-last")
    page.get_by_label("Number of seeds").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.get_by_role("button", name="Launch sweep").dblclick()
    page.wait_for_url("**/sweeps?sweep=typed-last")
    assert len(new_server.table.named("typed-last").spec.seeds) == 3


def test_the_first_answer_can_be_read_without_scripts(new_server: Server, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(new_server.url)
    expect(page.get_by_role("heading", name="Where do things stand?")).to_be_visible()
    page.get_by_role("link", name="Tuning").click()
    expect(page.get_by_role("heading", name="What would other levers do?")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_systems_theme_is_worn_from_the_first_paint(
    new_server: Server, tab: Callable[..., Page], scheme: str
) -> None:
    page = tab(new_server, "/sweeps", color_scheme=scheme)
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
